"""Group commit: whatever waits is appended in one call, and meanwhile the next group gathers.

There is no timer and nothing to tune: while one group is being made durable the next one queues up
and leaves together, so the group grows with the load and with the slowness of the disk. The queue
is bounded, a group is bounded, and every caller has a deadline.

A connection that breaks after the call was sent leaves the outcome unknown. The same events are then
sent again under their own ids; the log looks those up and answers as the first time.
"""

import asyncio
from collections import deque

import asyncpg
import structlog
from uuid_utils import uuid7

from events.connections import LOST, REFUSED
from events.envelope import Append, Appended, encode_metadata
from events.errors import LogBusyError, LogUnavailableError
from events.pending import Pending
from events.sealing.codec import SEALING, SealingCodec
from events.sealing.keyring import NO_KEYS, Keys
from events.store import GROUP_EVENTS_MAX
from events.wakeup import Wakeup
from events.writer_connection import WriterConnection

QUEUE_REQUESTS_MAX = 20_000
QUEUE_BYTES_MAX = 128 * 1024 * 1024
GROUP_BYTES_MAX = 1024 * 1024
DEADLINE_SECONDS = 10.0
_UNDIVIDED_MAX = 16
_RECONNECT_SECONDS_MIN, _RECONNECT_SECONDS_MAX = 0.02, 1.0

_log = structlog.get_logger(__name__)

_UNAVAILABLE = "The log could not be reached in time; whether this was recorded is unknown. Send it again under the same key."

_STOPPING = "The service is stopping; send it again under the same key."


class GroupCommit:
    """The one writer of a process: queue, connection and the loop between them.

    `name` is the process's, under which operators see its connection.
    """

    def __init__(self, url: str, wakeup: Wakeup, *, name: str, codec: SealingCodec = SEALING) -> None:
        self._url = url
        self._name = name
        self._wakeup = wakeup
        self._codec = codec
        self._queue: deque[Pending] = deque()
        self._queued_bytes = 0
        self._stopped = False
        # Set when something waits to be sent, and when there is no connection to hear notifications on.
        self._ready = asyncio.Event()
        self._connection: WriterConnection | None = None

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

    def submit(self, request: Append, keys: Keys = NO_KEYS) -> "asyncio.Future[Appended]":
        """Queue a request and give back the future of its answer; `keys` seal what is personal in it.

        Raises:
            LogBusyError: the queue is full.
            LogUnavailableError: the writer has stopped.
            UnreadableEventError: an event could not be read again.
        """
        if self._stopped:
            raise LogUnavailableError(_STOPPING)
        self.require_room(1)
        loop = asyncio.get_running_loop()
        encode = self._codec.encode
        ids = [str(uuid7()) for _ in request.events]
        data = [encode(event, event_id, keys) for event, event_id in zip(request.events, ids, strict=True)]
        pending = Pending(
            request=request,
            ids=ids,
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
        """Stay connected, take what waits, send it as one call, answer each; until cancelled."""
        try:
            self._ready.set()
            while True:
                await self._ready.wait()
                if self._queue:
                    await self._commit(self._take())
                elif self._connection is None or self._connection.is_lost:
                    await self._listen_again()
                else:
                    self._ready.clear()
        finally:
            self._stopped = True
            for pending in self._queue:
                pending.fail(LogUnavailableError(_STOPPING))
            self._disconnect()

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
        return group

    async def _commit(self, group: list[Pending], *, resent: bool = False) -> None:
        """Send a group until its outcome is known, or until nobody waits for it any more."""
        pause = _RECONNECT_SECONDS_MIN
        try:
            while group := _still_waited_for(group):
                try:
                    await self._send(group, resent=resent)
                except LOST as error:
                    _log.warning("append_outcome_unknown", requests=len(group), error=repr(error))
                    self._disconnect()
                    resent = True
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
                        await self._commit([pending], resent=resent)
                    return None
                else:
                    return None
        except asyncio.CancelledError:
            _fail_all(group, LogUnavailableError(_UNAVAILABLE))
            raise
        return None

    async def _send(self, group: list[Pending], *, resent: bool) -> None:
        connection = await self._connected()
        # The last to come is the last whose deadline passes.
        await connection.append(group, resent=resent, deadline=group[-1].deadline)

    async def _listen_again(self) -> None:
        """Connect although nothing waits to be sent: others are heard on the same connection.

        After a failure this waits, but not longer than until there is something to send.
        """
        self._ready.clear()
        try:
            await self._connected()
        except (*LOST, asyncpg.PostgresError) as error:
            _log.warning("listener_disconnected", error=repr(error))
            asyncio.get_running_loop().call_later(_RECONNECT_SECONDS_MAX, self._ready.set)

    async def _connected(self) -> WriterConnection:
        if self._connection is None or self._connection.is_lost:
            self._connection = await WriterConnection.open(self._url, self._wakeup, name=self._name)
            self._connection.when_lost(self._ready)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None


def _fail_all(group: list[Pending], error: Exception, cause: Exception | None = None) -> None:
    error.__cause__ = cause
    for pending in group:
        pending.fail(error)


def _still_waited_for(group: list[Pending]) -> list[Pending]:
    now = asyncio.get_running_loop().time()
    for pending in group:
        if pending.deadline < now:
            pending.fail(LogUnavailableError(_UNAVAILABLE))
    # A caller who left waits for nothing: whether their request was appended shows under its key.
    return [pending for pending in group if not pending.answer.done()]
