"""Group commit: whatever waits is appended in one call, and meanwhile the next group gathers.

There is no timer and nothing to tune: while one group is being made durable the next one queues up
and leaves together, so the group grows with the load and with the slowness of the disk. The queue
is bounded, a group is bounded, and every caller has a deadline.

A connection that breaks after the call was sent leaves the outcome unknown. The same events are then
sent again under their own ids; the log looks those up and answers as the first time.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
import structlog
from uuid_utils import uuid7

from events.codec import CODEC, Codec
from events.connections import LOST, REFUSED, connect
from events.envelope import Append, Appended, encode_metadata
from events.errors import KeyReusedError, LogBusyError, LogUnavailableError, WrongVersionError
from events.sql import statement
from events.store import GROUP_EVENTS_MAX
from events.wakeup import Wakeup

QUEUE_REQUESTS_MAX = 20_000
QUEUE_BYTES_MAX = 128 * 1024 * 1024
GROUP_BYTES_MAX = 1024 * 1024
DEADLINE_SECONDS = 10.0
_UNDIVIDED_MAX = 32
_SEPARATOR = "\x1e"
_RECONNECT_SECONDS_MAX = 1.0

_log = structlog.get_logger(__name__)

# The plan of the group's statement is cached on its first use, perhaps on an empty log: without
# these it could go on scanning the whole of a log that has long been full.
_WRITER_SETTINGS = {
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "enable_hashjoin": "off",
    "plan_cache_mode": "force_generic_plan",
}

_UNAVAILABLE = "The log could not be reached in time; whether this was recorded is unknown. Send it again under the same key."

_STOPPING = "The service is stopping; send it again under the same key."
_VERSION_MAX = 2**31 - 1


@dataclass(slots=True)
class Pending:
    """A request on its way: its events encoded, and the future its caller waits for."""

    request: Append
    ids: list[str]
    types: list[str]
    data: list[str]
    metadata: str
    size: int
    deadline: float
    answer: asyncio.Future[Appended]
    sent: bool = field(default=False)


class GroupCommit:
    """The one writer of a process: queue, connection and the loop between them."""

    def __init__(self, url: str, wakeup: Wakeup, codec: Codec = CODEC) -> None:
        self._url = url
        self._wakeup = wakeup
        self._codec = codec
        self._queue: deque[Pending] = deque()
        self._queued_bytes = 0
        self._stopped = False
        self._ready = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._append_one: asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record] | None = None
        self._append_group: asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record] | None = None

    @property
    def queued(self) -> int:
        """Tell how many requests wait."""
        return len(self._queue)

    def require_room(self, requests: int) -> None:
        """Make sure that so many more requests can be queued.

        Raises:
            LogBusyError: they would be too many.
        """
        if len(self._queue) + requests > QUEUE_REQUESTS_MAX or self._queued_bytes >= QUEUE_BYTES_MAX:
            raise LogBusyError("Too much is waiting to be recorded; try again in a second.")

    def submit(self, request: Append) -> "asyncio.Future[Appended]":
        """Queue a request and give back the future of its answer.

        Raises:
            LogBusyError: the queue is full.
            LogUnavailableError: the writer has stopped.
            UnreadableEventError: an event could not be read again.
        """
        if self._stopped:
            raise LogUnavailableError(_STOPPING)
        self.require_room(1)
        loop = asyncio.get_running_loop()
        data = [self._codec.encode(event) for event in request.events]
        pending = Pending(
            request=request,
            ids=[str(uuid7()) for _ in data],
            types=[type(event).__name__ for event in request.events],
            data=data,
            metadata=encode_metadata(request.metadata).decode(),
            size=sum(map(len, data)),
            deadline=loop.time() + DEADLINE_SECONDS,
            answer=loop.create_future(),
        )
        self._queue.append(pending)
        self._queued_bytes += pending.size
        self._ready.set()
        return pending.answer

    async def run(self) -> None:
        """Take what waits, send it as one call, answer each; until cancelled."""
        try:
            while True:
                await self._ready.wait()
                await self._commit(self._take())
        finally:
            self._stopped = True
            for pending in self._queue:
                _fail(pending, LogUnavailableError(_STOPPING))
            if self._connection is not None:
                self._connection.terminate()

    def _take(self) -> list[Pending]:
        """Take half of a long queue: while PostgreSQL writes one half, this process deals with the other."""
        group: list[Pending] = []
        requests_max = max(_UNDIVIDED_MAX, (len(self._queue) + 1) // 2)
        events = size = 0
        while self._queue and len(group) < requests_max:
            first = self._queue[0]
            events += len(first.ids)
            size += first.size
            if group and (events > GROUP_EVENTS_MAX or size > GROUP_BYTES_MAX):
                break
            group.append(self._queue.popleft())
            self._queued_bytes -= first.size
        if not self._queue:
            self._ready.clear()
        return group

    async def _commit(self, group: list[Pending]) -> None:
        """Send a group until its outcome is known, or until nobody waits for it any more."""
        pause = 0.02
        try:
            while group := _still_waited_for(group):
                try:
                    await self._send(group)
                except LOST as error:
                    _log.warning("append_outcome_unknown", requests=len(group), error=repr(error))
                    self._disconnect()
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _RECONNECT_SECONDS_MAX)
                except REFUSED as error:
                    _log.warning("append_refused", requests=len(group), error=repr(error))
                    return _fail_all(group, LogUnavailableError(_UNAVAILABLE), error)
                except Exception as error:  # noqa: BLE001  # Whatever is wrong with a request, the one writer goes on.
                    if len(group) == 1:
                        return _fail_all(group, error)
                    # One request spoils the call for all: each goes by itself, and only that one fails.
                    for pending in group:
                        await self._commit([pending])
                    return None
                else:
                    return None
        except asyncio.CancelledError:
            _fail_all(group, LogUnavailableError(_UNAVAILABLE))
            raise
        return None

    async def _send(self, group: list[Pending]) -> None:
        await self._ensure_connected()
        deadline = max(pending.deadline for pending in group)
        seconds = max(0.1, deadline - asyncio.get_running_loop().time())
        resent = any(pending.sent for pending in group)
        for pending in group:
            pending.sent = True
        lone = group[0]
        if len(group) == 1 and len(lone.ids) == 1 and lone.request.key is None and not resent:
            await self._send_one(lone, seconds)
            return
        if self._append_group is None:
            raise TimeoutError
        row = await self._append_group.fetchrow(*_flatten(group), resent, timeout=seconds)
        if row is None:
            raise TimeoutError
        for pending, status, position, version, answer in zip(group, *row, strict=True):
            _answer(pending, status, position, version, answer)
        self._wakeup.heard(max(row[1]))

    async def _send_one(self, lone: Pending, seconds: float) -> None:
        if self._append_one is None:
            raise TimeoutError
        row = await self._append_one.fetchrow(
            lone.request.stream,
            _expected(lone.request),
            lone.ids[0],
            lone.types[0],
            lone.data[0],
            lone.metadata,
            timeout=seconds,
        )
        if row is None:
            raise TimeoutError
        _answer(lone, row[0], row[1], row[2], None)
        if row[0] == APPENDED:
            self._wakeup.heard(row[1])

    async def _ensure_connected(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        connection = await connect(self._url, name="writer", **_WRITER_SETTINGS)
        try:
            self._append_one = await connection.prepare(statement("append_one"))
            self._append_group = await connection.prepare(statement("append_group"))
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._append_one = self._append_group = None


APPENDED, WRONG_VERSION, DONE_BEFORE, KEY_REUSED = range(4)


def _answer(pending: Pending, status: int, position: int, version: int, answer: str | None) -> None:
    if pending.answer.done():  # The caller gave up; the group went on without it.
        return
    request = pending.request
    if status == WRONG_VERSION:
        pending.answer.set_exception(WrongVersionError(request.stream, request.expected, version))
    elif status == KEY_REUSED and request.key is not None:
        pending.answer.set_exception(KeyReusedError(request.key.key))
    else:
        # A resent request finds its own key: that is its first answer and no repetition.
        repeated = status == DONE_BEFORE and answer is not None
        pending.answer.set_result(
            Appended(
                position=position, version=version, repeated=repeated, answer=answer if repeated else None
            )
        )


def _fail(pending: Pending, error: Exception) -> None:
    if not pending.answer.done():
        pending.answer.set_exception(error)


def _fail_all(group: list[Pending], error: Exception, cause: Exception | None = None) -> None:
    error.__cause__ = cause
    for pending in group:
        _fail(pending, error)


def _still_waited_for(group: list[Pending]) -> list[Pending]:
    now = asyncio.get_running_loop().time()
    for pending in group:
        if pending.deadline < now:
            _fail(pending, LogUnavailableError(_UNAVAILABLE))
    # A caller who left waits for nothing: whether their request was appended shows under its key.
    return [pending for pending in group if not pending.answer.done()]


def _flatten(group: Sequence[Pending]) -> tuple[object, ...]:
    """Lay a group out as the arrays of `append_group`: streams, requests, events, keys."""
    streams: dict[str, int] = {}
    r_stream: list[int] = []
    r_expected: list[int | None] = []
    r_size: list[int] = []
    e_request: list[int] = []
    e_number: list[int] = []
    e_stream: list[str] = []
    e_id: list[str] = []
    e_type: list[str] = []
    e_data: list[str] = []
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
        e_id.extend(pending.ids)
        e_type.extend(pending.types)
        e_data.extend(pending.data)
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
        _array(e_id),
        *map(_SEPARATOR.join, (e_type, e_data, e_metadata)),
        *keys,
    )


def _expected(request: Append) -> int | None:
    """Bound the version a caller claims to what PostgreSQL can compare; no stream ever gets there."""
    return None if request.expected is None else max(-1, min(request.expected, _VERSION_MAX))


def _array(values: Sequence[object]) -> str:
    """Write a list as PostgreSQL's text form of an array."""
    return f"{{{','.join(map(str, values))}}}".replace("None", "NULL")
