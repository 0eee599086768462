"""Wake-ups: what a process hears of the log's growth, told to everybody here who waits for it.

A notification is a hint and never the message: it may be lost, so waiting always ends after
`POLL_SECONDS`, and the reader looks for itself.
"""

import asyncio
from contextlib import suppress

CHANNEL = "open_impact_events"
POLL_SECONDS = 0.5


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
