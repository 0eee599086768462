"""A short run of the campaign in which one worker tells receivers that mean harm, and good ones."""

from ops.faults.hostile_receivers import HARMS
from tests.faults.reports import all_of, holding


def test_receivers_that_mean_harm_hold_up_nobody(campaign):
    """Good receivers hear of everything while others answer without end, too slowly, too much or not at all."""
    ended, report = campaign("hostile", "--seconds", "8")
    assert (ended.returncode, holding(report)) == (0, all_of(report)), ended.stdout
    assert report["figures"]["attempts at receivers that mean harm"] > len(HARMS)
