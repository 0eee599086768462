"""The log in memory: the same promises in a dictionary, for tests and what-if runs."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from events.codec import CODEC, Codec
from events.envelope import (
    Append,
    Appended,
    RecordedEvent,
    RepeatedAnswer,
    TailPage,
    encode_metadata,
)
from events.errors import KeyReusedError, WrongVersionError
from events.store import STREAM_PAGE_MAX, TAIL_PAGE_MAX
from events.streams import new_id
from events.wakeup import Wakeup


class _Kept(Struct, frozen=True):
    answer: RepeatedAnswer
    version: int


class MemoryStore:
    """The `EventStore` in a dictionary."""

    def __init__(self, codec: Codec = CODEC) -> None:
        self._codec = codec
        self._log: list[RecordedEvent] = []
        self._streams: dict[str, list[RecordedEvent]] = {}
        self._keys: dict[UUID, _Kept] = {}
        self._wakeup = Wakeup()

    async def append(self, request: Append) -> Appended:
        """Append all events of a request, or none; see the port."""
        await asyncio.sleep(0)  # A real log lets others run meanwhile, and so must this one.
        stream = self._streams.get(request.stream, [])
        if request.key is not None and (kept := self._keys.get(request.key.key)) is not None:
            if kept.answer.fingerprint != request.key.fingerprint:
                raise KeyReusedError(request.key.key)
            return Appended(
                position=kept.answer.position, version=kept.version, repeated=True, answer=kept.answer.answer
            )
        if request.expected is not None and request.expected != len(stream):
            raise WrongVersionError(request.stream, request.expected, len(stream))
        self._record(request)
        position, version = len(self._log), len(self._streams.get(request.stream, []))
        if request.key is not None:
            answer = RepeatedAnswer(
                fingerprint=request.key.fingerprint, answer=request.key.answer, position=position
            )
            self._keys[request.key.key] = _Kept(answer, version)
        self._wakeup.heard(position)
        return Appended(position=position, version=version)

    async def append_many(
        self, requests: Sequence[Append]
    ) -> list[Appended | WrongVersionError | KeyReusedError]:
        """Append several requests, each for itself; see the port."""
        answers: list[Appended | WrongVersionError | KeyReusedError] = []
        for request in requests:
            try:
                answers.append(await self.append(request))
            except (WrongVersionError, KeyReusedError) as error:
                answers.append(error)
        return answers

    async def read_stream(
        self, stream: str, *, after: int = 0, limit: int = STREAM_PAGE_MAX
    ) -> list[RecordedEvent]:
        """Read the events of a stream after a version; see the port."""
        return self._streams.get(stream, [])[after : after + min(limit, STREAM_PAGE_MAX)]

    async def read_streams(self, streams: Collection[str]) -> dict[str, list[RecordedEvent]]:
        """Read several short streams whole; see the port."""
        return {name: list(self._streams[name]) for name in streams if name in self._streams}

    async def read_tail(self, after: int, *, limit: int, types: Collection[str] | None = None) -> TailPage:
        """Read the events at the positions after a cursor; see the port."""
        page = self._log[after : after + min(limit, TAIL_PAGE_MAX)]
        wanted = [event for event in page if types is None or event.type in types]
        return TailPage(events=wanted, reached=after + len(page))

    async def read_positions(self, positions: Collection[int]) -> list[RecordedEvent]:
        """Read single events by position; see the port."""
        return [
            self._log[position - 1] for position in sorted(set(positions)) if 0 < position <= len(self._log)
        ]

    async def head(self) -> int:
        """Tell the newest position; see the port."""
        return len(self._log)

    async def repeated(self, key: UUID) -> RepeatedAnswer | None:
        """Look up what was answered under an idempotency key; see the port."""
        kept = self._keys.get(key)
        return None if kept is None else kept.answer

    async def wait(self, after: int, *, seconds: float) -> None:
        """Wait until the log may have grown beyond a position; see the port."""
        await self._wakeup.wait(after, seconds=seconds)

    def _record(self, request: Append) -> None:
        metadata = encode_metadata(request.metadata).decode()
        now = datetime.now(UTC)
        # Through the codec and back, so that readers get the same from every store; all before any is recorded.
        encoded = [(type(event).__name__, self._codec.encode(event)) for event in request.events]
        for name, data in [(name, self._codec.decode(name, data)) for name, data in encoded]:
            stream = self._streams.setdefault(request.stream, [])
            recorded = RecordedEvent(
                len(self._log) + 1, request.stream, len(stream) + 1, new_id(), name, data, metadata, now
            )
            stream.append(recorded)
            self._log.append(recorded)
