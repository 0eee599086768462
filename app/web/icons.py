"""The icon in pixels, for those who take no SVG: `static/icon.svg` as resvg draws it, once for each size."""

from functools import cache

import resvg_py
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.web.built_files import STATIC

_SIDE = 32
_VIEW, _GROUND = f'viewBox="0 0 {_SIDE} {_SIDE}"', "#1c2230"
"""What the file says of its own size, and the colour that it is drawn on."""
_WITHIN_MASK = 0.85
"""How much of its size the icon takes where a mask cuts off what lies outside a circle of 80 per cent."""
_FOR_A_DAY = "public, max-age=86400"


class IconKind(Struct, frozen=True, kw_only=True):
    """A picture of the icon: how many pixels, and whether others cut its corners, so that its ground goes to the edge."""

    pixels: int
    is_cut: bool = False
    scale: float = 1.0


TOUCH = "touch-180.png"
"""What phones put on their first page that read no manifest."""
ICONS = {
    "192.png": IconKind(pixels=192),
    "512.png": IconKind(pixels=512),
    "maskable-512.png": IconKind(pixels=512, is_cut=True, scale=_WITHIN_MASK),
    TOUCH: IconKind(pixels=180, is_cut=True),
}
"""By the name they have at `/icons/`."""


def icon_href(name: str) -> str:
    """Address a picture of the icon."""
    return f"/icons/{name}"


@get("/icons/{name:str}", include_in_schema=False, sync_to_thread=True)
def show_icon(name: FromPath[str]) -> Response[bytes]:
    """Show the icon as a picture of pixels."""
    if name not in ICONS:
        raise NotFoundException
    return Response(drawn(name), media_type="image/png", headers={"cache-control": _FOR_A_DAY})


@cache
def drawn(name: str) -> bytes:
    """Draw the icon as PNG; takes a few thousandths of a second."""
    kind = ICONS[name]
    margin = _SIDE * (1 / kind.scale - 1) / 2
    wide = _SIDE + 2 * margin
    svg = (STATIC / "icon.svg").read_text(encoding="utf-8")
    return resvg_py.svg_to_bytes(
        svg_string=svg.replace(_VIEW, f'viewBox="{-margin:.3f} {-margin:.3f} {wide:.3f} {wide:.3f}"'),
        width=kind.pixels,
        height=kind.pixels,
        background=_GROUND if kind.is_cut else None,
        skip_system_fonts=True,
    )
