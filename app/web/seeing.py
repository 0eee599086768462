"""Showing people what they did a moment ago."""

import asyncio
from contextlib import suppress

from app.http.problems import NotCaughtUpError
from app.http.resources import resources_of
from app.http.waiting import caught_up
from app.web.showing import PageRequest

_POSITION_DIGITS_MAX = 18


async def until_seen(request: PageRequest, *names: str) -> None:
    """Wait until a page's read models show what its reader did; if that takes too long, it is shown without."""
    asked = request.query_params.get("min_position", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > _POSITION_DIGITS_MAX:
        return
    resources = resources_of(request)
    with suppress(NotCaughtUpError):
        await asyncio.gather(*(caught_up(resources, name, int(asked)) for name in names))
