"""An organisation is registered, revised, and acts through its members, of whom one at least administers it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationEvent,
    OrganisationRegistered,
    OrganisationRevised,
    OrganisationRole,
)

ROLES: tuple[OrganisationRole, ...] = get_args(OrganisationRole)
"""Every role there is, in the order in which they are kept."""


class RegisterOrganisation(Command, frozen=True, kw_only=True):
    """Register an organisation; who does is its first administrator, and has the other roles named."""

    organisation_id: UUID
    person_id: UUID
    name: str
    org_id: str | None = None
    website: str | None = None
    roles: tuple[OrganisationRole, ...] = ()


class ReviseOrganisation(Command, frozen=True, kw_only=True):
    """Give an organisation another name or website."""

    organisation_id: UUID
    by: UUID
    name: str
    website: str | None


class AddMember(Command, frozen=True, kw_only=True):
    """Take in a person whom an administrator invited; a member gets the roles on top of theirs."""

    organisation_id: UUID
    person_id: UUID
    roles: tuple[OrganisationRole, ...]
    invited_by: UUID


class AppointAdministrator(Command, frozen=True, kw_only=True):
    """Put a person in charge, as the operator of the installation: when nobody can, or a stranger registered it."""

    organisation_id: UUID
    person_id: UUID


class ChangeRoles(Command, frozen=True, kw_only=True):
    """Give a member these roles and no others."""

    organisation_id: UUID
    person_id: UUID
    roles: tuple[OrganisationRole, ...]
    by: UUID


class RemoveMember(Command, frozen=True, kw_only=True):
    """End a membership: one's own, or as an administrator somebody else's."""

    organisation_id: UUID
    person_id: UUID
    by: UUID


OrganisationCommand: TypeAlias = (
    RegisterOrganisation | ReviseOrganisation | AddMember | AppointAdministrator | ChangeRoles | RemoveMember
)


class Unregistered(Struct, frozen=True):
    """No organisation yet."""


class Registered(Struct, frozen=True, kw_only=True):
    """An organisation, and what each of its members may do for it."""

    organisation_id: UUID
    name: str
    registered_by: UUID
    org_id: str | None = None
    website: str | None = None
    members: dict[UUID, tuple[OrganisationRole, ...]] = {}

    def roles_of(self, person_id: UUID) -> tuple[OrganisationRole, ...]:
        """Give a person's roles; none for who is not a member."""
        return self.members.get(person_id, ())


OrganisationState: TypeAlias = Unregistered | Registered


class OrganisationUnknownError(DomainError):
    """There is no such organisation."""


class OrganisationRegisteredBeforeError(DomainError):
    """This organisation is registered already; ask one of its administrators to invite you."""


class NotAnAdministratorError(DomainError):
    """Only an administrator of the organisation can do this."""


class InviterGoneError(DomainError):
    """Whoever invited you no longer administers this organisation; ask for a new invitation."""


class NotAMemberError(DomainError):
    """This person is not a member of the organisation; invite them first."""


class LastAdministratorError(DomainError):
    """An organisation needs an administrator; make somebody else one first."""


def decide(command: OrganisationCommand, state: OrganisationState) -> Sequence[OrganisationEvent]:
    """Decide what a command about an organisation causes."""
    match state:
        case Unregistered():
            return _decide_registering(command)
        case Registered():
            return _decide_registered(command, state)
        case _:
            assert_never(state)


def _decide_registering(command: OrganisationCommand) -> Sequence[OrganisationEvent]:
    if not isinstance(command, RegisterOrganisation):
        raise OrganisationUnknownError
    return [
        OrganisationRegistered(
            organisation_id=command.organisation_id,
            name=command.name,
            registered_by=command.person_id,
            org_id=command.org_id,
            website=command.website,
            occurred_at=command.now,
        ),
        MemberAdded(
            organisation_id=command.organisation_id,
            person_id=command.person_id,
            roles=_ordered((*command.roles, "admin")),
            occurred_at=command.now,
        ),
    ]


def _decide_registered(command: OrganisationCommand, state: Registered) -> Sequence[OrganisationEvent]:
    # What is so already causes nothing, even where whoever asks could no longer make it so.
    match command:
        case RegisterOrganisation(person_id=person_id):
            if person_id != state.registered_by:
                raise OrganisationRegisteredBeforeError
            return []
        case ReviseOrganisation(name=name, website=website):
            if (name, website) == (state.name, state.website):
                return []
            _require_administrator(command.by, state)
            return [
                OrganisationRevised(
                    organisation_id=state.organisation_id,
                    name=name,
                    website=website,
                    occurred_at=command.now,
                )
            ]
        case AddMember():
            return _decide_adding(command, state)
        case AppointAdministrator(person_id=person_id, now=now):
            return _joining(state, person_id, (*state.roles_of(person_id), "admin"), by=None, at=now)
        case ChangeRoles():
            return _decide_changing(command, state)
        case RemoveMember(person_id=person_id, by=by):
            if person_id not in state.members:
                return []
            if by != person_id:
                _require_administrator(by, state)
            _require_another_administrator(person_id, state)
            return [
                MemberRemoved(
                    organisation_id=state.organisation_id,
                    person_id=person_id,
                    removed_by=by,
                    occurred_at=command.now,
                )
            ]
        case _:
            assert_never(command)


def _decide_adding(command: AddMember, state: Registered) -> Sequence[OrganisationEvent]:
    roles = (*state.roles_of(command.person_id), *command.roles)
    added = _joining(state, command.person_id, roles, by=command.invited_by, at=command.now)
    if added and "admin" not in state.roles_of(command.invited_by):
        raise InviterGoneError
    return added


def _joining(
    state: Registered,
    person_id: UUID,
    roles: Iterable[OrganisationRole],
    *,
    by: UUID | None,
    at: datetime,
) -> Sequence[OrganisationEvent]:
    """Make somebody with these roles of whoever they are so far."""
    present, wanted = state.roles_of(person_id), _ordered(roles)
    if wanted == present:
        return []
    identifier = state.organisation_id
    if present:
        return [
            MemberRoleChanged(organisation_id=identifier, person_id=person_id, roles=wanted, occurred_at=at)
        ]
    return [
        MemberAdded(
            organisation_id=identifier, person_id=person_id, roles=wanted, invited_by=by, occurred_at=at
        )
    ]


def _decide_changing(command: ChangeRoles, state: Registered) -> Sequence[OrganisationEvent]:
    roles = _ordered(command.roles)
    if state.roles_of(command.person_id) == roles:
        return []
    _require_administrator(command.by, state)
    if command.person_id not in state.members:
        raise NotAMemberError
    if "admin" not in roles:
        _require_another_administrator(command.person_id, state)
    return [
        MemberRoleChanged(
            organisation_id=state.organisation_id,
            person_id=command.person_id,
            roles=roles,
            occurred_at=command.now,
        )
    ]


def _require_administrator(person_id: UUID, state: Registered) -> None:
    if "admin" not in state.roles_of(person_id):
        raise NotAnAdministratorError


def _require_another_administrator(person_id: UUID, state: Registered) -> None:
    administrators = {person for person, roles in state.members.items() if "admin" in roles}
    if administrators == {person_id}:
        raise LastAdministratorError


def _ordered(roles: Iterable[OrganisationRole]) -> tuple[OrganisationRole, ...]:
    """Write roles the one way they are kept; everybody with a role is a member."""
    held = {"member", *roles}
    return tuple(role for role in ROLES if role in held)


def evolve(state: OrganisationState, event: OrganisationEvent) -> OrganisationState:
    """Work out the organisation after an event."""
    if isinstance(event, OrganisationRegistered):
        return Registered(
            organisation_id=event.organisation_id,
            name=event.name,
            registered_by=event.registered_by,
            org_id=event.org_id,
            website=event.website,
        )
    if isinstance(state, Unregistered):
        return state
    match event:
        case OrganisationRevised(name=name, website=website):
            return replace(state, name=name, website=website)
        case (
            MemberAdded(person_id=person_id, roles=roles)
            | MemberRoleChanged(person_id=person_id, roles=roles)
        ):
            return replace(state, members={**state.members, person_id: roles})
        case MemberRemoved(person_id=person_id):
            others = {person: roles for person, roles in state.members.items() if person != person_id}
            return replace(state, members=others)
        case _:
            assert_never(event)


ORGANISATION: Decider[OrganisationCommand, OrganisationState, OrganisationEvent] = Decider(
    decide, evolve, Unregistered()
)
