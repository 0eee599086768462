"""Streams `organisation-<id>`: a legal body, and the people who act for it."""

from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event

OrganisationRole: TypeAlias = Literal["member", "offers", "funder", "admin"]
"""What a person may do for an organisation: belong to it, make offers, commit money, administer it.

Everybody who belongs to it is a `member`; the others come on top, in this order."""


class OrganisationRegistered(Event, frozen=True, kw_only=True):
    """An organisation was registered, under its identifier in a public register (org-id) if it has one."""

    organisation_id: UUID
    name: str
    registered_by: UUID
    org_id: str | None = None
    website: str | None = None


class OrganisationRevised(Event, frozen=True, kw_only=True):
    """An organisation goes by this name and has this website from now on."""

    organisation_id: UUID
    name: str
    website: str | None = None


class MemberAdded(Event, frozen=True, kw_only=True):
    """A person came to act for an organisation: who registered it, whom an operator appointed, or who accepted an
    invitation.
    """

    organisation_id: UUID
    person_id: UUID
    roles: tuple[OrganisationRole, ...]
    invited_by: UUID | None = None


class MemberRoleChanged(Event, frozen=True, kw_only=True):
    """A person has these roles from now on, and no others."""

    organisation_id: UUID
    person_id: UUID
    roles: tuple[OrganisationRole, ...]


class MemberRemoved(Event, frozen=True, kw_only=True):
    """A person no longer acts for an organisation: they left, or an administrator removed them."""

    organisation_id: UUID
    person_id: UUID
    removed_by: UUID


OrganisationEvent: TypeAlias = (
    OrganisationRegistered | OrganisationRevised | MemberAdded | MemberRoleChanged | MemberRemoved
)
