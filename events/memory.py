"""The log in memory: the same promises in a dictionary, for tests and what-if runs."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from events.envelope import (
    Append,
    Appended,
    RecordedEvent,
    RepeatedAnswer,
    TailPage,
    encode_metadata,
)
from events.errors import KeyReusedError, WrongVersionError
from events.sealing.codec import SEALING, Row, SealingCodec
from events.sealing.keyring import Keyring, Keys, MemoryKeyring
from events.sealing.opening import opened
from events.store import STREAM_PAGE_MAX, TAIL_PAGE_MAX
from events.streams import new_id
from events.wakeup import Wakeup


class _Kept(Struct, frozen=True):
    answer: RepeatedAnswer
    version: int


class MemoryStore:
    """The `EventStore` in a dictionary."""

    def __init__(self, keyring: Keyring | None = None, codec: SealingCodec = SEALING) -> None:
        self.keyring: Keyring = MemoryKeyring() if keyring is None else keyring
        self.rows: list[Row] = []
        self._codec = codec
        self._streams: dict[str, list[Row]] = {}
        self._keys: dict[UUID, _Kept] = {}
        self._wakeup = Wakeup()

    async def append(self, request: Append) -> Appended:
        """Append all events of a request, or none; see the port."""
        await asyncio.sleep(0)  # A real log lets others run meanwhile, and so must this one.
        keys = await self.keyring.made(self._codec.subjects(request.events))
        stream = self._streams.get(request.stream, [])
        if request.key is not None and (kept := self._keys.get(request.key.key)) is not None:
            if kept.answer.fingerprint != request.key.fingerprint:
                raise KeyReusedError(request.key.key)
            return Appended(
                position=kept.answer.position, version=kept.version, repeated=True, answer=kept.answer.answer
            )
        if request.expected is not None and request.expected != len(stream):
            raise WrongVersionError(request.stream, request.expected, len(stream))
        self._record(request, keys)
        position, version = len(self.rows), len(self._streams.get(request.stream, []))
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
        page = self._streams.get(stream, [])[after : after + min(limit, STREAM_PAGE_MAX)]
        return await opened(page, self.keyring, self._codec)

    async def read_streams(self, streams: Collection[str]) -> dict[str, list[RecordedEvent]]:
        """Read several short streams whole; see the port."""
        return {
            name: await opened(self._streams[name], self.keyring, self._codec)
            for name in streams
            if name in self._streams
        }

    async def read_tail(self, after: int, *, limit: int, types: Collection[str] | None = None) -> TailPage:
        """Read the events at the positions after a cursor; see the port."""
        page = self.rows[after : after + min(limit, TAIL_PAGE_MAX)]
        wanted = [row for row in page if types is None or row[4] in types]
        return TailPage(events=await opened(wanted, self.keyring, self._codec), reached=after + len(page))

    async def read_positions(self, positions: Collection[int]) -> list[RecordedEvent]:
        """Read single events by position; see the port."""
        found = [
            self.rows[position - 1] for position in sorted(set(positions)) if 0 < position <= len(self.rows)
        ]
        return await opened(found, self.keyring, self._codec)

    async def head(self) -> int:
        """Tell the newest position; see the port."""
        return len(self.rows)

    async def repeated(self, key: UUID) -> RepeatedAnswer | None:
        """Look up what was answered under an idempotency key; see the port."""
        kept = self._keys.get(key)
        return None if kept is None else kept.answer

    async def wait(self, after: int, *, seconds: float) -> None:
        """Wait until the log may have grown beyond a position; see the port."""
        await self._wakeup.wait(after, seconds=seconds)

    def _record(self, request: Append, keys: Keys) -> None:
        metadata = encode_metadata(request.metadata).decode()
        now = datetime.now(UTC)
        ids = [new_id() for _ in request.events]
        # As every store holds them, so that readers get the same from each; all before any is recorded.
        encoded = [
            (event_id, type(event).__name__, self._codec.encode(event, str(event_id), keys))
            for event_id, event in zip(ids, request.events, strict=True)
        ]
        for event_id, name, data in encoded:
            stream = self._streams.setdefault(request.stream, [])
            row = (len(self.rows) + 1, request.stream, len(stream) + 1, event_id, name, data, metadata, now)
            stream.append(row)
            self.rows.append(row)
