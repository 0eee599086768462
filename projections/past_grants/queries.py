"""The queries about past grants."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money
from projections.cursors import BigInteger, Moment, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
YEARS_MAX = 60
THEMES_MAX = 12
PLACES_MAX = 12

_Word = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00]*$")]


class PastFunder(Struct, frozen=True, kw_only=True):
    """A funder whose past grants are known, and how many there are; it may be registered here, or not."""

    funder_id: UUID
    org_id: str
    name: str
    grants: int
    to_individuals: int
    first_awarded_at: datetime
    last_awarded_at: datetime
    position: int


class YearTotal(Struct, frozen=True, kw_only=True):
    """What was given in a year, in one currency."""

    year: int
    grants: int
    total: Money


class ThemeTotal(Struct, frozen=True, kw_only=True):
    """What was given to a theme, as far as it can be guessed from the grants' words."""

    theme: str
    grants: int
    total: Money


class PlaceCount(Struct, frozen=True, kw_only=True):
    """How many grants were for a place."""

    place: str
    grants: int


class PastGrantRow(Struct, frozen=True, kw_only=True):
    """A past grant; one to a person says so, and nothing else about them. `themes` are guessed from its words."""

    grant_id: UUID
    identifier: str
    title: str
    description: str
    amount: Money
    awarded_at: datetime
    recipient_id: str | None
    recipient_name: str | None
    to_individual: bool
    themes: list[str]
    places: list[str]


class PastGrantRows(Struct, frozen=True, kw_only=True):
    """A page of past grants, the newest first, and the cursor of the next one."""

    items: list[PastGrantRow]
    next_cursor: str | None


class RecipientRow(Struct, frozen=True, kw_only=True):
    """Who got how much in all, in one currency."""

    recipient_id: str
    name: str
    grants: int
    total: Money
    last_awarded_at: datetime


class RecipientRows(Struct, frozen=True, kw_only=True):
    """A page of recipients, those who got most first, and the cursor of the next one."""

    items: list[RecipientRow]
    next_cursor: str | None


class UsualGrants(Struct, frozen=True, kw_only=True):
    """What a funder usually gives, in the currency of most of its grants: half of them lie between the quartiles, and
    `year` is the middle one of its yearly totals.
    """

    grants: int
    lower_quartile: Money
    upper_quartile: Money
    year: Money
    themes: list[ThemeTotal]
    places: list[PlaceCount]


async def past_funder(pool: Pool, funder_id: UUID) -> PastFunder | None:
    """Read which funder it is and how much is known; nothing where no grant of it is.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "funder"), funder_id)
    return None if row is None else PastFunder(**row)


async def by_year(pool: Pool, funder_id: UUID) -> Sequence[YearTotal]:
    """Add up each year of a funder, the newest first, the larger currency of a year first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "by_year"), funder_id, YEARS_MAX)
    return [
        YearTotal(
            year=row["year"],
            grants=row["grants"],
            total=Money(amount_minor=row["amount_minor"], currency=row["currency"]),
        )
        for row in rows
    ]


async def usual_grants(pool: Pool, funder_id: UUID) -> UsualGrants | None:
    """Work out what a funder usually gives; nothing where it gave nothing.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "usual"), funder_id)
        if row is None:
            return None
        currency = row["currency"]
        themes = await pool.fetch(statement(_HERE, "by_theme"), funder_id, currency, THEMES_MAX)
        places = await pool.fetch(statement(_HERE, "by_place"), funder_id, currency, PLACES_MAX)

    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=currency)

    return UsualGrants(
        grants=row["grants"],
        lower_quartile=money(row["lower_quartile_minor"]),
        upper_quartile=money(row["upper_quartile_minor"]),
        year=money(row["year_minor"]),
        themes=[
            ThemeTotal(theme=each["theme"], grants=each["grants"], total=money(each["amount_minor"]))
            for each in themes
        ],
        places=[PlaceCount(place=each["place"], grants=each["grants"]) for each in places],
    )


async def past_grants(pool: Pool, funder_id: UUID, *, limit: int, cursor: str | None = None) -> PastGrantRows:
    """List what a funder gave, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    at, grant_id = decode_cursor(cursor, tuple[Moment, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "grants_page"), limit + 1, funder_id, at, grant_id)
    more, rows = len(rows) > limit, rows[:limit]
    return PastGrantRows(
        items=[
            PastGrantRow(
                amount=Money(amount_minor=row["amount_minor"], currency=row["currency"]),
                **{name: row[name] for name in PastGrantRow.__struct_fields__ if name != "amount"},
            )
            for row in rows
        ],
        next_cursor=encode_cursor((rows[-1]["awarded_at"], rows[-1]["grant_id"])) if more else None,
    )


async def recipients(pool: Pool, funder_id: UUID, *, limit: int, cursor: str | None = None) -> RecipientRows:
    """List to whom a funder gave, those who got most first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    key = decode_cursor(cursor, tuple[BigInteger, _Word, _Word]) if cursor else (None, None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "recipients_page"), limit + 1, funder_id, *key)
    more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1] if more else None
    return RecipientRows(
        items=[
            RecipientRow(
                recipient_id=row["recipient_id"],
                name=row["name"],
                grants=row["grants"],
                total=Money(amount_minor=row["amount_minor"], currency=row["currency"]),
                last_awarded_at=row["last_awarded_at"],
            )
            for row in rows
        ],
        next_cursor=encode_cursor((last["amount_minor"], last["recipient_id"], last["currency"]))
        if last is not None
        else None,
    )
