"""What holds of a pool after any history: sums, ceiling, nothing negative, nothing twice."""

from contextlib import suppress
from datetime import timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.decider import DomainError
from domain.pool import POOL, CancelPool, Committed, NotOpened, Open, Over, RevisePool, SettlePool
from domain.pool_gathering import AbandonPledge, MakePledge, RevisePledge, WithdrawPledge, resolution_of
from domain.pool_payout import ConfirmFunds, PlanMilestone, ReachMilestone, ReleaseTranche
from events.codec import CODEC
from events.contracts import (
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
    PledgeAbandoned,
    PledgeConditions,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolEvent,
    PoolLapsed,
    PoolReachedMinimum,
    PoolRevised,
    TranchePart,
    TrancheReleased,
)
from tests.domain.cast import ADA, BEN, CAFE, NOON
from tests.domain.pools import (
    BANK,
    COUNCIL,
    DEADLINE,
    MILESTONE,
    OPENED,
    TERMS,
    TRUST,
    committed,
    pledge_id,
    pledged,
    pledging,
    pounds,
    reached,
)

moments = st.sampled_from([NOON + timedelta(days=days) for days in (0, 1, 20, 29)])
late = st.sampled_from([*(DEADLINE + timedelta(days=days) for days in (0, 2)), NOON, NOON])
amounts = st.integers(-5, 150).map(pounds)
organisations = st.sampled_from([TRUST, COUNCIL, BANK])
numbers = st.integers(1, 4)
pledge_ids = numbers.map(pledge_id)
conditions = st.builds(
    PledgeConditions,
    min_total=st.none() | st.integers(0, 130).map(pounds),
    min_funders=st.none() | st.integers(0, 3),
    with_funders=st.just(()) | organisations.map(lambda one: (one,)),
    max_share=st.none() | st.sampled_from(["0.3", "0.5", "1"]),
    match_ratio=st.none() | st.sampled_from(["0.5", "1"]),
    expires_at=st.none() | moments,
)


@st.composite
def makings(draw):
    """Draw the wish to make a pledge."""
    command = pledging(draw(amounts), draw(organisations), draw(numbers), now=draw(moments))
    promise = replace(
        command.promise,
        conditions=draw(conditions),
        kind=draw(st.sampled_from(["money", "money", "in_kind"])),
        vetoable_until=draw(st.none() | moments),
    )
    return replace(command, promise=promise)


milestones = st.sampled_from([MILESTONE, CAFE])
commands = st.lists(
    makings()
    | makings()
    | st.builds(RevisePledge, pledge_id=pledge_ids, amount=amounts, conditions=conditions, now=moments)
    | st.builds(WithdrawPledge, pledge_id=pledge_ids, now=moments)
    | st.builds(AbandonPledge, pledge_id=pledge_ids, mandate_id=st.just(BANK), now=moments)
    | st.builds(SettlePool, now=late)
    | st.builds(SettlePool, now=late)
    | st.builds(CancelPool, cancelled_by=st.just(ADA), reason=st.just("Why not."), now=moments)
    | st.builds(RevisePool, terms=st.just(replace(TERMS, ceiling=None, counts_in_kind=True)), now=moments)
    | st.builds(ConfirmFunds, pledge_id=pledge_ids, confirmed_by=st.just(BEN), now=late)
    | st.builds(PlanMilestone, milestone_id=milestones, title=st.just("Step"), amount=amounts, now=late)
    | st.builds(ReachMilestone, milestone_id=milestones, reached_by=st.just(ADA), now=late)
    | st.builds(ReleaseTranche, milestone_id=milestones, released_by=st.just(ADA), now=late),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(commands)
def test_whatever_is_wanted_the_money_adds_up(wanted):
    """After any commands, commitments are the resolved total or the ceiling, and no more is paid than was committed."""
    state = POOL.fold([OPENED])
    promised, paid = {}, 0
    for command in wanted:
        before = state
        try:
            events = POOL.decide(command, state)
        except DomainError:
            continue
        state = POOL.fold(events, state)
        assert list(POOL.decide(command, state)) == [], "the same again causes nothing"
        for event in events:
            assert CODEC.decode(type(event).__name__, CODEC.encode(event)) == event
            match event:
                case PoolCommitted():
                    check_committed(event, before)
                    promised = {one.pledge_id: one.committed_minor for one in event.resolution}
                case TrancheReleased():
                    for part in event.parts:
                        promised[part.pledge_id] -= part.amount_minor
                        paid += part.amount_minor
                    assert event.total.amount_minor == sum(part.amount_minor for part in event.parts)
        assert min(promised.values(), default=0) >= 0
        match state:
            case Open():
                assert len({(one.organisation_id, one.kind) for one in state.pledges.values()}) == len(
                    state.pledges
                )
                assert not state.gone & state.pledges.keys()
            case Committed():
                assert {
                    id_: left for id_, left in promised.items() if id_ in state.payout.left
                } == state.payout.left
            case Over():
                assert not promised


@settings(max_examples=300, deadline=None)
@given(commands)
def test_whatever_is_wanted_the_minimum_is_told_once_and_with_the_pledge_that_reaches_it(wanted):
    """After any commands it was told at most once: at the first pledge with which the resolved total was enough."""
    state, told, due = POOL.fold([OPENED]), [], False
    for command in wanted:
        try:
            events = POOL.decide(command, state)
        except DomainError:
            continue
        state = POOL.fold(events, state)
        told += [event for event in events if isinstance(event, PoolReachedMinimum)]
        if events and isinstance(command, MakePledge | RevisePledge):
            assert isinstance(state, Open)
            total, minimum = resolution_of(state, command.now).resolved_total, state.terms.minimum
            if total >= minimum.amount_minor and not due:
                due = True
                assert (events[-1].resolved_total, events[-1].minimum) == (pounds(total), minimum)
        assert len(told) == due


def check_committed(event, before):
    """Check a commitment against what was open before."""
    ceiling = before.terms.ceiling
    total = event.resolved_total.amount_minor
    assert event.committed_total.amount_minor == (
        total if ceiling is None else min(total, ceiling.amount_minor)
    )
    assert sum(one.committed_minor for one in event.resolution) == event.committed_total.amount_minor
    assert sum(one.resolved_minor for one in event.resolution) == total
    assert event.resolution == resolution_of(before, event.occurred_at).pledges
    for one in event.resolution:
        assert 0 <= one.committed_minor <= one.resolved_minor <= one.amount_minor
        assert one.amount_minor == before.pledges[one.pledge_id].amount.amount_minor
        assert bool(one.binding) == (one.resolved_minor < one.amount_minor)
    assert total >= (before.terms.minimum if event.at_deadline else before.terms.target).amount_minor


IN_POOL = {"pool_id": OPENED.pool_id, "idea_id": CAFE, "occurred_at": NOON}
OF_STEP = {**IN_POOL, "milestone_id": MILESTONE}
OF_PLEDGE = {**IN_POOL, "pledge_id": pledge_id(1), "organisation_id": TRUST}
EVENTS = [
    OPENED,
    PoolRevised(**IN_POOL, minimum=pounds(1), target=pounds(2), deadline=DEADLINE),
    pledged(),
    pledged(40, BANK, 2),
    PledgeRevised(**OF_PLEDGE, amount=pounds(9)),
    PledgeWithdrawn(**OF_PLEDGE),
    PledgeAbandoned(**IN_POOL, pledge_id=pledge_id(2), mandate_id=BANK),
    reached(90),
    committed((TRUST, 1, 50), (BANK, 2, 40)),
    PoolLapsed(**IN_POOL, resolution=(), resolved_total=pounds(0)),
    PoolCancelled(**IN_POOL, cancelled_by=ADA, reason="No."),
    FundsConfirmed(**OF_PLEDGE, confirmed_by=BEN),
    MilestonePlanned(**OF_STEP, title="Step", amount=pounds(9)),
    MilestoneReached(**OF_STEP, reached_by=ADA),
    TrancheReleased(
        **OF_STEP,
        released_by=ADA,
        parts=(TranchePart(pledge_id=pledge_id(1), amount_minor=9),),
        total=pounds(9),
    ),
]


@settings(max_examples=150, deadline=None)
@given(history=st.lists(st.sampled_from(EVENTS), max_size=12), cut=st.integers(0, 12), wanted=commands)
def test_every_event_and_command_is_understood_in_every_state(history, cut, wanted):
    """Any events in any order fold to a state, in one go or in parts; any command then is answered or refused."""
    state = POOL.fold(history)
    assert isinstance(state, NotOpened | Open | Committed | Over)
    assert POOL.fold(history[cut:], POOL.fold(history[:cut])) == state
    for command in wanted:
        with suppress(DomainError):
            POOL.decide(command, state)


def test_the_events_are_all_there_are():
    """Every contract of a pool's stream is among the examples."""
    assert {type(event) for event in EVENTS} == set(get_args(PoolEvent))
