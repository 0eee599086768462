"""The queries about what fits; see the package for the question they answer."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from events.connections import Pool, unavailable_when_lost
from projections.cursors import Integer, decode_cursor, encode_cursor
from projections.funder_matches.fit import STAGE_POINTS, Fit, IdeaFacts, MandateFacts, fit
from projections.funder_matches.points import ideas_page
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
_FUNDERS_OF = "SELECT open_to, count(DISTINCT organisation_id) AS funders FROM ({}) AS found GROUP BY open_to"


class Match(Struct, frozen=True, kw_only=True):
    """A mandate and an idea with how well they fit; where it is no match, a reason refuses.

    `told_at` is when the funder was told of it, if it was.
    """

    mandate: MandateFacts
    idea: IdeaFacts
    fit: Fit
    told_at: datetime | None = None


class MatchRows(Struct, frozen=True, kw_only=True):
    """A page of matches, the best first, and the cursor of the next one if there is one."""

    items: list[Match]
    next_cursor: str | None


class Changes(Struct, frozen=True, kw_only=True):
    """What changed within a stretch of the log, so that something may fit that did not before; and until where."""

    ideas: list[UUID]
    mandates: list[UUID]
    reached: int


async def mandate_facts(pool: Pool, mandate_ids: Collection[UUID]) -> dict[UUID, MandateFacts]:
    """Read what mandates say, as far as there are such mandates.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "mandate"), list(mandate_ids))
    return {row["mandate_id"]: _mandate(row) for row in rows}


async def mandate_titles(pool: Pool, mandate_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the titles of mandates, as far as there are such mandates.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "titles"), list(mandate_ids))
    return {row["mandate_id"]: row["title"] for row in rows}


async def idea_facts(pool: Pool, idea_ids: Collection[UUID]) -> dict[UUID, IdeaFacts]:
    """Read what ideas say, as far as there are such ideas.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "facts"), list(idea_ids))
    return {row["idea_id"]: _idea(row) for row in rows}


async def match_of(pool: Pool, mandate_id: UUID, idea_id: UUID, at: datetime) -> Match | None:
    """Tell how well an idea fits a mandate at a moment, a match or not; nothing where one of them is unknown.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    mandate = (await mandate_facts(pool, [mandate_id])).get(mandate_id)
    idea = (await idea_facts(pool, [idea_id])).get(idea_id)
    if mandate is None or idea is None:
        return None
    told = await told_of(pool, [(mandate_id, idea_id)])
    return Match(
        mandate=mandate,
        idea=idea,
        fit=fit(mandate, idea, at),
        told_at=told.get((mandate_id, idea_id)),
    )


async def matches_of_mandate(
    pool: Pool,
    mandate: MandateFacts,
    at: datetime,
    *,
    limit: int,
    cursor: str | None = None,
    min_score: int = 0,
) -> MatchRows:
    """List the ideas that fit a mandate at a moment, the best first; none while it is not open.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    after = decode_cursor(cursor, tuple[Integer, UUID]) if cursor else (None, None)
    found = await ideas_for(pool, mandate, at, limit=limit + 1, after=after, min_score=min_score)
    facts = await idea_facts(pool, found[:limit])
    fitting = {idea_id: fit(mandate, idea, at) for idea_id, idea in facts.items()}
    told = await told_of(pool, [(mandate.mandate_id, idea_id) for idea_id in found[:limit]])
    items = [
        Match(
            mandate=mandate,
            idea=facts[idea_id],
            fit=fitting[idea_id],
            told_at=told.get((mandate.mandate_id, idea_id)),
        )
        for idea_id in found[:limit]
        if idea_id in facts and fitting[idea_id].is_match  # It may have changed since the query before.
    ]
    more = len(found) > limit and items
    return MatchRows(
        items=items, next_cursor=_cursor(items[-1].fit.score, found[limit - 1]) if more else None
    )


async def ideas_for(
    pool: Pool,
    mandate: MandateFacts,
    at: datetime,
    *,
    limit: int,
    after: tuple[int | None, UUID | None] = (None, None),
    min_score: int = 0,
    untold: bool = False,
    with_pool: bool = False,
) -> list[UUID]:
    """List which ideas fit a mandate at a moment, the best first; see `ideas_page`.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    is_open = mandate.status == "open" and mandate.opens_at <= at < mandate.closes_at
    if not is_open or mandate.left_minor < mandate.ticket_min:
        return []
    sql, arguments = ideas_page(mandate, [limit, min_score, *after], untold=untold, with_pool=with_pool)
    async with unavailable_when_lost():
        rows = await pool.fetch(sql, *arguments)
    return [row["idea_id"] for row in rows]


async def all_for_idea(
    pool: Pool, idea: IdeaFacts, at: datetime, *, whatever_is_left: bool = False
) -> list[Match]:
    """List all mandates that are open to an idea at a moment, the best first.

    With `whatever_is_left` also those with too little left for one more ticket, as if they had it.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "open_mandates"), [idea.idea_id], list(STAGE_POINTS), at, whatever_is_left
        )
    mandates = [_mandate(row) for row in rows]
    if whatever_is_left:
        mandates = [mandate.with_money() for mandate in mandates]
    matches = [Match(mandate=mandate, idea=idea, fit=fit(mandate, idea, at)) for mandate in mandates]
    return sorted(
        (match for match in matches if match.fit.is_match),
        key=lambda match: (-match.fit.score, match.mandate.mandate_id),
    )


async def matches_of_idea(
    pool: Pool,
    idea: IdeaFacts,
    at: datetime,
    *,
    limit: int,
    cursor: str | None = None,
    min_score: int = 0,
) -> MatchRows:
    """List the mandates that are open to an idea at a moment, the best first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    score, mandate_id = decode_cursor(cursor, tuple[Integer, UUID]) if cursor else (0, None)
    found = [
        match
        for match in await all_for_idea(pool, idea, at)
        if match.fit.score >= min_score
        and (mandate_id is None or (-match.fit.score, match.mandate.mandate_id) > (-score, mandate_id))
    ]
    told = await told_of(pool, [(match.mandate.mandate_id, idea.idea_id) for match in found[:limit]])
    items = [
        replace(match, told_at=told.get((match.mandate.mandate_id, idea.idea_id))) for match in found[:limit]
    ]
    more = len(found) > limit
    return MatchRows(
        items=items,
        next_cursor=_cursor(items[-1].fit.score, items[-1].mandate.mandate_id) if more else None,
    )


async def of_idea(pool: Pool, idea_id: UUID, at: datetime, *, limit: int = LIMIT_MAX) -> list[Match]:
    """List the best of the mandates that are open to an idea, for its page; none where it is unknown.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    idea = (await idea_facts(pool, [idea_id])).get(idea_id)
    return [] if idea is None else (await matches_of_idea(pool, idea, at, limit=limit)).items


async def funders_open_to(pool: Pool, idea_ids: Collection[UUID], at: datetime) -> dict[UUID, int]:
    """Count how many organisations are open to each of some ideas at a moment; those to which none is are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    sql, whatever_is_left = _FUNDERS_OF.format(statement(_HERE, "open_mandates")), False
    async with unavailable_when_lost():
        rows = await pool.fetch(sql, list(idea_ids), list(STAGE_POINTS), at, whatever_is_left)
    return {row["open_to"]: row["funders"] for row in rows}


async def told_of(pool: Pool, pairs: Collection[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], datetime]:
    """Tell of which matches, by mandate and idea, a funder was told, and when.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not pairs:
        return {}
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "told_of"), *(list(column) for column in zip(*pairs, strict=True))
        )
    return {(row["mandate_id"], row["idea_id"]): row["told_at"] for row in rows}


async def changes_between(pool: Pool, after: int, until: int, *, limit: int) -> Changes:
    """List what changed after one position of the log and until another, the earliest first.

    About `limit` of it: what changed by one event stays together.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "changes"), after, until, limit)
    return Changes(
        ideas=[row["id"] for row in rows if row["is_idea"]],
        mandates=[row["id"] for row in rows if not row["is_idea"]],
        reached=rows[-1]["changed"] if len(rows) >= limit else until,
    )


async def mandates_opened(pool: Pool, after: datetime, until: datetime) -> list[UUID]:
    """List the mandates that came to the beginning of their window after one moment and until another.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "opened"), after, until)
    return [row["mandate_id"] for row in rows]


def _cursor(score: int, identifier: UUID) -> str:
    return encode_cursor((score, identifier))


def _mandate(row: asyncpg.Record) -> MandateFacts:
    return MandateFacts(
        mandate_id=row["mandate_id"],
        organisation_id=row["organisation_id"],
        revision=row["revision"],
        status=row["status"],
        themes=tuple(row["themes"]),
        places=tuple(row["places"]),
        stages=tuple(row["stages"]),
        currency=row["currency"],
        ticket_min=row["ticket_min"],
        ticket_max=row["ticket_max"],
        left_minor=row["budget_minor"] - row["reserved_minor"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        mode=row["mode"],
        min_votes=row["min_votes"],
        min_covered=row["min_covered"],
        needs_pool=row["needs_pool"],
    )


def _idea(row: asyncpg.Record) -> IdeaFacts:
    return IdeaFacts(
        idea_id=row["idea_id"],
        themes=tuple(row["themes"]),
        places=tuple(row["places"]),
        stage=row["stage"],
        ask_minor=row["ask_minor"],
        ask_currency=row["ask_currency"],
        pool_id=row["pool_id"],
        pool_currency=row["pool_currency"],
        votes=row["votes"],
    )
