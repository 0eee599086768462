"""The catalogue of benchmarks: names that fit together."""

from collections import Counter

import pytest

from ops.bench.catalogue import BENCHES, Target

PROMISED = {
    "append": {
        "append_256_vs_insert_16",
        "append_256_vs_eventsourcing",
        "append_16_vs_insert_16",
        "append_1_vs_insert_1",
        "append_batch500_vs_insert_batch500",
    },
    "http": {"vote_vs_bare_handler"},
}


@pytest.mark.parametrize("bench", BENCHES.values(), ids=BENCHES)
def test_ratios_and_targets_speak_of_cases_that_exist(bench):
    """A ratio divides two cases of its bench, and a target is for a case or a ratio."""
    for ratio in bench.ratios.values():
        assert {ratio.over, ratio.under} <= bench.cases.keys()
    assert bench.targets.keys() <= bench.cases.keys() | bench.ratios.keys()


def test_a_case_has_one_bench():
    """All benches fit into one report."""
    names = Counter(name for bench in BENCHES.values() for name in (*bench.cases, *bench.ratios))

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(("bench", "ratios"), PROMISED.items())
def test_promised_ratios_are_there(bench, ratios):
    """The ratios that the interface names are measured under these names."""
    assert ratios <= BENCHES[bench].ratios.keys()


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(at_least=3), 3.0, True),
        (Target(at_least=3), 2.99, False),
        (Target(at_most=6), 6.0, True),
        (Target(at_most=6), 6.01, False),
    ],
)
def test_a_target_includes_its_bound(target, value, met):
    """Reaching a bound exactly is enough."""
    assert target.met_by(value) is met
