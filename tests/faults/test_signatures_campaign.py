"""Short runs of the campaign in which other people's libraries check what a worker really sends."""

from tests.faults.reports import all_of, broken, holding


def test_the_libraries_of_others_take_what_is_sent_and_refuse_what_was_changed(campaign):
    """From PyPI and npm, in every way of writing, for events of every type, by the published schema, log and keys."""
    ended, report = campaign("signatures", "--deliveries", "300")
    assert (ended.returncode, holding(report)) == (0, all_of(report)), ended.stdout
    figures = report["figures"]
    assert figures["deliveries checked"] >= 300
    assert figures["copies tampered with"] == 6 * figures["deliveries checked"]


def test_one_letter_that_is_changed_on_the_way_is_noticed(campaign):
    """With a body that is not as it was sent, every check of a signature says so, and the campaign fails."""
    ended, report = campaign("signatures", "--deliveries", "30", "--planted")
    assert ended.returncode == 1
    assert "broken promise" in ended.stderr
    assert {name for name in broken(report) if name.endswith("takes every message")} == {
        "standardwebhooks from PyPI takes every message",
        "standardwebhooks from npm takes every message",
        "a check of v1 with nothing but HMAC takes every message",
        "a check of v1a with the public key takes every message",
    }
