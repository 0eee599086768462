"""The queries about pools: one with all that was pledged to it, lists, and those that it is time to settle."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, PledgeConditions, PledgeKind
from projections.cursors import Moment, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
_DUE_MAX = 10_000

PoolStatus: TypeAlias = Literal["open", "committed", "lapsed", "cancelled"]


class PoolRow(Struct, frozen=True, kw_only=True):
    """A pool: what it asks for, and what became of it once it ended. `promised` is all pledges in full."""

    pool_id: UUID
    idea_id: UUID
    organisation_id: UUID | None
    status: PoolStatus
    minimum: Money
    target: Money
    ceiling: Money | None
    deadline: datetime
    counts_in_kind: bool
    promised: Money
    resolved_total: Money | None
    committed_total: Money | None
    opened_at: datetime
    ended_at: datetime | None
    at_deadline: bool
    reason: str
    version: int
    position: int


class PoolRows(Struct, frozen=True, kw_only=True):
    """A page of pools, the newest first, and the cursor of the next one."""

    items: list[PoolRow]
    next_cursor: str | None


class PledgeRow(Struct, frozen=True, kw_only=True):
    """A pledge that stands; `resolved`, `committed` and `binding` are known once its pool ended."""

    pledge_id: UUID
    organisation_id: UUID
    mandate_id: UUID | None
    kind: PledgeKind
    amount: Money
    conditions: PledgeConditions
    description: str
    made_at: datetime
    revised_at: datetime | None
    vetoable_until: datetime | None
    is_standing: bool
    resolved: Money | None
    committed: Money | None
    binding: list[str]
    confirmed_at: datetime | None
    document: str | None


class TranchePartRow(Struct, frozen=True, kw_only=True):
    """What one commitment gave to a tranche."""

    pledge_id: UUID
    amount: Money


class MilestoneRow(Struct, frozen=True, kw_only=True):
    """A milestone, and once it was released, what each commitment gave to it."""

    milestone_id: UUID
    title: str
    amount: Money
    planned_at: datetime
    reached_at: datetime | None
    link: str | None
    note: str
    released_at: datetime | None
    parts: list[TranchePartRow]


class PoolWithPledges(Struct, frozen=True, kw_only=True):
    """A pool with the pledges that stand and its milestones, in the order in which they came."""

    pool: PoolRow
    pledges: list[PledgeRow]
    milestones: list[MilestoneRow]


class DuePool(Struct, frozen=True, kw_only=True):
    """An open pool that may be settled; `final_at` is when the next of its pledges can be vetoed no more."""

    pool_id: UUID
    position: int
    deadline: datetime
    final_at: datetime | None


async def pool_with_pledges(pool: Pool, pool_id: UUID) -> PoolWithPledges | None:
    """Read one pool.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with (
        unavailable_when_lost(),
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(statement(_HERE, "pool"), pool_id)
        if row is None:
            return None
        pledges = await connection.fetch(statement(_HERE, "pledges"), pool_id)
        milestones = await connection.fetch(statement(_HERE, "milestones"), pool_id)
        parts = await connection.fetch(statement(_HERE, "tranche_parts"), pool_id)
    currency = row["currency"]
    return PoolWithPledges(
        pool=_pool(row),
        pledges=[_pledge(pledge, currency) for pledge in pledges],
        milestones=[
            _milestone(
                milestone,
                [part for part in parts if part["milestone_id"] == milestone["milestone_id"]],
                currency,
            )
            for milestone in milestones
        ],
    )


async def of_idea(pool: Pool, idea_id: UUID) -> PoolRow | None:
    """Read the pool of one idea, as `of_ideas` does.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    return (await of_ideas(pool, [idea_id])).get(idea_id)


async def of_ideas(pool: Pool, idea_ids: Collection[UUID]) -> dict[UUID, PoolRow]:
    """Read the pools of ideas: of each the newest, and one that was cancelled only where there is no other.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "of_ideas"), list(idea_ids))
    return {row["idea_id"]: _pool(row) for row in rows}


async def pools_page(
    pool: Pool,
    *,
    status: PoolStatus | None = None,
    idea_id: UUID | None = None,
    limit: int,
    cursor: str | None = None,
) -> PoolRows:
    """List pools, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    opened_at, pool_id = decode_cursor(cursor, tuple[Moment, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "pools_page"), limit + 1, status, idea_id, opened_at, pool_id
        )
    more, rows = len(rows) > limit, rows[:limit]
    return PoolRows(
        items=[_pool(row) for row in rows],
        next_cursor=encode_cursor((rows[-1]["opened_at"], rows[-1]["pool_id"])) if more else None,
    )


async def due_pools(pool: Pool, now: datetime) -> list[DuePool]:
    """List the open pools whose deadline has come, or whose pledges in full reach the target.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "due"), now, _DUE_MAX)
    return [DuePool(**row) for row in rows]


def _pool(row: asyncpg.Record) -> PoolRow:
    currency = row["currency"]
    plain = ("pool_id", "idea_id", "organisation_id", "status", "deadline", "counts_in_kind", "opened_at")
    more = ("ended_at", "at_deadline", "reason", "version", "position")
    return PoolRow(
        minimum=Money(amount_minor=row["minimum"], currency=currency),
        target=Money(amount_minor=row["target"], currency=currency),
        promised=Money(amount_minor=row["promised"], currency=currency),
        ceiling=_money(row["ceiling"], currency),
        resolved_total=_money(row["resolved_total"], currency),
        committed_total=_money(row["committed_total"], currency),
        **{name: row[name] for name in (*plain, *more)},
    )


def _pledge(row: asyncpg.Record, currency: str) -> PledgeRow:
    plain = ("pledge_id", "organisation_id", "mandate_id", "kind", "description", "made_at", "revised_at")
    more = ("vetoable_until", "is_standing", "binding", "confirmed_at", "document")
    return PledgeRow(
        amount=Money(amount_minor=row["amount"], currency=currency),
        conditions=msgspec.json.decode(row["conditions"], type=PledgeConditions),
        resolved=_money(row["resolved"], currency),
        committed=_money(row["committed"], currency),
        **{name: row[name] for name in (*plain, *more)},
    )


def _milestone(row: asyncpg.Record, parts: list[asyncpg.Record], currency: str) -> MilestoneRow:
    plain = ("milestone_id", "title", "planned_at", "reached_at", "link", "note", "released_at")
    return MilestoneRow(
        amount=Money(amount_minor=row["amount"], currency=currency),
        parts=[
            TranchePartRow(
                pledge_id=part["pledge_id"], amount=Money(amount_minor=part["amount"], currency=currency)
            )
            for part in parts
        ],
        **{name: row[name] for name in plain},
    )


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount_minor=amount, currency=currency)
