"""The log in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from events.connections import Pool, open_pool, unavailable_when_lost
from events.envelope import Append, Appended, RecordedEvent, RepeatedAnswer, TailPage
from events.errors import KeyReusedError, WrongVersionError
from events.group_commit import GroupCommit
from events.sealing.codec import SEALING, SealingCodec
from events.sealing.keyring import NO_KEYS, Keyring, NoKeyring
from events.sealing.opening import opened
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey
from events.sql import statement
from events.store import STREAM_PAGE_MAX, TAIL_PAGE_MAX
from events.wakeup import Wakeup


class PostgresStore:
    """The `EventStore` on PostgreSQL; see `open_store` for how to get one."""

    def __init__(
        self,
        pool: Pool,
        writer: GroupCommit,
        wakeup: Wakeup,
        keyring: Keyring,
        codec: SealingCodec = SEALING,
    ) -> None:
        self.keyring = keyring
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
        subjects = self._codec.subjects(request.events)
        keys = await self.keyring.made(subjects) if subjects else NO_KEYS
        return await self._writer.submit(request, keys)

    async def append_many(
        self, requests: Sequence[Append]
    ) -> list[Appended | WrongVersionError | KeyReusedError]:
        """Append several requests, each for itself; see the port."""
        self._writer.require_room(len(requests))
        subjects = self._codec.subjects(event for request in requests for event in request.events)
        keys = await self.keyring.made(subjects) if subjects else NO_KEYS
        self._writer.require_room(len(requests))
        waiting = [self._writer.submit(request, keys) for request in requests]
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
        return await opened(rows, self.keyring, self._codec)


@asynccontextmanager
async def open_store(
    url: str, *, name: str = "service", pool: Pool | None = None, secret: str | None = None
) -> AsyncIterator[PostgresStore]:
    """Open the log on a database, with its writer, and close it again.

    `secret` is the secret key; without one the log can be read and appended to as far as nothing is sealed.

    Raises:
        WrongSecretKeyError: the database was sealed with another secret key.
        OSError, asyncpg.PostgresError: the database is away, or has not this release's schema.
    """
    async with AsyncExitStack() as held:
        if pool is None:
            pool = await held.enter_async_context(open_pool(url, name=name))
        keyring: Keyring = NoKeyring()
        if secret is not None:
            keyring = PostgresKeyring(pool, SecretKey(secret))
            await keyring.begin()
        wakeup = Wakeup()
        writer = GroupCommit(url, wakeup, name=name)
        running = asyncio.create_task(writer.run())
        try:
            yield PostgresStore(pool, writer, wakeup, keyring)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
