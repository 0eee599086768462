"""The writer's connection: how a group is put to PostgreSQL, and how this process hears that the log has grown.

The writer knows the newest position from its own answers and from the notifications of others, all of
this one session. So it need not look: a group whose requests all begin streams is inserted by one plain
statement at the positions that come next, if nobody else was faster. Was somebody faster, or does a stream
exist already, a primary key refuses the whole statement, and the function `append_group` then looks, under
the same lock, and answers each request by itself. Positions stay gapless, because a presumed position is
one behind a committed one or is refused.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from events.connections import CONNECT_SECONDS, LOST, connect
from events.envelope import Append
from events.pending import APPENDED, Pending
from events.sql import statement
from events.wakeup import CHANNEL, Wakeup

DISTRUST_SECONDS = 0.05
"""After a presumption that was wrong, so long none is made: others are writing, or streams are fought over."""

WATCH_SECONDS = 0.1
_SEPARATOR = "\x1e"
_VERSION_MAX = 2**31 - 1
_STATEMENTS = ("begin_stream", "begin_streams", "continue_stream", "append_group")

# The plan of the group's statement is cached on its first use, perhaps on an empty log: without
# these it could go on scanning the whole of a log that has long been full.
_SETTINGS = {
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "enable_hashjoin": "off",
    "plan_cache_mode": "force_generic_plan",
}


class WriterConnection:
    """One session that appends and listens; see `open`."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", wakeup: Wakeup) -> None:
        self._connection = connection
        self._wakeup = wakeup
        self._prepared: dict[str, PreparedStatement[asyncpg.Record]] = {}
        self._head: int | None = None
        self._distrusted_until = 0.0
        self._deadline: float | None = None
        self._watching: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, url: str, wakeup: Wakeup, *, name: str) -> "WriterConnection":
        """Connect under a name, prepare and listen.

        Raises:
            OSError, asyncpg.PostgresError: the server is away, or refuses us.
        """
        connection = await connect(url, name=f"{name}-writer", command_seconds=None, **_SETTINGS)
        opened = cls(connection, wakeup)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                for one in _STATEMENTS:
                    opened._prepared[one] = await connection.prepare(statement(one))
                await connection.add_listener(
                    CHANNEL, lambda _connection, _pid, _channel, payload: opened._grown(int(str(payload)))
                )
        except BaseException:
            connection.terminate()
            raise
        opened._watch()
        return opened

    @property
    def is_lost(self) -> bool:
        """Tell whether the session is over."""
        return self._connection.is_closed()

    def when_lost(self, lost: asyncio.Event) -> None:
        """Have an event set when the session ends, however it does."""
        self._connection.add_termination_listener(lambda _connection: lost.set())

    def _watch(self) -> None:
        """Look now and then whether a call is overdue: a timer for each call costs a lone one a thirtieth."""
        loop = asyncio.get_running_loop()
        if self._deadline is not None and loop.time() > self._deadline:
            self.terminate()
        elif not self.is_lost:
            self._watching = loop.call_later(WATCH_SECONDS, self._watch)

    def terminate(self) -> None:
        """End the session at once; what is on its way has an unknown outcome."""
        if self._watching is not None:
            self._watching.cancel()
        with suppress(*LOST):
            self._connection.terminate()

    async def append(self, group: Sequence[Pending], *, resent: bool, deadline: float) -> None:
        """Append a group in one transaction and settle each of its requests.

        `resent` says that an earlier call with some of these events had an unknown outcome. At the
        deadline (of the loop's clock) the connection is given up.

        Raises:
            OSError, asyncpg.PostgresError: nothing is settled; whether it was done is unknown when
                the connection was lost, and it was not when the server refused.
        """
        self._deadline = deadline
        try:
            if resent or self._head is None or not await self._presumed(self._head, group):
                await self._look_and_append(group, resent=resent)
        finally:
            self._deadline = None

    async def _look_and_append(self, group: Sequence[Pending], *, resent: bool) -> None:
        row = await self._prepared["append_group"].fetchrow(*_looked_up(group), resent)
        if row is None:
            raise TimeoutError
        for pending, status, position, version, answer in zip(group, *row, strict=True):
            pending.settle(status, position, version, answer)
        self._grown(max(row[1]))

    def _grown(self, position: int) -> None:
        """Take note of a committed position; the greatest is the head, as far as is known here."""
        if position > (self._head or 0):
            self._head = position
        self._wakeup.heard(position)

    async def _presumed(self, head: int, group: Sequence[Pending]) -> bool:
        """Append as if this were the only writer; False when it was not, and nothing was done."""
        now = asyncio.get_running_loop().time()
        if now < self._distrusted_until:
            return False
        reached = head + sum([len(pending.ids) for pending in group])
        try:
            if len(group) == 1 and reached == head + 1 and _stands_alone(group[0].request):
                done = await self._one(group[0], reached)
            elif _all_begin_streams(group):
                done = await self._many(group, head, reached)
            else:
                return False
        except asyncpg.UniqueViolationError:
            done = False
        if not done:
            self._distrusted_until = now + DISTRUST_SECONDS
            return False
        position = head
        for pending in group:
            size = len(pending.ids)
            position += size
            pending.settle(APPENDED, position, (pending.request.expected or 0) + size, None)
        self._grown(reached)
        return True

    async def _one(self, pending: Pending, position: int) -> bool:
        stream, expected = pending.request.stream, pending.request.expected
        event = (pending.ids[0], pending.types[0], pending.data[0], pending.metadata)
        if expected == 0:
            await self._prepared["begin_stream"].fetch(position, stream, *event)
            return True
        rows = await self._prepared["continue_stream"].fetch(position, stream, expected, *event)
        return bool(rows)

    async def _many(self, group: Sequence[Pending], head: int, reached: int) -> bool:
        await self._prepared["begin_streams"].fetch(*_begun(group, head, reached))
        return True


def _stands_alone(request: Append) -> bool:
    """Tell whether a request says all that is needed to append it without looking."""
    return request.key is None and request.expected is not None and 0 <= request.expected < _VERSION_MAX


def _all_begin_streams(group: Sequence[Pending]) -> bool:
    # A request without events begins nothing.
    if any(p.request.expected != 0 or p.request.key is not None or not p.ids for p in group):
        return False
    return len({pending.request.stream for pending in group}) == len(group)


def _begun(group: Sequence[Pending], head: int, reached: int) -> tuple[object, ...]:
    """Lay a group out as the arguments of `begin_streams`."""
    sizes = [len(pending.ids) for pending in group]
    streams = _SEPARATOR.join([pending.request.stream for pending in group])
    single = reached - head == len(group)
    return (
        head,
        reached,
        streams,
        _array(sizes),
        streams
        if single
        else _SEPARATOR.join([pending.request.stream for pending in group for _ in pending.ids]),
        _array(sizes if single else [number for size in sizes for number in range(1, size + 1)]),
        _array([identifier for pending in group for identifier in pending.ids]),
        _SEPARATOR.join([kind for pending in group for kind in pending.types]),
        _SEPARATOR.join([data for pending in group for data in pending.data]),
        _SEPARATOR.join([pending.metadata for pending in group for _ in pending.ids]),
    )


def _looked_up(group: Sequence[Pending]) -> tuple[object, ...]:
    """Lay a group out as the arguments of `append_group`: streams, requests, events, keys."""
    streams: dict[str, int] = {}
    r_stream: list[int] = []
    r_expected: list[int | None] = []
    r_size: list[int] = []
    e_request: list[int] = []
    e_number: list[int] = []
    e_stream: list[str] = []
    e_metadata: list[str] = []
    keys: tuple[list[object], list[object], list[object], list[object]] = ([], [], [], [])
    for number, pending in enumerate(group, start=1):
        request, size = pending.request, len(pending.ids)
        r_stream.append(streams.setdefault(request.stream, len(streams) + 1))
        r_expected.append(_expected(request))
        r_size.append(size)
        e_request.extend([number] * size)
        e_number.extend(range(1, size + 1))
        e_stream.extend([request.stream] * size)
        e_metadata.extend([pending.metadata] * size)
        if request.key is not None:
            for column, value in zip(
                keys, (number, request.key.key, request.key.fingerprint, request.key.answer), strict=True
            ):
                column.append(value)
    return (
        _SEPARATOR.join(streams),
        *(_array(numbers) for numbers in (r_stream, r_expected, r_size, e_request, e_number)),
        _SEPARATOR.join(e_stream),
        _array([identifier for pending in group for identifier in pending.ids]),
        _SEPARATOR.join([kind for pending in group for kind in pending.types]),
        _SEPARATOR.join([data for pending in group for data in pending.data]),
        _SEPARATOR.join(e_metadata),
        *keys,
    )


def _expected(request: Append) -> int | None:
    """Bound the version a caller claims to what PostgreSQL can compare; no stream ever gets there."""
    return None if request.expected is None else max(-1, min(request.expected, _VERSION_MAX))


def _array(values: Iterable[object]) -> str:
    """Write a list as PostgreSQL's text form of an array."""
    return f"{{{','.join(map(str, values))}}}".replace("None", "NULL")
