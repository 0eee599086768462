"""The log in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from events.codec import CODEC, Codec
from events.connections import Pool, open_pool, unavailable_when_lost
from events.envelope import Append, Appended, RecordedEvent, RepeatedAnswer, TailPage
from events.errors import KeyReusedError, UnreadableEventError, WrongVersionError
from events.group_commit import GroupCommit
from events.sql import statement
from events.store import STREAM_PAGE_MAX, TAIL_PAGE_MAX
from events.wakeup import Wakeup


class PostgresStore:
    """The `EventStore` on PostgreSQL; see `open_store` for how to get one."""

    def __init__(self, pool: Pool, writer: GroupCommit, wakeup: Wakeup, codec: Codec = CODEC) -> None:
        self._pool = pool
        self._writer = writer
        self._wakeup = wakeup
        self._codec = codec

    @property
    def queued(self) -> int:
        """Tell how many appends wait to be written."""
        return self._writer.queued

    async def append(self, request: Append) -> Appended:
        """Append all events of a request, or none; see the port."""
        return await self._writer.submit(request)

    async def append_many(
        self, requests: Sequence[Append]
    ) -> list[Appended | WrongVersionError | KeyReusedError]:
        """Append several requests, each for itself; see the port."""
        self._writer.require_room(len(requests))
        waiting = [self._writer.submit(request) for request in requests]
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        settled: list[Appended | WrongVersionError | KeyReusedError] = []
        for answer in answers:
            if isinstance(answer, Appended | WrongVersionError | KeyReusedError):
                settled.append(answer)
            else:
                raise answer
        return settled

    async def read_stream(
        self, stream: str, *, after: int = 0, limit: int = STREAM_PAGE_MAX
    ) -> list[RecordedEvent]:
        """Read the events of a stream after a version; see the port."""
        return await self._read("read_stream", stream, after, min(limit, STREAM_PAGE_MAX))

    async def read_streams(self, streams: Collection[str]) -> dict[str, list[RecordedEvent]]:
        """Read several short streams whole; see the port."""
        names = list(streams)
        async with unavailable_when_lost():
            existing = await self._pool.fetch(statement("versions"), names)
        found: dict[str, list[RecordedEvent]] = {}
        if existing:
            total = sum(row["version"] for row in existing)
            if total > TAIL_PAGE_MAX:
                raise ValueError(f"{total} events in {len(existing)} streams are too many to read in one go.")
            for event in await self._read("read_streams", [row["stream"] for row in existing], total):
                found.setdefault(event.stream, []).append(event)
        return found

    async def read_tail(self, after: int, *, limit: int, types: Collection[str] | None = None) -> TailPage:
        """Read the events at the positions after a cursor; see the port."""
        after, limit = max(after, 0), min(limit, TAIL_PAGE_MAX)
        if types is None:
            events = await self._read("read_tail", after, after + limit)
            return TailPage(events=events, reached=events[-1].position if events else after)
        # The newest position is read first: what is appended meanwhile waits for the next page.
        reached = min(after + limit, await self.head())
        if reached <= after:
            return TailPage(events=[], reached=after)
        return TailPage(
            events=await self._read("read_tail_of_types", after, reached, list(types)), reached=reached
        )

    async def read_positions(self, positions: Collection[int]) -> list[RecordedEvent]:
        """Read single events by position; see the port."""
        return await self._read("read_positions", list(positions)) if positions else []

    async def head(self) -> int:
        """Tell the newest position; see the port."""
        async with unavailable_when_lost():
            return await self._pool.fetchval(statement("head")) or 0

    async def repeated(self, key: UUID) -> RepeatedAnswer | None:
        """Look up what was answered under an idempotency key; see the port."""
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(statement("repeated"), key)
        if row is None:
            return None
        return RepeatedAnswer(fingerprint=row["fingerprint"], answer=row["answer"], position=row["position"])

    async def wait(self, after: int, *, seconds: float) -> None:
        """Wait until the log may have grown beyond a position; see the port."""
        await self._wakeup.wait(after, seconds=seconds)

    async def _read(self, name: str, *arguments: object) -> list[RecordedEvent]:
        async with unavailable_when_lost():
            rows = await self._pool.fetch(statement(name), *arguments)
        return recorded_events(rows, self._codec)


def recorded_events(rows: Sequence[asyncpg.Record], codec: Codec = CODEC) -> list[RecordedEvent]:
    """Decode rows of the log in the order of its columns.

    Raises:
        UnreadableEventError: an event of an unknown type or shape, named by its position.
    """
    decode = codec.decode
    try:
        return [
            RecordedEvent(
                position, stream, version, event_id, type_name, decode(type_name, data), metadata, recorded_at
            )
            for position, stream, version, event_id, type_name, data, metadata, recorded_at in rows
        ]
    except UnreadableEventError as error:
        for position, _, _, _, type_name, data, *_ in rows:
            _decode_or_name(decode_position=position, type_name=type_name, data=data, codec=codec)
        raise error from None


def _decode_or_name(*, decode_position: int, type_name: str, data: str, codec: Codec) -> None:
    try:
        codec.decode(type_name, data)
    except UnreadableEventError as error:
        raise UnreadableEventError(error.type_name, error.reason, decode_position) from error


@asynccontextmanager
async def open_store(
    url: str, *, name: str = "service", pool: Pool | None = None
) -> AsyncIterator[PostgresStore]:
    """Open the log on a database, with its writer, and close it again."""
    wakeup = Wakeup()
    writer = GroupCommit(url, wakeup, name=name)
    running = asyncio.create_task(writer.run())
    try:
        if pool is not None:
            yield PostgresStore(pool, writer, wakeup)
        else:
            async with open_pool(url, name=name) as own:
                yield PostgresStore(own, writer, wakeup)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
