"""Rebuilding a read model beside the live one, and comparing the two.

A new build fills its own tables, catches up with the log, and in one transaction becomes the one that
queries see; readers never meet a half-built board. A build that was interrupted goes on where it was.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

import asyncpg
from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost
from events.store import EventStore
from projections.building import apply_next, building, give_back, make_tables, schema_of
from projections.checkpoints import Lease, LeaseLostError, renew, take_lease
from projections.projection import Projection

PAGE_EVENTS = 20_000
_NEAR_EVENTS = 2_000
_LONG_SECONDS = 3600.0  # The deadline of statements that go through whole tables.

BUILDS_LOCK = 7103
"""The advisory lock of whoever makes a live build appear."""

_VERIFY_LOCK = 7104
_DROP_SECONDS = 0.5
_SWITCH_SECONDS = 5.0

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the position reached and the newest position."""


class RebuildRunningError(Exception):
    """This projection is being rebuilt or verified already; wait for that to end."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NothingToVerifyError(Exception):
    """There is no live build of this version to compare with; start a worker and let it build one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Difference(Struct, frozen=True, kw_only=True):
    """A table in which the live build and a fresh one disagree: rows found only in one of them."""

    table: str
    only_live: int
    only_rebuilt: int


def _no_progress(_reached: int, _head: int) -> None:
    return None


async def rebuild(
    pool: Pool, store: EventStore, projection: Projection, *, holder: str, progress: Progress = _no_progress
) -> None:
    """Build the projection anew beside the live build and switch to it.

    Raises:
        RebuildRunningError: somebody else is at it.
        PoisonedError: an event cannot be applied; the live build stays as it is.
        LeaseLostError: somebody else took this rebuild over.
        LogUnavailableError: the database went away; call again to go on.
    """
    schema = schema_of(projection.name, "next")
    async with unavailable_when_lost(), building(pool, schema) as connection:
        lease = await _begin(connection, projection, schema, holder)
        try:
            await _fill(connection, store, projection, lease, progress)
            await _switch(connection, store, projection, lease)
        finally:
            await give_back(connection, lease)
        progress(lease.position, lease.position)
        await drop_retired(connection, projection)


async def _begin(connection: Connection, projection: Projection, schema: str, holder: str) -> Lease:
    """Take up the build that an earlier attempt left, if it is of this version, or begin a new one."""
    # Looks before it inserts: a conflict with a row that somebody is writing to would wait for them.
    await connection.execute(
        """
        INSERT INTO checkpoints (projection, generation, version, epoch)
        SELECT $1, 'next', $2, coalesce(max(epoch), 0) FROM checkpoints WHERE projection = $1
        HAVING NOT coalesce(bool_or(generation = 'next'), false)
        ON CONFLICT ON CONSTRAINT checkpoints_projection_generation DO NOTHING
        """,
        projection.name,
        projection.version,
    )
    # Whoever asks for a rebuild wants the event that stopped the last one to be tried again.
    await connection.execute(
        """
        UPDATE checkpoints SET poisoned_at = NULL, poisoned_by = NULL
         WHERE projection = $1 AND generation = 'next' AND poisoned_at IS NOT NULL
        """,
        projection.name,
    )
    lease = await take_lease(connection, projection.name, "next", holder)
    if lease is None:
        raise RebuildRunningError
    if lease.position == 0 or lease.version != projection.version:
        async with connection.transaction():
            await renew(connection, lease)
            await make_tables(connection, projection, schema)
            await connection.execute(
                "UPDATE checkpoints SET position = 0, version = $2 WHERE projection = $1 AND generation = 'next'",
                projection.name,
                projection.version,
            )
        lease.position, lease.version = 0, projection.version
    return lease


async def _fill(
    connection: Connection, store: EventStore, projection: Projection, lease: Lease, progress: Progress
) -> None:
    """Apply the log up to near its end, and let the planner know what the tables hold."""
    while True:
        await apply_next(connection, store, projection, lease, limit=PAGE_EVENTS)
        head = await store.head()
        progress(lease.position, head)
        if head - lease.position <= _NEAR_EVENTS:
            break
    async with connection.transaction():
        await renew(connection, lease)
        for table in projection.tables:
            await connection.execute(f'ANALYZE "{table}"', timeout=_LONG_SECONDS)


async def _switch(connection: Connection, store: EventStore, projection: Projection, lease: Lease) -> None:
    """Make the new build the live one, not a single event behind what readers saw last."""
    name = projection.name
    async with connection.transaction():
        # A transaction that swaps what people see is worth waiting for the disk.
        await connection.execute("SET LOCAL synchronous_commit TO on")
        await connection.execute(f"SET LOCAL lock_timeout TO '{_SWITCH_SECONDS}s'")
        await connection.execute("SELECT pg_advisory_xact_lock($1)", BUILDS_LOCK)
        mine = await connection.fetchval(
            "DELETE FROM checkpoints WHERE projection = $1 AND generation = 'next' AND epoch = $2 RETURNING true",
            name,
            lease.epoch,
        )
        if not mine:
            raise LeaseLostError
        live = await connection.fetchval(
            "SELECT position FROM checkpoints WHERE projection = $1 AND generation = 'live' FOR UPDATE", name
        )
        if live is not None:
            await _catch_up(connection, store, projection, lease.position, live)
            await connection.execute(f'DROP SCHEMA IF EXISTS "{name}__retired" CASCADE')
            await connection.execute(f'ALTER SCHEMA "{name}" RENAME TO "{name}__retired"')
        await connection.execute(f'ALTER SCHEMA "{name}__next" RENAME TO "{name}"')
        await connection.execute(
            """
            INSERT INTO checkpoints AS c (projection, generation, version, position, epoch, applied_at)
            VALUES ($1, 'live', $2, $3, $4 + 1, clock_timestamp())
            ON CONFLICT ON CONSTRAINT checkpoints_projection_generation DO UPDATE
              SET version = excluded.version, position = excluded.position, applied_at = excluded.applied_at,
                  epoch = greatest(c.epoch + 1, excluded.epoch),
                  holder = NULL, lease_until = '-infinity', poisoned_at = NULL, poisoned_by = NULL
            """,
            name,
            projection.version,
            max(lease.position, live or 0),
            lease.epoch,
        )
    lease.position = max(lease.position, live or 0)


async def _catch_up(
    connection: Connection, store: EventStore, projection: Projection, position: int, until: int
) -> None:
    """Apply the log from one position until another, in the caller's transaction."""
    while position < until:
        page = await store.read_tail(
            position, limit=min(PAGE_EVENTS, until - position), types=projection.types
        )
        if page.events:
            await projection.apply(connection, page.events)
        position = page.reached


async def drop_retired(connection: Connection, projection: Projection) -> None:
    """Drop the tables that were live before; while a reader is still in them, leave that to whoever comes next."""
    with suppress(asyncpg.LockNotAvailableError):
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout TO '{_DROP_SECONDS}s'")
            await connection.execute(f'DROP SCHEMA IF EXISTS "{projection.name}__retired" CASCADE')


async def verify(
    pool: Pool, store: EventStore, projection: Projection, *, progress: Progress = _no_progress
) -> list[Difference]:
    """Build the projection aside, compare it with the live one at the same position, and tell the differences.

    The live build's writer is held up only for the comparison.

    Raises:
        RebuildRunningError: somebody else is verifying it.
        NothingToVerifyError: there is no live build, or one of another version.
        LogUnavailableError: the database went away.
    """
    schema = f"{projection.name}__aside"
    async with unavailable_when_lost(), building(pool, schema) as connection:
        # The lock is the connection's own, and ends with its use.
        if not await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2))", _VERIFY_LOCK, projection.name
        ):
            raise RebuildRunningError
        await make_tables(connection, projection, schema)
        try:
            position = await _build_aside(connection, store, projection, progress)
            return await _differences(connection, store, projection, schema, position)
        finally:
            await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


async def _build_aside(
    connection: Connection, store: EventStore, projection: Projection, progress: Progress
) -> int:
    position = 0
    while True:
        live = await _live_position(connection, projection)
        if live - position <= _NEAR_EVENTS:
            return position
        until = min(position + PAGE_EVENTS, live)
        async with connection.transaction():
            await _catch_up(connection, store, projection, position, until)
        position = until
        progress(position, live)


async def _differences(
    connection: Connection, store: EventStore, projection: Projection, schema: str, position: int
) -> list[Difference]:
    async with connection.transaction():
        live = await _live_position(connection, projection, lock="FOR UPDATE")
        await _catch_up(connection, store, projection, position, live)
        compared = [await _compare(connection, projection.name, schema, table) for table in projection.tables]
        return [difference for difference in compared if difference.only_live or difference.only_rebuilt]


async def _live_position(connection: Connection, projection: Projection, *, lock: str = "") -> int:
    position = await connection.fetchval(
        f"SELECT position FROM checkpoints WHERE projection = $1 AND generation = 'live' AND version = $2 {lock}",  # noqa: S608  # A lock clause of our own.
        projection.name,
        projection.version,
    )
    if position is None:
        raise NothingToVerifyError
    return position  # type: ignore[no-any-return]  # A position.


async def _compare(connection: Connection, live: str, aside: str, table: str) -> Difference:
    async def only_in(one: str, other: str) -> int:
        return await connection.fetchval(  # type: ignore[no-any-return]  # A count.
            f'SELECT count(*) FROM (TABLE "{one}"."{table}" EXCEPT ALL TABLE "{other}"."{table}") AS rest',  # noqa: S608  # Names of our own.
            timeout=_LONG_SECONDS,
        )

    return Difference(
        table=table, only_live=await only_in(live, aside), only_rebuilt=await only_in(aside, live)
    )
