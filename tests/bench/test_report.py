"""Reports: medians, ratios, targets, and the published form."""

import pytest

from ops.bench.catalogue import Bench, Ratio, Target
from ops.bench.report import Report, shown

BENCH = Bench(
    about="An example",
    cases={
        "slow": ("events/s", "the slow way"),
        "fast": ("events/s", "the fast way"),
        "p99_ms": ("ms", "the worst"),
    },
    ratios={"fast_vs_slow": Ratio("fast", "slow", "how much faster")},
    targets={"fast_vs_slow": Target(at_least=3), "p99_ms": Target(at_most=6)},
)


@pytest.fixture
def report():
    return Report("example", [BENCH], {"cores": 2})


def test_rounds_give_medians_and_medians_give_ratios(report):
    """The median of each case's rounds is taken first, then divided."""
    for slow, fast in ((100.0, 400.0), (90.0, 500.0), (110.0, 100.0)):
        report.add({"slow": slow, "fast": fast})

    assert report.medians == {"slow": 100.0, "fast": 400.0}
    assert report.ratios == {"fast_vs_slow": 4.0}
    assert report.missed == []


def test_the_published_form(report):
    """The JSON names bench, machine, cases with rounds, ratios, and targets with whether they are met."""
    report.add({"slow": 100.0, "fast": 200.0, "p99_ms": 5.0})
    report.note("Something to know.")

    assert report.as_json() == {
        "bench": "example",
        "machine": {"cores": 2},
        "cases": [
            {"name": "slow", "unit": "events/s", "median": 100.0, "rounds": [100.0]},
            {"name": "fast", "unit": "events/s", "median": 200.0, "rounds": [200.0]},
            {"name": "p99_ms", "unit": "ms", "median": 5.0, "rounds": [5.0]},
        ],
        "ratios": {"fast_vs_slow": 2.0},
        "targets": {"fast_vs_slow": {"at_least": 3, "met": False}, "p99_ms": {"at_most": 6, "met": True}},
        "notes": ["Something to know."],
    }
    assert report.missed == ["fast_vs_slow"]


def test_what_was_not_measured_is_left_out(report):
    """A case without rounds has no median, no ratio and no verdict."""
    report.add({"fast": 200.0})

    assert report.ratios == {}
    assert report.targets == {}


def test_a_case_that_nobody_listed_is_a_mistake(report):
    """Names are a promise, so none is made up on the way."""
    with pytest.raises(KeyError):
        report.add({"quick": 1.0})


@pytest.mark.parametrize(("value", "text"), [(43_210.4, "43,210"), (123.45, "123.5"), (0.8765, "0.88")])
def test_numbers_are_shown_with_what_is_worth_reading(value, text):
    """Large numbers lose their fraction, small ones keep two digits of it."""
    assert shown(value) == text
