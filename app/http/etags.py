"""Entity tags: `"<version>-<position>-…"`, of an idea with a mark of every part of it.

`If-None-Match` compares the whole, so that a new vote is seen; `If-Match` on a revision compares the
version alone, because a vote that comes in between does not make a revision stale.
"""

import re

from app.http.problems import OutdatedError

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the caller has this representation already."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag.strip('"') in _TAG.findall(if_none_match)


def require_match(if_match: str | None, current: int) -> None:
    """Require that the version the caller read, if they named one, is still the current one.

    Raises:
        OutdatedError: no tag the caller named is of the current version.
    """
    if if_match is None or if_match.strip() == "*":
        return
    if str(current) not in [tag.partition("-")[0] for tag in _TAG.findall(if_match)]:
        raise OutdatedError
