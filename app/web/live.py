"""What happens while a page is open, told to it: votes as they are counted, and what else it shows has changed.

The page says what it shows. It hears the votes of all its ideas at once, so that whoever was cut off misses no count, and
from then on what is new, a few times a second at most.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import ServiceUnavailableException
from msgspec import Struct

from app.http.event_log import HEARTBEAT_SECONDS, LIFE_SECONDS
from app.http.parameters import position
from app.http.problems import MalformedError
from app.http.resources import Resources, resources_of
from app.http.streaming import EventStream
from app.http.watches import WATCHED_MAX, Watch
from app.web import formats
from app.web.showing import PageRequest

PAGES_MAX = 1_000
GATHER_SECONDS = 0.2
"""How long what happens is gathered before a page hears of it: eyes are not faster."""
CATCH_UP_EVENTS = 1_000
"""After more events than these a page that comes back is told that anything may have changed."""
_RETRY_MILLISECONDS = 2_000

_encode = msgspec.json.Encoder().encode


class Votes(Struct, frozen=True, kw_only=True):
    """An idea's votes, as a number and in words that follow it."""

    votes: int
    number: str
    words: str


class News(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a page hears: votes by idea, and other things that have changed."""

    votes: Mapping[UUID, Votes] = {}
    changed: tuple[UUID, ...] = ()


@get("/live", include_in_schema=False)
async def follow_page(request: PageRequest) -> Response[Any]:
    """Tell an open page what happens to what it shows; `votes` and `things` are identifiers with commas, `after` a position.

    Browsers come back by themselves with `Last-Event-ID`, which then counts instead of `after`.
    """
    resources, asked = resources_of(request), request.query_params
    if resources.watches.open >= PAGES_MAX:
        raise ServiceUnavailableException(
            detail="Too many pages are open here to follow what happens; load the page again to see it.",
            headers={"retry-after": "60"},
        )
    ideas, things = _identifiers("votes", asked), _identifiers("things", asked)
    if len(ideas | things) > WATCHED_MAX:
        raise MalformedError.of("things", f"A page can follow {WATCHED_MAX} things at most.")
    after = str(request.headers.get("last-event-id") or asked.get("after", ""))
    return EventStream(page_frames(resources, ideas, things, position("after", after) if after else None))


async def page_frames(
    resources: Resources,
    ideas: frozenset[UUID],
    things: frozenset[UUID],
    after: int | None,
    *,
    life_seconds: float = LIFE_SECONDS,
) -> AsyncIterator[bytes]:
    """Give the frames for one page: how things stand, then what is new, until its life ends."""
    loop, tail = asyncio.get_running_loop(), resources.tail
    # Not all at the same moment, after a start that brought all pages at once.
    ends = loop.time() + life_seconds * random.uniform(0.8, 1.0)  # noqa: S311  # Nothing depends on it.
    with resources.watches.watching(ideas | things) as watch:
        begun = tail.position
        await _catch_up(resources, watch, begun if after is None else after, begun)
        watch.votes |= ideas
        yield b"retry: %d\n" % _RETRY_MILLISECONDS
        while loop.time() < ends and not (watch.is_ended or tail.is_ending):
            # The position first: what is heard from here on comes in the next frame, once more at worst.
            reached = tail.position
            votes, changed = watch.taken()
            yield _frame(resources, reached, votes & ideas, changed & things)
            while not await watch.happened(seconds=HEARTBEAT_SECONDS):
                yield b": still here\n\n"
                if loop.time() >= ends:
                    return
            await asyncio.sleep(GATHER_SECONDS)


def _frame(resources: Resources, position: int, votes: set[UUID], changed: set[UUID]) -> bytes:
    news = News(
        votes={idea: _votes(resources.vote_counts.votes(idea)) for idea in sorted(votes)},
        changed=tuple(sorted(changed)),
    )
    return b"id: %d\nevent: news\ndata: %b\n\n" % (position, _encode(news))


def _votes(votes: int) -> Votes:
    words = formats.support_words(votes) if votes else formats.support(votes)
    return Votes(votes=votes, number=formats.count(votes), words=words)


async def _catch_up(resources: Resources, watch: Watch, after: int, until: int) -> None:
    """Note what happened since a page was made or last heard of anything."""
    if until - after > CATCH_UP_EVENTS:
        watch.note_all()
    elif after < until:
        page = await resources.store.read_tail(after, limit=CATCH_UP_EVENTS)
        for event in page.events:
            watch.note(event)


def _identifiers(name: str, asked: Mapping[str, str]) -> frozenset[UUID]:
    texts = [text for text in asked.get(name, "").split(",") if text]
    try:
        return frozenset(UUID(text) for text in texts)
    except ValueError as error:
        raise MalformedError.of(name, "Give identifiers with commas between them.") from error


LIVE = (follow_page,)
