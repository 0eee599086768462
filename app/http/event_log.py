"""The public log for programs: page by page, or as a stream of server-sent events."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection
from typing import Annotated, Any

import structlog
from litestar import Controller, Response, get
from litestar.exceptions import ServiceUnavailableException
from litestar.params import HeaderParameter, QueryParameter
from msgspec import Struct

from app.http import examples
from app.http.live_tail import CutOffError
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, POSITION_MAX, Limit, position, text
from app.http.public_log import PublicEvent, types_of
from app.http.resources import ApiRequest, Resources, resources_of
from app.http.streaming import EventStream

CLIENTS_MAX = 1_000
CATCH_UP_EVENTS = 500
HEARTBEAT_SECONDS = 15.0
LIFE_SECONDS = 15 * 60.0
_RETRY_MILLISECONDS = 2_000
_log = structlog.get_logger(__name__)

After = Annotated[
    int,
    QueryParameter(ge=0, le=POSITION_MAX, description="Answer what comes after this position of the log."),
]
AfterOrNow = Annotated[
    int | None,
    QueryParameter(ge=0, le=POSITION_MAX, description="Begin after this position; without it, begin now."),
]
Types = Annotated[
    str | None,
    QueryParameter(max_length=1_000, description="Only these types of events, separated by commas."),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID", description="The position received last; browsers send it by themselves."
    ),
]


class EventPage(Struct, frozen=True, kw_only=True):
    """Events in order. Go on with `after` = `reached`, which may lie beyond the last event when `types` left some out.

    `next_cursor` is the same as text while there is more to read now, and null at the end of the log.
    """

    items: list[PublicEvent]
    reached: int
    next_cursor: str | None


class EventController(Controller):
    """The routes of the public log."""

    path = "/api/v1/events"
    tags = ("events",)

    @get(
        operation_id="listEvents",
        summary="The public log",
        responses=read_answers(EventPage, examples.EVENTS),
    )
    async def list_events(
        self, request: ApiRequest, after: After = 0, types: Types = None, limit: Limit = LIMIT_USUAL
    ) -> EventPage:
        """Read the log from a position on: every event, in the order it was recorded, without a gap.

        The person behind a vote is a pseudonym, a different one for each idea.
        """
        resources = resources_of(request)
        page = await resources.store.read_tail(after, limit=limit, types=types_of(text("types", types)))
        more = page.reached > after and page.reached < await resources.store.head()
        return EventPage(
            items=[resources.public_log.published(event) for event in page.events],
            reached=page.reached,
            next_cursor=str(page.reached) if more else None,
        )

    @get(
        "/stream",
        operation_id="streamEvents",
        summary="The public log, live",
        media_type="text/event-stream",
        responses=read_answers(PublicEvent, examples.EVENT, media_type="text/event-stream"),
    )
    async def stream_events(
        self,
        request: ApiRequest,
        *,
        after: AfterOrNow = None,
        types: Types = None,
        last_event_id: LastEventId = None,
    ) -> Response[Any]:
        """Follow the log as server-sent events; `id` is the position, `data` an event as in the list.

        A comment comes every 15 seconds when nothing else does. The connection ends after 15 minutes, and at once
        for whoever reads too slowly: go on with `Last-Event-ID`, as browsers do by themselves.
        """
        resources = resources_of(request)
        if resources.tail.subscribers >= CLIENTS_MAX:
            raise ServiceUnavailableException(
                detail="Too many clients follow the log here; try again in a minute.",
                headers={"retry-after": "60"},
            )
        start = position("Last-Event-ID", last_event_id) if last_event_id else after
        frames = live_frames(resources, start, types_of(text("types", types)))
        return EventStream(frames)


async def live_frames(
    resources: Resources,
    after: int | None,
    types: Collection[str] | None,
    *,
    life_seconds: float = LIFE_SECONDS,
) -> AsyncIterator[bytes]:
    """Give the stream's frames: first what is recorded already, then what happens, then the end of its life.

    Every frame but comments carries an `id`, so that whoever is cut off knows where to go on.
    """
    loop, tail = asyncio.get_running_loop(), resources.tail
    # Not all at the same moment, after a start that brought all clients at once.
    ends = loop.time() + life_seconds * random.uniform(0.8, 1.0)  # noqa: S311  # Nothing depends on it.
    cursor = tail.position if after is None else after
    yield b"retry: %d\nid: %d\n\n" % (_RETRY_MILLISECONDS, cursor)
    while cursor < tail.position and loop.time() < ends and not tail.is_ending:
        page = await resources.store.read_tail(cursor, limit=CATCH_UP_EVENTS, types=types)
        if page.events:
            yield b"".join(map(resources.public_log.frame, page.events))
        cursor = page.reached
    # No other task runs between the last comparison and here: nothing is missed in between.
    async with tail.subscribed() as subscription:
        quiet_since = loop.time()
        while (now := loop.time()) < ends:
            try:
                event = await subscription.next(seconds=max(0.0, quiet_since + HEARTBEAT_SECONDS - now))
            except CutOffError:
                return
            if event is None:
                cursor = max(cursor, tail.position)
                yield b": still here\nid: %d\n\n" % cursor
                quiet_since = loop.time()
            elif event.position > cursor:
                cursor = event.position
                if types is None or event.type in types:
                    yield resources.public_log.shared_frame(event)
                    quiet_since = loop.time()
