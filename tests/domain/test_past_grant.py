"""A past grant is recorded once, and of a grant to a person nothing is kept that tells who it was."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.past_grant import (
    PAST_GRANT,
    GrantAmountError,
    GrantToAPersonError,
    Recorded,
    RecordPastGrant,
)
from events.contracts import Money, PastGrantRecorded
from tests.domain.cast import ADA, BEN, NOON
from tests.spec import given

ABOUT: dict[str, Any] = {
    "grant_id": ADA,
    "funder_id": BEN,
    "funder_org_id": "GB-CHC-1000001",
    "funder_name": "Dale Trust",
    "identifier": "360G-dale-1",
    "amount": Money(amount_minor=500_000, currency="GBP"),
    "title": "Buses",
    "description": "For the bus of three villages.",
    "recipient_id": "GB-CHC-1000002",
    "recipient_name": "Bus Society",
    "places": ("GB-DUR",),
}
RECORD = RecordPastGrant(**ABOUT, now=NOON)
RECORDED = PastGrantRecorded(**ABOUT, occurred_at=NOON)


def test_a_grant_is_recorded_once():
    """A second telling, whatever it says, changes nothing."""
    given(PAST_GRANT).when(RECORD).then(RECORDED)
    given(PAST_GRANT, RECORDED).when(RECORD).then_nothing()
    given(PAST_GRANT, RECORDED).when(replace(RECORD, title="Trains")).then_nothing()
    given(PAST_GRANT, RECORDED).then_state(Recorded())


def test_a_grant_below_nothing_is_refused():
    """No grant takes money; one of nothing is a fact."""
    given(PAST_GRANT).when(replace(RECORD, amount=Money(amount_minor=-1, currency="GBP"))).then_refused(
        GrantAmountError
    )


@pytest.mark.parametrize("tells", ["title", "description", "recipient_id", "recipient_name"])
def test_a_person_is_not_named(tells):
    """A grant to a person is refused with anything that could tell who it was, and recorded without."""
    none = {"title": "", "description": "", "recipient_id": None, "recipient_name": None}
    bare = replace(RECORD, **none, to_individual=True)
    given(PAST_GRANT).when(bare).then(replace(RECORDED, **none, to_individual=True))
    given(PAST_GRANT).when(replace(bare, **{tells: "Ada"})).then_refused(GrantToAPersonError)
