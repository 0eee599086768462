"""Holding the log's writers up, and waiting until something is so."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from events.postgres import PostgresStore

PATIENCE = 10.0  # Seconds after which a test gives up: far more than anything takes.
# With a time to wait, for a session that is told to end is still listed for a moment.
KILL = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
           WHERE application_name LIKE $1 AND datname = current_database()"""
_WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
               WHERE locktype = 'advisory' AND objid = 7101 AND NOT granted AND datname = current_database()"""


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110  # The database cannot set an event of ours.
            await asyncio.sleep(0.005)


@asynccontextmanager
async def writers_held_up(owner: asyncpg.Connection):
    """Hold the lock that every append takes; gives a wait for so many appends to stand before it."""

    async def waiting(count: int) -> None:
        async def is_so() -> bool:
            return await owner.fetchval(_WAITING) == count

        await until(is_so)

    async with owner.transaction():
        await owner.execute("SELECT pg_advisory_xact_lock(7101)")
        yield waiting


async def listening(store: PostgresStore) -> None:
    """Wait until a store's writer is connected, and so hears what others append."""

    async def is_so() -> bool:
        return store._writer._connection is not None

    await until(is_so)


async def kill(owner: asyncpg.Connection, name: str = "%-writer") -> int:
    """End the connections of that name to this database from the server's side, and count them."""
    return len(await owner.fetch(KILL, f"open-impact-{name}"))
