"""The address of a page as a QR code, for paper: a path of squares that the page draws in its own ink."""

from functools import lru_cache

import segno

from app.web.sharing_views import QrCode

_KEPT = 1_024
_QUIET = 4
"""How many squares around it stay empty (ISO/IEC 18004)."""


@lru_cache(maxsize=_KEPT)
def qr_code(address: str) -> QrCode:
    """Write an address as a QR code, of which a seventh may be smudged."""
    rows = segno.make_qr(address, error="m", boost_error=False).matrix
    steps = [
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    ]
    return QrCode(size=len(rows) + 2 * _QUIET, path="".join(steps))
