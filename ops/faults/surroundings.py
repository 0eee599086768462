"""Where campaigns happen: temporary folders that servers can reach, and waiting for something to come true."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.05


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder, with a space in its name for good measure, that is gone afterwards."""
    # Servers that are being ended may still write while the folder is removed.
    with tempfile.TemporaryDirectory(prefix="open impact faults ", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


async def came_true(
    holds: Callable[[], Awaitable[bool]], within: float, *, every: float = LOOK_SECONDS
) -> bool:
    """Wait until something holds, for at most `within` seconds; tell whether it does."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not await holds():
        if loop.time() > deadline:
            return False
        await asyncio.sleep(every)
    return True
