"""A vote is cast, withdrawn and cast again; nobody votes for their own idea."""

import pytest
from msgspec.structs import replace

from domain.vote import (
    VOTE,
    Cast,
    CastVote,
    IdeaNotOpenError,
    NotCast,
    OwnIdeaError,
    VotingNotRunningError,
    WithdrawVote,
)
from events.contracts import VoteCast, VoteWithdrawn
from tests.domain.cast import ADA, BEN, CAFE, LATER, NOON, ballot
from tests.spec import given

CASTING = CastVote(idea_id=CAFE, person_id=BEN, ballot=ballot(), now=LATER)
WITHDRAWING = WithdrawVote(idea_id=CAFE, person_id=BEN, ballot=ballot(), now=LATER)
CAST = VoteCast(idea_id=CAFE, person_id=BEN, occurred_at=NOON)
WITHDRAWN = VoteWithdrawn(idea_id=CAFE, person_id=BEN, cast_at=NOON, occurred_at=LATER)


def test_a_vote_is_cast():
    """A person supports an open idea of somebody else while voting runs."""
    given(VOTE).when(CASTING).then(VoteCast(idea_id=CAFE, person_id=BEN, occurred_at=LATER))


def test_a_vote_counts_once():
    """Voting again changes nothing, even when voting would no longer be possible."""
    for again in (ballot(), ballot(idea_is_open=False), ballot(voting_is_running=False)):
        given(VOTE, CAST).when(replace(CASTING, ballot=again)).then_nothing()


def test_a_vote_is_withdrawn():
    """A person takes their support back, and when it was given is on record."""
    given(VOTE, CAST).when(WITHDRAWING).then(WITHDRAWN)


def test_a_withdrawn_vote_is_cast_again():
    """After taking it back a person may support the idea again."""
    given(VOTE, CAST, WITHDRAWN).when(CASTING).then(VoteCast(idea_id=CAFE, person_id=BEN, occurred_at=LATER))


def test_there_is_nothing_to_withdraw_without_a_vote():
    """Withdrawing what was not cast, or was withdrawn before, changes nothing, whether voting runs or not."""
    for anyhow in (ballot(), ballot(voting_is_running=False)):
        given(VOTE).when(replace(WITHDRAWING, ballot=anyhow)).then_nothing()
        given(VOTE, CAST, WITHDRAWN).when(replace(WITHDRAWING, ballot=anyhow)).then_nothing()


@pytest.mark.parametrize("before", [(), (CAST, WITHDRAWN)])
def test_nobody_votes_for_their_own_idea(before):
    """An author cannot cast a vote for the idea they logged."""
    own = replace(CASTING, ballot=ballot(author=BEN))
    given(VOTE, *before).when(own).then_refused(OwnIdeaError)
    given(VOTE).when(replace(CASTING, person_id=ADA)).then_refused(OwnIdeaError)


@pytest.mark.parametrize("before", [(), (CAST, WITHDRAWN)])
def test_a_withdrawn_idea_takes_no_votes(before):
    """An idea that was taken back cannot be supported."""
    given(VOTE, *before).when(replace(CASTING, ballot=ballot(idea_is_open=False))).then_refused(
        IdeaNotOpenError
    )


def test_support_for_a_withdrawn_idea_can_be_taken_back():
    """A vote can be withdrawn although the idea was."""
    given(VOTE, CAST).when(replace(WITHDRAWING, ballot=ballot(idea_is_open=False))).then(WITHDRAWN)


def test_nothing_changes_while_voting_does_not_run():
    """Outside the window and during a pause votes are neither cast nor withdrawn."""
    closed = ballot(voting_is_running=False)
    given(VOTE).when(replace(CASTING, ballot=closed)).then_refused(VotingNotRunningError)
    given(VOTE, CAST).when(replace(WITHDRAWING, ballot=closed)).then_refused(VotingNotRunningError)


def test_a_vote_knows_since_when_it_is_cast():
    """The state of a vote is whether it stands, and since when."""
    again = VoteCast(idea_id=CAFE, person_id=BEN, occurred_at=LATER)
    given(VOTE).then_state(NotCast())
    given(VOTE, CAST).then_state(Cast(NOON))
    given(VOTE, CAST, WITHDRAWN).then_state(NotCast())
    given(VOTE, CAST, WITHDRAWN, again).then_state(Cast(LATER))
