"""Communities: the spaces ideas live in."""

from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.http import examples
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, Limit, MinPosition
from app.http.resources import ApiRequest, resources_of
from app.http.waiting import caught_up
from projections.idea_detail.queries import CommunityDetail, communities, community


class Communities(Struct, frozen=True, kw_only=True):
    """Communities, the busiest first."""

    items: list[CommunityDetail]
    next_cursor: str | None = None


class CommunityController(Controller):
    """The routes of communities."""

    path = "/api/v1/communities"
    tags = ("communities",)

    @get(
        operation_id="listCommunities",
        summary="All communities",
        responses=read_answers(Communities, examples.COMMUNITIES),
    )
    async def list_communities(
        self, request: ApiRequest, limit: Limit = LIMIT_USUAL, min_position: MinPosition = None
    ) -> Communities:
        """List the communities with the most ideas first."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        return Communities(items=await communities(resources.pool, limit=limit))

    @get(
        "/{slug:str}",
        operation_id="getCommunity",
        summary="One community",
        responses=read_answers(CommunityDetail, examples.COMMUNITY, 404),
    )
    async def get_community(
        self, request: ApiRequest, slug: FromPath[str], min_position: MinPosition = None
    ) -> CommunityDetail:
        """Read a community by its short name: its voting rules, and whether voting is paused."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        found = None if "\0" in slug else await community(resources.pool, slug)
        if found is None:
            raise NotFoundException(detail="There is no such community.")
        return found
