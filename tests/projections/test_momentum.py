"""Momentum: a vote rate that decays by half in seven days, kept as a number that time does not change."""

from datetime import datetime, timedelta
from math import inf, isclose, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from projections.tally import Tally, momentum_at
from tests.projections.examples import NOON, days

MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: NOON - timedelta(minutes=minutes))


def naive(cast: list[datetime], now: datetime) -> float:
    """Say the same in the plainest way: each vote counts 2^(-age / 7 days), as a rate a day."""
    return sum(2.0 ** (-((now - at) / days(7))) for at in cast) * log(2) / 7


def tally_of(cast: list[datetime]) -> Tally:
    """Count votes in the order given."""
    tally = Tally(threshold=3, votes=0, momentum=-inf, stage="logged", since=NOON, position=0)
    for at in cast:
        tally.cast(at)
    return tally


@given(cast=st.lists(MOMENTS, max_size=50), later=st.integers(0, 365))
def test_momentum_is_the_decayed_rate(cast, later):
    """At any moment momentum is what the plain sum over all votes says, in whatever order they came."""
    now = NOON + days(later)
    assert isclose(momentum_at(tally_of(cast).momentum, now), naive(cast, now), rel_tol=1e-9)


@given(one=st.lists(MOMENTS, max_size=20), other=st.lists(MOMENTS, max_size=20), later=st.integers(0, 3_650))
def test_the_order_of_two_ideas_does_not_change_by_waiting(one, other, later):
    """Without new votes whoever is ahead stays ahead, so that a stored number can be sorted by."""
    ahead, behind = naive(one, NOON), naive(other, NOON)
    assume(not isclose(ahead, behind, rel_tol=1e-9))
    stored = tally_of(one).momentum > tally_of(other).momentum
    assert stored == (ahead > behind)
    now = NOON + days(later)
    assert (naive(one, now) > naive(other, now)) == stored


@given(kept=st.lists(MOMENTS, max_size=20), gone=st.lists(MOMENTS, max_size=20), data=st.data())
def test_votes_taken_back_leave_no_trace(kept, gone, data):
    """After votes were taken back momentum is that of the votes that stay."""
    order = data.draw(st.permutations([*kept, *gone]))
    tally = tally_of(order)
    for at in data.draw(st.permutations(gone)):
        tally.withdraw_vote(at)
    assert tally.votes == len(kept)
    assert isclose(momentum_at(tally.momentum, NOON), naive(kept, NOON), rel_tol=1e-9, abs_tol=1e-9)


@given(cast=st.lists(MOMENTS, max_size=20), data=st.data())
def test_without_votes_there_is_no_momentum(cast, data):
    """When the last vote is taken back nothing is left, not even a rounding error."""
    tally = tally_of(cast)
    for at in data.draw(st.permutations(cast)):
        tally.withdraw_vote(at)
    assert tally.momentum == -inf
    assert momentum_at(tally.momentum, NOON) == 0.0


@pytest.mark.parametrize("rate", [1, 4, 10])
def test_a_steady_stream_has_its_own_rate(rate):
    """An idea with so many votes a day for long has momentum of so many."""
    cast = [NOON - days(number / rate) for number in range(200 * rate)]
    assert momentum_at(tally_of(cast).momentum, NOON) == pytest.approx(rate, rel=0.06)


def test_momentum_halves_in_seven_days():
    """A week without votes takes half of the momentum, and decades neither overflow nor go below nothing."""
    momentum = tally_of([NOON]).momentum
    assert momentum_at(momentum, NOON + days(7)) == pytest.approx(momentum_at(momentum, NOON) / 2)
    assert 0.0 <= momentum_at(momentum, NOON + days(365 * 300)) < 1e-9
    assert momentum_at(momentum, NOON - days(365 * 300)) < inf


@pytest.mark.asyncio
async def test_cards_show_the_momentum_of_now(spec):
    """A card's momentum follows from the votes and the moment it is asked at."""
    from tests.projections.examples import logged, opened, vote, vote_withdrawn

    cast = [NOON - days(number) for number in range(5)]
    await spec.given(opened(), logged(), *[vote(number, at=at) for number, at in enumerate(cast)])
    for later in (0, 1, 7, 100):
        now = NOON + days(later)
        assert (await spec.card(now=now)).momentum == pytest.approx(naive(cast, now), abs=1e-4)
    await spec.given(vote_withdrawn(0, cast_at=cast[0], at=NOON))
    assert (await spec.card()).momentum == pytest.approx(naive(cast[1:], NOON), abs=1e-4)
    await spec.given(*[vote_withdrawn(number, cast_at=cast[number], at=NOON) for number in range(1, 5)])
    assert (await spec.card()).momentum == 0.0
