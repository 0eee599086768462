"""A committed pool pays out: confirmed, by milestones, in tranches that add up to the commitments."""

from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from domain.pool import POOL, PoolNotCommittedError
from domain.pool_payout import (
    ConfirmFunds,
    MilestonePlannedBeforeError,
    MilestoneUnknownError,
    MoreThanCommittedError,
    NotCommittedError,
    NotConfirmedError,
    NotReachedError,
    PlanMilestone,
    ReachMilestone,
    ReleaseTranche,
)
from domain.pool_terms import AmountError, MixedCurrenciesError
from events.contracts import FundsConfirmed, MilestonePlanned, MilestoneReached, TranchePart, TrancheReleased
from tests.domain.cast import ADA, BEN, CAFE, LATER, NOON
from tests.domain.pools import (
    BANK,
    MILESTONE,
    OPENED,
    POOL_ID,
    TRUST,
    committed,
    pledge_id,
    pledged,
    pounds,
)
from tests.spec import given

IDS = {"pool_id": POOL_ID, "idea_id": CAFE}
COMMITTED = (OPENED, pledged(70), pledged(30, BANK, 2), committed((TRUST, 1, 70), (BANK, 2, 30)))
CONFIRMED = tuple(
    FundsConfirmed(
        **IDS, pledge_id=pledge_id(number), organisation_id=by, confirmed_by=BEN, occurred_at=LATER
    )
    for by, number in ((TRUST, 1), (BANK, 2))
)
PLANNED = MilestonePlanned(
    **IDS, milestone_id=MILESTONE, title="Lease signed", amount=pounds(35), occurred_at=NOON
)
REACHED = MilestoneReached(**IDS, milestone_id=MILESTONE, reached_by=ADA, occurred_at=LATER)
RELEASED = TrancheReleased(
    **IDS,
    milestone_id=MILESTONE,
    released_by=ADA,
    parts=(
        TranchePart(pledge_id=pledge_id(1), amount_minor=25),
        TranchePart(pledge_id=pledge_id(2), amount_minor=10),
    ),
    total=pounds(35),
    occurred_at=LATER,
)
PLANNING = PlanMilestone(milestone_id=MILESTONE, title="Lease signed", amount=pounds(35), now=NOON)
REACHING = ReachMilestone(milestone_id=MILESTONE, reached_by=ADA, now=LATER)
RELEASING = ReleaseTranche(milestone_id=MILESTONE, released_by=ADA, now=LATER)


def test_a_funder_confirms_that_its_money_is_there():
    """Once, and only for what was committed."""
    confirming = ConfirmFunds(pledge_id=pledge_id(1), confirmed_by=BEN, now=LATER)
    given(POOL, *COMMITTED).when(confirming).then(CONFIRMED[0])
    given(POOL, *COMMITTED, *CONFIRMED).when(confirming).then_nothing()
    given(POOL, *COMMITTED).when(
        ConfirmFunds(pledge_id=pledge_id(3), confirmed_by=BEN, now=LATER)
    ).then_refused(NotCommittedError)


def test_milestones_take_no_more_than_was_committed():
    """All of them together."""
    given(POOL, *COMMITTED).when(PLANNING).then(PLANNED)
    given(POOL, *COMMITTED, PLANNED).when(PLANNING).then_nothing()
    more = PlanMilestone(milestone_id=pledge_id(9), title="Opening", amount=pounds(66), now=NOON)
    given(POOL, *COMMITTED, PLANNED).when(more).then_refused(MoreThanCommittedError)
    other = PlanMilestone(milestone_id=MILESTONE, title="Opening", amount=pounds(35), now=NOON)
    given(POOL, *COMMITTED, PLANNED).when(other).then_refused(MilestonePlannedBeforeError)
    for amount, error in ((pounds(0), AmountError), (pounds(5, "EUR"), MixedCurrenciesError)):
        wrong = PlanMilestone(milestone_id=MILESTONE, title="Opening", amount=amount, now=NOON)
        given(POOL, *COMMITTED).when(wrong).then_refused(error)


def test_a_tranche_is_released_when_its_milestone_is_reached_and_all_money_is_there():
    """From each commitment its share, largest remainder first."""
    given(POOL, *COMMITTED, PLANNED).when(REACHING).then(REACHED)
    given(POOL, *COMMITTED, PLANNED, REACHED).when(REACHING).then_nothing()
    given(POOL, *COMMITTED, *CONFIRMED, PLANNED).when(RELEASING).then_refused(NotReachedError)
    given(POOL, *COMMITTED, CONFIRMED[0], PLANNED, REACHED).when(RELEASING).then_refused(NotConfirmedError)
    given(POOL, *COMMITTED, *CONFIRMED, PLANNED, REACHED).when(RELEASING).then(RELEASED)
    given(POOL, *COMMITTED, *CONFIRMED, PLANNED, REACHED, RELEASED).when(RELEASING).then_nothing()
    given(POOL, *COMMITTED).when(RELEASING).then_refused(MilestoneUnknownError)


@pytest.mark.parametrize("command", [PLANNING, REACHING, RELEASING])
def test_before_it_commits_a_pool_pays_nothing_out(command):
    """Milestones and tranches are of commitments."""
    given(POOL, OPENED, pledged()).when(command).then_refused(PoolNotCommittedError)


@settings(max_examples=100, deadline=None)
@drawn(
    commitments=st.lists(st.integers(1, 1_000), min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 2_000), max_size=5),
)
def test_tranches_add_up_to_the_commitments(commitments, cuts):
    """Whatever the milestones are, each tranche is exact, no part is negative, and at the end nothing is left or lacking."""
    total = sum(commitments)
    ends = sorted({cut for cut in cuts if cut < total} | {total})
    ids = [UUID(int=number) for number in range(len(commitments))]
    state = POOL.fold(
        [
            OPENED,
            committed(
                *(
                    (one, number, amount)
                    for number, (one, amount) in enumerate(zip(ids, commitments, strict=True))
                )
            ),
        ]
    )
    for number in range(len(commitments)):
        confirming = ConfirmFunds(pledge_id=pledge_id(number), confirmed_by=BEN, now=LATER)
        state = POOL.fold(POOL.decide(confirming, state), state)
    paid = [0] * len(commitments)
    for number, (begin, end) in enumerate(zip([0, *ends], ends, strict=False)):
        milestone = UUID(int=100 + number)
        for command in (
            PlanMilestone(milestone_id=milestone, title="A step", amount=pounds(end - begin), now=NOON),
            ReachMilestone(milestone_id=milestone, reached_by=ADA, now=NOON),
            ReleaseTranche(milestone_id=milestone, released_by=ADA, now=NOON),
        ):
            events = POOL.decide(command, state)
            state = POOL.fold(events, state)
        (released,) = events
        assert sum(part.amount_minor for part in released.parts) == end - begin
        for part in released.parts:
            assert part.amount_minor > 0
            paid[[pledge_id(n) for n in range(len(paid))].index(part.pledge_id)] += part.amount_minor
    assert paid == commitments
