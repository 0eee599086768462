"""A short run of the campaign in which workers that tell other programs of events are killed."""

from tests.faults.reports import all_of, holding


def test_nothing_is_left_untold_when_workers_are_killed(campaign):
    """Every event comes to every endpoint, in order where that is wanted, and few come twice."""
    ended, report = campaign("webhooks", "--kills", "3")
    assert (ended.returncode, holding(report)) == (0, all_of(report)), ended.stdout
    assert report["figures"]["events"] > 0
