"""Roles in an organisation: read from its stream, so that they hold from one event to the next."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import pytest_asyncio

from app.access.actor import EVERY_SCOPE, Actor
from app.access.relations import RoleNeededError, is_related, require_role
from app.command_handling import Cause, Handler
from domain.organisation import (
    ORGANISATION,
    AddMember,
    ChangeRoles,
    OrganisationCommand,
    OrganisationUnknownError,
    RegisterOrganisation,
    RemoveMember,
)
from events.contracts import OrganisationRole
from events.streams import new_id, organisation_stream

pytestmark = pytest.mark.asyncio

ROLES: tuple[OrganisationRole, ...] = ("member", "offers", "funder", "admin")


def acting(person_id: UUID, *, is_operator: bool = False) -> Actor:
    """Let somebody act, by a session."""
    return Actor(
        person_id=person_id,
        scopes=EVERY_SCOPE,
        via="session",
        credential_id=new_id(),
        is_operator=is_operator,
    )


class Trust:
    """An organisation with one administrator, and what happens to it."""

    def __init__(self, store) -> None:
        self.store, self.identifier, self.admin = store, new_id(), new_id()

    async def happens(self, command: type[OrganisationCommand], **fields) -> None:
        """Have something done to the organisation."""
        done = command(now=datetime.now(UTC), organisation_id=self.identifier, **fields)
        stream = organisation_stream(self.identifier)
        await Handler(self.store).handle(ORGANISATION, stream, done, cause=Cause())

    async def roles_of(self, actor: Actor) -> list[str]:
        """List the roles an actor is found to have, asked both ways there are."""
        named = {"organisation_id": str(self.identifier)}
        found = []
        for role in ROLES:
            if await is_related(self.store, actor, role, named):
                await require_role(self.store, actor, self.identifier, role)
                found.append(role)
            else:
                with pytest.raises(RoleNeededError, match=r"^This is for .* alone\.$"):
                    await require_role(self.store, actor, self.identifier, role)
        return found


@pytest_asyncio.fixture
async def trust(store):
    """Give an organisation that was registered just now."""
    made = Trust(store)
    await made.happens(RegisterOrganisation, person_id=made.admin, name="Dale Trust")
    return made


@pytest.mark.parametrize("role", ROLES)
async def test_a_member_has_the_roles_given_and_no_other(trust, role):
    """Everybody with a role is a member, and none of the roles implies another: an administrator is no funder."""
    ben = new_id()
    await trust.happens(AddMember, person_id=ben, roles=(role,), invited_by=trust.admin)
    assert await trust.roles_of(acting(ben)) == sorted({"member", role}, key=ROLES.index)
    assert await trust.roles_of(acting(trust.admin)) == ["member", "admin"]


async def test_an_operator_has_no_role_that_was_not_given(trust):
    """Operators act for organisations whose members they are, and for no other."""
    operator = acting(new_id(), is_operator=True)
    assert await trust.roles_of(operator) == []
    await trust.happens(AddMember, person_id=operator.person_id, roles=("offers",), invited_by=trust.admin)
    assert await trust.roles_of(operator) == ["member", "offers"]


async def test_a_role_taken_away_is_gone_with_the_event(trust):
    """The next question after a change or a removal is answered by it."""
    ben = new_id()
    await trust.happens(AddMember, person_id=ben, roles=("funder",), invited_by=trust.admin)
    await trust.happens(ChangeRoles, person_id=ben, roles=("offers",), by=trust.admin)
    assert await trust.roles_of(acting(ben)) == ["member", "offers"]
    await trust.happens(RemoveMember, person_id=ben, by=trust.admin)
    assert await trust.roles_of(acting(ben)) == []


async def test_an_organisation_that_never_was_is_said_not_to_be_there(store):
    """Whoever asks about an unknown organisation learns that, and not that they lack a role."""
    ada, nowhere = acting(new_id(), is_operator=True), new_id()
    with pytest.raises(OrganisationUnknownError):
        await require_role(store, ada, nowhere, "funder")
    with pytest.raises(OrganisationUnknownError):
        await is_related(store, ada, "member", {"organisation_id": str(nowhere)})
