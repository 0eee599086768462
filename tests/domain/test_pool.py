"""A pool is opened, gathers pledges, and commits or lapses or is cancelled."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain import pool_terms
from domain.pool import (
    POOL,
    CancelPool,
    IdeaTakesNoPoolError,
    NotYoursToOpenError,
    PledgedToAlreadyError,
    PoolIsCommittedError,
    PoolIsOverError,
    PoolOpenedBeforeError,
    PoolUnknownError,
    RevisePool,
    SettlePool,
)
from domain.pool_gathering import (
    AbandonPledge,
    BudgetPledgeRaisedError,
    DeadlinePassedError,
    PledgedAlreadyError,
    PledgeIsGoneError,
    PledgeMadeBeforeError,
    PledgeUnknownError,
    RevisePledge,
    WithdrawPledge,
)
from events.contracts import (
    PledgeAbandoned,
    PledgeConditions,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolRevised,
)
from tests.domain.cast import ADA, BEN, CAFE, LATER, NOON
from tests.domain.pools import (
    BANK,
    COUNCIL,
    DEADLINE,
    OPENED,
    OPENING,
    POOL_ID,
    TERMS,
    TRUST,
    committed,
    pledge_id,
    pledged,
    pledging,
    pounds,
    promise,
    reached,
)
from tests.spec import given

IDS = {"pool_id": POOL_ID, "idea_id": CAFE}
SETTLING = SettlePool(now=LATER)
SETTLING_LATE = SettlePool(now=DEADLINE + timedelta(days=3))
CANCELLING = CancelPool(cancelled_by=ADA, reason="The hall burnt down.", now=LATER)
CANCELLED = PoolCancelled(**IDS, cancelled_by=ADA, reason="The hall burnt down.", occurred_at=NOON)
WITHDRAWN = PledgeWithdrawn(**IDS, pledge_id=pledge_id(1), organisation_id=TRUST, occurred_at=NOON)


def test_an_author_opens_a_pool():
    """The author of an open idea says what has to come together by when."""
    given(POOL).when(OPENING).then(OPENED)


def test_a_funder_opens_a_pool():
    """Somebody else opens one only for an organisation."""
    other = replace(OPENING, opened_by=BEN)
    given(POOL).when(other).then_refused(NotYoursToOpenError)
    given(POOL).when(replace(other, organisation_id=TRUST)).then(
        replace(OPENED, opened_by=BEN, organisation_id=TRUST)
    )


def test_an_idea_that_was_withdrawn_takes_no_pool():
    """A moment after its end, nobody can open a pool for an idea."""
    given(POOL).when(replace(OPENING, idea_is_open=False)).then_refused(IdeaTakesNoPoolError)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"target": pounds(59)}, pool_terms.TargetUnderMinimumError),
        ({"ceiling": pounds(99)}, pool_terms.CeilingUnderTargetError),
        ({"deadline": NOON}, pool_terms.DeadlineInThePastError),
        ({"minimum": pounds(0)}, pool_terms.AmountError),
        ({"minimum": pounds(-1)}, pool_terms.AmountError),
        ({"ceiling": pounds(10**15 + 1)}, pool_terms.AmountError),
        ({"minimum": pounds(60, "EUR")}, pool_terms.MixedCurrenciesError),
        ({"target": pounds(100, "XQX")}, pool_terms.UnknownCurrencyError),
    ],
)
def test_a_pool_that_cannot_come_together_is_refused(changes, error):
    """What is asked for has to be possible, when a pool is opened and when it is revised."""
    terms = replace(TERMS, **changes)
    given(POOL).when(replace(OPENING, terms=terms)).then_refused(error)
    given(POOL, OPENED).when(RevisePool(terms=terms, now=NOON)).then_refused(error)


def test_a_pool_is_opened_once():
    """The same again changes nothing; another pool for the idea is refused in every state."""
    given(POOL, OPENED).when(OPENING).then_nothing()
    given(POOL, OPENED).when(replace(OPENING, opened_by=BEN)).then_refused(PoolOpenedBeforeError)
    given(POOL, OPENED, CANCELLED).when(OPENING).then_refused(PoolOpenedBeforeError)
    given(POOL).when(pledging()).then_refused(PoolUnknownError)


def test_a_pool_is_revised_before_the_first_pledge():
    """Whoever pledged can rely on what the pool asked for."""
    terms = replace(TERMS, target=pounds(110))
    revising = RevisePool(terms=terms, reason="Rent went up.", now=LATER)
    revised = PoolRevised(
        **IDS,
        minimum=terms.minimum,
        target=terms.target,
        ceiling=terms.ceiling,
        deadline=DEADLINE,
        reason="Rent went up.",
        occurred_at=LATER,
    )
    given(POOL, OPENED).when(revising).then(revised)
    given(POOL, OPENED, pledged()).when(revising).then_refused(PledgedToAlreadyError)
    given(POOL, OPENED, pledged(), WITHDRAWN).when(revising).then(revised)


def test_a_pledge_is_made_once():
    """The same again changes nothing; another with its identifier, or a second by the same funder, is refused."""
    given(POOL, OPENED).when(pledging()).then(pledged())
    given(POOL, OPENED, pledged()).when(pledging()).then_nothing()
    given(POOL, OPENED, pledged()).when(pledging(40)).then_refused(PledgeMadeBeforeError)
    given(POOL, OPENED, pledged()).when(pledging(number=2)).then_refused(PledgedAlreadyError)
    given(POOL, OPENED, pledged()).when(pledging(number=2, by=BANK)).then(
        pledged(number=2, by=BANK), reached(100)
    )
    given(POOL, OPENED, pledged()).when(pledging(number=2, kind="in_kind")).then(
        pledged(number=2, kind="in_kind")
    )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"amount": pounds(0)}, pool_terms.AmountError),
        ({"amount": pounds(-5)}, pool_terms.AmountError),
        ({"amount": pounds(2**63)}, pool_terms.AmountError),
        ({"amount": pounds(5, "EUR")}, pool_terms.MixedCurrenciesError),
        ({"min_total": pounds(121)}, pool_terms.TotalAboveCeilingError),
        ({"min_total": pounds(5, "EUR")}, pool_terms.MixedCurrenciesError),
        ({"min_funders": 0}, pool_terms.NoFunderWantedError),
        ({"with_funders": (TRUST,)}, pool_terms.WaitsForItselfError),
        ({"with_funders": (BANK,) * 51}, pool_terms.TooManyNamedError),
        ({"max_share": "0"}, pool_terms.ShareError),
        ({"max_share": "1.1"}, pool_terms.ShareError),
        ({"max_share": "half"}, pool_terms.ShareError),
        ({"max_share": "0.33333"}, pool_terms.ShareError),
        ({"match_ratio": "0"}, pool_terms.MatchRatioError),
        ({"match_ratio": "1001"}, pool_terms.MatchRatioError),
        ({"match_cap": pounds(5)}, pool_terms.CapWithoutMatchError),
        ({"match_cap": pounds(0), "match_ratio": "1"}, pool_terms.AmountError),
        ({"expires_at": NOON}, pool_terms.ExpiredAlreadyError),
    ],
)
def test_conditions_that_can_never_hold_are_refused_at_once(more, error):
    """Nobody waits for what cannot come, neither with a new pledge nor with a revised one."""
    given(POOL, OPENED).when(pledging(**more)).then_refused(error)
    bad = promise(**more)
    revising = RevisePledge(pledge_id=pledge_id(1), amount=bad.amount, conditions=bad.conditions, now=NOON)
    given(POOL, OPENED, pledged()).when(revising).then_refused(error)


def test_a_pledge_is_revised():
    """Amount and conditions can change as long as the pool is open."""
    conditions = PledgeConditions(min_funders=2)
    revising = RevisePledge(pledge_id=pledge_id(1), amount=pounds(70), conditions=conditions, now=LATER)
    revised = PledgeRevised(
        **IDS,
        pledge_id=pledge_id(1),
        organisation_id=TRUST,
        amount=pounds(70),
        conditions=conditions,
        occurred_at=LATER,
    )
    given(POOL, OPENED, pledged()).when(revising).then(revised)
    given(POOL, OPENED, pledged(), revised).when(revising).then_nothing()
    given(POOL, OPENED).when(revising).then_refused(PledgeUnknownError)


def test_a_pledge_under_a_mandate_is_only_lowered():
    """What is set aside of a budget never has to grow after the pledge, so it can be released without a race."""
    made = pledged(mandate_id=BANK)
    raising = RevisePledge(pledge_id=pledge_id(1), amount=pounds(51), now=LATER)
    given(POOL, OPENED, made).when(raising).then_refused(BudgetPledgeRaisedError)
    lowered = PledgeRevised(
        **IDS, pledge_id=pledge_id(1), organisation_id=TRUST, amount=pounds(49), occurred_at=LATER
    )
    given(POOL, OPENED, made).when(replace(raising, amount=pounds(49))).then(lowered)


def test_a_pledge_is_withdrawn_for_good():
    """It can be taken back until the pool commits, and its identifier does not come back."""
    withdrawing = WithdrawPledge(pledge_id=pledge_id(1), now=LATER)
    withdrawn = replace(WITHDRAWN, occurred_at=LATER)
    given(POOL, OPENED, pledged()).when(withdrawing).then(withdrawn)
    given(POOL, OPENED, pledged(), WITHDRAWN).when(withdrawing).then_nothing()
    given(POOL, OPENED, pledged(), WITHDRAWN).when(pledging()).then_refused(PledgeIsGoneError)
    given(POOL, OPENED, pledged(), WITHDRAWN).when(pledging(number=2)).then(pledged(number=2))
    given(POOL, OPENED).when(withdrawing).then_refused(PledgeUnknownError)
    given(POOL, OPENED, pledged(), committed((TRUST, 1, 50))).when(withdrawing).then_refused(
        PoolIsCommittedError
    )


def test_what_a_mandate_promised_can_be_vetoed():
    """While it can be vetoed, withdrawing it is a veto."""
    withdrawing = WithdrawPledge(pledge_id=pledge_id(1), now=LATER)
    made = pledged(vetoable_until=LATER + timedelta(hours=1))
    given(POOL, OPENED, made).when(withdrawing).then(replace(WITHDRAWN, vetoed=True, occurred_at=LATER))


def test_a_pledge_that_never_came_is_abandoned():
    """Afterwards it is refused; one that came is left alone."""
    abandoning = AbandonPledge(pledge_id=pledge_id(1), mandate_id=BANK, now=LATER)
    abandoned = PledgeAbandoned(**IDS, pledge_id=pledge_id(1), mandate_id=BANK, occurred_at=LATER)
    given(POOL, OPENED).when(abandoning).then(abandoned)
    given(POOL, OPENED, abandoned).when(pledging()).then_refused(PledgeIsGoneError)
    given(POOL, OPENED, pledged()).when(abandoning).then_nothing()
    given(POOL, OPENED, committed()).when(abandoning).then_nothing()


def test_the_pledge_that_brings_a_pool_to_its_minimum_says_so():
    """It is told with the pledge, in one append, and what came to more than the minimum is told as it is."""
    given(POOL, OPENED).when(pledging(59)).then(pledged(59))
    given(POOL, OPENED).when(pledging(60)).then(pledged(60), reached(60))
    given(POOL, OPENED, pledged(59)).when(pledging(200, BANK, 2)).then(pledged(200, BANK, 2), reached(259))


def test_a_pledge_that_is_raised_or_waits_no_longer_can_bring_it_there():
    """What counts is what pledges come to given each other, not what they say in full."""
    given(POOL, OPENED).when(pledging(60, min_funders=2)).then(pledged(60, min_funders=2))
    waiting = [OPENED, pledged(60, min_funders=2)]
    given(POOL, *waiting).when(pledging(1, BANK, 2)).then(pledged(1, BANK, 2), reached(61))
    revising = RevisePledge(pledge_id=pledge_id(1), amount=pounds(60), now=LATER)
    revised = PledgeRevised(
        **IDS, pledge_id=pledge_id(1), organisation_id=TRUST, amount=pounds(60), occurred_at=LATER
    )
    given(POOL, *waiting).when(revising).then(revised, reached(60, LATER))
    expiring = pledged(60, expires_at=LATER)
    given(POOL, OPENED, expiring).when(pledging(1, BANK, 2, now=LATER)).then(
        replace(pledged(1, BANK, 2), occurred_at=LATER)
    )


def test_the_minimum_is_told_once():
    """Pledges that are taken back and made again reach it a second time, and a lower minimum is none of its own."""
    told = [OPENED, pledged(60), reached(60)]
    given(POOL, *told).when(pledging(60, BANK, 2)).then(pledged(60, BANK, 2))
    given(POOL, *told, WITHDRAWN).when(pledging(60, BANK, 2)).then(pledged(60, BANK, 2))
    lower = PoolRevised(**IDS, minimum=pounds(1), target=pounds(2), deadline=DEADLINE, occurred_at=NOON)
    given(POOL, *told, WITHDRAWN, lower).when(pledging(60, BANK, 2)).then(pledged(60, BANK, 2))
    given(POOL, *told[:2]).when(WithdrawPledge(pledge_id=pledge_id(1), now=NOON)).then(WITHDRAWN)


def test_what_is_given_in_kind_reaches_the_minimum_where_the_pool_counts_it():
    """Elsewhere it does not."""
    hall = pledged(60, kind="in_kind")
    given(POOL, OPENED).when(pledging(60, kind="in_kind")).then(hall)
    counting = replace(OPENED, counts_in_kind=True)
    given(POOL, counting).when(pledging(60, kind="in_kind")).then(hall, reached(60))


def outcome(event):
    """Say what a settled pool came to, by the number of the pledge."""
    return [
        (one.amount_minor, one.resolved_minor, one.committed_minor, one.binding) for one in event.resolution
    ]


def settled(*events, now=LATER):
    """Settle a pool; gives the one event that follows, if any."""
    found = POOL.decide(SettlePool(now=now), POOL.fold([OPENED, *events]))
    assert len(found) <= 1
    return found[0] if found else None


def test_a_pool_commits_at_its_target():
    """As soon as the resolved total reaches the target, every pledge is a commitment."""
    assert settled(pledged(99)) is None
    assert settled(pledged(60), pledged(60, BANK, 2, max_share="0.3")) is None
    event = settled(pledged(60), pledged(60, BANK, 2, max_share="0.4"))
    assert isinstance(event, PoolCommitted)
    assert outcome(event) == [(60, 60, 60, ()), (60, 40, 40, ("max_share",))]
    assert (event.resolved_total, event.committed_total, event.at_deadline) == (
        pounds(100),
        pounds(100),
        False,
    )


def test_above_the_ceiling_everybody_gives_less_in_proportion():
    """Commitments add up to the ceiling to the penny."""
    event = settled(pledged(100), pledged(100, BANK, 2), pledged(1, COUNCIL, 3))
    assert outcome(event) == [(100, 100, 60, ()), (100, 100, 60, ()), (1, 1, 0, ())]
    assert (event.resolved_total, event.committed_total) == (pounds(201), pounds(120))


def test_a_pool_waits_until_nothing_can_be_vetoed():
    """A pledge that a mandate made counts at once, but the pool commits only when it is final, or at the deadline."""
    vetoable = pledged(60, BANK, 2, vetoable_until=LATER + timedelta(seconds=1))
    assert settled(pledged(60), vetoable) is None
    assert isinstance(settled(pledged(60), vetoable, now=LATER + timedelta(seconds=1)), PoolCommitted)
    final = pledged(60, BANK, 2, vetoable_until=DEADLINE + timedelta(days=1))
    assert isinstance(settled(pledged(60), final, now=DEADLINE), PoolCommitted)
    nothing = pledged(60, BANK, 2, vetoable_until=DEADLINE, min_funders=9)
    assert isinstance(settled(pledged(100), nothing), PoolCommitted)


def test_at_the_deadline_the_minimum_is_enough():
    """A pool commits with its minimum, and lapses with a penny less."""
    event = settled(pledged(60), now=DEADLINE)
    assert isinstance(event, PoolCommitted)
    assert event.at_deadline
    lapsed = settled(pledged(59), now=DEADLINE)
    assert isinstance(lapsed, PoolLapsed)
    assert (outcome(lapsed), lapsed.resolved_total) == ([(59, 59, 59, ())], pounds(59))


def test_whoever_settles_late_finds_what_was_there_at_the_deadline():
    """A pledge that expired before counts no more; one that expired after the deadline still does."""
    before, after = (pledged(60, expires_at=DEADLINE + timedelta(hours=hours)) for hours in (-1, 1))
    assert isinstance(settled(before, now=SETTLING_LATE.now), PoolLapsed)
    assert isinstance(settled(after, now=SETTLING_LATE.now), PoolCommitted)
    assert outcome(settled(before, now=DEADLINE)) == [(60, 0, 0, ("expires_at",))]


def test_what_is_given_in_kind_counts_where_the_pool_says_so():
    """Otherwise it is welcome, and nothing of it is committed."""
    hall = pledged(100, kind="in_kind")
    assert outcome(settled(hall, now=DEADLINE)) == [(100, 0, 0, ("in_kind",))]
    counting = [replace(OPENED, counts_in_kind=True), hall]
    assert isinstance(POOL.decide(SETTLING, POOL.fold(counting))[0], PoolCommitted)


def test_settling_again_causes_nothing():
    """A timer may come as often as it likes."""
    for ended in (committed((TRUST, 1, 60)), CANCELLED):
        given(POOL, OPENED, pledged(60), ended).when(SETTLING_LATE).then_nothing()
    given(POOL).when(SETTLING).then_refused(PoolUnknownError)


@pytest.mark.parametrize(
    "command",
    [
        pledging(now=DEADLINE, number=2, by=BANK),
        WithdrawPledge(pledge_id=pledge_id(1), now=DEADLINE),
        RevisePledge(pledge_id=pledge_id(1), amount=pounds(1), now=DEADLINE),
        replace(CANCELLING, now=DEADLINE),
        RevisePool(terms=replace(TERMS, target=pounds(61)), now=DEADLINE),
    ],
)
def test_from_the_deadline_on_pledges_stay_as_they_are(command):
    """Between deadline and settlement nobody can change the outcome; after it, the pool is over."""
    given(POOL, OPENED, pledged()).when(command).then_refused(DeadlinePassedError)
    given(POOL, OPENED, pledged(), committed((TRUST, 1, 50))).when(command).then_refused(PoolIsCommittedError)
    lapsed = PoolLapsed(**IDS, resolution=(), resolved_total=pounds(0), occurred_at=DEADLINE)
    given(POOL, OPENED, pledged(), lapsed).when(command).then_refused(PoolIsOverError)


def test_a_pool_is_cancelled_with_a_reason():
    """Before it commits it can be called off, once."""
    given(POOL, OPENED, pledged()).when(CANCELLING).then(replace(CANCELLED, occurred_at=LATER))
    given(POOL, OPENED, CANCELLED).when(CANCELLING).then_nothing()
    given(POOL, OPENED, CANCELLED).when(pledging()).then_refused(PoolIsOverError)
