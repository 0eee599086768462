"""Votes of this very moment, in memory: loaded from the board, and fed from the tail."""

import asyncio

import pytest

from projections.idea_board import IdeaBoard
from projections.rebuild import rebuild
from projections.vote_counts import VoteCounts, load_vote_counts
from tests.projections.examples import idea_id, logged, opened, vote, vote_withdrawn, votes
from tests.projections.running import appended, running
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio


async def fed(counts: VoteCounts, store, *, limit: int = 1_000) -> None:
    """Feed what the log has beyond what is counted."""
    while (page := await store.read_tail(counts.reached, limit=limit)).reached > counts.reached:
        counts.apply(page.events, page.reached)


async def test_counts_start_from_nothing(store, wide_pool):
    """Without a board there is nothing to take over, and the whole log is counted."""
    last = (await appended(store, opened(), logged(), *votes(3), vote_withdrawn(1)))[-1]
    counts = await load_vote_counts(wide_pool)
    assert counts.reached == 0
    await fed(counts, store, limit=2)
    assert (counts.reached, await counts.at_least(idea_id(1), last)) == (last, 2)
    assert await counts.at_least(idea_id(99), last) == 0


async def test_counts_are_taken_over_from_the_board(store, wide_pool):
    """What the board knows is loaded with the position it is from, and only what is newer is counted on top."""
    await appended(store, opened(), logged(1), *votes(3, idea=1), logged(2), *votes(2, idea=2), logged(3))
    await rebuild(wide_pool, store, IdeaBoard(), holder="test")
    reached = await follow_to_the_end(wide_pool, store, IdeaBoard())
    counts = await load_vote_counts(wide_pool)
    assert counts.reached == reached
    assert [await counts.at_least(idea_id(number), reached) for number in (1, 2, 3)] == [3, 2, 0]
    last = (await appended(store, vote(9, idea=3), vote_withdrawn(1, idea=1)))[-1]
    await fed(counts, store)
    assert [await counts.at_least(idea_id(number), last) for number in (1, 2, 3)] == [2, 2, 1]


async def test_an_empty_board_has_a_position_too(store, wide_pool):
    """Where there are no ideas yet the position is taken over all the same."""
    last = (await appended(store, opened()))[-1]
    await rebuild(wide_pool, store, IdeaBoard(), holder="test")
    await follow_to_the_end(wide_pool, store, IdeaBoard())
    assert (await load_vote_counts(wide_pool)).reached == last


async def test_a_page_seen_before_changes_nothing(store):
    """Pages may overlap with what is known: no vote counts twice."""
    last = (await appended(store, *votes(5)))[-1]
    page = await store.read_tail(0, limit=10)
    counts = VoteCounts({idea_id(1): 2}, reached=2)
    for _ in range(2):
        counts.apply(page.events, page.reached)
        assert await counts.at_least(idea_id(1), last) == 5


async def test_at_least_waits_for_its_position(store):
    """Whoever voted is answered once the own vote is counted, and others with a later position wait on."""
    first, second = await appended(store, *votes(2))
    counts = VoteCounts()
    one = asyncio.create_task(counts.at_least(idea_id(1), first))
    two = asyncio.create_task(counts.at_least(idea_id(1), second))
    await asyncio.sleep(0)
    page = await store.read_tail(0, limit=1)
    counts.apply(page.events, page.reached)
    assert await one == 1
    assert not two.done()
    await fed(counts, store)
    assert await two == 2


async def test_at_least_answers_at_its_deadline(store):
    """When the tail does not come, the count so far is the answer, and nobody is kept waiting in memory."""
    counts = VoteCounts({idea_id(1): 7}, reached=3)
    assert await counts.at_least(idea_id(1), 4, seconds=0.02) == 7
    assert counts._waiting == {}


async def test_an_own_vote_counts_at_once_and_once(store):
    """What this process has just appended counts before the tail brings it, and no second time afterwards."""
    first, second, third = await appended(store, vote(1), vote(2), vote_withdrawn(1))
    counts = VoteCounts()
    assert counts.own(idea_id(1), second, 1) == 1
    assert counts.own(idea_id(1), third, -1) == 0
    page = await store.read_tail(0, limit=2)
    counts.apply(page.events, page.reached)
    assert await counts.at_least(idea_id(1), second) == 1
    await fed(counts, store)
    assert await counts.at_least(idea_id(1), third) == 1
    assert counts.own(idea_id(1), first, 1) == 1
    assert (counts._own, counts._ahead) == ({}, {})


async def test_counts_agree_with_their_position_whatever_the_board_does(store, wide_pool):
    """Loaded while the board is written and rebuilt, the counts are those of their position, every time."""
    await appended(store, opened(), logged())
    positions = await appended(store, *votes(5))
    async with running(wide_pool, store, [IdeaBoard()]):
        done = asyncio.Event()

        async def write() -> None:
            for person in range(100, 400, 10):
                positions.extend(
                    await appended(store, *[vote(number) for number in range(person, person + 10)])
                )
            done.set()

        async def switch() -> None:
            while not done.is_set():
                await rebuild(wide_pool, store, IdeaBoard(), holder="operator")

        tasks = [asyncio.create_task(write()), asyncio.create_task(switch())]
        loaded = []
        while not done.is_set():
            counts = await load_vote_counts(wide_pool)
            loaded.append((counts.reached, await counts.at_least(idea_id(1), 0)))
        await asyncio.gather(*tasks)
    assert loaded
    assert loaded == [(reached, sum(position <= reached for position in positions)) for reached, _ in loaded]
