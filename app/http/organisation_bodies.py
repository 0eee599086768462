"""Bodies of requests about organisations and the people who act for them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from msgspec import UNSET, UnsetType, field

from app.access.accounts import EMAIL_LENGTH_MAX, AccountError, checked_name
from app.access.addresses import checked_address
from app.access.look_alikes import deceives
from app.http.bodies import Body, described, fault, text_faults
from app.http.problems import FieldProblem
from app.http.web_addresses import WEB_ADDRESS_MAX, web_address_faults
from domain.organisation import RegisterOrganisation
from events.codes.org_ids import LENGTH_MAX as ORG_ID_MAX
from events.codes.org_ids import fault_of, normalised
from events.contracts import OrganisationRole
from events.streams import new_id, organisation_id
from projections.language import gettext as _

NAME_MAX = 200
TOKEN_MAX = 100

NameText: TypeAlias = Annotated[
    str, described("What people call it.", "Dale Transport Trust", min_length=1, max_length=NAME_MAX)
]
WebsiteText: TypeAlias = Annotated[
    str, described("Its website.", "https://dale.example.org/", max_length=WEB_ADDRESS_MAX)
]
RoleNames: TypeAlias = Annotated[
    list[OrganisationRole],
    described("What a person may do; everybody here is a member.", ["offers"], max_items=4),
]


class NewOrganisation(Body, frozen=True, kw_only=True):
    """An organisation to register. `org_id` is its identifier in a public register, if it stands in one."""

    name: NameText
    org_id: (
        Annotated[str, described("An identifier of org-id.guide.", "GB-CHC-1164883", max_length=ORG_ID_MAX)]
        | None
    ) = None
    website: WebsiteText | None = None
    roles: RoleNames = field(default_factory=list)

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the organisation."""
        yield from _name_faults(self.name)
        if self.org_id is not None and (said := fault_of(normalised(self.org_id))) is not None:
            yield fault("org_id", _(said.sentence, **said.values))
        yield from _website_faults(self.website)
        yield from _role_faults(self.roles)


class OrganisationChanges(Body, frozen=True, kw_only=True):
    """What to change about an organisation; what is left out stays, and a `website` of null takes it away."""

    name: NameText | UnsetType = UNSET
    website: WebsiteText | UnsetType | None = UNSET

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes."""
        yield from _name_faults(self.name)
        yield from _website_faults(self.website)


class MemberRoles(Body, frozen=True, kw_only=True):
    """All roles that a member shall have."""

    roles: RoleNames

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the roles."""
        yield from _role_faults(self.roles)


class InvitationToSend(Body, frozen=True, kw_only=True):
    """Whom to invite, and what they shall be able to do."""

    email: Annotated[
        str,
        described("Where to send the link.", "ben@example.org", min_length=3, max_length=EMAIL_LENGTH_MAX),
    ]
    roles: RoleNames = field(default_factory=list)

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the invitation."""
        try:
            checked_address(self.email)
        except AccountError as error:
            yield fault("email", _(str(error)))
        yield from _role_faults(self.roles)


class InvitationToAccept(Body, frozen=True, kw_only=True):
    """The invitation that was mailed: the last part of its link."""

    token: Annotated[
        str,
        described("The last part of the link.", "Zm9yLWEtdGVzdC1vbmx5", min_length=1, max_length=TOKEN_MAX),
    ]

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the token."""
        yield from text_faults("token", self.token, TOKEN_MAX)


def registration(body: NewOrganisation, *, person_id: UUID, now: datetime) -> RegisterOrganisation:
    """Make the command of a body without faults; an org-id decides the identifier, so that there is one with it."""
    org_id = normalised(body.org_id) if body.org_id else None
    return RegisterOrganisation(
        now=now,
        organisation_id=organisation_id(org_id) if org_id else new_id(),
        person_id=person_id,
        name=checked_name(body.name),
        org_id=org_id,
        website=website_of(body.website),
        roles=tuple(body.roles),
    )


def website_of(given: str | None) -> str | None:
    """Write a website the one way it is kept; a blank one is none."""
    return given.strip() or None if given else None


def _name_faults(name: str | UnsetType) -> Iterator[FieldProblem]:
    if isinstance(name, UnsetType):
        return
    if faults := list(text_faults("name", name, NAME_MAX)):
        yield from faults
        return
    try:
        checked = checked_name(name)
    except AccountError as error:
        yield fault("name", _(str(error)))
        return
    if deceives(checked):
        yield fault(
            "name",
            _("It mixes letters of different alphabets that look alike; write each word in one of them."),
        )


def _website_faults(website: str | UnsetType | None) -> Iterator[FieldProblem]:
    if website and website.strip():
        yield from web_address_faults("website", website)


def _role_faults(roles: Sequence[OrganisationRole]) -> Iterator[FieldProblem]:
    for number, role in enumerate(roles):
        if role in roles[:number]:
            yield fault(f"roles[{number}]", _("It is there twice."))
            return
