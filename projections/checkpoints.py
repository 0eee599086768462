"""Where each build of a projection stands, and who may write it.

A lease row with an epoch: whoever takes the lease raises the epoch, and the checkpoint moves only by
comparing position and epoch, in the transaction of the effects. A holder that comes too late cannot
write. Epochs only ever grow over all builds of a projection, so that no lease of an earlier build
looks like one of a later.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from events.connections import Connection

LEASE_SECONDS = 5.0

Generation: TypeAlias = Literal["live", "next"]


class LeaseLostError(Exception):
    """Somebody else holds this projection now."""


class Lease(Struct):
    """The right to write one build of a projection from a position on."""

    projection: str
    generation: Generation
    version: int
    position: int
    epoch: int


async def take_lease(
    connection: Connection,
    projection: str,
    generation: Generation,
    holder: str,
    *,
    version: int | None = None,
) -> Lease | None:
    """Take a build that nobody holds, of a certain version if one is given.

    Gives nothing back when somebody holds it or is writing to it at this moment, when it is poisoned,
    and when it is of another version.
    """
    row = await connection.fetchrow(
        """
        WITH free AS (
          SELECT projection, generation FROM checkpoints
           WHERE projection = $1 AND generation = $2 AND poisoned_at IS NULL
             AND ($5::integer IS NULL OR version = $5)
             AND (lease_until < clock_timestamp() OR holder = $3)
             FOR UPDATE SKIP LOCKED)
        UPDATE checkpoints c
           SET epoch = epoch + 1, holder = $3, lease_until = clock_timestamp() + make_interval(secs => $4)
          FROM free WHERE c.projection = free.projection AND c.generation = free.generation
        RETURNING version, position, epoch
        """,
        projection,
        generation,
        holder,
        LEASE_SECONDS,
        version,
    )
    if row is None:
        return None
    return Lease(projection, generation, row["version"], row["position"], row["epoch"])


async def advance(connection: Connection, lease: Lease, position: int) -> None:
    """Move the checkpoint on, in the transaction of the effects, and renew the lease.

    Raises:
        LeaseLostError: the build was taken over, switched or dropped; the transaction must be undone.
    """
    moved = await connection.fetchval(
        """
        UPDATE checkpoints SET position = $5, applied_at = clock_timestamp(),
               lease_until = clock_timestamp() + make_interval(secs => $6)
         WHERE projection = $1 AND generation = $2 AND epoch = $3 AND position = $4
        RETURNING true
        """,
        lease.projection,
        lease.generation,
        lease.epoch,
        lease.position,
        position,
        LEASE_SECONDS,
    )
    if not moved:
        raise LeaseLostError


async def renew(connection: Connection, lease: Lease) -> None:
    """Keep a lease while there is nothing to do.

    Raises:
        LeaseLostError: it was lost meanwhile.
    """
    await advance(connection, lease, lease.position)


async def release(connection: Connection, lease: Lease) -> None:
    """Give a lease back, so that the next holder need not wait for it to run out."""
    await connection.execute(
        """
        UPDATE checkpoints SET holder = NULL, lease_until = '-infinity'
         WHERE projection = $1 AND generation = $2 AND epoch = $3
        """,
        lease.projection,
        lease.generation,
        lease.epoch,
    )


async def poison(connection: Connection, lease: Lease, position: int, reason: str) -> None:
    """Stop a build at an event that cannot be applied, and say why."""
    await connection.execute(
        """
        UPDATE checkpoints SET poisoned_at = $4, poisoned_by = $5, holder = NULL, lease_until = '-infinity'
         WHERE projection = $1 AND generation = $2 AND epoch = $3
        """,
        lease.projection,
        lease.generation,
        lease.epoch,
        position,
        reason[:1000],
    )
