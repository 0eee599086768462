"""What the pages of organisations and invitations show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.access.invitations import Invitation
from events.contracts import OrganisationRole
from projections.language import N_
from projections.language import gettext as _

ROLES: Mapping[OrganisationRole, str] = {
    "offers": N_("make offers for it"),
    "funder": N_("commit its money"),
    "admin": N_("administer it: invite people and give roles"),
}
"""What a member may do on top of being one, in words that go on from "may"."""

_SHORT: Mapping[OrganisationRole, str] = {
    "member": N_("member"),
    "offers": N_("makes offers"),
    "funder": N_("commits money"),
    "admin": N_("administers it"),
}


def roles_in_words(roles: Sequence[OrganisationRole]) -> str:
    """Name somebody's roles; that they are a member goes without saying where there is another."""
    named = [_(_SHORT[role]) for role in roles if role != "member"]
    return ", ".join(named) or _(_SHORT["member"])


class RoleChoice(Struct, frozen=True, kw_only=True):
    """A role that can be given, and whether it is."""

    role: OrganisationRole
    meaning: str
    chosen: bool


def role_choices(given: Sequence[str]) -> tuple[RoleChoice, ...]:
    """List the roles that can be given."""
    return tuple(
        RoleChoice(role=role, meaning=_capitalised(_(words)), chosen=role in given)
        for role, words in ROLES.items()
    )


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


class OrganisationLine(Struct, frozen=True, kw_only=True):
    """An organisation in a list: of all, or of those that one acts for, with one's roles."""

    href: str
    name: str
    org_id: str | None = None
    members: int = 0
    roles: str = ""


class OrganisationsPage(Struct, frozen=True, kw_only=True):
    """Organisations by name, those that were searched for alone."""

    q: str
    lines: Sequence[OrganisationLine]
    next_href: str | None = None
    first_href: str | None = None


class NewOrganisationPage(Struct, frozen=True, kw_only=True):
    """A form to register an organisation; `errors` by field are what is wrong with it, `next` is where one needs it."""

    roles: Sequence[RoleChoice]
    name: str = ""
    org_id: str = ""
    website: str = ""
    next: str = ""
    errors: Mapping[str, str] = {}


class MemberLine(Struct, frozen=True, kw_only=True):
    """Somebody who acts for an organisation."""

    person_id: UUID
    name: str
    roles: str
    is_oneself: bool
    href: str


class OrganisationPage(Struct, frozen=True, kw_only=True):
    """An organisation; who acts for it is shown to its members, and what can be changed to its administrators.

    `register` is the register its org-id belongs to. `errors` by field are what is wrong with a form.
    """

    href: str
    name: str
    org_id: str | None
    register: str | None
    register_href: str | None
    website: str | None
    registered_at: datetime
    member_count: int
    members: Sequence[MemberLine]
    is_member: bool
    is_administrator: bool
    invitations: Sequence[Invitation]
    roles: Sequence[RoleChoice]
    new_name: str
    new_website: str
    said: str | None = None
    email: str = ""
    errors: Mapping[str, str] = {}

    @property
    def funder_href(self) -> str:
        """Lead to what it is open to fund, and what it funded before."""
        return self.href.replace("/organisations/", "/funders/", 1)


class MemberPage(Struct, frozen=True, kw_only=True):
    """A member of an organisation, with what can be changed about that."""

    href: str
    organisation: str
    organisation_href: str
    name: str
    is_oneself: bool
    can_change: bool
    held: str
    roles: Sequence[RoleChoice]
    error: str | None = None


class InvitationPage(Struct, frozen=True, kw_only=True):
    """An invitation, with the button that accepts it; or why it cannot be accepted."""

    word: str = ""
    organisation: str = ""
    inviter: str = ""
    roles: Sequence[str] = ()
    is_for_another: bool = False
    error: str | None = None
