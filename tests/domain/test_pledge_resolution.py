"""What conditional pledges come to: equal to trying everything, whatever the order, to the last unit."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.pledge_resolution import NotARatioError, ratio_of, resolve, scale, shared_out
from ops.bench.naive_descent import resolve_naively
from tests.domain.pledges import greatest_by_trying, pledge, pledges, satisfied

small = pledges(size=6, amounts=2) | pledges(size=4, amounts=5)
large = pledges(size=12, amounts=20_000, denominators=(2, 3, 100, 997, 10_000))


@settings(max_examples=150, deadline=None)
@given(small)
def test_the_resolution_is_the_greatest_that_satisfies_everybody(pool):
    """Of all amounts up to two units in pools up to six pledges, and up to five in pools up to four, it is the largest that everybody agrees to."""
    assert resolve(pool).amounts == greatest_by_trying(pool)


@settings(max_examples=150, deadline=None)
@given(large)
def test_the_resolution_is_what_lowering_one_by_one_leads_to(pool):
    """With amounts and ratios of any size, it is where pledges come to rest that are lowered in turn."""
    assert resolve(pool).amounts == resolve_naively(pool, rounds_max=100_000)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_parts_that_chase_each_other_down_rest_where_they_would_one_by_one(data):
    """Parts that leave almost nothing of the whole, beside a few units that are not limited, rest at the same."""
    whole = data.draw(st.sampled_from([10, 100, 997, 10_000]))
    cuts = sorted(data.draw(st.lists(st.integers(0, whole), min_size=1, max_size=4)))
    parts = [end - start for start, end in zip([0, *cuts], [*cuts, whole], strict=True)]
    parts[-1] = max(0, parts[-1] - data.draw(st.integers(0, 2)))
    amounts = st.sampled_from([3, 70, 5_000, 400_000])
    pool = [
        pledge(
            f"p{n}",
            data.draw(amounts),
            max_share=Fraction(part, whole),
            min_total=data.draw(st.none() | st.integers(0, 40_000)),
        )
        for n, part in enumerate(parts)
    ]
    pool += [
        pledge(f"q{n}", units, min_total=data.draw(st.none() | st.integers(0, 40_000)))
        for n, units in enumerate(data.draw(st.lists(st.integers(1, 3), max_size=3)))
    ]
    assert resolve(pool).amounts == resolve_naively(pool, rounds_max=1_000_000)


@settings(max_examples=100, deadline=None)
@given(large.flatmap(lambda pool: st.tuples(st.just(pool), st.permutations(pool))))
def test_the_order_of_pledges_does_not_matter(pools):
    """Whoever came first, each comes to the same."""
    pool, shuffled = pools
    assert resolve(pool).amounts == resolve(shuffled).amounts


@settings(max_examples=100, deadline=None)
@given(pool=large, number=st.integers(0, 11), more=st.integers(0, 20_000))
def test_more_from_one_is_never_less_from_another(pool, number, more):
    """Adding a pledge or raising its amount lowers nobody else."""
    if number >= len(pool):
        return
    one = pool[number]
    without, raised = [other for other in pool if other is not one], replace(one, amount=one.amount + more)
    amounts = [resolve(some).amounts for some in (without, pool, [*without, raised])]
    for other in without:
        assert amounts[0][other.id] <= amounts[1][other.id] <= amounts[2][other.id]


@settings(max_examples=100, deadline=None)
@given(large)
def test_everybody_is_satisfied_and_the_sum_is_exact(pool):
    """No amount is negative or above what was pledged, all conditions hold, and the total is the sum."""
    resolution = resolve(pool)
    amounts = tuple(resolution.amounts.values())
    assert satisfied(pool, amounts)
    assert min(amounts, default=0) >= 0
    assert resolution.total == sum(amounts)


@settings(max_examples=100, deadline=None)
@given(pool=large, ceiling=st.none() | st.integers(0, 100_000))
def test_scaling_loses_and_invents_nothing(pool, ceiling):
    """Under a ceiling the sum is exactly the smaller of both, and nobody gives more than it agreed to."""
    resolution = resolve(pool)
    scaled = scale(resolution, ceiling)
    assert sum(scaled.values()) == (resolution.total if ceiling is None else min(resolution.total, ceiling))
    assert all(0 <= scaled[id_] <= amount for id_, amount in resolution.amounts.items())
    if resolution.total:
        exact = {
            id_: Fraction(amount * sum(scaled.values()), resolution.total)
            for id_, amount in resolution.amounts.items()
        }
        assert all(abs(scaled[id_] - exact[id_]) < 1 for id_ in scaled)


def test_what_remains_equal_goes_by_id():
    """Three equal pledges under a ceiling that three does not divide: the first by id get the rest."""
    assert shared_out(11, {"c": 5, "a": 5, "b": 5}) == {"c": 3, "a": 4, "b": 4}


@pytest.mark.parametrize(
    ("pool", "amounts"),
    [
        ([pledge("a", 5_000)], {"a": 5_000}),
        ([], {}),
        ([pledge("a", 60, min_total=100), pledge("b", 40)], {"a": 60, "b": 40}),
        ([pledge("a", 60, min_total=101), pledge("b", 40)], {"a": 0, "b": 40}),
        ([pledge("a", 60, min_funders=2), pledge("b", 40, min_funders=2)], {"a": 60, "b": 40}),
        ([pledge("a", 60, min_funders=2), pledge("b", 40, funder="a")], {"a": 0, "b": 40}),
        ([pledge("a", 1, with_funders=("b",)), pledge("b", 2, with_funders=("a",))], {"a": 1, "b": 2}),
        ([pledge("a", 1, with_funders=("b",)), pledge("b", 2, min_total=9)], {"a": 0, "b": 0}),
        ([pledge("a", 1, with_funders=("a",))], {"a": 1}),
        ([pledge("a", 1, with_funders=("nobody",))], {"a": 0}),
        ([pledge("a", 100, max_share="0.5"), pledge("b", 30)], {"a": 30, "b": 30}),
        ([pledge("a", 100, max_share="0.333"), pledge("b", 30)], {"a": 14, "b": 30}),
        ([pledge("a", 100, max_share="1")], {"a": 100}),
        ([pledge("a", 100, max_share="0"), pledge("b", 30)], {"a": 0, "b": 30}),
        ([pledge("a", 100, match_ratio="1.5"), pledge("b", 31)], {"a": 46, "b": 31}),
        ([pledge("a", 100, match_ratio="1.5", match_cap=40), pledge("b", 31)], {"a": 40, "b": 31}),
        ([pledge("a", 9, match_ratio="1"), pledge("b", 9, match_ratio="1")], {"a": 9, "b": 9}),
        ([pledge("a", 9, max_share="0.5"), pledge("b", 9, max_share="0.49")], {"a": 0, "b": 0}),
    ],
)
def test_each_condition_means_what_it_says(pool, amounts):
    """Small pools whose amounts can be worked out by hand."""
    assert resolve(pool).amounts == amounts


@pytest.mark.parametrize(
    "text", ["", "-1", "1e3", ".5", "0,5", "1/2", "NaN", "0.1234567890", " 1", "1 ", "\u0661"]
)
def test_a_ratio_is_a_plain_decimal(text):
    """Anything else than digits and a point is refused."""
    with pytest.raises(NotARatioError):
        ratio_of(text)


def test_a_ratio_is_read_exactly():
    """A tenth is a tenth."""
    assert ratio_of("0.1") * 10 == ratio_of("1") == 1
