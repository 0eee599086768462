"""Builds of a projection: tables in a schema of their own, fed page by page from the log.

The live build of `idea_board` is the schema `idea_board`; a build on its way to replace it is
`idea_board__next`, one made for comparison `idea_board__aside`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from events.connections import Connection, Pool
from events.envelope import RecordedEvent
from projections.checkpoints import Generation, Lease, advance
from projections.projection import Projection


def schema_of(name: str, generation: Generation) -> str:
    """Name the schema of a build."""
    return name if generation == "live" else f"{name}__{generation}"


@asynccontextmanager
async def building(pool: Pool, schema: str) -> AsyncIterator[Connection]:
    """Lend a connection that looks into a build's schema.

    Commits there do not wait for the disk: tables and checkpoint are lost together or not at all,
    and what is lost is folded again.
    """
    async with pool.acquire() as connection:
        await connection.execute(f'SET search_path TO "{schema}", public')
        await connection.execute("SET synchronous_commit TO off")
        yield connection  # The pool resets both when it takes the connection back.


async def make_tables(connection: Connection, projection: Projection, schema: str) -> None:
    """Make the empty tables of a build, in place of what an earlier attempt left there."""
    await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    await connection.execute(f'CREATE SCHEMA "{schema}"')
    await connection.execute(projection.schema)


async def apply_page(
    connection: Connection,
    projection: Projection,
    lease: Lease,
    events: Sequence[RecordedEvent],
    reached: int,
) -> None:
    """Apply a page and move the checkpoint with it, in one transaction.

    Raises:
        LeaseLostError: somebody else holds the build; nothing was written.
    """
    async with connection.transaction():
        if events:
            await projection.apply(connection, events)
        await advance(connection, lease, reached)
    lease.position = reached
