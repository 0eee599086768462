"""The queries about one idea, and about communities."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, Source, VotingRules
from projections.statements import statement
from projections.tally import stage_reason

_HERE = Path(__file__).parent
COMMUNITIES_MAX = 200


class IdeaDetail(Struct, frozen=True, kw_only=True):
    """An idea with all that is known about it.

    `version` counts the changes to the idea itself, `position` is the last event about it, votes
    included; `since` is when it came into its stage. How many votes are verified is not known here: the shell
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
    version: int
    position: int


class DayOfVotes(Struct, frozen=True, kw_only=True):
    """How many votes an idea had at the end of a day (UTC)."""

    day: date
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
        version=row["version"],
        position=row["position"],
    )


async def votes_by_day(pool: Pool, idea_id: UUID) -> list[DayOfVotes]:
    """Read an idea's votes at the end of each day that changed them, oldest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "votes_by_day"), idea_id)
    return [DayOfVotes(day=row["day"], votes=row["votes"]) for row in rows]


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
