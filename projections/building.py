"""Builds of a projection: tables in a schema of their own, fed page by page from the log.

The live build of `idea_board` is the schema `idea_board`; a build on its way to replace it is
`idea_board__next`, one made for comparison `idea_board__aside`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from events.connections import LOST, REFUSED, Connection, Pool
from events.envelope import RecordedEvent, TailPage
from events.errors import LogUnavailableError, UnreadableEventError
from events.store import EventStore
from projections.checkpoints import Generation, Lease, LeaseLostError, advance, poison, release
from projections.projection import Projection

PASSING = (*LOST, *REFUSED, LogUnavailableError, asyncpg.TransactionRollbackError)
"""Troubles that say nothing about the events: the same page may well be applied a little later."""

_log = structlog.get_logger(__name__)


class PoisonedError(Exception):
    """An event cannot be read or applied; the projection stops before it, alone."""

    def __init__(self, projection: str, position: int, reason: str) -> None:
        super().__init__(f"{projection} stopped before position {position}: {reason}")
        self.position = position
        self.reason = reason


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
        # First, because it locks the checkpoint: however long the page takes, nobody can take the
        # build over meanwhile, and whoever comes too late writes nothing at all.
        await advance(connection, lease, reached)
        if events:
            await projection.apply(connection, events)
    lease.position = reached


async def give_back(connection: Connection, lease: Lease) -> None:
    """Give a lease back, so that the next holder need not wait for it to run out.

    Seen through even when the holder is cancelled meanwhile: its connection must not go back to the
    pool in the middle of it. Where the connection is lost, time gives the lease back.
    """
    giving = asyncio.create_task(_release(connection, lease))
    try:
        await asyncio.shield(giving)
    finally:
        await asyncio.wait([giving])


async def _release(connection: Connection, lease: Lease) -> None:
    with suppress(*PASSING):
        # Cancelled just as a transaction began, nobody has ended it, and the connection may learn of it
        # only with the next answer; what is given back in there would be undone with it.
        for _ in range(2):
            if connection.is_in_transaction():
                await connection.execute("ROLLBACK")
            await release(connection, lease)
            if not connection.is_in_transaction():
                break


async def apply_next(
    connection: Connection, store: EventStore, projection: Projection, lease: Lease, *, limit: int
) -> bool:
    """Apply the next page of the log, and tell whether there was one.

    Raises:
        PoisonedError: an event cannot be read or applied. All before it are, and the checkpoint says so.
        LeaseLostError: somebody else holds the build.
        LogUnavailableError: the log cannot be reached.
    """
    try:
        page = await store.read_tail(lease.position, limit=limit, types=projection.types)
    except UnreadableEventError as error:
        position = error.position or lease.position + 1
        while lease.position < position - 1:
            limit = position - 1 - lease.position
            page = await store.read_tail(lease.position, limit=limit, types=projection.types)
            await _apply(connection, projection, lease, page)
        raise await _poisoned(connection, lease, position, str(error)) from error
    if page.reached <= lease.position:
        return False
    await _apply(connection, projection, lease, page)
    return True


async def _apply(connection: Connection, projection: Projection, lease: Lease, page: TailPage) -> None:
    """Apply a page; when it cannot be, apply up to the event that spoils it and stop there."""
    try:
        await apply_page(connection, projection, lease, page.events, page.reached)
    except (LeaseLostError, *PASSING):
        raise
    except Exception:  # noqa: BLE001  # The event that spoils the page is looked for below.
        _log.warning(
            "projection_page_failed", projection=projection.name, after=lease.position, exc_info=True
        )
    else:
        return
    for event in page.events:
        try:
            await apply_page(connection, projection, lease, [event], event.position)
        except (LeaseLostError, *PASSING):
            raise
        except Exception as error:
            if lease.position < event.position - 1:  # What lies between was not for this projection.
                await apply_page(connection, projection, lease, [], event.position - 1)
            reason = f"{event.type} in {event.stream}: {error!r}"
            raise await _poisoned(connection, lease, event.position, reason) from error


async def _poisoned(connection: Connection, lease: Lease, position: int, reason: str) -> PoisonedError:
    await poison(connection, lease, position, reason)
    return PoisonedError(lease.projection, position, reason)
