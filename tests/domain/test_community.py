"""A community opens, votes under rules that are frozen while it votes, and has stewards."""

from datetime import timedelta

import pytest

from domain.community import (
    COMMUNITY,
    AppointSteward,
    CommunityUnknownError,
    Open,
    OpenCommunity,
    PauseVoting,
    RemoveSteward,
    ResumeVoting,
    RulesFrozenError,
    RulesUnsoundError,
    SetRules,
    Unopened,
    voting_is_running,
)
from events.contracts import (
    CommunityRulesSet,
    StewardAppointed,
    StewardRemoved,
    VotingPaused,
    VotingResumed,
    VotingRules,
)
from tests.domain.cast import ADA, BEN, COMMONS, LATER, NOON, OPENED, RULES, STRICT
from tests.spec import given

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
PAUSED = VotingPaused(community_id=COMMONS, reason="New rules.", occurred_at=NOON)
RESUMED = VotingResumed(community_id=COMMONS, occurred_at=NOON)
APPOINTED = StewardAppointed(community_id=COMMONS, person_id=ADA, occurred_at=NOON)
REMOVED = StewardRemoved(community_id=COMMONS, person_id=ADA, reason="Moved.", occurred_at=NOON)
WINDOW = VotingRules(support_threshold=25, opens_at=NOON, closes_at=NOON + HOUR)

OPENING = OpenCommunity(community_id=COMMONS, slug="commons", name="Commons", rules=RULES, now=NOON)
PAUSING = PauseVoting(community_id=COMMONS, reason="New rules.", now=LATER)
RESUMING = ResumeVoting(community_id=COMMONS, now=LATER)
APPOINTING = AppointSteward(community_id=COMMONS, person_id=ADA, now=LATER)
REMOVING = RemoveSteward(community_id=COMMONS, person_id=ADA, reason="Moved.", now=LATER)


def setting(rules=STRICT, now=LATER):
    """Want other rules."""
    return SetRules(community_id=COMMONS, rules=rules, reason="A higher bar.", now=now)


def rules_set(rules=STRICT, now=LATER):
    """Say that rules were set."""
    return CommunityRulesSet(community_id=COMMONS, rules=rules, reason="A higher bar.", occurred_at=now)


def test_a_community_opens():
    """A community opens under its short name, with rules to vote by."""
    given(COMMUNITY).when(OPENING).then(OPENED)


def test_opening_again_changes_nothing():
    """A community that is open stays as it is."""
    given(COMMUNITY, OPENED).when(OPENING).then_nothing()


@pytest.mark.parametrize("command", [setting(), PAUSING, RESUMING, APPOINTING, REMOVING])
def test_nothing_can_be_done_in_a_community_that_is_not_there(command):
    """Every command but opening needs a community."""
    given(COMMUNITY).when(command).then_refused(CommunityUnknownError)


@pytest.mark.parametrize(
    "rules",
    [
        VotingRules(support_threshold=0),
        VotingRules(support_threshold=-1),
        VotingRules(support_threshold=1, opens_at=NOON, closes_at=NOON),
        VotingRules(support_threshold=1, opens_at=LATER, closes_at=NOON),
    ],
)
def test_rules_must_be_sound(rules):
    """No community opens with, or gets, a threshold below one or a window that ends before it begins."""
    opening = OpenCommunity(community_id=COMMONS, slug="commons", name="Commons", rules=rules, now=NOON)
    given(COMMUNITY).when(opening).then_refused(RulesUnsoundError)
    given(COMMUNITY, OPENED, PAUSED).when(setting(rules)).then_refused(RulesUnsoundError)
    given(COMMUNITY, OPENED).when(setting(rules)).then_refused(RulesUnsoundError)


@pytest.mark.parametrize(
    "rules",
    [
        VotingRules(support_threshold=1),
        VotingRules(support_threshold=1, opens_at=NOON),
        VotingRules(support_threshold=1, closes_at=NOON),
        VotingRules(support_threshold=1, opens_at=NOON, closes_at=NOON + TICK),
    ],
)
def test_sound_rules_are_taken(rules):
    """A threshold of one and any window that begins before it ends will do."""
    given(COMMUNITY, OPENED, PAUSED).when(setting(rules)).then(rules_set(rules))


def test_rules_are_frozen_while_voting_runs():
    """While votes are taken the rules cannot change."""
    given(COMMUNITY, OPENED).when(setting()).then_refused(RulesFrozenError)
    given(COMMUNITY, OPENED, PAUSED, RESUMED).when(setting()).then_refused(RulesFrozenError)


def test_rules_change_during_a_pause():
    """While voting is paused the rules can change, and then hold."""
    given(COMMUNITY, OPENED, PAUSED).when(setting()).then(rules_set())
    given(COMMUNITY, OPENED, PAUSED, rules_set(), RESUMED).then_state(Open(slug="commons", rules=STRICT))


@pytest.mark.parametrize("now", [NOON, NOON + HOUR - TICK])
def test_rules_are_frozen_within_the_window(now):
    """From the moment voting opens until just before it closes the rules are frozen."""
    given(COMMUNITY, OPENED, PAUSED, rules_set(WINDOW), RESUMED).when(setting(now=now)).then_refused(
        RulesFrozenError
    )


@pytest.mark.parametrize("now", [NOON - TICK, NOON + HOUR])
def test_rules_change_outside_the_window(now):
    """Before voting opens and from the moment it closes the rules can change."""
    given(COMMUNITY, OPENED, PAUSED, rules_set(WINDOW), RESUMED).when(setting(now=now)).then(
        rules_set(now=now)
    )


def test_the_same_rules_are_no_change():
    """Setting the rules that hold is nothing to do, even while voting runs."""
    given(COMMUNITY, OPENED).when(setting(RULES)).then_nothing()
    given(COMMUNITY, OPENED, PAUSED).when(setting(RULES)).then_nothing()


def test_voting_pauses_and_goes_on():
    """Voting is paused for a reason, and resumed."""
    given(COMMUNITY, OPENED).when(PAUSING).then(
        VotingPaused(community_id=COMMONS, reason="New rules.", occurred_at=LATER)
    )
    given(COMMUNITY, OPENED, PAUSED).when(RESUMING).then(
        VotingResumed(community_id=COMMONS, occurred_at=LATER)
    )


def test_pausing_and_resuming_twice_change_nothing():
    """What is paused needs no pause, what runs needs no resuming."""
    given(COMMUNITY, OPENED, PAUSED).when(PAUSING).then_nothing()
    given(COMMUNITY, OPENED).when(RESUMING).then_nothing()
    given(COMMUNITY, OPENED, PAUSED, RESUMED).when(RESUMING).then_nothing()


def test_stewards_come_and_go():
    """A steward is appointed, and removed for a reason."""
    given(COMMUNITY, OPENED).when(APPOINTING).then(
        StewardAppointed(community_id=COMMONS, person_id=ADA, occurred_at=LATER)
    )
    given(COMMUNITY, OPENED, APPOINTED).when(REMOVING).then(
        StewardRemoved(community_id=COMMONS, person_id=ADA, reason="Moved.", occurred_at=LATER)
    )


def test_a_steward_is_one_or_is_not():
    """Appointing a steward and removing somebody who is none change nothing."""
    given(COMMUNITY, OPENED, APPOINTED).when(APPOINTING).then_nothing()
    given(COMMUNITY, OPENED).when(REMOVING).then_nothing()
    given(COMMUNITY, OPENED, APPOINTED, REMOVED).when(REMOVING).then_nothing()
    other = StewardAppointed(community_id=COMMONS, person_id=BEN, occurred_at=NOON)
    given(COMMUNITY, OPENED, APPOINTED, other, REMOVED).then_state(
        Open(slug="commons", rules=RULES, stewards=frozenset({BEN}))
    )


def test_voting_runs_when_open_and_not_paused():
    """Votes are taken in an open community without a window at any time, but for pauses."""
    open_, paused = COMMUNITY.fold([OPENED]), COMMUNITY.fold([OPENED, PAUSED])
    assert voting_is_running(open_, NOON)
    assert not voting_is_running(paused, NOON)
    assert not voting_is_running(Unopened(), NOON)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "running"),
    [
        (NOON, None, True),
        (NOON + TICK, None, False),
        (None, NOON, False),
        (None, NOON + TICK, True),
        (NOON, NOON + TICK, True),
        (NOON - HOUR, NOON, False),
    ],
)
def test_the_window_includes_its_beginning_and_not_its_end(opens_at, closes_at, running):
    """Voting runs from the moment it opens to the moment it closes, that one excepted."""
    rules = VotingRules(support_threshold=1, opens_at=opens_at, closes_at=closes_at)
    assert voting_is_running(Open(slug="commons", rules=rules), NOON) is running
    assert not voting_is_running(Open(slug="commons", rules=rules, paused=True), NOON)
