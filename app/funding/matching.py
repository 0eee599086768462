"""Matches put together from what several read models know: names and titles, votes that are verified, and reasons in words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from events.connections import Pool
from projections.coverage.queries import of_idea as coverage_of_idea
from projections.fair_votes.queries import fair_tallies
from projections.funder_matches.queries import Match, MatchRows, mandate_titles
from projections.funder_matches.words import ToldReason, told
from projections.idea_board.queries import titles_of
from projections.organisations.queries import names_of


class MatchSeen(Struct, frozen=True, kw_only=True):
    """A mandate and an idea, how well they fit out of 100, and why, part by part.

    `is_match` says whether nothing refuses; where something does, its reason says why not. `told_at` is when the funder
    was told of the match, if it was.
    """

    mandate_id: UUID
    mandate_title: str
    organisation_id: UUID
    organisation_name: str
    idea_id: UUID
    idea_title: str
    stage: str
    votes: int
    verified_votes: int
    score: int
    is_match: bool
    reasons: list[ToldReason]
    told_at: datetime | None


class MatchPage(Struct, frozen=True, kw_only=True):
    """A page of matches, the best first, and the cursor of the next one."""

    items: list[MatchSeen]
    next_cursor: str | None


async def page_seen(pool: Pool, rows: MatchRows, at: datetime) -> MatchPage:
    """Put a page of matches together.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    return MatchPage(items=await seen(pool, rows.items, at), next_cursor=rows.next_cursor)


async def seen(pool: Pool, matches: Sequence[Match], at: datetime) -> list[MatchSeen]:
    """Put matches together, in a few queries for all of them.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    ideas = {match.idea.idea_id for match in matches}
    tallies = await fair_tallies(pool, ideas)
    titles = await titles_of(pool, ideas)
    mandates = await mandate_titles(pool, {match.mandate.mandate_id for match in matches})
    names = await names_of(pool, {match.mandate.organisation_id for match in matches})
    return [
        MatchSeen(
            mandate_id=match.mandate.mandate_id,
            mandate_title=mandates.get(match.mandate.mandate_id, ""),
            organisation_id=match.mandate.organisation_id,
            organisation_name=names.get(match.mandate.organisation_id, ""),
            idea_id=match.idea.idea_id,
            idea_title=titles.get(match.idea.idea_id, ""),
            stage=match.idea.stage,
            votes=match.idea.votes,
            verified_votes=(verified := min(tallies[match.idea.idea_id].verified_votes, match.idea.votes)),
            score=match.fit.score,
            is_match=match.fit.is_match,
            reasons=told(match.fit, match.mandate, replace(match.idea, verified_votes=verified), at),
            told_at=match.told_at,
        )
        for match in matches
    ]


async def explained(pool: Pool, match: Match, at: datetime) -> MatchSeen:
    """Put one match together, with how far the idea's needs are covered, whether it is one or not.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    (found,) = await seen(pool, [await with_coverage(pool, match)], at)
    return found


async def with_coverage(pool: Pool, match: Match) -> Match:
    """Say how far an idea's needs are covered, if it has any.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    known = await coverage_of_idea(pool, match.idea.idea_id)
    percent = known.coverage.covered_percent if known is not None and known.coverage.needs else None
    return replace(match, idea=replace(match.idea, covered_percent=percent))
