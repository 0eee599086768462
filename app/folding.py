"""From a stream to the state it leads to, now or as it stood at an earlier point."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any, Generic, TypeVar

from msgspec import Struct

from domain.decider import Decider
from events.envelope import RecordedEvent
from events.store import STREAM_PAGE_MAX, EventStore

S = TypeVar("S")


class Folded(Struct, Generic[S], frozen=True, kw_only=True):
    """A state, and the events that led to it."""

    state: S
    events: list[RecordedEvent]

    @property
    def version(self) -> int:
        """Tell the version of the stream then."""
        return len(self.events)


def _all(_event: RecordedEvent) -> bool:
    return True


async def folded(
    store: EventStore,
    decider: Decider[Any, S, Any],
    stream: str,
    *,
    while_: Callable[[RecordedEvent], bool] = _all,
) -> Folded[S]:
    """Read a stream, whole or for as long as its events are wanted, and fold it.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    events: list[RecordedEvent] = []
    while True:
        page = await store.read_stream(stream, after=len(events))
        wanted = list(takewhile(while_, page))
        events += wanted
        if len(page) < STREAM_PAGE_MAX or len(wanted) < len(page):
            return Folded(state=decider.fold([event.data for event in events]), events=events)
