"""A person joins once."""

import pytest

from domain.person import PERSON, Joined, JoinPerson, Unknown
from events.contracts import PersonJoined
from tests.domain.cast import ADA, LATER, NOON
from tests.spec import given

JOINED = PersonJoined(person_id=ADA, origin="account", occurred_at=NOON)


@pytest.mark.parametrize("origin", ["account", "import", "sample"])
def test_a_person_joins(origin):
    """Somebody unknown joins, and where they come from is on record."""
    given(PERSON).when(JoinPerson(person_id=ADA, origin=origin, now=NOON)).then(
        PersonJoined(person_id=ADA, origin=origin, occurred_at=NOON)
    )


def test_joining_again_changes_nothing():
    """Whoever is known here is known, from wherever they come again."""
    given(PERSON, JOINED).when(JoinPerson(person_id=ADA, origin="import", now=LATER)).then_nothing()


def test_a_person_is_an_identifier():
    """Nothing but the identifier is kept of a person."""
    given(PERSON).then_state(Unknown())
    given(PERSON, JOINED).then_state(Joined(ADA))
