"""Why a pledge is not given in full, and what would change that: doing what is said is enough."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pledge_explanation import Binding, explain, unlocked_by
from domain.pledge_resolution import resolve
from tests.domain.pledges import pledge, pledges

pools = pledges(size=7, amounts=500, denominators=(2, 3, 100))


def explained(pool):
    """Resolve and explain a pool."""
    return explain(pool, resolve(pool))


@pytest.mark.parametrize(
    ("one", "binding"),
    [
        (pledge("a", 60, min_total=101), Binding(condition="min_total", more=1)),
        (pledge("a", 60, min_funders=4), Binding(condition="min_funders", funders=2)),
        (
            pledge("a", 60, with_funders=("b", "x", "y")),
            Binding(condition="with_funders", waits_for=("x", "y")),
        ),
        (pledge("a", 60, max_share="0.5"), Binding(condition="max_share", more=20)),
        (pledge("a", 60, match_ratio="1"), Binding(condition="match_ratio", more=20)),
        (pledge("a", 60, match_ratio="2", match_cap=50), Binding(condition="match_cap")),
        (pledge("a", 60, max_share="0"), Binding(condition="max_share")),
    ],
)
def test_each_condition_says_what_it_needs(one, binding):
    """Beside a pledge of 40, each condition names what the others lack, or nothing where they cannot help."""
    assert explained([one, pledge("b", 40)]) == {"a": (binding,), "b": ()}


def test_all_that_binds_is_said():
    """A pledge can wait for several things at once."""
    pool = [pledge("a", 60, min_total=200, min_funders=3, max_share="0.5"), pledge("b", 40)]
    assert [binding.condition for binding in explained(pool)["a"]] == [
        "min_total",
        "min_funders",
        "max_share",
    ]


@settings(max_examples=100, deadline=None)
@given(pools)
def test_something_binds_exactly_where_a_pledge_is_lowered(pool):
    """A pledge that is given in full has nothing to explain, and any other has."""
    resolution = resolve(pool)
    for one in pool:
        assert bool(explain(pool, resolution)[one.id]) == (resolution.amounts[one.id] < one.amount)


@settings(max_examples=100, deadline=None)
@given(pools)
def test_what_is_said_to_be_needed_is_enough(pool):
    """Where a pledge waits only for more money, somebody new who gives as much raises it as far as it can be."""
    resolution = resolve(pool)
    for one in pool:
        bindings = explain(pool, resolution)[one.id]
        if len(bindings) != 1 or bindings[0].more is None:
            continue
        raised = resolve([*pool, pledge("new", bindings[0].more)]).amounts[one.id]
        assert raised > resolution.amounts[one.id]
        if bindings[0].condition in {"max_share", "match_ratio"}:
            assert raised == one.most


@settings(max_examples=100, deadline=None)
@given(pool=pools, amount=st.integers(1, 500), min_funders=st.integers(0, 4))
def test_what_a_pledge_unlocks_is_what_the_others_gain(pool, amount, min_funders):
    """The gain is the difference of two resolutions without the pledge itself, and never below nothing."""
    another = pledge("new", amount, min_funders=min_funders)
    unlocked = unlocked_by(pool, another)
    own = unlocked.after.amounts["new"]
    assert unlocked.gain == unlocked.after.total - own - unlocked.before.total
    assert all(gain > 0 for gain in unlocked.gains.values())


def test_a_revision_is_compared_with_what_was():
    """A pledge with the id of one in the pool stands in its place."""
    pool = [pledge("a", 50), pledge("b", 100, max_share="0.5")]
    unlocked = unlocked_by(pool, pledge("a", 80))
    assert (unlocked.before.total, unlocked.after.total, unlocked.gains) == (100, 160, {"b": 30})
