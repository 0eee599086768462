"""Offers as pages: make one, see it, change it, answer it; and what an organisation offers."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.accounts import names_of
from app.access.actor import Actor
from app.access.relations import RoleNeededError, require_role
from app.http.bodies import REASON_MAX
from app.http.forms import form_of
from app.http.offer_bodies import Delivery, money_of, new_part
from app.http.offer_commands import (
    OfferChanged,
    accept_offer,
    decline_offer,
    deliver_offer,
    make_offer,
    revise_offer,
    withdraw_offer,
)
from app.http.offer_preview import coverage_preview
from app.http.resources import Resources, actor_of, resources_of, visitor_of
from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.offering import idea_at_hand
from app.web.addresses import idea_href, offer_href
from app.web.need_kinds import kind_choices
from app.web.offer_forms import offer_in, preview_in, typed_of
from app.web.offer_views import CoverageView, OfferFormPage, TypedOffer
from app.web.present_offers import by_of, coverage_view, offer_view, offers_view, part_view
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.decider import DomainError
from domain.offer import OfferedPart
from projections.coverage.queries import (
    IdeaCoverage,
    OfferRow,
    of_idea,
    offer,
    offers_of_organisation,
    openings,
)
from projections.cursors import BadCursorError
from projections.idea_board.queries import titles_of
from projections.idea_detail.queries import IdeaDetail, idea
from projections.language import gettext as _
from projections.organisations.queries import of_person, organisation
from projections.stage import ENDS

OFFERS_SHOWN = 50
OPENINGS_SHOWN = 10


@get("/offers/new", include_in_schema=False)
async def show_new_offer(request: PageRequest) -> Response[bytes]:
    """Show the form of an offer on the idea that the address names."""
    found, covered = await _idea_in(request)
    return await _form(request, found, covered, TypedOffer(fields={"currency": "GBP"}))


@post("/offers/new", include_in_schema=False)
async def make_my_offer(request: PageRequest) -> Response[bytes]:
    """Make an offer, or show what coverage it would give; whatever was typed is kept."""
    form = await form_of(request)
    found, covered = await _idea_in(request)
    if form.get("act") == "preview":
        return await _previewed(request, found, covered, form)
    body, typed = offer_in(form)
    if body is None:
        return await _form(request, found, covered, typed, status=400)
    try:
        done = await make_offer(request, found.idea_id, new_part(body), body.organisation_id)
    except (DomainError, RoleNeededError) as error:
        return await _form(request, found, covered, typed, refused=_(str(error)), status=409)
    return _back(done)


@get("/offers/{offer_id:uuid}", include_in_schema=False)
async def show_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Show one offer, and what the reader may do about it."""
    await until_seen(request, "coverage", "idea_detail")
    return await _offer(request, offer_id)


@get("/offers/{offer_id:uuid}/change", include_in_schema=False)
async def show_offer_change(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Show the form of an offer as it is, to be changed."""
    row = await _row(request, offer_id)
    found, covered = await _idea(request, row.idea_id)
    return await _form(request, found, covered, typed_of(_part_of(row)), changing=offer_id)


@post("/offers/{offer_id:uuid}/change", include_in_schema=False)
async def change_my_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Change an offer, or show what coverage it would give."""
    form, row = await form_of(request), await _row(request, offer_id)
    found, covered = await _idea(request, row.idea_id)
    if form.get("act") == "preview":
        return await _previewed(request, found, covered, form, changing=offer_id)
    body, typed = offer_in(form)
    if body is None:
        return await _form(request, found, covered, typed, changing=offer_id, status=400)
    part = new_part(body)
    changes = {name: getattr(part, name) for name in OfferedPart.__struct_fields__}
    try:
        done = await revise_offer(request, offer_id, changes, _reason(form))
    except (DomainError, RoleNeededError) as error:
        return await _form(
            request, found, covered, typed, changing=offer_id, refused=_(str(error)), status=409
        )
    return _back(done)


@post("/offers/{offer_id:uuid}/accept", include_in_schema=False)
async def accept_my_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Build on an offer, or keep it in reserve."""
    in_reserve = (await form_of(request)).get("standing") == "reserve"
    try:
        return _back(await accept_offer(request, offer_id, "reserve" if in_reserve else "chosen"))
    except DomainError as error:
        return await _offer(request, offer_id, wrong="accept", error=_(str(error)), status=409)


@post("/offers/{offer_id:uuid}/decline", include_in_schema=False)
async def decline_my_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Do without an offer, for a reason."""
    reason = _reason(await form_of(request))
    if not reason:
        return await _offer(request, offer_id, wrong="decline", error=_("Say why."), status=400)
    try:
        return _back(await decline_offer(request, offer_id, reason))
    except DomainError as error:
        return await _offer(request, offer_id, wrong="decline", error=_(str(error)), typed=reason, status=409)


@post("/offers/{offer_id:uuid}/withdraw", include_in_schema=False)
async def withdraw_my_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Take an offer back, for a reason."""
    reason = _reason(await form_of(request))
    if not reason:
        return await _offer(request, offer_id, wrong="withdraw", error=_("Say why."), status=400)
    try:
        return _back(await withdraw_offer(request, offer_id, reason))
    except (DomainError, RoleNeededError) as error:
        return await _offer(
            request, offer_id, wrong="withdraw", error=_(str(error)), typed=reason, status=409
        )


@post("/offers/{offer_id:uuid}/deliver", include_in_schema=False)
async def deliver_my_offer(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Say that the part is there."""
    form = await form_of(request)
    link, note = form.get("link", "").strip(), form.get("note", "")
    body = Delivery(link=link or None, note=note)
    if faults := list(body.faults()):
        error = faults[0].message
        return await _offer(request, offer_id, wrong="deliver", error=error, typed=note, status=400)
    try:
        return _back(await deliver_offer(request, offer_id, body.link, note.strip()))
    except (DomainError, RoleNeededError) as error:
        return await _offer(request, offer_id, wrong="deliver", error=_(str(error)), typed=note, status=409)


@get("/organisations/{organisation_id:uuid}/offers", include_in_schema=False)
async def show_offers(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Show what an organisation offers, and needs that it might cover too."""
    pool, cursor = resources_of(request).pool, request.query_params.get("cursor") or None
    found = await organisation(pool, organisation_id)
    if found is None:
        raise NotFoundException
    try:
        rows = await offers_of_organisation(pool, organisation_id, limit=OFFERS_SHOWN, cursor=cursor)
    except BadCursorError:
        cursor = None
        rows = await offers_of_organisation(pool, organisation_id, limit=OFFERS_SHOWN)
    suggested = [] if cursor else await openings(pool, organisation_id, limit=OPENINGS_SHOWN)
    titles = await titles_of(pool, {one.idea_id for one in rows.items})
    page = offers_view(found.name, organisation_id, rows, suggested, titles, is_first=cursor is None)
    return await show(request, "offers.html", page)


OFFERS = (
    *(show_new_offer, make_my_offer, show_offer, show_offer_change, change_my_offer, accept_my_offer),
    *(decline_my_offer, withdraw_my_offer, deliver_my_offer, show_offers),
)


async def _idea_in(request: PageRequest) -> tuple[IdeaDetail, IdeaCoverage]:
    """Read the idea that an address names."""
    try:
        idea_id = UUID(request.query_params.get("idea", ""))
    except ValueError as error:
        raise NotFoundException from error
    return await _idea(request, idea_id)


async def _idea(request: PageRequest, idea_id: UUID) -> tuple[IdeaDetail, IdeaCoverage]:
    pool = resources_of(request).pool
    found, covered = await idea(pool, idea_id), await of_idea(pool, idea_id)
    if found is None or covered is None:
        raise NotFoundException
    return found, covered


async def _row(request: PageRequest, offer_id: UUID) -> OfferRow:
    row = await offer(resources_of(request).pool, offer_id)
    if row is None:
        raise NotFoundException
    return row


async def _previewed(
    request: PageRequest,
    found: IdeaDetail,
    covered: IdeaCoverage,
    form: Mapping[str, str],
    *,
    changing: UUID | None = None,
) -> Response[bytes]:
    """Show what coverage an offer would give; nothing but the needs it names and what it costs matters for that."""
    asked, typed = preview_in(form)
    if asked is None:
        return await _form(request, found, covered, typed, changing=changing, status=400)
    cost = asked.cost_to_adapt
    try:
        would = await coverage_preview(
            resources_of(request),
            actor_of(request),
            found.idea_id,
            needs=asked.needs,
            cost_to_adapt=None if cost is None else money_of(cost),
            replaced=changing,
        )
    except DomainError as error:
        refused = _(str(error))
        return await _form(request, found, covered, typed, changing=changing, refused=refused, status=409)
    preview = coverage_view(covered, would.then, {need.need_id: need.then for need in would.needs})
    return await _form(request, found, covered, typed, changing=changing, preview=preview)


async def _form(
    request: PageRequest,
    found: IdeaDetail,
    covered: IdeaCoverage,
    typed: TypedOffer,
    *,
    changing: UUID | None = None,
    preview: CoverageView | None = None,
    refused: str | None = None,
    status: int = 200,
) -> Response[bytes]:
    acting = await of_person(resources_of(request).pool, actor_of(request).person_id)
    page = OfferFormPage(
        idea_title=found.title,
        idea_href=idea_href(found.idea_id),
        action=f"{offer_href(changing)}/change"
        if changing
        else f"/offers/new?{urlencode({'idea': found.idea_id})}",
        parts=tuple(part_view(need, ticked=need.need_id in typed.needs) for need in covered.needs),
        organisations=tuple((str(one.organisation_id), one.name) for one in acting if "offers" in one.roles),
        kinds=kind_choices(),
        typed=typed,
        preview=preview,
        refused=refused,
        # Whoever was just refused has typed something, and must not lose it.
        takes_offers=found.stage not in ENDS or refused is not None,
        is_change=changing is not None,
    )
    return await show(request, "offer_form.html", page, status=status)


async def _offer(
    request: PageRequest,
    offer_id: UUID,
    *,
    status: int = 200,
    wrong: str | None = None,
    error: str | None = None,
    typed: str = "",
) -> Response[bytes]:
    resources, row = resources_of(request), await _row(request, offer_id)
    found, covered = await _idea(request, row.idea_id)
    visitor = visitor_of(request)
    page = offer_view(
        row,
        covered.needs,
        idea_title=found.title,
        by=by_of(row, await names_of(resources.pool, [row.made_by])),
        speaks=visitor is not None
        and visitor.person_id in (await idea_at_hand(resources.store, visitor, row.idea_id)).speakers,
        offers=await _offers(resources, visitor, row),
        is_open=found.stage not in ENDS,
        is_sample=found.source is not None and found.source.system == SAMPLE,
        wrong=wrong,
        error=error,
        typed=typed.replace("\0", "")[:REASON_MAX],
    )
    return await show(request, "offer.html", page, status=status)


async def _offers(resources: Resources, visitor: Actor | None, row: OfferRow) -> bool:
    """Tell whether somebody may act for those who made an offer."""
    if visitor is None:
        return False
    if row.organisation_id is None:
        return visitor.person_id == row.made_by
    try:
        await require_role(resources.store, visitor, row.organisation_id, "offers")
    except RoleNeededError:
        return False
    return True


def _part_of(row: OfferRow) -> OfferedPart:
    part, service = row.part, row.part.service
    described = (
        {}
        if service is None
        else {f"service_{name}": getattr(service, name) for name in service.__struct_fields__}
    )
    return OfferedPart(
        needs=tuple(row.needs),
        kind=part.kind,
        title=part.title,
        description=part.description,
        runs_at=part.runs_at,
        users=part.users,
        running_since=part.running_since,
        cost_to_adapt=part.cost_to_adapt,
        weeks_to_adapt=part.weeks_to_adapt,
        licence=part.licence,
        links=part.links,
        **described,
    )


def _reason(form: Mapping[str, str]) -> str:
    return form.get("reason", "").replace("\0", "").strip()[:REASON_MAX]


def _back(done: OfferChanged) -> Response[bytes]:
    return seen_elsewhere(f"{offer_href(done.offer_id)}?{urlencode({'min_position': done.position})}")
