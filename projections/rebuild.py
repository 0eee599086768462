"""Rebuilding a read model beside the live one, and comparing the two.

A new build fills its own tables, catches up with the log, and in one transaction becomes the one that
queries see; readers never meet a half-built board. A build that was interrupted goes on where it was.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from events.connections import Connection, Pool
from events.store import EventStore
from projections.building import apply_page, building, make_tables, schema_of
from projections.checkpoints import Lease, LeaseLostError, take_lease
from projections.projection import Projection

PAGE_EVENTS = 20_000
_NEAR_EVENTS = 2_000

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the position reached and the newest position."""


class RebuildRunningError(Exception):
    """This projection is being rebuilt already; wait for that to end."""

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
        LeaseLostError: somebody else took this rebuild over.
        LogUnavailableError: the database went away; call again to go on.
    """
    schema = schema_of(projection.name, "next")
    async with building(pool, schema) as connection:
        lease = await _begin(connection, projection, schema, holder)
        while True:
            page = await store.read_tail(lease.position, limit=PAGE_EVENTS, types=projection.types)
            if page.reached > lease.position:
                await apply_page(connection, projection, lease, page.events, page.reached)
            head = await store.head()
            progress(lease.position, head)
            if head - lease.position <= _NEAR_EVENTS:
                break
        for table in projection.tables:
            await connection.execute(f'ANALYZE "{table}"')
        await _switch(connection, store, projection, lease)
    progress(lease.position, lease.position)
    await drop_retired(pool, projection)


async def _begin(connection: Connection, projection: Projection, schema: str, holder: str) -> Lease:
    """Take up the build that an earlier attempt left, if it is of this version, or begin a new one."""
    await connection.execute(
        """
        INSERT INTO checkpoints (projection, generation, version) VALUES ($1, 'next', $2)
        ON CONFLICT ON CONSTRAINT checkpoints_projection_generation DO NOTHING
        """,
        projection.name,
        projection.version,
    )
    await connection.execute(
        "UPDATE checkpoints SET poisoned_at = NULL, poisoned_by = NULL WHERE projection = $1 AND generation = 'next'",
        projection.name,
    )
    lease = await take_lease(connection, projection.name, "next", holder)
    if lease is None:
        raise RebuildRunningError
    if lease.position == 0 or lease.version != projection.version:
        async with connection.transaction():
            await make_tables(connection, projection, schema)
            await connection.execute(
                "UPDATE checkpoints SET position = 0, version = $2 WHERE projection = $1 AND generation = 'next'",
                projection.name,
                projection.version,
            )
        lease.position, lease.version = 0, projection.version
    return lease


async def _switch(connection: Connection, store: EventStore, projection: Projection, lease: Lease) -> None:
    """Make the new build the live one, not a single event behind what readers saw last."""
    name = projection.name
    async with connection.transaction():
        # A transaction that swaps what people see is worth waiting for the disk.
        await connection.execute("SET LOCAL synchronous_commit TO on")
        live = await connection.fetchval(
            "SELECT position FROM checkpoints WHERE projection = $1 AND generation = 'live' FOR UPDATE", name
        )
        if live is not None:
            await _catch_up(connection, store, projection, lease.position, live)
            await connection.execute(f'DROP SCHEMA IF EXISTS "{name}__retired" CASCADE')
            await connection.execute(f'ALTER SCHEMA "{name}" RENAME TO "{name}__retired"')
        await connection.execute(f'ALTER SCHEMA "{name}__next" RENAME TO "{name}"')
        dropped = await connection.fetchval(
            "DELETE FROM checkpoints WHERE projection = $1 AND generation = 'next' AND epoch = $2 RETURNING true",
            name,
            lease.epoch,
        )
        if not dropped:
            raise LeaseLostError
        await connection.execute(
            """
            INSERT INTO checkpoints AS c (projection, generation, version, position, epoch, applied_at)
            VALUES ($1, 'live', $2, $3, 1, clock_timestamp())
            ON CONFLICT ON CONSTRAINT checkpoints_projection_generation DO UPDATE
              SET version = excluded.version, position = excluded.position, epoch = c.epoch + 1, applied_at = excluded.applied_at,
                  holder = NULL, lease_until = '-infinity', poisoned_at = NULL, poisoned_by = NULL
            """,
            name,
            projection.version,
            max(lease.position, live or 0),
        )
    lease.position = max(lease.position, live or 0)


async def _catch_up(
    connection: Connection, store: EventStore, projection: Projection, position: int, until: int
) -> None:
    while position < until:
        page = await store.read_tail(
            position, limit=min(PAGE_EVENTS, until - position), types=projection.types
        )
        if page.events:
            await projection.apply(connection, page.events)
        position = page.reached


async def drop_retired(pool: Pool, projection: Projection) -> None:
    """Drop the tables that were live before, once no reader is in them any more."""
    async with pool.acquire() as connection:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{projection.name}__retired" CASCADE')


async def verify(
    pool: Pool, store: EventStore, projection: Projection, *, progress: Progress = _no_progress
) -> list[Difference]:
    """Build the projection aside, compare it with the live one at the same position, and tell the differences.

    The live build's writer is held up only for the comparison.

    Raises:
        LogUnavailableError: the database went away.
    """
    name, schema = projection.name, f"{projection.name}__aside"
    async with building(pool, schema) as connection:
        await make_tables(connection, projection, schema)
        try:
            position = await _build_aside(connection, store, projection, progress)
            async with connection.transaction():
                live = await connection.fetchval(
                    "SELECT position FROM checkpoints WHERE projection = $1 AND generation = 'live' FOR UPDATE",
                    name,
                )
                await _catch_up(connection, store, projection, position, live or 0)
                return [
                    difference
                    for table in projection.tables
                    if (difference := await _compare(connection, name, schema, table))
                ]
        finally:
            await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


async def _build_aside(
    connection: Connection, store: EventStore, projection: Projection, progress: Progress
) -> int:
    position = 0
    while True:
        live = await connection.fetchval(
            "SELECT position FROM checkpoints WHERE projection = $1 AND generation = 'live'", projection.name
        )
        if (live or 0) - position <= _NEAR_EVENTS:
            return position
        until = min(position + PAGE_EVENTS, live)
        async with connection.transaction():
            await _catch_up(connection, store, projection, position, until)
        position = until
        progress(position, live)


async def _compare(connection: Connection, live: str, aside: str, table: str) -> Difference | None:
    async def only_in(one: str, other: str) -> int:
        return await connection.fetchval(  # type: ignore[no-any-return]  # A count.
            f'SELECT count(*) FROM (TABLE "{one}"."{table}" EXCEPT ALL TABLE "{other}"."{table}") AS rest'  # noqa: S608  # Names of our own.
        )

    only_live, only_rebuilt = await only_in(live, aside), await only_in(aside, live)
    if only_live == only_rebuilt == 0:
        return None
    return Difference(table=table, only_live=only_live, only_rebuilt=only_rebuilt)
