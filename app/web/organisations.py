"""The pages of organisations: find and register them, and say who acts for them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.accounts import checked_name, names_of
from app.command_handling import Handled
from app.folding import Folded, folded
from app.http.forms import form_of
from app.http.invitations import send
from app.http.organisation_bodies import (
    InvitationToSend,
    NewOrganisation,
    OrganisationChanges,
    registration,
    website_of,
)
from app.http.organisations import change_roles, remove_member
from app.http.problems import FieldProblem
from app.http.resources import actor_of, cause_of, now, resources_of, visitor_of
from app.web.addresses import local_path, member_href, organisation_href, organisations_href
from app.web.organisation_views import (
    ROLES,
    MemberLine,
    MemberPage,
    NewOrganisationPage,
    OrganisationLine,
    OrganisationPage,
    OrganisationsPage,
    role_choices,
    roles_in_words,
)
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.organisation import (
    ORGANISATION,
    LastAdministratorError,
    OrganisationCommand,
    OrganisationRegisteredBeforeError,
    OrganisationState,
    OrganisationUnknownError,
    Registered,
    ReviseOrganisation,
)
from events.codes.org_ids import page_of, register_of
from events.contracts import OrganisationRole
from events.streams import new_id, organisation_stream
from projections.cursors import BadCursorError
from projections.language import N_
from projections.language import gettext as _
from projections.organisations.queries import organisations

_LINES = 50
_SHOWN_MAX = 200
_TYPED_MAX = 600
_SOMEBODY = N_("Somebody without an account")
_SAID: Mapping[str, str] = {
    "registered": N_("It is registered, and you administer it."),
    "revised": N_("The changes are saved."),
    "invited": N_("The invitation is on its way by mail. It can be accepted for 14 days."),
    "withdrawn": N_("The invitation is withdrawn: its link is good for nothing any more."),
    "roles": N_("The roles are changed. They hold from now on."),
    "removed": N_("They do not act for the organisation any more."),
    "left": N_("You have left. You do not act for the organisation any more."),
    "joined": N_("You act for the organisation now."),
}


@get("/organisations", include_in_schema=False)
async def show_organisations(request: PageRequest) -> Response[bytes]:
    """List organisations by name; a cursor that leads nowhere shows the first page."""
    pool, q = resources_of(request).pool, _typed(request.query_params.get("q", ""))
    cursor = request.query_params.get("cursor")
    try:
        rows = await organisations(pool, q=q, limit=_LINES, cursor=cursor or None)
    except BadCursorError:
        cursor = None
        rows = await organisations(pool, q=q, limit=_LINES)
    page = OrganisationsPage(
        q=q,
        lines=[
            OrganisationLine(
                href=organisation_href(row.organisation_id),
                name=row.name,
                org_id=row.org_id,
                members=row.members,
            )
            for row in rows.items
        ],
        next_href=organisations_href(q, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=organisations_href(q) if cursor else None,
    )
    return await show(request, "organisations.html", page)


@get("/organisations/new", include_in_schema=False)
async def show_new_organisation(request: PageRequest) -> Response[bytes]:
    """Ask for what is needed to register an organisation."""
    back = _back(request.query_params)
    # Who was sent here needs money that they may commit.
    page = NewOrganisationPage(roles=role_choices(("funder",) if back else ()), next=back)
    return await show(request, "organisation_new.html", page)


@post("/organisations", include_in_schema=False)
async def register_my_organisation(request: PageRequest) -> Response[bytes]:
    """Register an organisation that one acts for, and see it, or go back to where one needed it."""
    form = await form_of(request)
    body = NewOrganisation(
        name=form.get("name", ""),
        org_id=form.get("org_id", "").strip() or None,
        website=form.get("website", "").strip() or None,
        roles=[role for role in _roles_in(form) if role != "admin"],
    )
    if faults := list(body.faults()):
        return await _not_registered(request, form, _by_field(faults), status=400)
    command = registration(body, person_id=actor_of(request).person_id, now=now())
    try:
        done = await _handled(request, command)
    except OrganisationRegisteredBeforeError as error:
        return await _not_registered(request, form, {"org_id": _(str(error))}, status=409)
    if back := _back(form):
        return seen_elsewhere(f"{back}{'&' if '?' in back else '?'}min_position={done.position}")
    return _seen(command.organisation_id, "registered")


@get("/organisations/{organisation_id:uuid}", include_in_schema=False)
async def show_organisation(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Show an organisation, with as much as whoever looks at it may know."""
    said = _SAID.get(request.query_params.get("said", ""))
    return await _organisation(request, organisation_id, said=_(said) if said else None)


@post("/organisations/{organisation_id:uuid}/revise", include_in_schema=False)
async def revise_our_organisation(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Give an organisation another name or website."""
    form = await form_of(request)
    body = OrganisationChanges(name=form.get("name", ""), website=form.get("website", ""))
    if faults := list(body.faults()):
        return await _organisation(
            request,
            organisation_id,
            status=400,
            errors=_by_field(faults),
            new_name=_typed(form.get("name", "")),
            new_website=_typed(form.get("website", "")),
        )
    command = ReviseOrganisation(
        now=now(),
        organisation_id=organisation_id,
        by=actor_of(request).person_id,
        name=checked_name(form.get("name", "")),
        website=website_of(form.get("website", "")),
    )
    await _handled(request, command)
    return _seen(organisation_id, "revised")


@post("/organisations/{organisation_id:uuid}/invitations", include_in_schema=False)
async def invite_somebody(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Mail an invitation."""
    form = await form_of(request)
    body = InvitationToSend(email=form.get("email", ""), roles=_roles_in(form))
    if faults := list(body.faults()):
        return await _organisation(
            request,
            organisation_id,
            status=400,
            errors=_by_field(faults),
            email=_typed(form.get("email", "")),
            roles=role_choices(body.roles),
        )
    by = actor_of(request).person_id
    await send(resources_of(request), organisation_id, body, invited_by=by, invitation_id=new_id())
    return _seen(organisation_id, "invited")


@post(
    "/organisations/{organisation_id:uuid}/invitations/{invitation_id:uuid}/withdraw", include_in_schema=False
)
async def withdraw_our_invitation(
    request: PageRequest, organisation_id: FromPath[UUID], invitation_id: FromPath[UUID]
) -> Response[bytes]:
    """End an invitation."""
    await resources_of(request).invitations.withdraw(organisation_id, invitation_id)
    return _seen(organisation_id, "withdrawn")


@get("/organisations/{organisation_id:uuid}/members/{person_id:uuid}", include_in_schema=False)
async def show_member(
    request: PageRequest, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Response[bytes]:
    """Show a member, and ask what to change."""
    return await _member(request, organisation_id, person_id)


@post("/organisations/{organisation_id:uuid}/members/{person_id:uuid}/roles", include_in_schema=False)
async def change_our_member(
    request: PageRequest, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Response[bytes]:
    """Give a member the roles that were chosen, and no others."""
    roles = tuple(_roles_in(await form_of(request)))
    try:
        await change_roles(request, organisation_id, person_id, roles)
    except LastAdministratorError as error:
        return await _member(request, organisation_id, person_id, error=_(str(error)), status=409)
    return _seen(organisation_id, "roles")


@post("/organisations/{organisation_id:uuid}/members/{person_id:uuid}/end", include_in_schema=False)
async def end_membership(
    request: PageRequest, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Response[bytes]:
    """Leave an organisation, or as its administrator remove somebody."""
    try:
        await remove_member(request, organisation_id, person_id)
    except LastAdministratorError as error:
        return await _member(request, organisation_id, person_id, error=_(str(error)), status=409)
    return _seen(organisation_id, "left" if person_id == actor_of(request).person_id else "removed")


ORGANISATION_PAGES = (
    *(show_organisations, show_new_organisation, register_my_organisation, show_organisation),
    *(revise_our_organisation, invite_somebody, withdraw_our_invitation),
    *(show_member, change_our_member, end_membership),
)


async def _not_registered(
    request: PageRequest, form: Mapping[str, str], errors: Mapping[str, str], *, status: int
) -> Response[bytes]:
    page = NewOrganisationPage(
        roles=role_choices(_roles_in(form)),
        errors=errors,
        next=_back(form),
        **{name: _typed(form.get(name, "")) for name in ("name", "org_id", "website")},
    )
    return await show(request, "organisation_new.html", page, status=status)


async def _organisation(
    request: PageRequest, organisation_id: UUID, *, status: int = 200, **changes: Any
) -> Response[bytes]:
    """Show an organisation as its stream has it, so that whoever changed something sees it changed."""
    resources, visitor = resources_of(request), visitor_of(request)
    found = await _found(request, organisation_id)
    state: Registered = found.state
    roles = state.roles_of(visitor.person_id) if visitor else ()
    administers = "admin" in roles
    register = register_of(state.org_id) if state.org_id else None
    shown: dict[str, Any] = {
        "new_name": state.name,
        "new_website": state.website or "",
        "roles": role_choices(()),
        **changes,
    }
    page = OrganisationPage(
        href=organisation_href(organisation_id),
        name=state.name,
        org_id=state.org_id,
        register=register.name if register else None,
        register_href=page_of(state.org_id) if state.org_id else None,
        website=state.website,
        registered_at=found.events[0].data.occurred_at,
        member_count=len(state.members),
        members=await _members(request, organisation_id, state) if roles else (),
        is_member=bool(roles),
        is_administrator=administers,
        invitations=await resources.invitations.open_ones(organisation_id) if administers else (),
        **shown,
    )
    return await show(request, "organisation.html", page, status=status)


async def _members(request: PageRequest, organisation_id: UUID, state: Registered) -> Sequence[MemberLine]:
    shown, oneself = list(state.members.items())[:_SHOWN_MAX], actor_of(request).person_id
    names = await names_of(resources_of(request).pool, [person_id for person_id, _ in shown])
    return [
        MemberLine(
            person_id=person_id,
            name=names.get(person_id) or _(_SOMEBODY),
            roles=roles_in_words(roles),
            is_oneself=person_id == oneself,
            href=member_href(organisation_id, person_id),
        )
        for person_id, roles in shown
    ]


async def _member(
    request: PageRequest,
    organisation_id: UUID,
    person_id: UUID,
    *,
    error: str | None = None,
    status: int = 200,
) -> Response[bytes]:
    state: Registered = (await _found(request, organisation_id)).state
    oneself, held = actor_of(request).person_id, state.roles_of(person_id)
    administers = "admin" in state.roles_of(oneself)
    if not held or not (administers or person_id == oneself):
        raise NotFoundException
    names = await names_of(resources_of(request).pool, [person_id])
    page = MemberPage(
        href=member_href(organisation_id, person_id),
        organisation=state.name,
        organisation_href=organisation_href(organisation_id),
        name=names.get(person_id) or _(_SOMEBODY),
        is_oneself=person_id == oneself,
        can_change=administers,
        held=roles_in_words(held),
        roles=role_choices(held),
        error=error,
    )
    return await show(request, "member.html", page, status=status)


async def _found(request: PageRequest, organisation_id: UUID) -> Folded[Any]:
    found = await folded(resources_of(request).store, ORGANISATION, organisation_stream(organisation_id))
    if not isinstance(found.state, Registered):
        raise OrganisationUnknownError
    return found


async def _handled(request: PageRequest, command: OrganisationCommand) -> Handled[OrganisationState]:
    stream, by = organisation_stream(command.organisation_id), actor_of(request).person_id
    handler = resources_of(request).handler
    return await handler.handle(ORGANISATION, stream, command, cause=cause_of(request, by))


def _back(asked: Mapping[str, str]) -> str:
    """Tell where somebody wants to be led afterwards; empty where nowhere in particular."""
    back = local_path(asked.get("next", "/"))
    return "" if back == "/" else back


def _roles_in(form: Mapping[str, str]) -> list[OrganisationRole]:
    return [role for role in ROLES if form.get(f"role-{role}")]


def _by_field(faults: Sequence[FieldProblem]) -> Mapping[str, str]:
    return {fault.path: fault.message for fault in reversed(faults)}


def _typed(text: str) -> str:
    """Give back what somebody typed, as far as a page can show it."""
    return text.replace("\0", "")[:_TYPED_MAX]


def _seen(organisation_id: UUID, said: str) -> Response[bytes]:
    return seen_elsewhere(f"{organisation_href(organisation_id)}?said={said}")
