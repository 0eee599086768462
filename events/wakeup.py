"""Wake-ups: one LISTEN connection a process tells everybody here that the log has grown.

A notification is a hint and never the message: it may be lost, so waiting always ends after
`POLL_SECONDS`, and the reader looks for itself.
"""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from events.connections import LOST, connect

CHANNEL = "open_impact_events"
POLL_SECONDS = 0.5
_RECONNECT_SECONDS_MAX = 5.0

_log = structlog.get_logger(__name__)


class Wakeup:
    """Remembers the newest position heard of and wakes whoever waits for more."""

    def __init__(self) -> None:
        self._newest = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def heard(self, position: int) -> None:
        """Take note that the log has reached a position."""
        self._newest = max(self._newest, position)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def wait(self, after: int, *, seconds: float) -> None:
        """Wait until a position beyond `after` was heard of, at most `seconds` or one poll interval."""
        if self._newest > after:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            with suppress(TimeoutError):
                # Not wait_for, which on Python 3.11 can swallow the cancellation of whoever waits.
                async with asyncio.timeout(min(seconds, POLL_SECONDS)):
                    await waiting
        finally:
            self._waiting.discard(waiting)


async def listen(url: str, wakeup: Wakeup) -> None:
    """Hear the log's notifications until cancelled, and connect again whenever the line breaks."""
    pause = 0.1
    while True:
        try:
            connection = await connect(url, name="listen")
        except (*LOST, asyncpg.PostgresError) as error:
            _log.warning("listener_disconnected", error=str(error), retry_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _RECONNECT_SECONDS_MAX)
            continue
        pause = 0.1
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _connection, closed=closed: closed.set())
        try:
            await connection.add_listener(
                CHANNEL, lambda _connection, _pid, _channel, payload: wakeup.heard(int(str(payload)))
            )
            await closed.wait()
        except LOST as error:
            _log.warning("listener_disconnected", error=str(error))
        finally:
            connection.terminate()
