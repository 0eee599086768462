"""Matches: which ideas fit what a funder is open to, which funders are open to an idea, and why or why not."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from app.funding.matching import MatchPage, MatchSeen, explained, page_seen
from app.http import match_examples as examples
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, Cursor, Limit, MinPosition
from app.http.resources import ApiRequest, Resources, now, resources_of
from app.http.waiting import caught_up
from domain.idea import IdeaUnknownError
from domain.mandate import MandateUnknownError
from projections.funder_matches.fit import SCORE_MAX
from projections.funder_matches.queries import (
    idea_facts,
    mandate_facts,
    match_of,
    matches_of_idea,
    matches_of_mandate,
)

MinScore = Annotated[
    int,
    QueryParameter(ge=0, le=SCORE_MAX, description="Leave out matches with a lower score than this."),
]


class MatchController(Controller):
    """The routes of matches."""

    path = "/api/v1"
    tags = ("mandates",)

    @get(
        "/mandates/{mandate_id:uuid}/matches",
        operation_id="listMandateMatches",
        summary="What fits a mandate",
        responses=read_answers(MatchPage, examples.MATCHES, 404),
    )
    async def list_mandate_matches(
        self,
        request: ApiRequest,
        *,
        mandate_id: FromPath[UUID],
        min_score: MinScore = 0,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> MatchPage:
        """List the ideas that fit a mandate now, the best first, each with its reasons; none while it is not open.

        The score is out of 100 and the exact sum of the points of its reasons.
        """
        resources, at = resources_of(request), now()
        await _caught_up(resources, min_position)
        mandate = (await mandate_facts(resources.pool, [mandate_id])).get(mandate_id)
        if mandate is None:
            raise MandateUnknownError
        rows = await matches_of_mandate(
            resources.pool, mandate, at, limit=limit, cursor=cursor or None, min_score=min_score
        )
        return await page_seen(resources.pool, rows, at)

    @get(
        "/mandates/{mandate_id:uuid}/matches/{idea_id:uuid}",
        operation_id="explainMatch",
        summary="Why an idea fits a mandate, or why not",
        responses=read_answers(MatchSeen, examples.NO_MATCH, 404),
    )
    async def explain_match(
        self,
        request: ApiRequest,
        *,
        mandate_id: FromPath[UUID],
        idea_id: FromPath[UUID],
        min_position: MinPosition = None,
    ) -> MatchSeen:
        """Say of each part why an idea fits a mandate, or why it does not; with `is_match` false where one refuses."""
        resources, at = resources_of(request), now()
        await _caught_up(resources, min_position)
        await caught_up(resources, "coverage", min_position)
        match = await match_of(resources.pool, mandate_id, idea_id, at)
        if match is None:
            known = await mandate_facts(resources.pool, [mandate_id])
            raise IdeaUnknownError if known else MandateUnknownError
        return await explained(resources.pool, match, at)

    @get(
        "/ideas/{idea_id:uuid}/matches",
        operation_id="listIdeaMatches",
        summary="Who is open to fund an idea",
        responses=read_answers(MatchPage, examples.MATCHES, 404),
    )
    async def list_idea_matches(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        min_score: MinScore = 0,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> MatchPage:
        """List the mandates that are open to an idea now, the best first, each with its reasons."""
        resources, at = resources_of(request), now()
        await _caught_up(resources, min_position)
        idea = (await idea_facts(resources.pool, [idea_id])).get(idea_id)
        if idea is None:
            raise IdeaUnknownError
        rows = await matches_of_idea(
            resources.pool, idea, at, limit=limit, cursor=cursor or None, min_score=min_score
        )
        return await page_seen(resources.pool, rows, at)


async def _caught_up(resources: Resources, min_position: int | None) -> None:
    for projection in ("funder_matches", "fair_votes", "idea_board", "organisations"):
        await caught_up(resources, projection, min_position)
