"""The queries about one idea, and about communities."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, NeedKind, Source, VotingRules
from projections.cursors import BigInteger, Integer, decode_cursor, encode_cursor
from projections.stage import move_reason, stage_reason
from projections.statements import statement

_HERE = Path(__file__).parent
COMMUNITIES_MAX = 200
NEEDS_MAX = 1_000
STAGES_MAX = 200
DAYS_MAX = 366
_NEWEST = 2**63 - 1


class IdeaDetail(Struct, frozen=True, kw_only=True):
    """An idea with all that is known about it.

    `version` counts the changes to the idea itself, `position` is the last event about it, votes
    included; `since` is when it came into its stage, and `service_link` leads to what it has become. How many votes are verified is not known here: the shell
    fills it in.
    """

    idea_id: UUID
    title: str
    problem: str
    proposal: str
    beneficiaries: str
    themes: list[str]
    places: list[str]
    community: str
    community_name: str
    author_id: UUID
    stage: str
    stage_reason: str
    since: datetime
    votes: int
    verified_votes: int = 0
    support_threshold: int
    ask: Money | None
    source: Source | None
    logged_at: datetime
    revised_at: datetime | None
    withdrawn_reason: str | None
    closed_reason: str | None = None
    service_link: str | None = None
    version: int
    position: int


class NeedDetail(Struct, frozen=True, kw_only=True):
    """A part that an idea lacks; `size` and `cost` are estimates, where there are any."""

    need_id: UUID
    kind: NeedKind
    title: str
    description: str
    size: str
    cost: Money | None
    added_at: datetime
    revised_at: datetime | None


class NeedRows(Struct, frozen=True, kw_only=True):
    """Needs in the order their idea puts them in, and the cursor of the next ones if there are any."""

    items: list[NeedDetail]
    next_cursor: str | None


class StageRow(Struct, frozen=True, kw_only=True):
    """A stage that an idea was in: from when until when, by what, and why; `said` is what somebody wrote who did it."""

    stage: str
    since: datetime
    until: datetime | None
    reason: str
    said: str | None
    cause: str
    position: int


class StageRows(Struct, frozen=True, kw_only=True):
    """Stages of an idea, the newest first, and the cursor of the next ones if there are any."""

    items: list[StageRow]
    next_cursor: str | None


class DayOfVotes(Struct, frozen=True, kw_only=True):
    """How many votes an idea had at the end of a day (UTC)."""

    day: date
    votes: int


class CommunityDay(Struct, frozen=True, kw_only=True):
    """How many ideas were logged in a community on a day (UTC), and votes cast, those taken back later among them."""

    day: date
    ideas: int
    votes: int


class CommunityDetail(Struct, frozen=True, kw_only=True):
    """A community, its voting rules, and how many ideas were logged in it."""

    community_id: UUID
    slug: str
    name: str
    rules: VotingRules
    paused: bool
    ideas: int


async def idea(pool: Pool, idea_id: UUID) -> IdeaDetail | None:
    """Read one idea.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "idea"), idea_id)
    return None if row is None else _idea(row)


async def ideas_of(pool: Pool, ideas: Collection[UUID]) -> list[IdeaDetail]:
    """Read some ideas, the newest first, as far as there are such ideas.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not ideas:
        return []
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "ideas_of"), list(ideas))
    return [_idea(row) for row in rows]


def _idea(row: asyncpg.Record) -> IdeaDetail:
    return IdeaDetail(
        idea_id=row["idea_id"],
        title=row["title"],
        problem=row["problem"],
        proposal=row["proposal"],
        beneficiaries=row["beneficiaries"],
        themes=row["themes"],
        places=row["places"],
        community=row["slug"],
        community_name=row["name"],
        author_id=row["author_id"],
        stage=row["stage"],
        stage_reason=stage_reason(row["stage"], row["votes"], row["threshold"]),
        since=row["since"],
        votes=row["votes"],
        support_threshold=row["threshold"],
        ask=None
        if row["ask_minor"] is None
        else Money(amount_minor=row["ask_minor"], currency=row["ask_currency"]),
        source=None
        if row["source_system"] is None
        else Source(system=row["source_system"], collection=row["source_collection"], id=row["source_id"]),
        logged_at=row["logged_at"],
        revised_at=row["revised_at"],
        withdrawn_reason=row["withdrawn_reason"],
        closed_reason=row["closed_reason"],
        service_link=row["service_link"],
        version=row["version"],
        position=row["position"],
    )


async def needs_of_idea(
    pool: Pool, idea_id: UUID, *, limit: int = NEEDS_MAX, cursor: str | None = None
) -> NeedRows:
    """Read what an idea lacks, in its order.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    place, after = decode_cursor(cursor, tuple[Integer, UUID]) if cursor else (-1, UUID(int=0))
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "needs"), idea_id, place, after, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    last = encode_cursor((rows[-1]["place"], rows[-1]["need_id"])) if more else None
    return NeedRows(items=[_need(row) for row in rows], next_cursor=last)


def _need(row: asyncpg.Record) -> NeedDetail:
    return NeedDetail(
        need_id=row["need_id"],
        kind=row["kind"],
        title=row["title"],
        description=row["description"],
        size=row["size"],
        cost=None
        if row["cost_minor"] is None
        else Money(amount_minor=row["cost_minor"], currency=row["cost_currency"]),
        added_at=row["added_at"],
        revised_at=row["revised_at"],
    )


async def stages_of_idea(
    pool: Pool, idea_id: UUID, *, limit: int = STAGES_MAX, cursor: str | None = None
) -> StageRows:
    """Read which stages an idea was in, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    before = decode_cursor(cursor, BigInteger) if cursor else _NEWEST
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "stages"), idea_id, before, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return StageRows(
        items=[
            StageRow(
                stage=row["stage"],
                since=row["since"],
                until=row["until"],
                reason=move_reason(row["stage"], row["cause"], row["votes"], row["threshold"]),
                said=row["said"],
                cause=row["cause"],
                position=row["position"],
            )
            for row in rows
        ],
        next_cursor=encode_cursor(rows[-1]["position"]) if more else None,
    )


async def stage_as_of(
    pool: Pool, idea_id: UUID, *, position: int, moment: datetime | None
) -> tuple[str, datetime] | None:
    """Tell an idea's stage as it was at a position, or at a moment, and since when; nothing before it was logged.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "stage_as_of"), idea_id, position, moment)
    return None if row is None else (row["stage"], row["since"])


async def votes_by_day(pool: Pool, idea_id: UUID) -> list[DayOfVotes]:
    """Read an idea's votes at the end of each day that changed them, oldest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "votes_by_day"), idea_id)
    return [DayOfVotes(day=row["day"], votes=row["votes"]) for row in rows]


async def community_days(pool: Pool, community_id: UUID, *, until: date, days: int) -> list[CommunityDay]:
    """Read what happened in a community on each of some days (at most `DAYS_MAX`), the last of them `until`.

    The oldest comes first, and days on which nothing happened are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "community_days"), community_id, until, min(days, DAYS_MAX))
    return [CommunityDay(day=row["day"], ideas=row["ideas"], votes=row["votes"]) for row in rows]


async def communities(
    pool: Pool, *, slug: str | None = None, limit: int = COMMUNITIES_MAX
) -> list[CommunityDetail]:
    """List the communities, the busiest first, or the one with a short name.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "communities"), slug, min(limit, COMMUNITIES_MAX))
    return [
        CommunityDetail(
            community_id=row["community_id"],
            slug=row["slug"],
            name=row["name"],
            rules=VotingRules(
                support_threshold=row["threshold"], opens_at=row["opens_at"], closes_at=row["closes_at"]
            ),
            paused=row["paused"],
            ideas=row["ideas"],
        )
        for row in rows
    ]


async def community(pool: Pool, slug: str) -> CommunityDetail | None:
    """Find a community by its short name.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    found = await communities(pool, slug=slug, limit=1)
    return found[0] if found else None
