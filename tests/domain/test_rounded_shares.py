"""The largest total that rounded parts reach, beside going down one by one."""

from math import gcd

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from domain.rounded_shares import Edges, OnePart, Period, TwoParts, solver_for

fractions = st.integers(2, 400).flatmap(lambda q: st.tuples(st.integers(1, q - 1), st.just(q)))


def lowest(part):
    """Bring a part into lowest terms."""
    common = gcd(*part)
    return part[0] // common, part[1] // common


def given_with(weights, constant, total):
    """Say what a total gives."""
    return constant + sum(weight * (p * total // q) for (p, q), weight in weights.items())


def going_down(weights, constant, at_most):
    """Go down from a total until what it gives is as much."""
    while (given_ := given_with(weights, constant, at_most)) < at_most:
        at_most = given_
    return at_most


weighted = st.dictionaries(fractions.map(lowest), st.integers(1, 3), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None)
@given(
    part=fractions.map(lowest),
    weight=st.integers(1, 5),
    constant=st.integers(0, 50),
    start=st.integers(0, 5_000),
)
def test_one_part_is_a_division(part, weight, constant, start):
    """Any number of pledges limited to the same part."""
    assume(given_with({part: weight}, constant, start) <= start)
    assert OnePart(part, weight).largest(constant, start) == going_down({part: weight}, constant, start)


@settings(max_examples=200, deadline=None)
@given(weights=weighted.filter(lambda weights: len(weights) == 2), constant=st.integers(0, 50))
@example(weights={(1, 2): 1, (199, 399): 1}, constant=1)
def test_two_parts_meet_in_a_corner(weights, constant):
    """Two parts that together are less than the whole, from where they meet unrounded."""
    one, other = weights.items()
    left = 1 - sum(weight * p / q for (p, q), weight in weights.items())
    assume(left > 1e-9)
    start = int(constant / left) + 1
    assert TwoParts(one, other).largest(constant, start) == going_down(weights, constant, start)


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(st.integers(1, 39), min_size=1, max_size=5),
    whole=st.integers(40, 240),
    constant=st.integers(0, 9),
    start=st.integers(0, 2_000),
)
def test_any_parts_come_again_with_their_period(parts, whole, constant, start):
    """Any number of parts with a common denominator, more than the whole or less."""
    weights = {}
    for part in parts:
        weights[part, whole] = weights.get((part, whole), 0) + 1
    assume(given_with(weights, constant, start) <= start)
    assert Period(weights, whole).largest(constant, start) == going_down(weights, constant, start)


@settings(max_examples=300, deadline=None)
@given(
    weights=st.dictionaries(fractions.map(lowest), st.integers(1, 3), min_size=1, max_size=40),
    constant=st.integers(0, 50),
    start=st.integers(0, 20_000),
)
@example(weights={(1, 3): 1, (1, 5): 1, (18, 39): 1}, constant=4, start=4_000)
def test_any_parts_are_found_by_their_edges(weights, constant, start):
    """Parts without a common denominator, more than the whole or less."""
    assume(given_with(weights, constant, start) <= start)
    assert Edges(weights).largest(constant, start) == going_down(weights, constant, start)


def test_two_hundred_parts_near_the_whole_are_found_by_their_edges():
    """Each of a denominator of its own, together nearly all: step by step it takes hundreds of rounds."""
    weights = {(1, 211 + n): 1 for n in range(199)}
    weights[lowest((int(10_000 * (0.999 - sum(p / q for p, q in weights))), 10_000))] = 1
    constant, start = 10_007, 1_000_000_000
    assert isinstance(solver_for(weights), Edges)
    found = Edges(weights).largest(constant, start)
    assert found == going_down(weights, constant, start)
    assert given_with(weights, constant, found) == found


def test_parts_of_billionths_are_solved_at_once():
    """Going down one by one would take hundreds of millions of steps; no total above the answer is reached."""
    one, other = ((333_333_333, 1_000_000_000), 1), ((666_666_661, 1_000_000_000), 1)
    meeting = 7 * 1_000_000_000 // 6
    found = TwoParts(one, other).largest(7, meeting)
    weights = dict([one, other])
    assert given_with(weights, 7, found) == found
    assert all(
        given_with(weights, 7, total) < total for total in range(found + 1, min(found + 50_000, meeting))
    )
