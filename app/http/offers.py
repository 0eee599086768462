"""Offers: make, find and revise them; accept, decline, withdraw and deliver them."""

from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.http import offer_examples as examples
from app.http.bodies import Reason, strictly
from app.http.etags import is_unchanged
from app.http.offer_bodies import (
    Acceptance,
    Delivery,
    HypotheticalOffer,
    NewOffer,
    OfferChanges,
    changes_of,
    money_of,
    new_part,
)
from app.http.offer_commands import (
    OfferChanged,
    accept_offer,
    decline_offer,
    deliver_offer,
    make_offer,
    revise_offer,
    withdraw_offer,
)
from app.http.offer_preview import CoveragePreview, coverage_preview
from app.http.openapi import documented, read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, IfMatch, IfNoneMatch, Limit, MinPosition
from app.http.resources import ApiRequest, actor_of, resources_of
from app.http.waiting import caught_up
from events.streams import idea_stream, organisation_stream
from projections.coverage.queries import (
    OPENINGS_MAX,
    OfferRow,
    OfferRows,
    Opening,
    offer,
    offers_of_idea,
    offers_of_organisation,
    offers_of_person,
    openings,
)


class Openings(Struct, frozen=True, kw_only=True):
    """Needs that an organisation might cover, the likeliest first."""

    items: list[Opening]
    next_cursor: str | None = None


class OfferController(Controller):
    """The routes of offers."""

    path = "/api/v1"
    tags = ("offers",)

    @post(
        "/ideas/{idea_id:uuid}/offers",
        operation_id="makeOffer",
        summary="Offer a part",
        before_request=strictly(NewOffer),
        operation_class=writing(examples.NEW_OFFER),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404, status=201),
    )
    async def make_offer(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[NewOffer]
    ) -> OfferChanged:
        """Offer something you run already for needs of an idea, for yourself or for an organisation."""
        return await make_offer(request, idea_id, new_part(data), data.organisation_id)

    @post(
        "/ideas/{idea_id:uuid}/offers/preview",
        status_code=200,
        operation_id="previewOffer",
        summary="What an offer would cover",
        before_request=strictly(HypotheticalOffer),
        operation_class=documented(examples.HYPOTHETICAL_OFFER),
        responses=write_answers(CoveragePreview, examples.COVERAGE_PREVIEW, 404),
    )
    async def preview_offer(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        data: JSONBody[HypotheticalOffer],
        min_position: MinPosition = None,
    ) -> CoveragePreview:
        """Show how far the idea would be covered if an offer were made, or changed, and chosen. Writes nothing."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        return await coverage_preview(
            resources,
            actor_of(request),
            idea_id,
            needs=data.needs,
            cost_to_adapt=None if data.cost_to_adapt is None else money_of(data.cost_to_adapt),
            replaced=data.offer_id,
        )

    @get(
        "/ideas/{idea_id:uuid}/offers",
        operation_id="listIdeaOffers",
        summary="The offers on an idea",
        responses=read_answers(OfferRows, examples.OFFERS, 404),
    )
    async def list_idea_offers(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> OfferRows:
        """List the offers on an idea, the first to come first, those that were declined or withdrawn too."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        rows = await offers_of_idea(resources.pool, idea_id, limit=limit, cursor=cursor or None)
        if not rows.items and not await resources.store.read_stream(idea_stream(idea_id), limit=1):
            raise NotFoundException(detail="There is no such idea.")
        return rows

    @get(
        "/offers/{offer_id:uuid}",
        operation_id="getOffer",
        summary="One offer",
        responses=read_answers(OfferRow, examples.OFFER, 404),
    )
    async def get_offer(
        self,
        request: ApiRequest,
        *,
        offer_id: FromPath[UUID],
        min_position: MinPosition = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[OfferRow]:
        """Read an offer. The ETag changes with every change to it."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        found = await offer(resources.pool, offer_id)
        if found is None:
            raise NotFoundException(detail="There is no such offer.")
        etag = f'"{found.version}-{found.position}"'
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers={"etag": etag})  # type: ignore[arg-type]  # It has no body.
        return Response(found, headers={"etag": etag})

    @patch(
        "/offers/{offer_id:uuid}",
        operation_id="reviseOffer",
        summary="Revise an offer",
        before_request=strictly(OfferChanges),
        operation_class=writing(examples.OFFER_CHANGES),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404, 412),
    )
    async def revise_offer(
        self,
        request: ApiRequest,
        offer_id: FromPath[UUID],
        data: JSONBody[OfferChanges],
        if_match: IfMatch = None,
    ) -> OfferChanged:
        """Change an offer that was not accepted yet; what you leave out stays as it is."""
        return await revise_offer(request, offer_id, changes_of(data), data.reason.strip(), if_match)

    @post(
        "/offers/{offer_id:uuid}/accept",
        status_code=200,
        operation_id="acceptOffer",
        summary="Accept an offer",
        before_request=strictly(Acceptance, may_be_empty=True),
        operation_class=writing(examples.ACCEPTANCE),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404),
    )
    async def accept_offer(
        self, request: ApiRequest, offer_id: FromPath[UUID], data: JSONBody[Acceptance | None] = None
    ) -> OfferChanged:
        """Build on an offer on your idea, or keep it in reserve; a body is not needed to choose it."""
        return await accept_offer(request, offer_id, data.standing if data else "chosen")

    @post(
        "/offers/{offer_id:uuid}/decline",
        status_code=200,
        operation_id="declineOffer",
        summary="Decline an offer",
        before_request=strictly(Reason),
        operation_class=writing(examples.DECLINE),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404),
    )
    async def decline_offer(
        self, request: ApiRequest, offer_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> OfferChanged:
        """Do without an offer on your idea, and say why."""
        return await decline_offer(request, offer_id, data.reason.strip())

    @post(
        "/offers/{offer_id:uuid}/withdraw",
        status_code=200,
        operation_id="withdrawOffer",
        summary="Withdraw an offer",
        before_request=strictly(Reason),
        operation_class=writing(examples.DECLINE),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404),
    )
    async def withdraw_offer(
        self, request: ApiRequest, offer_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> OfferChanged:
        """Take back an offer of yours, accepted or not, and say why."""
        return await withdraw_offer(request, offer_id, data.reason.strip())

    @post(
        "/offers/{offer_id:uuid}/deliver",
        status_code=200,
        operation_id="deliverOffer",
        summary="Deliver an offer",
        before_request=strictly(Delivery, may_be_empty=True),
        operation_class=writing(examples.DELIVERY),
        responses=write_answers(OfferChanged, examples.OFFER_MADE, 404),
    )
    async def deliver_offer(
        self, request: ApiRequest, offer_id: FromPath[UUID], data: JSONBody[Delivery | None] = None
    ) -> OfferChanged:
        """Say that the part is there and does what the idea needs: those who offered it, or those who asked for it."""
        delivery = data or Delivery()
        link = delivery.link.strip() if delivery.link else None
        return await deliver_offer(request, offer_id, link, delivery.note.strip())

    @get(
        "/me/offers",
        operation_id="listMyOffers",
        summary="What do I offer?",
        responses=read_answers(OfferRows, examples.OFFERS, 401, 403),
    )
    async def list_my_offers(
        self,
        request: ApiRequest,
        *,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> OfferRows:
        """List what you offered for yourself, the last first; what an organisation offers is listed with it."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        person_id = actor_of(request).person_id
        return await offers_of_person(resources.pool, person_id, limit=limit, cursor=cursor or None)

    @get(
        "/organisations/{organisation_id:uuid}/offers",
        operation_id="listOrganisationOffers",
        summary="What an organisation offers",
        responses=read_answers(OfferRows, examples.OFFERS, 404),
    )
    async def list_organisation_offers(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> OfferRows:
        """List what an organisation offered, the last first."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        rows = await offers_of_organisation(
            resources.pool, organisation_id, limit=limit, cursor=cursor or None
        )
        if not rows.items:
            await _require_organisation(request, organisation_id)
        return rows

    @get(
        "/organisations/{organisation_id:uuid}/openings",
        operation_id="listOpenings",
        summary="Needs an organisation might cover",
        responses=read_answers(Openings, examples.OPENINGS, 404),
    )
    async def list_openings(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        limit: Limit = OPENINGS_MAX,
        min_position: MinPosition = None,
    ) -> Openings:
        """List needs that an organisation might cover, going by what it offered before; at most 50, each with why."""
        resources = resources_of(request)
        await caught_up(resources, "coverage", min_position)
        items = await openings(resources.pool, organisation_id, limit=limit)
        if not items:
            await _require_organisation(request, organisation_id)
        return Openings(items=items)


async def _require_organisation(request: ApiRequest, organisation_id: UUID) -> None:
    if not await resources_of(request).store.read_stream(organisation_stream(organisation_id), limit=1):
        raise NotFoundException(detail="There is no such organisation.")
