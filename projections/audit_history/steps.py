"""The steps of a thing's story, along which one can walk: each thing that happened, and the votes of each day."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from projections.statements import statement

_HERE = Path(__file__).parent


class Step(Struct, frozen=True, kw_only=True):
    """A step: where it is in the log, and when it happened."""

    position: int
    at: datetime


async def steps_of(pool: Pool, subject: UUID, *, most: int) -> Sequence[Step]:
    """List the steps of a thing's story, the oldest first; of more than `most` (two or more) evenly chosen ones.

    The first and the last are always among them.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "steps"), subject, most)
    return [Step(position=row["position"], at=row["occurred_at"]) for row in rows]


async def steps_around(pool: Pool, subject: UUID, position: int) -> tuple[int | None, int | None]:
    """Tell the positions of the steps just before and just after a position.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "neighbours"), subject, position)
    assert row is not None  # noqa: S101  # One row, whatever is in it.
    return row["before"], row["after"]
