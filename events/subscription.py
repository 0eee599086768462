"""Following the log: pages of events after a cursor, as they are appended, without end."""

from collections.abc import AsyncIterator, Collection

from events.envelope import TailPage
from events.store import EventStore

PAGE_EVENTS = 1_000


async def follow(
    store: EventStore, after: int, *, limit: int = PAGE_EVENTS, types: Collection[str] | None = None
) -> AsyncIterator[TailPage]:
    """Read on from a cursor for ever: a page as soon as there is one, in order, nothing twice.

    The cursor is one number, because positions are gapless and in commit order; whoever keeps the
    `reached` of the last page it dealt with can go on from there after any interruption.

    Raises:
        LogUnavailableError: the log cannot be reached; follow again from the last page's `reached`.
    """
    cursor = after
    while True:
        page = await store.read_tail(cursor, limit=limit, types=types)
        if page.reached > cursor:
            yield page
            cursor = page.reached
        else:
            await store.wait(cursor, seconds=60.0)
