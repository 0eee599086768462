"""The checks of the `kill` campaign notice every way in which votes can go wrong."""

from uuid import UUID

from ops.faults.vote_check import check_board, check_votes
from tests.faults.examples import broken

THERE = "every acknowledged vote is there, where it was said to be"
ONCE = "no vote is there twice"
WANTED = "every vote there was asked for"

IDEA, OTHER_IDEA = UUID(int=1), UUID(int=2)
ADA, BEA, CID = ((IDEA, UUID(int=person)) for person in (11, 12, 13))


def found(cast, asked=(ADA, BEA, CID), acknowledged=None):
    """Name what is broken, when Ada's vote was acknowledged at 5 and Bea's answer was lost."""
    told = {ADA: 5} if acknowledged is None else acknowledged
    return broken(check_votes(cast, asked=set(asked), acknowledged=told))


def test_votes_that_are_there_once_pass():
    """An acknowledged vote and a ghost are fine."""
    assert found([(ADA, 5), (BEA, 6)]) == set()


def test_an_acknowledged_vote_that_is_lost_is_noticed():
    """What was answered with 200 must be there."""
    assert found([(BEA, 6)]) == {THERE}


def test_an_acknowledged_vote_elsewhere_is_noticed():
    """The position answered is the one in the log."""
    assert found([(ADA, 7)]) == {THERE}


def test_a_vote_that_is_there_twice_is_noticed():
    """One person, one vote, ghosts included."""
    assert found([(ADA, 5), (ADA, 6)]) == {ONCE}
    assert found([(ADA, 5), (BEA, 6), (BEA, 7)]) == {ONCE}


def test_a_vote_that_nobody_cast_is_noticed():
    """No vote comes out of nothing."""
    assert found([(ADA, 5), (CID, 6)], asked=(ADA, BEA)) == {WANTED}


def test_a_board_that_counts_otherwise_is_noticed():
    """The board's votes are the log's, for ideas without votes, too."""
    right = {IDEA: 2, OTHER_IDEA: 0}
    cast = [ADA, BEA]
    assert check_board(right, cast, right).broken == 0
    assert check_board({IDEA: 3, OTHER_IDEA: 0}, cast, right).broken == 1
    assert check_board({IDEA: 2}, cast, right).broken == 1
    assert check_board(right | {UUID(int=3): 0}, cast, right).broken == 1
