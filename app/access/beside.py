"""Work that goes on beside the requests, again and again, for as long as what it serves is open."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from events.connections import LOST, REFUSED

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def repeating(
    work: Callable[[], Awaitable[None]], *, name: str, every_seconds: float
) -> AsyncIterator[None]:
    """Do a piece of work at once and then at every interval, until the block ends.

    A time that fails is told and the next one is tried all the same: requests never wait for this work, and must
    not end with it.
    """
    task = asyncio.create_task(_for_ever(work, name, every_seconds), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _for_ever(work: Callable[[], Awaitable[None]], name: str, every_seconds: float) -> None:
    while True:
        try:
            await work()
        except (*LOST, *REFUSED) as error:
            _log.warning("put_off", work=name, error=repr(error))
        except Exception:  # noqa: BLE001  # Loud, and tried again: the requests go on meanwhile.
            _log.exception("put_off", work=name)
        await asyncio.sleep(every_seconds)
