"""An organisation acts through its members; one of them at least administers it."""

from typing import Any

import pytest

from domain.organisation import (
    ORGANISATION,
    AddMember,
    AppointAdministrator,
    ChangeRoles,
    InviterGoneError,
    LastAdministratorError,
    NotAMemberError,
    NotAnAdministratorError,
    OrganisationRegisteredBeforeError,
    OrganisationUnknownError,
    RegisterOrganisation,
    RemoveMember,
    ReviseOrganisation,
)
from events.contracts import (
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationRegistered,
    OrganisationRevised,
)
from events.streams import organisation_id
from tests.domain.cast import ADA, BEN, CLEO, LATER, NOON
from tests.spec import given

TRUST = organisation_id("GB-CHC-1234567")
ABOUT: dict[str, Any] = {
    "name": "Dale Trust",
    "org_id": "GB-CHC-1234567",
    "website": "https://dale.example.org/",
}
REGISTERED = OrganisationRegistered(organisation_id=TRUST, registered_by=ADA, **ABOUT, occurred_at=NOON)


def registering(person=ADA, *roles):
    """Want an organisation registered."""
    return RegisterOrganisation(organisation_id=TRUST, person_id=person, roles=roles, **ABOUT, now=NOON)


def added(person, *roles, by=None, at=NOON):
    """Say that somebody became a member."""
    return MemberAdded(
        organisation_id=TRUST, person_id=person, roles=("member", *roles), invited_by=by, occurred_at=at
    )


def changed(person, *roles):
    """Say that a member has these roles now."""
    return MemberRoleChanged(
        organisation_id=TRUST, person_id=person, roles=("member", *roles), occurred_at=LATER
    )


def removed(person, by):
    """Say that a membership ended."""
    return MemberRemoved(organisation_id=TRUST, person_id=person, removed_by=by, occurred_at=LATER)


def adding(person, *roles, by=ADA):
    """Want an invited person taken in."""
    return AddMember(organisation_id=TRUST, person_id=person, roles=roles, invited_by=by, now=LATER)


def changing(person, *roles, by=ADA):
    """Want a member's roles to be these."""
    return ChangeRoles(organisation_id=TRUST, person_id=person, roles=roles, by=by, now=LATER)


def removing(person, by=ADA):
    """Want a membership to end."""
    return RemoveMember(organisation_id=TRUST, person_id=person, by=by, now=LATER)


def revising(name="Dale and Fell Trust", by=ADA):
    """Want another name."""
    return ReviseOrganisation(
        organisation_id=TRUST, by=by, name=name, website="https://dale.example.org/", now=LATER
    )


ALONE = (REGISTERED, added(ADA, "admin"))
WITH_BEN = (*ALONE, added(BEN, "offers", by=ADA))
TWO_ADMINS = (*ALONE, added(BEN, "admin", by=ADA))


def test_who_registers_is_the_first_administrator():
    """An organisation begins with the person who registers it as its administrator."""
    given(ORGANISATION).when(registering()).then(REGISTERED, added(ADA, "admin"))


def test_who_registers_can_take_more_roles():
    """Roles are kept in one order, each once, however they were named."""
    given(ORGANISATION).when(registering(ADA, "funder", "offers", "funder")).then(
        REGISTERED, added(ADA, "offers", "funder", "admin")
    )


def test_an_organisation_is_registered_once():
    """The same person's repetition changes nothing; anybody else is sent to the administrators."""
    given(ORGANISATION, *ALONE).when(registering()).then_nothing()
    given(ORGANISATION, *ALONE).when(registering(BEN)).then_refused(OrganisationRegisteredBeforeError)


@pytest.mark.parametrize("command", [revising(), adding(BEN), changing(ADA, "admin"), removing(ADA)])
def test_nothing_can_be_done_for_an_organisation_that_is_not_there(command):
    """Every command but registering needs an organisation."""
    given(ORGANISATION).when(command).then_refused(OrganisationUnknownError)


def test_an_administrator_revises_it():
    """Another name or website is an administrator's to give; the same ones are no news."""
    revised = OrganisationRevised(
        organisation_id=TRUST,
        name="Dale and Fell Trust",
        website="https://dale.example.org/",
        occurred_at=LATER,
    )
    given(ORGANISATION, *WITH_BEN).when(revising()).then(revised)
    given(ORGANISATION, *WITH_BEN).when(revising("Dale Trust")).then_nothing()
    given(ORGANISATION, *WITH_BEN).when(revising(by=BEN)).then_refused(NotAnAdministratorError)
    given(ORGANISATION, *WITH_BEN).when(revising(by=CLEO)).then_refused(NotAnAdministratorError)


def test_an_invited_person_becomes_a_member():
    """Who accepts an administrator's invitation gets the roles it names."""
    given(ORGANISATION, *ALONE).when(adding(BEN, "offers")).then(added(BEN, "offers", by=ADA, at=LATER))


def test_an_invited_member_gets_the_roles_on_top():
    """An invitation takes no role away from somebody who is a member already."""
    given(ORGANISATION, *WITH_BEN).when(adding(BEN, "funder")).then(changed(BEN, "offers", "funder"))
    given(ORGANISATION, *WITH_BEN).when(adding(BEN)).then_nothing()


def test_an_invitation_is_worth_as_much_as_who_made_it():
    """When the inviter no longer administers the organisation, the invitation is void."""
    given(ORGANISATION, *WITH_BEN).when(adding(CLEO, by=BEN)).then_refused(InviterGoneError)
    given(ORGANISATION, *TWO_ADMINS, removed(BEN, ADA)).when(adding(CLEO, by=BEN)).then_refused(
        InviterGoneError
    )


def test_an_operator_puts_somebody_in_charge():
    """A stranger, or a member on top of their roles, administers the organisation; who does so already is no news."""

    def appointing(person):
        return AppointAdministrator(organisation_id=TRUST, person_id=person, now=LATER)

    given(ORGANISATION, *ALONE).when(appointing(BEN)).then(added(BEN, "admin", at=LATER))
    given(ORGANISATION, *WITH_BEN).when(appointing(BEN)).then(changed(BEN, "offers", "admin"))
    given(ORGANISATION, *TWO_ADMINS).when(appointing(BEN)).then_nothing()
    given(ORGANISATION).when(appointing(BEN)).then_refused(OrganisationUnknownError)


def test_an_administrator_changes_roles():
    """A member has the roles an administrator gives them, and no others."""
    given(ORGANISATION, *WITH_BEN).when(changing(BEN, "funder")).then(changed(BEN, "funder"))
    given(ORGANISATION, *WITH_BEN).when(changing(BEN, "offers")).then_nothing()
    given(ORGANISATION, *WITH_BEN).when(changing(BEN, "admin", by=BEN)).then_refused(NotAnAdministratorError)
    given(ORGANISATION, *WITH_BEN).when(changing(CLEO)).then_refused(NotAMemberError)


def test_the_last_administrator_stays_one():
    """The last administrator can neither leave nor lose the role, by their own hand either."""
    given(ORGANISATION, *WITH_BEN).when(removing(ADA)).then_refused(LastAdministratorError)
    given(ORGANISATION, *WITH_BEN).when(changing(ADA, "offers")).then_refused(LastAdministratorError)
    given(ORGANISATION, *TWO_ADMINS, removed(ADA, ADA)).when(removing(BEN, by=BEN)).then_refused(
        LastAdministratorError
    )


def test_one_of_two_administrators_can_go():
    """While somebody else administers the organisation, an administrator can leave or step down."""
    given(ORGANISATION, *TWO_ADMINS).when(removing(ADA)).then(removed(ADA, ADA))
    given(ORGANISATION, *TWO_ADMINS).when(changing(ADA)).then(changed(ADA))


def test_leaving_is_always_possible_otherwise():
    """A member leaves without asking anybody; who is no member has nothing to leave."""
    given(ORGANISATION, *WITH_BEN).when(removing(BEN, by=BEN)).then(removed(BEN, BEN))
    given(ORGANISATION, *ALONE).when(removing(BEN, by=BEN)).then_nothing()


def test_only_administrators_remove_others():
    """A member cannot remove another one, and a stranger nobody."""
    given(ORGANISATION, *TWO_ADMINS).when(removing(ADA, by=BEN)).then(removed(ADA, BEN))
    given(ORGANISATION, *WITH_BEN).when(removing(ADA, by=BEN)).then_refused(NotAnAdministratorError)
    given(ORGANISATION, *WITH_BEN).when(removing(BEN, by=CLEO)).then_refused(NotAnAdministratorError)
