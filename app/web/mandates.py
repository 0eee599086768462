"""The pages of funders: who is open to what, a mandate, and the forms by which its funder says and changes it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct
from msgspec.structs import replace

from app.access.fresh_proof import FreshProofError
from app.access.relations import RoleNeededError, may_commit_money
from app.http.forms import form_of
from app.http.guards import require_fresh
from app.http.mandate_bodies import MandateChanges
from app.http.mandates import changed, listed, named_mandate, published, revised
from app.http.past import happened_by, moment_of
from app.http.past_mandates import mandate_as_of
from app.http.resources import actor_of, now, resources_of, visitor_of
from app.suggestion import suggestion_from
from app.web.addresses import confirm_href
from app.web.histories.then import Asked, asked_then, led_to, then_of
from app.web.mandate_form import (
    CURRENCIES,
    FIELDS_MAX,
    Typed,
    code_picker,
    read,
    stage_boxes,
    typed_of,
    typed_suggestion,
)
from app.web.mandate_views import FunderChoice, FundersQuery, MandateFormPage
from app.web.matches import fitting
from app.web.picking import is_search
from app.web.present_mandates import funders_view, mandate_href, mandate_view
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.decider import DomainError
from domain.mandate import CloseMandate, PauseMandate, ResumeMandate
from events.codes.places import is_place
from events.codes.themes import is_theme
from projections.cursors import BadCursorError
from projections.language import gettext as _
from projections.mandates.queries import STATUSES, MandateDetail, MandateFilter, open_by_theme, revisions
from projections.organisations.queries import names_of, of_person
from projections.past_grants.queries import usual_grants

CARDS = 24
REVISIONS = 20
_TYPED_MAX = 6_000
_REASON_MAX = 1_000
_POSITION_DIGITS_MAX = 18
_OPEN_DAYS = 365
"""How long a mandate is open unless its funder says otherwise."""


@get("/funders", include_in_schema=False)
async def show_funders(request: PageRequest) -> Response[bytes]:
    """Show who is open to what; a cursor that leads nowhere shows the first page."""
    resources, query = resources_of(request), _query(request.query_params)
    cursor = request.query_params.get("cursor") or None
    wanted = MandateFilter(
        theme=query.theme,
        place=query.place,
        stage=query.stage,
        status=next((status for status in STATUSES if status == query.status), None),
    )
    try:
        rows = await listed(resources, wanted, CARDS, cursor)
    except BadCursorError:
        cursor = None
        rows = await listed(resources, wanted, CARDS, None)
    is_whole = query == FundersQuery() and cursor is None
    by_theme = await open_by_theme(resources.pool, now=now()) if is_whole else ()
    page = funders_view(query, rows, is_first=cursor is None, by_theme=by_theme)
    return await show(request, "funders.html", page)


@get("/mandates/{mandate_id:uuid}", include_in_schema=False)
async def show_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Show a mandate, now or as it was; its funder finds what can be done about it."""
    href = mandate_href(mandate_id)
    if asked := asked_then(request, mandate_id, href, "mandate"):
        return await _mandate_then(request, asked)
    if led := await led_to(request, mandate_id, href):
        return led
    await until_seen(request, "mandates", "organisations")
    return await _mandate(request, mandate_id)


@get("/mandates/new", include_in_schema=False)
async def show_new_mandate(request: PageRequest) -> Response[bytes]:
    """Show the form of a mandate."""
    await until_seen(request, "organisations")
    chosen = _uuid(request.query_params.get("organisation", ""))
    theirs = await _funders(request, chosen)
    about = next((one.organisation_id for one in theirs if one.selected), None)
    typed, reasons = await _suggested(request, about)
    return await _form(request, _New(chosen), typed, reasons=reasons)


@post("/mandates/new", include_in_schema=False)
async def publish_my_mandate(request: PageRequest) -> Response[bytes]:
    """Publish a mandate, and see it; through an error the form keeps what was typed."""
    form = await form_of(request, most=FIELDS_MAX)
    chosen = _uuid(form.get("organisation", ""))
    if is_search(form):
        return await _form(request, _New(chosen), form)
    typed = read(form, chosen)
    if typed.body is None:
        return await _form(request, _New(chosen), form, typed)
    try:
        require_fresh(resources_of(request), actor_of(request))
        done = await published(request, typed.body)
    except (FreshProofError, RoleNeededError, DomainError) as error:
        return await _form(request, _New(chosen), form, typed, error)
    return _seen(done.mandate_id, done.position)


@get("/mandates/{mandate_id:uuid}/revise", include_in_schema=False)
async def show_revise_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Show the form of a mandate with what it says now."""
    mandate = await named_mandate(resources_of(request), mandate_id)
    return await _form(request, mandate, typed_of(mandate))


@post("/mandates/{mandate_id:uuid}/revise", include_in_schema=False)
async def revise_my_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Revise a mandate, and see it; through an error the form keeps what was typed."""
    form = await form_of(request, most=FIELDS_MAX)
    mandate = await named_mandate(resources_of(request), mandate_id)
    if is_search(form):
        return await _form(request, mandate, form)
    typed = read(form, mandate.organisation_id)
    if typed.body is None:
        return await _form(request, mandate, form, typed)
    said = {
        name: getattr(typed.body, name)
        for name in MandateChanges.__struct_fields__
        if name not in {"reason", "opens_at", "closes_at"}
    }
    # A day that was not touched keeps its time of day.
    before, body = typed_of(mandate), typed.body
    if form.get("opens") != before["opens"]:
        said["opens_at"] = body.opens_at or now()
    if form.get("closes") != before["closes"]:
        said["closes_at"] = body.closes_at
    changes = MandateChanges(**said, reason=form.get("reason", "").strip()[:_REASON_MAX])
    try:
        require_fresh(resources_of(request), actor_of(request))
        done = await revised(request, mandate_id, changes)
    except (FreshProofError, DomainError) as error:
        return await _form(request, mandate, form, typed, error)
    return _seen(done.mandate_id, done.position)


@post("/mandates/{mandate_id:uuid}/pause", include_in_schema=False)
async def pause_my_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Pause a mandate."""
    return await _act(request, mandate_id, PauseMandate)


@post("/mandates/{mandate_id:uuid}/resume", include_in_schema=False)
async def resume_my_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Resume a mandate."""
    return await _act(request, mandate_id, ResumeMandate)


@post("/mandates/{mandate_id:uuid}/close", include_in_schema=False)
async def close_my_mandate(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Close a mandate."""
    return await _act(request, mandate_id, CloseMandate)


MANDATE_PAGES = (
    *(show_funders, show_mandate, show_new_mandate, publish_my_mandate, show_revise_mandate),
    *(revise_my_mandate, pause_my_mandate, resume_my_mandate, close_my_mandate),
)


class _New(Struct, frozen=True):
    """A mandate that is not there yet, of the organisation chosen so far."""

    organisation_id: UUID | None


async def _act(
    request: PageRequest, mandate_id: UUID, kind: type[PauseMandate | ResumeMandate | CloseMandate]
) -> Response[bytes]:
    reason = (await form_of(request)).get("reason", "").replace("\0", "").strip()[:_REASON_MAX]
    try:
        done = await changed(request, kind(now=now(), mandate_id=mandate_id, reason=reason))
    except DomainError as error:
        return await _mandate(request, mandate_id, error=_(str(error)), status=409)
    return _seen(mandate_id, done.position)


async def _mandate(
    request: PageRequest, mandate_id: UUID, *, error: str | None = None, status: int = 200
) -> Response[bytes]:
    resources = resources_of(request)
    mandate = await named_mandate(resources, mandate_id)
    rows = await revisions(resources.pool, mandate_id, limit=REVISIONS)
    names = await names_of(resources.pool, mandate.conditions.with_funders)
    may_act = await _may_act(request, mandate.organisation_id)
    page = mandate_view(mandate, rows.items, names=names, may_act=may_act, error=error)
    matches = await fitting(resources, mandate, names=names, may_pledge=may_act)
    page = replace(page, matches=matches, matches_json_href=f"/api/v1/mandates/{mandate_id}/matches")
    return await show(request, "mandate.html", page, status=status)


async def _mandate_then(request: PageRequest, asked: Asked) -> Response[bytes]:
    resources = resources_of(request)
    then = await then_of(resources, asked)
    moment = await moment_of(resources, asked.as_of)
    mandate, said = await mandate_as_of(resources, asked.subject, happened_by(asked.as_of), moment)
    names = await names_of(resources.pool, mandate.conditions.with_funders)
    page = mandate_view(mandate, said[:REVISIONS], names=names)
    return await show(request, "mandate.html", replace(page, then=then))


async def _may_act(request: PageRequest, organisation_id: UUID) -> bool:
    actor = visitor_of(request)
    return actor is not None and await may_commit_money(resources_of(request).store, actor, organisation_id)


async def _suggested(request: PageRequest, organisation_id: UUID | None) -> tuple[dict[str, str], list[str]]:
    """Begin the form with what a funder's past grants suggest, and say why; with little where none are known."""
    closes = now().date() + timedelta(days=_OPEN_DAYS)
    typed = {"currency": "GBP", "mode": "notify", "veto_hours": "24", "closes": closes.isoformat()}
    usual = await usual_grants(resources_of(request).pool, organisation_id) if organisation_id else None
    if usual is None:
        return typed, []
    suggestion = suggestion_from(usual)
    return typed | typed_suggestion(suggestion), [one.reason for one in suggestion.reasons]


async def _form(
    request: PageRequest,
    about: MandateDetail | _New,
    typed: Mapping[str, str],
    read_so_far: Typed | None = None,
    refused: Exception | None = None,
    *,
    reasons: Sequence[str] = (),
) -> Response[bytes]:
    """Show the form with what was typed; what is wrong is told beside it."""
    errors = read_so_far.errors if read_so_far else {}
    shown = {name: value.replace("\0", "")[:_TYPED_MAX] for name, value in typed.items()}
    needs_proof = isinstance(refused, FreshProofError)
    is_new = isinstance(about, _New)
    page = MandateFormPage(
        action="/mandates/new" if isinstance(about, _New) else f"{mandate_href(about.mandate_id)}/revise",
        typed=shown,
        errors=errors,
        funders=await _funders(request, about.organisation_id) if is_new else (),
        themes=code_picker("theme", shown),
        places=code_picker("place", shown),
        stages=stage_boxes(shown),
        currencies=_currencies(shown),
        revises=None if isinstance(about, _New) else about.title,
        reasons=reasons,
        back_href="/funders" if isinstance(about, _New) else mandate_href(about.mandate_id),
        prove_href=confirm_href("/me") if needs_proof else None,
        error=_(str(refused)) if refused is not None and not needs_proof else None,
    )
    status = 200 if read_so_far is None else 409 if refused is not None else 400
    return await show(request, "mandate_form.html", page, status=status)


async def _funders(request: PageRequest, chosen: UUID | None) -> list[FunderChoice]:
    found = await of_person(resources_of(request).pool, actor_of(request).person_id)
    theirs = [one for one in found if "funder" in one.roles]
    return [
        FunderChoice(
            organisation_id=one.organisation_id,
            name=one.name,
            selected=one.organisation_id == chosen or len(theirs) == 1,
        )
        for one in theirs
    ]


def _currencies(typed: Mapping[str, str]) -> list[str]:
    chosen = typed.get("currency", "")
    return [*CURRENCIES, *([chosen] if chosen and chosen not in CURRENCIES else [])]


def _seen(mandate_id: UUID, position: int) -> Response[bytes]:
    return seen_elsewhere(f"{mandate_href(mandate_id)}?{urlencode({'min_position': position})}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _query(asked: Mapping[str, str]) -> FundersQuery:
    """Read what an address asks for; what cannot be meant is left out."""
    theme, place, stage, status = (asked.get(name, "") for name in ("theme", "place", "stage", "status"))
    return FundersQuery(
        theme=theme if is_theme(theme) else None,
        place=place if is_place(place) else None,
        stage=stage if stage in {"logged", "supported", "shaping", "funding"} else None,
        status=status if status in STATUSES else None,
    )
