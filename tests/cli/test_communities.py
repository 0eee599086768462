"""Communities, opened and ruled from the command line."""

import pytest

from events.streams import community_id


@pytest.fixture
def leeds(done):
    """Open a community."""
    return done("communities", "open", "leeds", "--name", "Leeds together", "--threshold", 25).strip()


def test_opening_prints_the_identifier(leeds, told):
    """The identifier follows from the short name; the list shows the rules."""
    (listed,) = told("communities", "list")

    assert leeds == str(community_id("leeds")) == listed["community_id"]
    assert (listed["slug"], listed["name"], listed["voting"]) == ("leeds", "Leeds together", True)
    assert listed["rules"]["support_threshold"] == 25


def test_opening_twice_is_refused(open_impact, leeds):
    """A short name stands for one community."""
    result = open_impact("communities", "open", "leeds", "--name", "Other")

    assert result.exit_code == 1
    assert "open already" in result.stderr


def test_a_short_name_is_short_and_plain(open_impact):
    """A name with capitals is refused with one that would do."""
    result = open_impact("communities", "open", "Leeds City", "--name", "Leeds")

    assert result.exit_code == 2
    assert "'leeds-city'" in result.stderr


def test_rules_change_only_while_voting_is_paused(open_impact, done, told, leeds):
    """A running vote keeps its rules; paused, they change, and what is not named stays."""
    change = (
        "communities",
        "rules",
        "leeds",
        "--closes-at",
        "2030-01-01",
        "--reason",
        "The council said so.",
    )
    frozen = open_impact(*change)
    done("communities", "pause", "leeds", "--reason", "We change the rules.")
    done(*change)
    (paused,) = told("communities", "list")
    done("communities", "resume", "leeds")
    (resumed,) = told("communities", "list")

    assert frozen.exit_code == 1
    assert "pause voting before you change its rules" in frozen.stderr
    assert paused["rules"] == {"support_threshold": 25, "opens_at": None, "closes_at": "2030-01-01T00:00:00Z"}
    assert (paused["paused"], paused["voting"]) == (True, False)
    assert (resumed["paused"], resumed["voting"]) == (False, True)


def test_an_unknown_community_is_refused(open_impact):
    """Nothing can be paused or ruled that was never opened."""
    for command in (("pause", "nowhere", "--reason", "x"), ("resume", "nowhere")):
        result = open_impact("communities", *command)
        assert result.exit_code == 1
        assert "There is no such community." in result.stderr


def test_a_time_that_is_none_is_refused(open_impact):
    """A word in the place of a time is named."""
    result = open_impact("communities", "open", "leeds", "--name", "L", "--opens-at", "soon")

    assert result.exit_code == 2
    assert "'soon' is no time" in result.stderr
