"""The comparison of times: it sees a difference where there is one, and none where there is none."""

import random

import pytest

from ops.faults.timing_check import chance_of_ranks, difference_of_medians


def times(seed, *, shift=0.0, count=200):
    """Make up times as services have them: most near one value, some much later."""
    chance = random.Random(seed)
    return [4.0 + shift + chance.expovariate(1.0) for _ in range(count)]


def test_a_shift_of_a_part_of_the_spread_is_seen():
    """Half a millisecond on a spread of one is found in 200 tries, on the right side, within its interval."""
    found = difference_of_medians(times(1, shift=0.5), times(2), seed=1)
    assert not found.holds_zero
    assert 0 < found.low < found.difference < found.high
    assert found.chance < 0.001


def test_groups_of_one_distribution_mostly_pass():
    """Of forty comparisons of the same with the same at most a few, as the interval allows, look different."""
    different = [
        not difference_of_medians(times(number), times(1_000 + number), seed=number).holds_zero
        for number in range(40)
    ]
    assert sum(different) <= 4


def test_the_same_seed_tells_the_same():
    """A report can be made again from its times and its seed."""
    assert difference_of_medians(times(1), times(2), seed=3) == difference_of_medians(
        times(1), times(2), seed=3
    )


@pytest.mark.parametrize(
    ("known", "unknown", "chance"),
    [
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.009),
        ([1, 3, 5, 7, 9], [2, 4, 6, 8, 10], 0.602),
        ([5, 5, 5, 5, 5], [5, 5, 5, 5, 5], 1.0),
    ],
)
def test_ranks_are_counted_as_in_the_tables(known, unknown, chance):
    """Small groups give the chances of the normal approximation, and equal times share their ranks."""
    assert chance_of_ranks(known, unknown) == pytest.approx(chance, abs=0.001)
