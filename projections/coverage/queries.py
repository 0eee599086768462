"""The queries about needs, offers and coverage."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, NeedKind
from projections.coverage.part import Part
from projections.covered import Bringing, Coverage, Covering, Lacking, OfferStatus, coverage, coverings
from projections.cursors import Moment, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
OPENINGS_MAX = 50

_decode_part = msgspec.json.Decoder(Part).decode


class NeedRow(Struct, frozen=True, kw_only=True):
    """A part that an idea lacks, and how it is covered: by which offers, chosen, in reserve, or still to be answered."""

    need_id: UUID
    kind: NeedKind
    title: str
    description: str
    size: str
    cost: Money | None
    covering: Covering


class OfferRow(Struct, frozen=True, kw_only=True):
    """An offer with all that is known about it.

    `reason` is why it was declined or withdrawn, or last changed, or the note with which it was delivered; `link`
    leads to what was delivered. `version` counts the changes to it, `position` is the last of them.
    """

    offer_id: UUID
    idea_id: UUID
    made_by: UUID
    organisation_id: UUID | None
    organisation_name: str | None
    needs: list[UUID]
    part: Part
    status: OfferStatus
    reason: str
    link: str | None
    made_at: datetime
    changed_at: datetime
    version: int
    position: int


class OfferRows(Struct, frozen=True, kw_only=True):
    """A page of offers, and the cursor of the next one."""

    items: list[OfferRow]
    next_cursor: str | None


class IdeaCoverage(Struct, frozen=True, kw_only=True):
    """What an idea needs, who offers it, and how far it is covered; `position` is the last event about any of it."""

    needs: list[NeedRow]
    coverage: Coverage
    offers: list[OfferRow]
    position: int


class Opening(Struct, frozen=True, kw_only=True):
    """A need that an organisation might cover, going by what it offered before.

    `same_kind` says that it offered such a part before, `codes` are themes and places where it did, `words` stand in
    what it offered. The `score` only orders them.
    """

    idea_id: UUID
    idea_title: str
    need_id: UUID
    kind: NeedKind
    title: str
    cost: Money | None
    same_kind: bool
    codes: list[str]
    words: list[str]
    score: int


class PartCounts(Struct, frozen=True, kw_only=True):
    """How many parts an idea needs, how many of them are covered, and how many only offered."""

    needs: int
    covered: int
    offered: int


async def counts_of(pool: Pool, idea_ids: Collection[UUID]) -> dict[UUID, PartCounts]:
    """Count the parts of ideas, as far as they name any.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "counts"), list(idea_ids))
    return {
        row["idea_id"]: PartCounts(needs=row["needs"], covered=row["covered"], offered=row["offered"])
        for row in rows
    }


async def of_idea(pool: Pool, idea_id: UUID) -> IdeaCoverage | None:
    """Read what an idea needs and is offered; its first 200 offers are among the answer, all of them count.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        # First, so that what is read after it is never older.
        position = await pool.fetchval(statement(_HERE, "position"), idea_id)
        if position is None:
            return None
        needs, brought, offers = await _read(pool, idea_id)
    lacking = [Lacking(need_id=row["need_id"], cost=_cost(row)) for row in needs]
    covered_by = coverings(lacking, brought)
    return IdeaCoverage(
        needs=[_need(row, covered_by[row["need_id"]]) for row in needs],
        coverage=coverage(lacking, brought),
        offers=[_offer(row) for row in offers],
        position=position,
    )


async def _read(
    pool: Pool, idea_id: UUID
) -> tuple[list[asyncpg.Record], list[Bringing], list[asyncpg.Record]]:
    needs = await pool.fetch(statement(_HERE, "needs"), idea_id)
    brought = await pool.fetch(statement(_HERE, "brought"), idea_id)
    offers = await pool.fetch(statement(_HERE, "offers_of_idea"), LIMIT_MAX, idea_id, None, None)
    bringing = [
        Bringing(offer_id=row["offer_id"], needs=row["needs"], status=row["status"], cost_to_adapt=_cost(row))
        for row in brought
    ]
    return needs, bringing, offers


async def covered_with(
    pool: Pool, idea_id: UUID, hypothetical: Bringing
) -> tuple[dict[UUID, Covering], Coverage]:
    """Work out how each need and the whole idea would be covered with an offer; nothing is kept of it.

    One that is there under the same identifier counts as it would be, and not as it is besides.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        needs, brought, _ = await _read(pool, idea_id)
    lacking = [Lacking(need_id=row["need_id"], cost=_cost(row)) for row in needs]
    brought = [*(one for one in brought if one.offer_id != hypothetical.offer_id), hypothetical]
    return coverings(lacking, brought), coverage(lacking, brought)


async def offer(pool: Pool, offer_id: UUID) -> OfferRow | None:
    """Read one offer.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "offer"), offer_id)
    return None if row is None else _offer(row)


async def offers_of_idea(pool: Pool, idea_id: UUID, *, limit: int, cursor: str | None = None) -> OfferRows:
    """List the offers on an idea, the first to come first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    return await _page(pool, "offers_of_idea", idea_id, limit, cursor)


async def offers_of_organisation(
    pool: Pool, organisation_id: UUID, *, limit: int, cursor: str | None = None
) -> OfferRows:
    """List what an organisation offered, the last first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    return await _page(pool, "offers_of_organisation", organisation_id, limit, cursor)


async def offers_of_person(
    pool: Pool, person_id: UUID, *, limit: int, cursor: str | None = None
) -> OfferRows:
    """List what a person offered for themselves, the last first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    return await _page(pool, "offers_of_person", person_id, limit, cursor)


async def standing_offers(
    pool: Pool, *, kind: NeedKind | None = None, limit: int, cursor: str | None = None
) -> OfferRows:
    """List all offers, or those of a kind of part, that were not taken back; the last first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    return await _page(pool, "offers_of_kind" if kind else "offers_standing", kind, limit, cursor)


async def _page(pool: Pool, name: str, of: UUID | str | None, limit: int, cursor: str | None) -> OfferRows:
    limit = max(1, min(limit, LIMIT_MAX))
    made_at, offer_id = decode_cursor(cursor, tuple[Moment, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, name), limit + 1, of, made_at, offer_id)
    more, rows = len(rows) > limit, rows[:limit]
    return OfferRows(
        items=[_offer(row) for row in rows],
        next_cursor=encode_cursor((rows[-1]["made_at"], rows[-1]["offer_id"])) if more else None,
    )


async def openings(pool: Pool, organisation_id: UUID, *, limit: int) -> list[Opening]:
    """List needs that an organisation might cover, the likeliest first; none before it offered anything.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "openings"), organisation_id, max(1, min(limit, OPENINGS_MAX))
        )
    return [
        Opening(
            idea_id=row["idea_id"],
            idea_title=row["idea_title"],
            need_id=row["need_id"],
            kind=row["kind"],
            title=row["title"],
            cost=_cost(row),
            same_kind=row["same_kind"],
            codes=row["codes"],
            words=row["words"],
            score=row["score"],
        )
        for row in rows
    ]


def _need(row: asyncpg.Record, covering: Covering) -> NeedRow:
    return NeedRow(
        need_id=row["need_id"],
        kind=row["kind"],
        title=row["title"],
        description=row["description"],
        size=row["size"],
        cost=_cost(row),
        covering=covering,
    )


def _cost(row: asyncpg.Record) -> Money | None:
    if row["cost_minor"] is None:
        return None
    return Money(amount_minor=row["cost_minor"], currency=row["cost_currency"])


def _offer(row: asyncpg.Record) -> OfferRow:
    return OfferRow(
        offer_id=row["offer_id"],
        idea_id=row["idea_id"],
        made_by=row["made_by"],
        organisation_id=row["organisation_id"],
        organisation_name=row["organisation_name"],
        needs=row["needs"],
        part=_decode_part(row["part"]),
        status=row["status"],
        reason=row["reason"],
        link=row["link"],
        made_at=row["made_at"],
        changed_at=row["changed_at"],
        version=row["version"],
        position=row["position"],
    )
