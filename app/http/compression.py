"""Smaller answers for those who take them: gzip for pages and static files."""

import gzip

SMALL_BYTES = 1_000
_VARY = {"vary": "accept-encoding"}


def compressed(content: bytes, accept_encoding: str) -> tuple[bytes, dict[str, str]]:
    """Compress content where the caller takes gzip and it is worth it; give it with its headers."""
    if len(content) < SMALL_BYTES or not takes_gzip(accept_encoding):
        return content, dict(_VARY)
    return gzip.compress(content, compresslevel=5, mtime=0), {**_VARY, "content-encoding": "gzip"}


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a caller takes gzip: it is named, and not with a weight of zero."""
    for entry in accept_encoding.lower().split(","):
        coding, _, weight = entry.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
