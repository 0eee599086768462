"""A mandate says beforehand what a funder is open to; its budget is never exceeded."""

from datetime import timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from domain.decider import DomainError
from domain.mandate import (
    MANDATE,
    BudgetCurrencyError,
    BudgetUnderReservedError,
    Closed,
    CloseMandate,
    ExpireMandate,
    MandateHasExpiredError,
    MandateIsClosedError,
    MandateIsPausedError,
    MandateNotOpenYetError,
    MandatePublishedBeforeError,
    MandateUnknownError,
    OverBudgetError,
    Paused,
    PauseMandate,
    PublishMandate,
    ReleaseBudget,
    ReserveBudget,
    ReservedForAnotherPoolError,
    ResumeMandate,
    ReviseMandate,
    Unpublished,
)
from domain.statement import (
    AMOUNT_MINOR_MAX,
    MandateAmountError,
    MandateWindowError,
    MixedCurrenciesError,
    Statement,
    ThresholdsError,
    TicketOverBudgetError,
    TicketRangeError,
    VetoHoursError,
)
from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    MandateClosed,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    Money,
    PledgeConditions,
    Thresholds,
)
from tests.domain.cast import ADA, BEN, COMMONS, LATER, NOON
from tests.spec import given

MANDATED, TRUST = COMMONS, BEN
POOL, OTHER_POOL = ADA, BEN
PLEDGE, OTHER_PLEDGE = ADA, BEN
END = NOON + timedelta(days=30)
AFTERWARDS = END + timedelta(hours=1)


def pounds(minor: int, currency: str = "GBP") -> Money:
    """Count money in pence."""
    return Money(amount_minor=minor, currency=currency)


STATED = Statement(
    title="Transport in rural places",
    ticket_min=pounds(1_000),
    ticket_max=pounds(5_000),
    budget=pounds(10_000),
    opens_at=NOON,
    closes_at=END,
    themes=("SW104",),
    places=("GB-LDS",),
    stages=("supported",),
    terms="Two years at most.",
)
PUBLISHED = MandatePublished(
    mandate_id=MANDATED, organisation_id=TRUST, published_by=ADA, **asdict(STATED), occurred_at=NOON
)
PAUSED = MandatePaused(mandate_id=MANDATED, reason="Holidays.", occurred_at=LATER)
RESUMED = MandateResumed(mandate_id=MANDATED, occurred_at=LATER)
CLOSED = MandateClosed(mandate_id=MANDATED, reason="All is spent.", occurred_at=LATER)
EXPIRED = MandateClosed(mandate_id=MANDATED, expired=True, occurred_at=AFTERWARDS)


def publishing(statement=STATED, person=ADA, now=NOON):
    """Want a mandate published."""
    return PublishMandate(
        mandate_id=MANDATED, organisation_id=TRUST, person_id=person, statement=statement, now=now
    )


def revising(now=LATER, **changes):
    """Want parts of what the mandate says replaced."""
    return ReviseMandate(
        mandate_id=MANDATED, statement=replace(STATED, **changes), reason="So be it.", now=now
    )


def revised(revision, **changes):
    """Say that the mandate says something else now."""
    return MandateRevised(
        mandate_id=MANDATED,
        organisation_id=TRUST,
        revision=revision,
        **asdict(replace(STATED, **changes)),
        reason="So be it.",
        occurred_at=LATER,
    )


def reserving(minor, *, pledge=PLEDGE, pool=POOL, currency="GBP", now=LATER):
    """Want money set aside for a pledge."""
    return ReserveBudget(
        mandate_id=MANDATED, pledge_id=pledge, pool_id=pool, amount=pounds(minor, currency), now=now
    )


def reserved(minor, *, pledge=PLEDGE, pool=POOL):
    """Say that so much more was set aside."""
    return BudgetReserved(
        mandate_id=MANDATED, pledge_id=pledge, pool_id=pool, amount=pounds(minor), occurred_at=LATER
    )


def releasing(keep, *, pledge=PLEDGE, now=LATER):
    """Want no more than this kept aside for a pledge."""
    return ReleaseBudget(mandate_id=MANDATED, pledge_id=pledge, keep_minor=keep, now=now)


def released(minor, *, pledge=PLEDGE, pool=POOL, at=LATER):
    """Say that so much is free again."""
    return BudgetReleased(
        mandate_id=MANDATED, pledge_id=pledge, pool_id=pool, amount=pounds(minor), occurred_at=at
    )


PAUSING = PauseMandate(mandate_id=MANDATED, reason="Holidays.", now=LATER)
RESUMING = ResumeMandate(mandate_id=MANDATED, now=LATER)
CLOSING = CloseMandate(mandate_id=MANDATED, reason="All is spent.", now=LATER)


def test_a_mandate_is_published_once():
    """A funder publishes a mandate; repeating it causes nothing, and nobody else has its identifier."""
    given(MANDATE).when(publishing()).then(PUBLISHED)
    given(MANDATE, PUBLISHED).when(publishing()).then_nothing()
    given(MANDATE, PUBLISHED).when(publishing(person=BEN)).then_refused(MandatePublishedBeforeError)


@pytest.mark.parametrize(
    "command",
    [
        *(revising(), PAUSING, RESUMING, CLOSING, ExpireMandate(mandate_id=MANDATED, now=LATER)),
        *(reserving(1), releasing(0)),
    ],
)
def test_nothing_can_be_wanted_of_a_mandate_that_is_not_there(command):
    """Every command but publishing needs a mandate."""
    given(MANDATE).when(command).then_refused(MandateUnknownError)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ticket_min": pounds(6_000)}, TicketRangeError),
        ({"ticket_max": pounds(10_001)}, TicketOverBudgetError),
        ({"ticket_min": pounds(1_000, "EUR")}, MixedCurrenciesError),
        ({"budget": pounds(10_000, "EUR")}, MixedCurrenciesError),
        ({"conditions": PledgeConditions(min_total=pounds(1, "EUR"))}, MixedCurrenciesError),
        ({"conditions": PledgeConditions(match_cap=pounds(0))}, MandateAmountError),
        ({"ticket_min": pounds(0)}, MandateAmountError),
        ({"ticket_min": pounds(-1)}, MandateAmountError),
        ({"budget": pounds(AMOUNT_MINOR_MAX + 1)}, MandateAmountError),
        ({"closes_at": NOON}, MandateWindowError),
        ({"opens_at": END}, MandateWindowError),
        ({"opens_at": NOON - timedelta(days=2), "closes_at": NOON - timedelta(days=1)}, MandateWindowError),
        ({"thresholds": Thresholds(verified_votes=-1)}, ThresholdsError),
        ({"thresholds": Thresholds(covered_percent=101)}, ThresholdsError),
        ({"veto_hours": -1}, VetoHoursError),
        ({"veto_hours": 721}, VetoHoursError),
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(changes, error):
    """Neither the first statement nor a later one may contradict itself; the rule is told in words."""
    given(MANDATE).when(publishing(replace(STATED, **changes))).then_refused(error)
    given(MANDATE, PUBLISHED).when(revising(**changes)).then_refused(error)


def test_a_revision_counts_up():
    """Each change of what a mandate says has a number; the same words again are no change."""
    given(MANDATE, PUBLISHED).when(revising(title="Rural buses")).then(revised(2, title="Rural buses"))
    given(MANDATE, PUBLISHED, revised(2, title="Rural buses")).when(revising()).then(revised(3))
    given(MANDATE, PUBLISHED).when(revising()).then_nothing()


def test_a_paused_mandate_is_revised_and_stays_paused():
    """Revising does not resume."""
    given(MANDATE, PUBLISHED, PAUSED).when(revising(title="Buses")).then(revised(2, title="Buses"))
    paused = MANDATE.fold([PUBLISHED, PAUSED, revised(2, title="Buses")])
    assert isinstance(paused, Paused)
    assert paused.mandate.statement.title == "Buses"


def test_a_budget_cannot_be_lowered_under_what_is_reserved():
    """What was promised from a budget stays in it, to the penny; the currency stays as well."""
    history = (PUBLISHED, reserved(3_000), reserved(4_000, pledge=OTHER_PLEDGE))
    given(MANDATE, *history).when(revising(budget=pounds(6_999))).then_refused(BudgetUnderReservedError)
    given(MANDATE, *history).when(revising(budget=pounds(7_000))).then(revised(2, budget=pounds(7_000)))
    euros = {name: pounds(10_000, "EUR") for name in ("ticket_min", "ticket_max", "budget")}
    given(MANDATE, PUBLISHED).when(revising(**euros)).then_refused(BudgetCurrencyError)


def test_pausing_and_resuming():
    """A mandate is paused and resumed; what is so already causes nothing."""
    given(MANDATE, PUBLISHED).when(PAUSING).then(PAUSED)
    given(MANDATE, PUBLISHED, PAUSED).when(PAUSING).then_nothing()
    given(MANDATE, PUBLISHED, PAUSED).when(RESUMING).then(RESUMED)
    given(MANDATE, PUBLISHED).when(RESUMING).then_nothing()


@pytest.mark.parametrize("before", [(PUBLISHED,), (PUBLISHED, PAUSED)])
def test_closing_is_the_end(before):
    """A closed mandate is neither revised, paused, resumed nor drawn upon."""
    given(MANDATE, *before).when(CLOSING).then(CLOSED)
    given(MANDATE, *before, CLOSED).when(CLOSING).then_nothing()
    for command in (revising(title="Buses"), PAUSING, RESUMING, reserving(1)):
        given(MANDATE, *before, CLOSED).when(command).then_refused(MandateIsClosedError)


@pytest.mark.parametrize("before", [(PUBLISHED,), (PUBLISHED, PAUSED)])
def test_a_window_that_is_over_is_over_before_it_is_noted(before):
    """From the moment it closes at, nothing is done under a mandate, and the sweep notes it, once."""
    title = {"title": "Buses", "closes_at": AFTERWARDS + timedelta(days=1)}
    given(MANDATE, *before).when(revising(now=END, **title)).then_refused(MandateHasExpiredError)
    given(MANDATE, *before).when(reserving(1, now=END)).then_refused(MandateHasExpiredError)
    expire = ExpireMandate(mandate_id=MANDATED, now=AFTERWARDS)
    given(MANDATE, *before).when(replace(expire, now=END - timedelta(seconds=1))).then_nothing()
    given(MANDATE, *before).when(expire).then(EXPIRED)
    given(MANDATE, *before, EXPIRED).when(expire).then_nothing()
    given(MANDATE, *before, CLOSED).when(expire).then_nothing()


def test_a_reservation_is_made_once():
    """A pledge has at least what it asks for set aside; asking again, or for less, changes nothing."""
    given(MANDATE, PUBLISHED).when(reserving(3_000)).then(reserved(3_000))
    given(MANDATE, PUBLISHED, reserved(3_000)).when(reserving(3_000)).then_nothing()
    given(MANDATE, PUBLISHED, reserved(3_000)).when(reserving(2_000)).then_nothing()
    given(MANDATE, PUBLISHED, reserved(3_000)).when(reserving(3_500)).then(reserved(500))
    other = reserving(3_000, pool=OTHER_POOL)
    given(MANDATE, PUBLISHED, reserved(3_000)).when(other).then_refused(ReservedForAnotherPoolError)


def test_a_budget_is_spent_to_the_penny_and_no_further():
    """The last penny can be set aside, one more cannot, whichever pool it is for."""
    given(MANDATE, PUBLISHED).when(reserving(10_001)).then_refused(OverBudgetError)
    history = (PUBLISHED, reserved(6_000))
    elsewhere = {"pledge": OTHER_PLEDGE, "pool": OTHER_POOL}
    given(MANDATE, *history).when(reserving(4_001, **elsewhere)).then_refused(OverBudgetError)
    given(MANDATE, *history).when(reserving(4_000, **elsewhere)).then(reserved(4_000, **elsewhere))


@pytest.mark.parametrize(
    ("minor", "currency", "error"),
    [
        (0, "GBP", MandateAmountError),
        (-1, "GBP", MandateAmountError),
        (AMOUNT_MINOR_MAX + 1, "GBP", MandateAmountError),
        (1, "EUR", MixedCurrenciesError),
    ],
)
def test_only_sound_amounts_are_set_aside(minor, currency, error):
    """Nothing, less than nothing, too much to count, or another currency is refused."""
    given(MANDATE, PUBLISHED).when(reserving(minor, currency=currency)).then_refused(error)


def test_a_mandate_that_does_not_run_backs_nothing_new():
    """While it is paused or before it opens nothing is set aside; what is set aside already stands."""
    given(MANDATE, PUBLISHED, PAUSED).when(reserving(1)).then_refused(MandateIsPausedError)
    early = reserving(1, now=NOON - timedelta(seconds=1))
    given(MANDATE, PUBLISHED).when(early).then_refused(MandateNotOpenYetError)
    given(MANDATE, PUBLISHED, reserved(1), PAUSED).when(reserving(1)).then_nothing()
    given(MANDATE, PUBLISHED, reserved(1), CLOSED).when(reserving(1)).then_nothing()


@pytest.mark.parametrize("end", [(), (PAUSED,), (CLOSED,)])
def test_what_is_not_needed_is_released(end):
    """Whatever became of the mandate, a pledge keeps aside what it still needs and frees the rest, once."""
    history = (PUBLISHED, reserved(3_000), *end)
    given(MANDATE, *history).when(releasing(1_000)).then(released(2_000))
    given(MANDATE, *history).when(releasing(0)).then(released(3_000))
    given(MANDATE, *history).when(releasing(3_000)).then_nothing()
    given(MANDATE, *history).when(releasing(9_000)).then_nothing()
    given(MANDATE, *history).when(releasing(0, pledge=OTHER_PLEDGE)).then_nothing()
    freed = (*history, released(3_000))
    given(MANDATE, *freed).when(releasing(0)).then_nothing()


def test_what_was_released_can_be_set_aside_anew():
    """A budget that was freed is there for the next pledge."""
    history = (PUBLISHED, reserved(10_000), released(4_000))
    given(MANDATE, *history).when(reserving(4_000, pledge=OTHER_PLEDGE)).then(
        reserved(4_000, pledge=OTHER_PLEDGE)
    )


moments = st.sampled_from([NOON, LATER, END, AFTERWARDS])
pledges = st.sampled_from([ADA, BEN, COMMONS])
amounts = st.integers(-100, 12_000).map(pounds)
wanted = st.one_of(
    st.builds(
        ReserveBudget,
        mandate_id=st.just(MANDATED),
        pledge_id=pledges,
        pool_id=st.sampled_from([POOL, OTHER_POOL]),
        amount=amounts,
        now=moments,
    ),
    st.builds(
        ReleaseBudget,
        mandate_id=st.just(MANDATED),
        pledge_id=pledges,
        keep_minor=st.integers(-100, 12_000),
        now=moments,
    ),
    st.builds(lambda budget, now: revising(now, budget=budget), amounts, moments),
    st.builds(lambda now: replace(PAUSING, now=now), moments),
    st.builds(lambda now: replace(RESUMING, now=now), moments),
    st.builds(lambda now: replace(CLOSING, now=now), moments),
    st.builds(lambda now: ExpireMandate(mandate_id=MANDATED, now=now), moments),
)


@settings(max_examples=300)
@for_any(st.lists(wanted, max_size=40))
def test_a_budget_is_never_exceeded(commands):
    """After any sequence of commands what is set aside is what the events say, and within the budget of the day."""
    state = MANDATE.fold([PUBLISHED])
    aside: dict[object, int] = {}
    for command in commands:
        try:
            events = MANDATE.decide(command, state)
        except DomainError:
            continue
        for event in events:
            match event:
                case BudgetReserved(pledge_id=pledge, amount=amount):
                    assert amount.amount_minor > 0
                    aside[pledge] = aside.get(pledge, 0) + amount.amount_minor
                case BudgetReleased(pledge_id=pledge, amount=amount):
                    assert 0 < amount.amount_minor <= aside[pledge]
                    aside[pledge] -= amount.amount_minor
        state = MANDATE.fold(events, state)
        mandate = state.mandate if isinstance(state, Paused | Closed) else state
        kept = {pledge: one.amount_minor for pledge, one in mandate.reservations.items()}
        assert kept == {pledge: minor for pledge, minor in aside.items() if minor}
        assert 0 <= mandate.reserved_minor <= mandate.statement.budget.amount_minor
        assert mandate.left.amount_minor == mandate.statement.budget.amount_minor - mandate.reserved_minor


def test_events_before_a_mandate_lead_nowhere():
    """Without a mandate there is nothing that an event could change."""
    assert MANDATE.fold([PAUSED, reserved(1), CLOSED]) == Unpublished()
