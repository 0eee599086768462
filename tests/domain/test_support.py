"""The verified votes of an idea pass marks, each of which is told once, however votes come and go."""

import pytest
from hypothesis import example
from hypothesis import given as drawing
from hypothesis import strategies as st

from domain.support import SUPPORT, NoteSupport, Reached, mark_above, mark_at
from events.contracts import SupportReached
from tests.domain.cast import CAFE, NOON
from tests.spec import given


def noted(votes):
    """Note that the café has so many verified votes."""
    return NoteSupport(idea_id=CAFE, verified_votes=votes, now=NOON)


def reached(before, mark):
    """Tell that the café reached a mark after another."""
    return SupportReached(idea_id=CAFE, before=before, verified_votes=mark, occurred_at=NOON)


def test_the_first_vote_is_told():
    """The first mark is one."""
    given(SUPPORT).when(noted(1)).then(reached(0, 1))


def test_between_marks_nothing_is_told():
    """A count that has not come to the next mark causes nothing."""
    given(SUPPORT, reached(0, 50)).when(noted(59)).then_nothing()
    given(SUPPORT).when(noted(0)).then_nothing()


def test_a_jump_over_several_marks_is_one_event():
    """What was imported at once is told at once, with the mark before it."""
    given(SUPPORT, reached(0, 3)).when(noted(1_234)).then(reached(3, 1_000))


def test_votes_that_are_taken_back_and_cast_again_tell_nothing():
    """Only a count that is higher than ever is told."""
    given(SUPPORT, reached(0, 50)).when(noted(40)).then_nothing()
    given(SUPPORT, reached(0, 50)).when(noted(50)).then_nothing()
    assert SUPPORT.fold([reached(0, 50)]) == Reached(50)


@pytest.mark.parametrize(
    ("count", "at", "above"),
    [
        (0, 0, 1),
        (10, 10, 15),
        (14, 10, 15),
        (49, 45, 50),
        (99, 90, 100),
        (249, 225, 250),
        (499, 450, 500),
        (999, 900, 1_000),
        (9_499, 9_000, 9_500),
        (9_999, 9_500, 10_000),
        (10_000, 10_000, 15_000),
        (1_000_001, 1_000_000, 1_005_000),
    ],
)
def test_marks_are_round_numbers(count, at, above):
    """Every number to 10, then ever larger steps."""
    assert (mark_at(count), mark_above(count)) == (at, above)


@drawing(st.lists(st.integers(0, 30_000) | st.integers(0, 60), max_size=40))
@example([9_999, 10_000])
def test_each_mark_is_told_once_in_rising_order(counts):
    """Whatever the counts, what is told rises without a gap, is a mark, and never above the highest count."""
    told, state = [], SUPPORT.initial_state
    for count in counts:
        events = SUPPORT.decide(noted(count), state)
        told += events
        state = SUPPORT.fold(events, state)
    marks = [event.verified_votes for event in told]
    assert [event.before for event in told] == [0, *marks][: len(marks)]
    assert marks == sorted(set(marks))
    assert all(mark_at(mark) == mark for mark in marks)
    assert state.mark == mark_at(max(counts, default=0)) == max(marks, default=0)
