"""The port of the log: what every store does, in PostgreSQL and in memory alike.

`tests/events/store_contract.py` holds the promises below on both.
"""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from events.envelope import Append, Appended, RecordedEvent, RepeatedAnswer, TailPage
from events.errors import KeyReusedError, WrongVersionError

STREAM_PAGE_MAX = 10_000
TAIL_PAGE_MAX = 50_000
GROUP_EVENTS_MAX = 1_000


class EventStore(Protocol):
    """An append-only log of events with gapless positions in commit order."""

    async def append(self, request: Append) -> Appended:
        """Append all events of a request, or none.

        An idempotency key that was answered before answers the same again and appends nothing.

        Raises:
            WrongVersionError: the stream is not at the expected version.
            KeyReusedError: the idempotency key stands for another request.
            LogBusyError: too many appends are waiting.
            LogUnavailableError: the log could not be reached before the deadline; whether the
                events were appended is then unknown, and sending the same key again tells.
        """
        ...

    async def append_many(
        self, requests: Sequence[Append]
    ) -> list[Appended | WrongVersionError | KeyReusedError]:
        """Append several requests, each for itself, in the order given, and answer each in its place."""
        ...

    async def read_stream(
        self, stream: str, *, after: int = 0, limit: int = STREAM_PAGE_MAX
    ) -> list[RecordedEvent]:
        """Read the events of a stream after a version, oldest first."""
        ...

    async def read_streams(self, streams: Collection[str]) -> dict[str, list[RecordedEvent]]:
        """Read several short streams whole in one go; a stream that does not exist is left out."""
        ...

    async def read_tail(self, after: int, *, limit: int, types: Collection[str] | None = None) -> TailPage:
        """Read the events at the `limit` positions after a cursor, if wanted only of some types."""
        ...

    async def read_positions(self, positions: Collection[int]) -> list[RecordedEvent]:
        """Read single events by position, in order."""
        ...

    async def head(self) -> int:
        """Tell the newest position, 0 for an empty log."""
        ...

    async def repeated(self, key: UUID) -> RepeatedAnswer | None:
        """Look up what was answered under an idempotency key."""
        ...

    async def wait(self, after: int, *, seconds: float) -> None:
        """Wait until the log may have grown beyond a position, at most some seconds."""
        ...
