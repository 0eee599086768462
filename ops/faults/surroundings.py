"""Where campaigns happen: temporary folders that servers can reach, and waiting for something to come true."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import uvloop

from app.bootstrap import migrate
from app.embedded.postgres import embedded_postgres
from app.logs import configure_logging

T = TypeVar("T")

LOOK_SECONDS = 0.05


def on_a_database(campaign: Callable[[str], Coroutine[None, None, T]]) -> T:
    """Run a campaign, which is given a database's address, on a migrated PostgreSQL of its own."""
    configure_logging("error", as_json=False)
    with temporary_folder() as folder, embedded_postgres(folder) as server:
        migrate(server.url)
        return uvloop.run(campaign(server.url))


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
