"""An idea whole: its texts and votes, what it needs, who offers it, who is open to fund it, and its pool.

Each part comes from a read model of its own, and the entity tag changes with each of them.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from app.funding.matching import MatchSeen, seen
from app.funding.pool_view import PoolDetail
from app.http.past import happened_by, idea_as_of, moment_of, point
from app.http.past_coverage import coverage_as_of
from app.http.pool_reads import shown, shown_then
from app.http.resources import Resources, now
from app.http.tallies import with_verified_votes
from app.http.waiting import caught_up
from projections.audit_history.queries import pool_as_of
from projections.coverage import queries as coverage_queries
from projections.coverage.queries import NeedRow, OfferRow
from projections.covered import Coverage
from projections.funder_matches import queries as match_queries
from projections.idea_detail.queries import IdeaDetail, idea
from projections.pools import queries as pool_queries

READ_MODELS = ("idea_detail", "fair_votes", "coverage", "funder_matches", "organisations", "pools")
"""What the parts of an idea come from."""
MATCHES_MAX = 20
_DIGEST_BYTES = 12

_encode = msgspec.json.Encoder().encode


class WholeIdea(IdeaDetail, frozen=True, kw_only=True):
    """An idea with everything that belongs to it.

    `needs` are in their order, each with the offers that cover it; `offers` are the first 200, and `matches` the best
    20 of the mandates that are open to it. `pool` is its newest pool with what every pledge comes to, or null; one
    that was cancelled only where there is no other.

    Where the idea is shown as it was at an earlier time, all of this is as it was then: an offer has the answer it had,
    and a pledge comes to what it came to at that time, so one that expired later still counts. Two things are of
    today: organisations have the names they have now, and `matches` is null, since who is open to an idea is a
    question about the present.
    """

    needs: list[NeedRow]
    coverage: Coverage | None
    offers: list[OfferRow]
    matches: list[MatchSeen] | None
    pool: PoolDetail | None


async def whole_idea(resources: Resources, idea_id: UUID) -> tuple[WholeIdea, str] | None:
    """Read an idea whole, and its entity tag; nothing where there is no such idea.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    read = await idea(resources.pool, idea_id)
    if read is None:
        return None
    (found,) = await with_verified_votes(resources.pool, [read])
    covered = await coverage_queries.of_idea(resources.pool, idea_id)
    at, pool = now(), await pool_queries.of_idea(resources.pool, idea_id)
    whole = WholeIdea(
        **_facts(found),
        needs=covered.needs if covered else [],
        coverage=covered.coverage if covered else None,
        offers=covered.offers if covered else [],
        matches=await _matches(resources, idea_id, at),
        pool=None if pool is None else await shown(resources, pool.pool_id, at),
    )
    return whole, _etag(whole)


async def _matches(resources: Resources, idea_id: UUID, at: datetime) -> list[MatchSeen]:
    found = await match_queries.of_idea(resources.pool, idea_id, at, limit=MATCHES_MAX)
    return await seen(resources.pool, found, at)


def _etag(whole: WholeIdea) -> str:
    """Mark an answer: by its version, which `If-Match` compares, and by everything that it says.

    Much of it changes while nothing happens to the idea itself: votes are verified, mandates revised, offers answered.
    """
    said = hashlib.blake2b(_encode(whole), digest_size=_DIGEST_BYTES)
    return f'"{whole.version}-{said.hexdigest()}"'


async def whole_idea_as_of(resources: Resources, idea_id: UUID, as_of: str) -> WholeIdea:
    """Work out an idea whole as it was at a position or a time; for errors see `idea_as_of`."""
    past = await idea_as_of(resources, idea_id, as_of)
    await caught_up(resources, "coverage", min(point(as_of)[0], await resources.store.head()))
    needs, covered, offers = await coverage_as_of(resources, idea_id, happened_by(as_of))
    return WholeIdea(
        **_facts(past),
        needs=needs,
        coverage=covered,
        offers=offers,
        matches=None,
        pool=await _pool_as_of(resources, idea_id, as_of),
    )


async def _pool_as_of(resources: Resources, idea_id: UUID, as_of: str) -> PoolDetail | None:
    position, at = point(as_of)
    pool_id = await pool_as_of(resources.pool, idea_id, position=position, moment=at)
    if pool_id is None:
        return None
    return await shown_then(resources, pool_id, happened_by(as_of), await moment_of(resources, as_of))


async def shown_up_to(resources: Resources, position: int | None) -> None:
    """Wait until every part of an idea is shown up to a position.

    Raises:
        NotCaughtUpError: one of them is not that far.
    """
    for name in READ_MODELS:
        await caught_up(resources, name, position)


def _facts(found: IdeaDetail) -> dict[str, Any]:
    return asdict(found)
