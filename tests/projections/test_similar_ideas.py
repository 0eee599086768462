"""Ideas that read like one about to be logged."""

import pytest

from projections.idea_board.queries import similar_ideas
from tests.projections.examples import idea_id, logged, opened, votes, withdrawn

pytestmark = pytest.mark.asyncio


async def found(spec, title: str, problem: str = "", **more: object) -> list:
    """Ask for similar ideas."""
    return await similar_ideas(spec.pool, title=title, problem=problem, **more)


async def test_the_most_alike_comes_first(spec):
    """A title that is the same is wholly alike, one with another word less so, and a foreign one is left out."""
    await spec.given(
        opened(),
        logged(1, title="Community garden on the roof"),
        logged(2, title="Community garden"),
        logged(3, title="Dementia friendly choir"),
        *votes(2, idea=2),
    )
    alike = await found(spec, "Community garden")
    assert [(idea.idea_id, idea.votes) for idea in alike] == [(idea_id(2), 2), (idea_id(1), 0)]
    assert alike[0].similarity == 1.0
    assert 0.25 <= alike[1].similarity < 1.0


async def test_typos_and_other_words_do_not_hide_an_idea(spec):
    """A misspelt title finds its like, and so does a problem told in the same words."""
    problem = "Older people sit alone at home from Monday to Friday and nobody rings the bell."
    await spec.given(opened(), logged(1, title="Lunch for the lonely", problem=problem))
    assert [idea.title for idea in await found(spec, "Lunhc for teh lonley")] == ["Lunch for the lonely"]
    (alike,) = await found(spec, "Lonely lunch", problem)
    assert alike.similarity == 1.0


async def test_the_idea_itself_and_withdrawn_ones_are_left_out(spec):
    """An idea that is revised is not its own like, and one that was withdrawn is nobody's."""
    await spec.given(
        opened(),
        *[logged(number, title="Community garden") for number in (1, 2, 3)],
        withdrawn(3),
    )
    alike = await found(spec, "Community garden", exclude=idea_id(1))
    assert [idea.idea_id for idea in alike] == [idea_id(2)]


async def test_as_many_as_asked_for(spec):
    """There are at most five, or as many as asked for, those with more votes first among equals."""
    await spec.given(opened(), *[logged(number, title="Community garden") for number in range(8)])
    await spec.given(*votes(2, idea=5), *votes(1, idea=6))
    alike = await found(spec, "Community garden")
    assert [idea.idea_id for idea in alike[:2]] == [idea_id(5), idea_id(6)]
    assert len(alike) == 5
    assert len(await found(spec, "Community garden", limit=2)) == 2


@pytest.mark.parametrize("title", ["", "the", "' OR true --", "%", "😀"])
async def test_nothing_is_like_nothing(spec, title):
    """A title without a word finds nothing, and breaks nothing."""
    await spec.given(opened(), logged(1, title="Community garden"))
    assert await found(spec, title) == []
