"""The stage of an idea follows from its votes and its community's rules, on the board and on its page alike."""

import pytest

from projections.idea_detail.queries import idea
from tests.projections.examples import (
    NOON,
    days,
    idea_id,
    logged,
    opened,
    reopened,
    rules_set,
    vote,
    vote_withdrawn,
    votes,
    withdrawn,
)

pytestmark = pytest.mark.asyncio


async def stage_of(spec, number: int = 1) -> tuple[str, float]:
    """Tell an idea's stage and since how many days after noon, which every read model must agree on."""
    seen = await idea(spec.pool, idea_id(number))
    (card,) = [item for item in (await spec.board(stage=seen.stage)).items if item.idea_id == seen.idea_id]
    since = await spec.pool.fetchval("SELECT since FROM idea_board.ideas WHERE idea_id = $1", seen.idea_id)
    assert (card.stage, card.stage_reason, card.votes) == (seen.stage, seen.stage_reason, seen.votes)
    assert since == seen.since
    return seen.stage, (seen.since - NOON) / days(1)


async def test_votes_make_an_idea_supported(spec):
    """The vote that reaches the threshold moves the idea on, and that is when it came into its stage."""
    await spec.given(opened(threshold=3), logged(), vote(1, at=NOON + days(1)), vote(2, at=NOON + days(2)))
    assert await stage_of(spec) == ("logged", 0)
    await spec.given(vote(3, at=NOON + days(3)))
    assert await stage_of(spec) == ("supported", 3)
    await spec.given(vote(4, at=NOON + days(4)))
    assert await stage_of(spec) == ("supported", 3)


async def test_votes_taken_back_bring_an_idea_back(spec):
    """Below the threshold the idea is logged again, since that moment."""
    await spec.given(opened(), logged(), *votes(3, at=NOON + days(1)))
    await spec.given(vote_withdrawn(2, cast_at=NOON + days(1), at=NOON + days(2)))
    assert await stage_of(spec) == ("logged", 2)
    await spec.given(vote(2, at=NOON + days(5)))
    assert await stage_of(spec) == ("supported", 5)


async def test_there_and_back_within_a_page_counts(spec):
    """An idea that left its stage and came back is in it since it came back, also when both were read at once."""
    await spec.given(
        opened(),
        logged(),
        *votes(3, at=NOON + days(1)),
        vote_withdrawn(1, cast_at=NOON + days(1), at=NOON + days(2)),
    )
    assert await stage_of(spec) == ("logged", 2)


async def test_a_withdrawn_idea_stays_so_whatever_its_votes(spec):
    """Votes taken back do not bring a withdrawn idea to life, and its reopening does, at the stage of its votes."""
    await spec.given(opened(), logged(), *votes(4), withdrawn(at=NOON + days(1)))
    assert await stage_of(spec) == ("withdrawn", 1)
    await spec.given(vote_withdrawn(1, at=NOON + days(2)))
    assert await stage_of(spec) == ("withdrawn", 1)
    await spec.given(reopened(at=NOON + days(3)))
    assert await stage_of(spec) == ("supported", 3)
    await spec.given(vote_withdrawn(2, at=NOON + days(4)))
    assert await stage_of(spec) == ("logged", 4)


async def test_new_rules_move_the_ideas_of_their_community(spec):
    """When the threshold changes, ideas move on or back at that moment; withdrawn ones and other communities' do not."""
    await spec.given(
        opened(threshold=3),
        opened("north", threshold=3),
        logged(1),
        *votes(2, idea=1),
        logged(2),
        *votes(5, idea=2),
        logged(3, slug="north"),
        *votes(2, idea=3),
        logged(4),
        *votes(2, idea=4),
        withdrawn(4, at=NOON + days(1)),
    )
    await spec.given(rules_set(2, at=NOON + days(2)))
    assert [await stage_of(spec, number) for number in (1, 2, 3, 4)] == [
        ("supported", 2),
        ("supported", 0),
        ("logged", 0),
        ("withdrawn", 1),
    ]
    await spec.given(rules_set(5, at=NOON + days(3)))
    assert [await stage_of(spec, number) for number in (1, 2)] == [("logged", 3), ("supported", 0)]


async def test_new_rules_hold_for_the_votes_after_them(spec):
    """Rules between two votes read at once decide about the second, and about a reopening."""
    await spec.given(
        opened(threshold=1),
        logged(1),
        vote(1, at=NOON + days(1)),
        rules_set(2, at=NOON + days(2)),
        vote(2, at=NOON + days(3)),
        logged(2),
        vote(1, idea=2),
        withdrawn(2),
        rules_set(1, at=NOON + days(4)),
        reopened(2, at=NOON + days(5)),
    )
    assert await stage_of(spec, 1) == ("supported", 3)
    assert await stage_of(spec, 2) == ("supported", 5)


async def test_the_reason_of_a_stage_is_said_in_words(spec):
    """A card says why its idea is where it is."""
    await spec.given(opened(threshold=3), logged())
    assert (await spec.card()).stage_reason == "No people support it; 3 more will make it a supported idea."
    await spec.given(vote(1))
    assert (await spec.card()).stage_reason == "1 person supports it; 2 more will make it a supported idea."
    await spec.given(vote(2), vote(3))
    assert (await spec.card()).stage_reason == "3 people support it; 3 are enough in this community."
    await spec.given(withdrawn())
    assert (await spec.card(stage="withdrawn")).stage_reason == "Its author withdrew it."
