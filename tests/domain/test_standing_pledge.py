"""What a mandate pledges by itself: from which thresholds on, and how much of what a pool still lacks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mandate import Open, Reservation
from domain.standing_pledge import Reached, has_crossed, standing_amount
from domain.statement import Statement
from events.contracts import Money, Thresholds
from tests.domain.cast import ADA, BEN, CAFE, CLEO, NOON

REACHED = Reached(verified_votes=50, covered_percent=60)


def pounds(minor):
    """Give an amount in pence."""
    return Money(amount_minor=minor, currency="GBP")


def mandate(least=100, most=500, budget=1_000, reserved=0):
    """Give a mandate that is open, with some of its budget set aside for another pledge."""
    statement = Statement(
        title="Buses",
        ticket_min=pounds(least),
        ticket_max=pounds(most),
        budget=pounds(budget),
        opens_at=NOON,
        closes_at=NOON + timedelta(days=1),
        mode="pledge",
    )
    reservations = {CLEO: Reservation(pool_id=CAFE, amount_minor=reserved)} if reserved else {}
    return Open(
        mandate_id=ADA, organisation_id=BEN, published_by=CLEO, statement=statement, reservations=reservations
    )


@pytest.mark.parametrize(
    ("votes", "percent", "crossed"), [(0, 0, True), (50, 60, True), (51, 0, False), (0, 61, False)]
)
def test_every_threshold_has_to_be_crossed(votes, percent, crossed):
    """An idea has what a mandate asks for when each of its thresholds is reached."""
    thresholds = Thresholds(verified_votes=votes, covered_percent=percent, live_pool=True)
    assert has_crossed(thresholds, REACHED) is crossed


@pytest.mark.parametrize(
    ("lacking", "reserved", "amount"),
    [
        (300, 0, 300),
        (9_000, 0, 500),
        (40, 0, 100),
        (300, 800, 200),
        (40, 900, 100),
        (40, 901, None),
        (0, 0, None),
        (-5, 0, None),
    ],
)
def test_it_gives_what_is_lacking_within_its_ticket_and_budget(lacking, reserved, amount):
    """What a pool lacks, no less than the smallest ticket, no more than the largest and what is left of the budget."""
    given_amount = standing_amount(mandate(reserved=reserved), lacking)
    assert given_amount == (None if amount is None else pounds(amount))


def test_what_was_set_aside_for_the_pledge_counts_as_left():
    """When it is worked out again after a crash, money that was set aside for this very pledge can be given."""
    assert standing_amount(mandate(reserved=900), 300, set_aside_minor=200) == pounds(300)


amounts = st.integers(0, 2_000)


@given(amounts, amounts, amounts, amounts, st.integers(-10, 3_000))
def test_no_amount_breaks_a_bound(least, wider, budget, reserved, lacking):
    """Whatever the numbers, an amount lies within the ticket and what is left, and is of the budget's currency."""
    funder = mandate(least + 1, least + 1 + wider, budget, min(reserved, budget))
    amount = standing_amount(funder, lacking)
    if amount is None:
        assert lacking <= 0 or funder.left.amount_minor < least + 1
    else:
        assert least + 1 <= amount.amount_minor <= min(least + 1 + wider, funder.left.amount_minor)
        assert amount.amount_minor <= max(lacking, least + 1)
