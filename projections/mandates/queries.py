"""The queries about mandates."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Meta, Struct

from events.codes import places, themes
from events.connections import Pool, unavailable_when_lost
from events.contracts import FundableStage, MandateMode, Money, PledgeConditions, Thresholds
from projections.cursors import Moment, decode_cursor, encode_cursor
from projections.mandates.within import within_place, within_theme
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200

MandateStatus: TypeAlias = Literal["open", "not_yet_open", "paused", "closed", "expired"]
"""Where a mandate stands at a moment: time opens and ends it, its funder pauses and closes it."""

STATUSES: tuple[MandateStatus, ...] = get_args(MandateStatus)

_CURRENTLY: dict[MandateStatus, str] = {
    "closed": "state = 'closed' AND NOT expired",
    "expired": "(expired OR state <> 'closed' AND closes_at <= {now})",
    "paused": "state = 'paused' AND closes_at > {now}",
    "not_yet_open": "state = 'open' AND closes_at > {now} AND opens_at > {now}",
    "open": "state = 'open' AND closes_at > {now} AND opens_at <= {now}",
}


class MandateFilter(Struct, frozen=True, kw_only=True):
    """Which mandates to list: every condition given must hold; ended ones only where `status` asks for them.

    A mandate that names no theme is open to any, and found by every theme; so with places and stages. One is found by
    its own themes, by wider ones and by narrower ones.
    """

    theme: str | None = None
    place: str | None = None
    stage: str | None = None
    currency: str | None = None
    status: MandateStatus | None = None
    organisation_id: UUID | None = None
    ended: bool = False


class MandateSays(Struct, frozen=True, kw_only=True):
    """What a funder is open to, as a revision of a mandate says it."""

    title: str
    terms: str
    themes: list[str]
    places: list[str]
    stages: list[FundableStage]
    ticket_min: Money
    ticket_max: Money
    budget: Money
    opens_at: datetime
    closes_at: datetime
    mode: MandateMode
    thresholds: Thresholds
    conditions: PledgeConditions
    veto_hours: int


class MandateDetail(MandateSays, frozen=True, kw_only=True):
    """A mandate as it stands: what it says, and how its budget is used.

    The budget is what is `left`, what is `reserved` for pledges whose pool is not closed, and what is `committed`,
    together. The organisation's name is not known here: the shell fills it in.
    """

    mandate_id: UUID
    organisation_id: UUID
    organisation_name: str = ""
    status: MandateStatus
    reserved: Money
    committed: Money
    left: Money
    revision: int
    published_at: datetime
    closed_at: datetime | None
    closed_reason: str | None
    position: int


class MandateRows(Struct, frozen=True, kw_only=True):
    """A page of mandates, the newest first, and the cursor of the next one."""

    items: list[MandateDetail]
    next_cursor: str | None


class MandateRevision(Struct, frozen=True, kw_only=True):
    """What a mandate said from one moment to the next revision, and why it was revised."""

    revision: int
    says: MandateSays
    reason: str
    revised_at: datetime
    position: int


class RevisionRows(Struct, frozen=True, kw_only=True):
    """A page of a mandate's revisions, the newest first, and the cursor of the next one."""

    items: list[MandateRevision]
    next_cursor: str | None


class ThemeOpen(Struct, frozen=True, kw_only=True):
    """How many funders are open to a wide theme, none of which is any theme, and what is left of their budgets.

    There is an amount for each currency. A budget that is open to several themes counts whole in each.
    """

    theme: str | None
    funders: int
    left: list[Money]


async def mandate(pool: Pool, mandate_id: UUID, *, now: datetime) -> MandateDetail | None:
    """Read a mandate as it stands at a moment.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "mandate"), mandate_id)
    return None if row is None else _mandate(row, now)


async def mandates(
    pool: Pool, wanted: MandateFilter, *, limit: int, cursor: str | None = None, now: datetime
) -> MandateRows:
    """List mandates, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    if "\0" in "".join(filter(None, (wanted.theme, wanted.place, wanted.stage, wanted.currency))):
        return MandateRows(items=[], next_cursor=None)  # PostgreSQL refuses this character.
    sql, arguments = _statement(wanted, limit, cursor, now)
    async with unavailable_when_lost():
        rows = await pool.fetch(sql, *arguments)
    more, rows = len(rows) > limit, rows[:limit]
    return MandateRows(
        items=[_mandate(row, now) for row in rows],
        next_cursor=encode_cursor((rows[-1]["published_at"], rows[-1]["mandate_id"])) if more else None,
    )


async def revisions(pool: Pool, mandate_id: UUID, *, limit: int, cursor: str | None = None) -> RevisionRows:
    """List what a mandate said, the newest revision first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    before = decode_cursor(cursor, _Revision) if cursor else None
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "revisions"), limit + 1, mandate_id, before)
    more, rows = len(rows) > limit, rows[:limit]
    return RevisionRows(
        items=[
            MandateRevision(
                revision=row["revision"],
                says=_read_statement(row["statement"]),
                reason=row["reason"],
                revised_at=row["revised_at"],
                position=row["position"],
            )
            for row in rows
        ],
        next_cursor=encode_cursor(rows[-1]["revision"]) if more else None,
    )


async def open_by_theme(pool: Pool, *, now: datetime) -> list[ThemeOpen]:
    """Count who is open to what at a moment, by the widest themes: those with most funders first, any theme last.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    widest = {within_theme(code): code for code, theme in themes.THEMES.items() if theme.parent is None}
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "open_by_theme"), now, [*widest, _ANY_THEME])
    funders = {row["code"]: row["funders"] for row in rows if row["currency"] is None}
    left: dict[str, list[Money]] = {code: [] for code in funders}
    for row in rows:
        if row["currency"] is not None:
            left[row["code"]].append(Money(amount_minor=int(row["left_minor"]), currency=row["currency"]))
    found = [ThemeOpen(theme=widest.get(code), funders=funders[code], left=left[code]) for code in funders]
    return sorted(found, key=lambda one: (one.theme is None, -one.funders, one.theme or ""))


async def due_to_expire(pool: Pool, now: datetime, *, limit: int) -> Sequence[UUID]:
    """List mandates whose window is over and which nobody closed, the longest overdue first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "due"), now, limit)
    return [row["mandate_id"] for row in rows]


_ANY_THEME = ""
_Revision = Annotated[int, Meta(ge=0, lt=2**31)]
_read_statement = msgspec.json.Decoder(MandateSays).decode
_read_thresholds = msgspec.json.Decoder(Thresholds).decode
_read_conditions = msgspec.json.Decoder(PledgeConditions).decode


def _statement(
    wanted: MandateFilter, limit: int, cursor: str | None, now: datetime
) -> tuple[str, list[object]]:
    """Put the conditions together; every value is a parameter, every piece of SQL a constant."""
    arguments: list[object] = [limit + 1]

    def parameter(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    where = ["true"]
    if wanted.status == "closed":  # Whatever the time is.
        where.append(_CURRENTLY["closed"])
    elif wanted.status is not None:
        where.append(_CURRENTLY[wanted.status].format(now=f"{parameter(now)}::timestamptz"))
    elif not wanted.ended:
        where.append(f"state <> 'closed' AND closes_at > {parameter(now)}::timestamptz")
    for column, code, around, within in (
        ("themes", wanted.theme, themes.with_ancestors, within_theme),
        ("places", wanted.place, places.with_ancestors, within_place),
    ):
        if code:
            wider, inside = parameter(list(around(code))), parameter([within(code)])
            where.append(f"({column} = '{{}}' OR {column} && {wider}::text[] OR within @> {inside}::text[])")
    if wanted.stage:
        where.append(f"(stages = '{{}}' OR stages @> {parameter([wanted.stage])}::text[])")
    if wanted.currency:
        where.append(f"currency = {parameter(wanted.currency)}")
    if wanted.organisation_id:
        where.append(f"organisation_id = {parameter(wanted.organisation_id)}")
    if cursor:
        at, mandate_id = decode_cursor(cursor, tuple[Moment, UUID])
        where.append(
            f"(published_at, mandate_id) < ({parameter(at)}::timestamptz, {parameter(mandate_id)}::uuid)"
        )
    return statement(_HERE, "mandates_page").format(conditions=" AND ".join(where)), arguments


def _mandate(row: asyncpg.Record, now: datetime) -> MandateDetail:
    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=row["currency"])

    reserved, committed = row["reserved_minor"], row["committed_minor"]
    return MandateDetail(
        mandate_id=row["mandate_id"],
        organisation_id=row["organisation_id"],
        status=_status(row, now),
        title=row["title"],
        terms=row["terms"],
        themes=row["themes"],
        places=row["places"],
        stages=row["stages"],
        ticket_min=money(row["ticket_min_minor"]),
        ticket_max=money(row["ticket_max_minor"]),
        budget=money(row["budget_minor"]),
        reserved=money(reserved - committed),
        committed=money(committed),
        left=money(row["budget_minor"] - reserved),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        mode=row["mode"],
        thresholds=_read_thresholds(row["thresholds"]),
        conditions=_read_conditions(row["conditions"]),
        veto_hours=row["veto_hours"],
        revision=row["revision"],
        published_at=row["published_at"],
        closed_at=row["closed_at"],
        closed_reason=row["closed_reason"],
        position=row["position"],
    )


def _status(row: asyncpg.Record, now: datetime) -> MandateStatus:
    if row["state"] == "closed":
        return "expired" if row["expired"] else "closed"
    if row["closes_at"] <= now:
        return "expired"
    if row["state"] == "paused":
        return "paused"
    return "not_yet_open" if row["opens_at"] > now else "open"
