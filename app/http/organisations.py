"""Organisations: register, find and revise them, and say who acts for them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Struct

from app.access.accounts import checked_name, email_of, names_of
from app.access.relations import require_role
from app.folding import folded
from app.http import examples
from app.http.bodies import strictly
from app.http.etags import is_unchanged, require_match
from app.http.guards import require_fresh
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.organisation_bodies import (
    MemberRoles,
    NewOrganisation,
    OrganisationChanges,
    registration,
    website_of,
)
from app.http.parameters import LIMIT_USUAL, TEXT_MAX, Cursor, IfMatch, IfNoneMatch, Limit, MinPosition, text
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.http.waiting import caught_up
from domain.organisation import (
    ORGANISATION,
    ChangeRoles,
    OrganisationCommand,
    OrganisationUnknownError,
    Registered,
    RemoveMember,
    ReviseOrganisation,
)
from events.contracts import OrganisationRole
from events.streams import organisation_stream
from projections.organisations.queries import (
    OrganisationDetail,
    OrganisationRows,
    members,
    organisation,
    organisations,
)


class OrganisationChanged(Written, frozen=True, kw_only=True):
    """An organisation, or who acts for it, was changed."""

    organisation_id: UUID


class Member(Struct, frozen=True, kw_only=True):
    """Somebody who acts for an organisation, by the name their account has now."""

    person_id: UUID
    name: str | None
    roles: list[OrganisationRole]
    since: datetime


class Members(Struct, frozen=True, kw_only=True):
    """A page of members, the first to come first."""

    items: list[Member]
    next_cursor: str | None


NamePart = Annotated[
    str | None, QueryParameter(max_length=TEXT_MAX, description="A part of the name or the org-id.")
]


class OrganisationController(Controller):
    """The routes of organisations."""

    path = "/api/v1/organisations"
    tags = ("organisations",)

    @get(
        operation_id="listOrganisations",
        summary="All organisations",
        responses=read_answers(OrganisationRows, examples.ORGANISATIONS),
    )
    async def list_organisations(
        self,
        request: ApiRequest,
        *,
        q: NamePart = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> OrganisationRows:
        """List organisations by name, with the number of people who act for each."""
        resources = resources_of(request)
        wanted = text("q", q)
        await caught_up(resources, "organisations", min_position)
        return await organisations(resources.pool, q=wanted, limit=limit, cursor=cursor or None)

    @get(
        "/{organisation_id:uuid}",
        operation_id="getOrganisation",
        summary="One organisation",
        responses=read_answers(OrganisationDetail, examples.ORGANISATION, 404),
    )
    async def get_organisation(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        min_position: MinPosition = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[OrganisationDetail]:
        """Read an organisation. The ETag changes with every change to it and its members."""
        resources = resources_of(request)
        await caught_up(resources, "organisations", min_position)
        found = await organisation(resources.pool, organisation_id)
        if found is None:
            raise NotFoundException(detail="There is no such organisation.")
        etag = f'"{found.version}-{found.position}"'
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers={"etag": etag})  # type: ignore[arg-type]  # It has no body.
        return Response(found, headers={"etag": etag})

    @post(
        operation_id="registerOrganisation",
        summary="Register an organisation",
        before_request=strictly(NewOrganisation),
        operation_class=writing(examples.NEW_ORGANISATION),
        responses=write_answers(OrganisationChanged, examples.ORGANISATION_CHANGED, status=201),
    )
    async def register_organisation(
        self, request: ApiRequest, data: JSONBody[NewOrganisation]
    ) -> OrganisationChanged:
        """Register an organisation you act for; you are its first administrator. An org-id is registered once."""
        person = actor_of(request).person_id
        this = await attempt(request, OrganisationChanged)
        if (earlier := await this.earlier()) is not None:
            return earlier
        command = registration(data, person_id=person, now=now())
        identifier = command.organisation_id
        answer = OrganisationChanged(position=0, organisation_id=identifier)
        handled = await resources_of(request).handler.handle(
            ORGANISATION,
            organisation_stream(identifier),
            command,
            cause=cause_of(request, person),
            key=this.keeping(answer),
            presume_new=True,
        )
        return this.answered(answer, handled)

    @patch(
        "/{organisation_id:uuid}",
        operation_id="reviseOrganisation",
        summary="Revise an organisation",
        before_request=strictly(OrganisationChanges),
        operation_class=writing(examples.ORGANISATION_CHANGES),
        responses=write_answers(OrganisationChanged, examples.ORGANISATION_CHANGED, 404, 412),
    )
    async def revise_organisation(
        self,
        request: ApiRequest,
        organisation_id: FromPath[UUID],
        data: JSONBody[OrganisationChanges],
        if_match: IfMatch = None,
    ) -> OrganisationChanged:
        """Give an organisation you administer another name or website; what you leave out stays as it is."""
        resources, person = resources_of(request), actor_of(request).person_id
        this = await attempt(request, OrganisationChanged)
        if (earlier := await this.earlier()) is not None:
            return earlier
        answer = OrganisationChanged(position=0, organisation_id=organisation_id)

        async def revise() -> OrganisationChanged:
            found = await folded(resources.store, ORGANISATION, organisation_stream(organisation_id))
            if not isinstance(found.state, Registered):
                raise OrganisationUnknownError
            require_match(if_match, found.version)
            handled = await resources.handler.handle(
                ORGANISATION,
                organisation_stream(organisation_id),
                ReviseOrganisation(
                    now=now(),
                    organisation_id=organisation_id,
                    by=person,
                    name=found.state.name if data.name is UNSET else checked_name(data.name),
                    website=found.state.website if data.website is UNSET else website_of(data.website),
                ),
                cause=cause_of(request, person),
                key=this.keeping(answer),
                # What was left out is taken from this version, so it must be the one that is revised.
                expected=found.version,
            )
            return this.answered(answer, handled)

        return await on_the_latest(revise)

    @get(
        "/{organisation_id:uuid}/members",
        operation_id="listMembers",
        summary="Who acts for it",
        responses=read_answers(Members, examples.MEMBERS, 404),
    )
    async def list_members(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> Members:
        """List the members of an organisation you are a member of, with their roles."""
        resources = resources_of(request)
        await caught_up(resources, "organisations", min_position)
        rows = await members(resources.pool, organisation_id, limit=limit, cursor=cursor or None)
        names = await names_of(resources.pool, [row.person_id for row in rows.items])
        return Members(
            items=[
                Member(
                    person_id=row.person_id,
                    name=names.get(row.person_id),
                    roles=row.roles,
                    since=row.since,
                )
                for row in rows.items
            ],
            next_cursor=rows.next_cursor,
        )

    @put(
        "/{organisation_id:uuid}/members/{person_id:uuid}",
        operation_id="changeMember",
        summary="Change a member's roles",
        before_request=strictly(MemberRoles),
        operation_class=writing(examples.MEMBER_ROLES),
        responses=write_answers(OrganisationChanged, examples.ORGANISATION_CHANGED, 404),
    )
    async def change_member(
        self,
        request: ApiRequest,
        organisation_id: FromPath[UUID],
        person_id: FromPath[UUID],
        data: JSONBody[MemberRoles],
    ) -> OrganisationChanged:
        """Give a member these roles and no others; the last administrator stays one."""
        return await change_roles(request, organisation_id, person_id, tuple(data.roles))

    @delete(
        "/{organisation_id:uuid}/members/{person_id:uuid}",
        status_code=200,
        operation_id="removeMember",
        summary="Leave, or remove a member",
        operation_class=writing(),
        responses=write_answers(OrganisationChanged, examples.ORGANISATION_CHANGED, 404),
    )
    async def remove_member(
        self, request: ApiRequest, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
    ) -> OrganisationChanged:
        """Leave an organisation, or as its administrator remove somebody. The last administrator stays.

        It takes no body.
        """
        return await remove_member(request, organisation_id, person_id)


async def change_roles(
    request: ApiRequest, organisation_id: UUID, person_id: UUID, roles: tuple[OrganisationRole, ...]
) -> OrganisationChanged:
    """Give a member these roles and no others, and end their open invitations, which may name more.

    Raises:
        DomainError: there is no such organisation or member, or a rule forbids it.
        LogUnavailableError: the database cannot be reached.
    """
    by = actor_of(request).person_id
    answer = await _change(
        request,
        organisation_id,
        ChangeRoles(now=now(), organisation_id=organisation_id, person_id=person_id, roles=roles, by=by),
    )
    await _end_invitations(resources_of(request), organisation_id, person_id)
    return answer


async def remove_member(request: ApiRequest, organisation_id: UUID, person_id: UUID) -> OrganisationChanged:
    """End a membership, one's own or as an administrator somebody else's, and the open invitations to them.

    Raises:
        DomainError: there is no such organisation, or a rule forbids it.
        RoleNeededError: it is not one's own, and one does not administer the organisation.
        FreshProofError: it is not one's own, and one did not just show that it is oneself.
        LogUnavailableError: the database cannot be reached.
    """
    resources, actor = resources_of(request), actor_of(request)
    if person_id != actor.person_id:
        await require_role(resources.store, actor, organisation_id, "admin")
        require_fresh(resources, actor)
    answer = await _change(
        request,
        organisation_id,
        RemoveMember(now=now(), organisation_id=organisation_id, person_id=person_id, by=actor.person_id),
    )
    await _end_invitations(resources, organisation_id, person_id)
    return answer


async def _end_invitations(resources: Resources, organisation_id: UUID, person_id: UUID) -> None:
    if (email := await email_of(resources.pool, person_id)) is not None:
        await resources.invitations.withdraw_all(organisation_id, email)


async def _change(
    request: ApiRequest, organisation_id: UUID, command: OrganisationCommand
) -> OrganisationChanged:
    this = await attempt(request, OrganisationChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = OrganisationChanged(position=0, organisation_id=organisation_id)
    handled = await resources_of(request).handler.handle(
        ORGANISATION,
        organisation_stream(organisation_id),
        command,
        cause=cause_of(request, actor_of(request).person_id),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)
