"""Invitations to act for an organisation: sent by its administrators, accepted by whom they were sent to."""

from collections.abc import Callable
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct
from msgspec.structs import replace

from app.access.accounts import email_of, name_of
from app.access.addresses import checked_address
from app.access.invitations import Invitation, Invited, InvitedAnotherError, NewInvitation
from app.access.signing_in import note_verified
from app.command_handling import Cause
from app.folding import folded
from app.http import examples
from app.http.bodies import strictly
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.organisation_bodies import InvitationToAccept, InvitationToSend
from app.http.organisations import OrganisationChanged
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from domain.organisation import ORGANISATION, AddMember, OrganisationUnknownError, Registered
from events.envelope import IdempotencyKey
from events.streams import new_id, organisation_stream

_SOMEBODY = "An administrator"


class InvitationChanged(Written, frozen=True, kw_only=True):
    """An invitation was sent or withdrawn."""

    invitation_id: UUID


class OpenInvitations(Struct, frozen=True, kw_only=True):
    """The invitations that can still be accepted, the newest first."""

    items: list[Invitation]
    next_cursor: str | None = None


class InvitationController(Controller):
    """The routes of invitations."""

    path = "/api/v1"
    tags = ("organisations",)

    @get(
        "/organisations/{organisation_id:uuid}/invitations",
        operation_id="listInvitations",
        summary="Open invitations",
        responses=read_answers(OpenInvitations, examples.INVITATIONS, 404),
    )
    async def list_invitations(self, request: ApiRequest, organisation_id: FromPath[UUID]) -> OpenInvitations:
        """List the open invitations of an organisation you administer; addresses are hinted at."""
        return OpenInvitations(items=await resources_of(request).invitations.open_ones(organisation_id))

    @post(
        "/organisations/{organisation_id:uuid}/invitations",
        operation_id="sendInvitation",
        summary="Invite somebody",
        before_request=strictly(InvitationToSend),
        operation_class=writing(examples.INVITATION_TO_SEND),
        responses=write_answers(InvitationChanged, examples.INVITATION_CHANGED, 404, status=201),
    )
    async def send_invitation(
        self, request: ApiRequest, organisation_id: FromPath[UUID], data: JSONBody[InvitationToSend]
    ) -> InvitationChanged:
        """Mail a link to somebody who shall act for an organisation you administer; it works once, for 14 days."""
        resources = resources_of(request)
        this = await attempt(request, InvitationChanged)
        invitation_id = this.key or new_id()
        await send(
            resources,
            organisation_id,
            data,
            invited_by=actor_of(request).person_id,
            invitation_id=invitation_id,
            fingerprint=this.fingerprint,
        )
        return InvitationChanged(position=await resources.store.head(), invitation_id=invitation_id)

    @delete(
        "/organisations/{organisation_id:uuid}/invitations/{invitation_id:uuid}",
        status_code=200,
        operation_id="withdrawInvitation",
        summary="Withdraw an invitation",
        operation_class=writing(),
        responses=write_answers(InvitationChanged, examples.INVITATION_CHANGED, 404),
    )
    async def withdraw_invitation(
        self, request: ApiRequest, organisation_id: FromPath[UUID], invitation_id: FromPath[UUID]
    ) -> InvitationChanged:
        """End an invitation, so that its link is good for nothing. It takes no body."""
        resources = resources_of(request)
        # It may be done as often as one likes, with a key or without; one that is none is refused all the same.
        await attempt(request, InvitationChanged)
        await resources.invitations.withdraw(organisation_id, invitation_id)
        return InvitationChanged(position=await resources.store.head(), invitation_id=invitation_id)

    @post(
        "/invitations/accept",
        status_code=200,
        operation_id="acceptInvitation",
        summary="Accept an invitation",
        before_request=strictly(InvitationToAccept),
        operation_class=writing(examples.INVITATION_TO_ACCEPT),
        responses=write_answers(OrganisationChanged, examples.ORGANISATION_CHANGED, 404),
    )
    async def accept_invitation(
        self, request: ApiRequest, data: JSONBody[InvitationToAccept]
    ) -> OrganisationChanged:
        """Accept an invitation that was sent to your own e-mail address; `token` is the end of its link."""
        this = await attempt(request, OrganisationChanged)
        if (earlier := await this.earlier()) is not None:
            return earlier
        person = actor_of(request).person_id
        return await accept(
            resources_of(request),
            data.token,
            person_id=person,
            cause=cause_of(request, person),
            keeping=this.keeping,
        )


async def send(
    resources: Resources,
    organisation_id: UUID,
    data: InvitationToSend,
    *,
    invited_by: UUID,
    invitation_id: UUID,
    fingerprint: bytes = b"",
) -> None:
    """Invite somebody to act for an organisation.

    Raises:
        TooManyRequestsError: this address was invited often enough for today.
        DomainError: there is no such organisation, or it has too many open invitations.
        LogUnavailableError: the database cannot be reached.
    """
    await resources.limits.require("sendInvitation", key=checked_address(data.email).casefold())
    state = (await folded(resources.store, ORGANISATION, organisation_stream(organisation_id))).state
    if not isinstance(state, Registered):
        raise OrganisationUnknownError
    await resources.invitations.send(
        NewInvitation(
            invitation_id=invitation_id,
            organisation_id=organisation_id,
            organisation=state.name,
            email=data.email,
            roles=tuple(data.roles),
            invited_by=invited_by,
            inviter=await name_of(resources.pool, invited_by) or _SOMEBODY,
            fingerprint=fingerprint,
        )
    )


async def is_for(resources: Resources, invited: Invited, person_id: UUID) -> bool:
    """Tell whether an invitation was sent to a person's own address."""
    email = await email_of(resources.pool, person_id)
    return email is not None and resources.invitations.is_for(invited, email)


async def accept(
    resources: Resources,
    word: str,
    *,
    person_id: UUID,
    cause: Cause,
    keeping: Callable[[OrganisationChanged], IdempotencyKey | None] = lambda _: None,
) -> OrganisationChanged:
    """Use an invitation up, and record that the person acts for the organisation and was vouched for.

    Raises:
        DomainError: the invitation is no longer good, was sent to another address, or its sender is gone.
        LogUnavailableError: the database cannot be reached.
    """
    email = await email_of(resources.pool, person_id)
    if email is None:
        raise InvitedAnotherError
    invited = await resources.invitations.claim(word, email=email, person_id=person_id)
    answer = OrganisationChanged(position=0, organisation_id=invited.organisation_id)
    try:
        handled = await resources.handler.handle(
            ORGANISATION,
            organisation_stream(invited.organisation_id),
            AddMember(
                now=now(),
                organisation_id=invited.organisation_id,
                person_id=person_id,
                roles=invited.roles,
                invited_by=invited.invited_by,
            ),
            cause=cause,
            key=keeping(answer),
        )
    except Exception:
        await resources.invitations.give_back(invited.invitation_id, person_id=person_id)
        raise
    name = await name_of(resources.pool, person_id) or ""
    await note_verified(resources.handler, person_id, name=name, how="invitation", cause=cause)
    return replace(answer, position=handled.position)
