"""A person joins once, takes another name, and is verified in several ways."""

import pytest

from domain.person import (
    PERSON,
    Joined,
    JoinPerson,
    PersonUnknownError,
    ReviseProfile,
    Unknown,
    VerifyPerson,
)
from events.contracts import PersonJoined, PersonProfileRevised, PersonVerified
from tests.domain.cast import ADA, LATER, NOON
from tests.spec import given

JOINED = PersonJoined(person_id=ADA, origin="account", name="Ada Sample", occurred_at=NOON)
VERIFIED = PersonVerified(person_id=ADA, how="email", occurred_at=NOON)


@pytest.mark.parametrize("origin", ["account", "import", "sample"])
def test_a_person_joins(origin):
    """Somebody unknown joins, and where they come from is on record."""
    given(PERSON).when(JoinPerson(person_id=ADA, origin=origin, name="Ada", now=NOON)).then(
        PersonJoined(person_id=ADA, origin=origin, name="Ada", occurred_at=NOON)
    )


def test_joining_again_changes_nothing():
    """Whoever is known here is known, from wherever they come again."""
    given(PERSON, JOINED).when(JoinPerson(person_id=ADA, origin="import", now=LATER)).then_nothing()


def test_a_person_takes_another_name():
    """A new name is on record once."""
    revise = ReviseProfile(person_id=ADA, name="Ada S. Sample", now=LATER)
    revised = PersonProfileRevised(person_id=ADA, name="Ada S. Sample", occurred_at=LATER)
    given(PERSON, JOINED).when(revise).then(revised)
    given(PERSON, JOINED, revised).when(revise).then_nothing()


def test_a_person_is_verified_once_in_each_way():
    """Each way of being verified counts once, however often it is shown."""
    passkey = VerifyPerson(person_id=ADA, how="passkey", now=LATER)
    given(PERSON, JOINED, VERIFIED).when(passkey).then(
        PersonVerified(person_id=ADA, how="passkey", occurred_at=LATER)
    )
    given(PERSON, JOINED, VERIFIED).when(VerifyPerson(person_id=ADA, how="email", now=LATER)).then_nothing()


@pytest.mark.parametrize(
    "command",
    [ReviseProfile(person_id=ADA, name="Ada", now=NOON), VerifyPerson(person_id=ADA, how="email", now=NOON)],
)
def test_nothing_is_said_of_a_stranger(command):
    """Who never joined has no name to change and nothing to be verified."""
    given(PERSON).when(command).then_refused(PersonUnknownError)


def test_what_is_known_of_a_person():
    """A person is an identifier, a name and the ways in which they were verified."""
    given(PERSON).then_state(Unknown())
    given(PERSON, JOINED, VERIFIED).then_state(Joined(ADA, "Ada Sample", frozenset({"email"})))
