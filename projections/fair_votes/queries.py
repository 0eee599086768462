"""The queries about fair votes; see the package for the question they answer.

Who a voter is leaves these queries as the log has it; the shell shows a pseudonym.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import Signal
from projections.cursors import BigInteger, decode_cursor, encode_cursor
from projections.fair_votes.fold import Standing
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
ASIDE_MAX = 50
"""How many quarantines an idea's tally lists, the newest first."""
ANY_POSITION = 2**62


class FairTally(Struct, frozen=True, kw_only=True):
    """How an idea's votes count: all of them, those that are verified, and those that are set aside.

    `position` is the last event that changed it, 0 where none did yet.
    """

    votes: int = 0
    verified_votes: int = 0
    set_aside: int = 0
    position: int = 0


class Support(Struct, frozen=True, kw_only=True):
    """How many verified votes an idea has, the highest mark that was told of it, and at which version of its stream."""

    idea_id: UUID
    verified_votes: int
    mark: int
    version: int


class SetAside(Struct, frozen=True, kw_only=True):
    """A quarantine as far as one idea is concerned: why, how many of its votes, since and until when.

    `position` and `lifted_position` are where the deciding events stand in the log.
    """

    quarantine_id: UUID
    signal: Signal
    reason: str
    votes: int
    raised_at: datetime
    position: int
    lifted_at: datetime | None
    lifted_position: int | None
    lifted_reason: str | None


class QuarantineRow(Struct, frozen=True, kw_only=True):
    """A quarantine: why, whom in numbers, and how many votes it sets aside now, on whatever ideas."""

    quarantine_id: UUID
    signal: Signal
    reason: str
    idea_ids: list[UUID]
    since: datetime
    until: datetime
    people: int
    votes: int
    raised_at: datetime
    position: int
    lifted_at: datetime | None
    lifted_position: int | None
    lifted_reason: str | None


class QuarantineRows(Struct, frozen=True, kw_only=True):
    """A page of quarantines, the newest first, and the cursor of the next one if there is one."""

    items: list[QuarantineRow]
    next_cursor: str | None


class BallotRow(Struct, frozen=True, kw_only=True):
    """A vote and how it counts; `position` is where it was cast."""

    idea_id: UUID
    person_id: UUID
    position: int
    cast_at: datetime
    counts_as: Standing
    quarantine_ids: list[UUID]


class BallotRows(Struct, frozen=True, kw_only=True):
    """A page of votes, and the cursor of the next one if there is one."""

    items: list[BallotRow]
    next_cursor: str | None


async def fair_tallies(pool: Pool, idea_ids: Collection[UUID]) -> dict[UUID, FairTally]:
    """Read the tallies of several ideas in one go; an idea without any vote yet has one of nothing.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not idea_ids:
        return {}
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "tallies"), list(idea_ids))
    found = {row["idea_id"]: _tally(row) for row in rows}
    return {idea_id: found.get(idea_id) or FairTally() for idea_id in idea_ids}


async def aside_now(pool: Pool, idea_id: UUID) -> list[SetAside]:
    """List the quarantines that concern an idea, lifted ones included, the newest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "aside_now"), idea_id, ASIDE_MAX)
    return [SetAside(**row) for row in rows]


async def tally_as_of(pool: Pool, idea_id: UUID, position: int) -> tuple[FairTally, list[SetAside]]:
    """Count an idea's votes as they stood at a position, and list the quarantines that stood against some then.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with (
        unavailable_when_lost(),
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(statement(_HERE, "tally_as_of"), idea_id, position)
        rows = await connection.fetch(statement(_HERE, "aside_as_of"), idea_id, position, ASIDE_MAX)
    assert row is not None  # noqa: S101  # It counts.
    return FairTally(**row, position=position), [SetAside(**aside) for aside in rows]


async def tallies_as_of(pool: Pool, position: int, idea_id: UUID | None = None) -> dict[UUID, FairTally]:
    """Count the votes of all ideas, or of one, as they stood at a position; ideas without votes are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "all_tallies_as_of"), position, idea_id)
    return {
        row["idea_id"]: FairTally(
            votes=row["votes"],
            verified_votes=row["verified_votes"],
            set_aside=row["set_aside"],
            position=position,
        )
        for row in rows
    }


async def ballots(
    pool: Pool, idea_id: UUID, position: int, *, limit: int, cursor: str | None = None
) -> BallotRows:
    """List an idea's votes as they stood at a position, each with how it counts, in the order they were cast.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    after = decode_cursor(cursor, BigInteger) if cursor else 0
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "ballots"), idea_id, position, after, limit + 1)
    return _ballots([BallotRow(idea_id=idea_id, **row) for row in rows], limit)


async def votes_of(pool: Pool, person_id: UUID, *, limit: int, cursor: str | None = None) -> BallotRows:
    """List a person's votes that stand, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    before = decode_cursor(cursor, BigInteger) if cursor else ANY_POSITION
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "own_votes"), person_id, None, before, limit + 1)
    return _ballots([BallotRow(**row) for row in rows], limit)


async def vote_of(pool: Pool, idea_id: UUID, person_id: UUID) -> BallotRow | None:
    """Find a person's vote for an idea, if it stands.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "own_votes"), person_id, idea_id, ANY_POSITION, 1)
    return None if row is None else BallotRow(**row)


async def voted_among(pool: Pool, idea_ids: Collection[UUID], person_id: UUID) -> set[UUID]:
    """Tell which of some ideas a person supports.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "voted_among"), person_id, idea_ids)
    return {row["idea_id"] for row in rows}


async def quarantines(
    pool: Pool,
    *,
    quarantine_id: UUID | None = None,
    idea_id: UUID | None = None,
    limit: int = LIMIT_MAX,
    cursor: str | None = None,
) -> QuarantineRows:
    """List quarantines, lifted ones included, the newest first; all of them, or those that concern an idea.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    before = decode_cursor(cursor, BigInteger) if cursor else ANY_POSITION
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "quarantines"), before, quarantine_id, idea_id, limit + 1)
    return _quarantines([QuarantineRow(**row) for row in rows], limit)


async def quarantines_in(
    pool: Pool, community_id: UUID, *, limit: int, cursor: str | None = None
) -> QuarantineRows:
    """List the quarantines that concern ideas of a community, as `quarantines` does; votes are those in it.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    before = decode_cursor(cursor, BigInteger) if cursor else ANY_POSITION
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "community_quarantines"), community_id, before, limit + 1)
    return _quarantines([QuarantineRow(**row) for row in rows], limit)


async def community_tally(pool: Pool, community_id: UUID) -> FairTally:
    """Count all votes for ideas of a community together.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "community_tally"), community_id)
    return FairTally() if row is None else FairTally(**row)


async def most_set_aside(pool: Pool, community_id: UUID, *, limit: int) -> dict[UUID, FairTally]:
    """Give the tallies of the ideas of a community of whose votes most are set aside, the most first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "most_set_aside"), community_id, limit)
    return {row["idea_id"]: _tally(row) for row in rows}


async def supported_by(pool: Pool, people: Collection[UUID], quarantines: Collection[UUID]) -> set[UUID]:
    """Find the ideas for which votes of some people stand, or of the people of some quarantines.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not people and not quarantines:
        return set()
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "supported_by"), list(people), list(quarantines))
    return {row["idea_id"] for row in rows}


async def supports_beyond(pool: Pool, idea_ids: Collection[UUID]) -> list[Support]:
    """Read the support of those of some ideas that have more verified votes than the mark that was told last.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not idea_ids:
        return []
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "support"), list(idea_ids))
    return [Support(**row) for row in rows]


async def people_to_age(pool: Pool, joined_before: datetime, *, limit: int) -> list[UUID]:
    """List people whose account is older than a moment, who were not verified by that yet and never set aside.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "people_to_age"), joined_before, limit)
    return [row["person_id"] for row in rows]


def _tally(row: asyncpg.Record) -> FairTally:
    return FairTally(
        votes=row["votes"],
        verified_votes=row["verified_votes"],
        set_aside=row["set_aside"],
        position=row["position"],
    )


def _quarantines(found: list[QuarantineRow], limit: int) -> QuarantineRows:
    items = found[:limit]
    more = len(found) > limit
    return QuarantineRows(items=items, next_cursor=encode_cursor(items[-1].position) if more else None)


def _ballots(found: list[BallotRow], limit: int) -> BallotRows:
    items = found[:limit]
    more = len(found) > limit
    return BallotRows(items=items, next_cursor=encode_cursor(items[-1].position) if more else None)
