"""What a funder gave before, as it published it: its grants, who got them, and a first mandate suggested from them."""

from uuid import UUID

from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.http import past_grant_examples as examples
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, Cursor, Limit, MinPosition
from app.http.resources import ApiRequest, resources_of
from app.http.waiting import caught_up
from app.suggestion import Suggestion, suggestion_from
from projections.past_grants.queries import (
    PastFunder,
    PastGrantRow,
    RecipientRows,
    YearTotal,
    by_year,
    past_funder,
    past_grants,
    recipients,
    usual_grants,
)

_NONE = "No past grants of this organisation are known here."


class PastGrantsOfFunder(Struct, frozen=True, kw_only=True):
    """A funder's past grants, the newest first, with its totals by year; themes are guessed from the grants' words."""

    funder: PastFunder
    years: list[YearTotal]
    items: list[PastGrantRow]
    next_cursor: str | None


class PastGrantsController(Controller):
    """The routes of past grants."""

    path = "/api/v1/organisations/{organisation_id:uuid}"
    tags = ("mandates",)

    @get(
        "/grants",
        operation_id="listPastGrants",
        summary="What a funder gave before",
        responses=read_answers(PastGrantsOfFunder, examples.PAST_GRANTS, 404),
    )
    async def list_past_grants(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> PastGrantsOfFunder:
        """List the grants that a funder published, the newest first. Of a grant to a person nobody learns who it was."""
        resources = resources_of(request)
        await caught_up(resources, "past_grants", min_position)
        funder = await past_funder(resources.pool, organisation_id)
        if funder is None:
            raise NotFoundException(detail=_NONE)
        rows = await past_grants(resources.pool, organisation_id, limit=limit, cursor=cursor or None)
        return PastGrantsOfFunder(
            funder=funder,
            years=list(await by_year(resources.pool, organisation_id)),
            items=rows.items,
            next_cursor=rows.next_cursor,
        )

    @get(
        "/grants/recipients",
        operation_id="listPastRecipients",
        summary="To whom a funder gave",
        responses=read_answers(RecipientRows, examples.RECIPIENTS, 404),
    )
    async def list_past_recipients(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> RecipientRows:
        """List the organisations that got grants of a funder, those who got most first."""
        resources = resources_of(request)
        await caught_up(resources, "past_grants", min_position)
        if await past_funder(resources.pool, organisation_id) is None:
            raise NotFoundException(detail=_NONE)
        return await recipients(resources.pool, organisation_id, limit=limit, cursor=cursor or None)

    @get(
        "/mandate-suggestion",
        operation_id="suggestMandate",
        summary="A first mandate from what was funded",
        responses=read_answers(Suggestion, examples.SUGGESTION, 404),
    )
    async def suggest_mandate(
        self, request: ApiRequest, *, organisation_id: FromPath[UUID], min_position: MinPosition = None
    ) -> Suggestion:
        """Suggest what a funder might say that it is open to, from its past grants, each part with its reason."""
        resources = resources_of(request)
        await caught_up(resources, "past_grants", min_position)
        usual = await usual_grants(resources.pool, organisation_id)
        if usual is None:
            raise NotFoundException(detail=_NONE)
        return suggestion_from(usual)
