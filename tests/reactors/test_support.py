"""Marks that verified votes pass are told once, whoever tells and whatever is killed."""

import pytest
import pytest_asyncio

from app.reactors import support
from app.reactors.support import NAME, react
from events.contracts import SupportReached
from projections.fair_votes import FairVotes
from projections.rebuild import rebuild
from projections.state import Positions
from tests.projections.examples import (
    idea_id,
    joined,
    lifted,
    logged,
    opened,
    requests,
    set_aside,
    verified,
    vote,
    vote_withdrawn,
)
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio


class World:
    """A log, the read model of verified votes, and the reactor that tells of marks."""

    def __init__(self, pool, store):
        self.pool, self.store = pool, store

    async def given(self, *events):
        """Append events and let the read model show them."""
        for answer in await self.store.append_many(requests(*events)):
            assert not isinstance(answer, Exception), answer
        await follow_to_the_end(self.pool, self.store, FairVotes())

    async def react(self):
        """Tell of what is new, and let the read model know of it."""
        reached = await react(self.pool, self.store, Positions(self.pool))
        await follow_to_the_end(self.pool, self.store, FairVotes())
        return reached

    async def told(self, idea=1):
        """List the marks that were told of an idea, each with the one before."""
        tail = await self.store.read_tail(0, limit=50_000, types=["SupportReached"])
        return [
            (event.data.before, event.data.verified_votes)
            for event in tail.events
            if isinstance(event.data, SupportReached) and event.data.idea_id == idea_id(idea)
        ]

    async def forget_checkpoint(self):
        """Let the reactor be where it was before its first turn, as after a kill."""
        await self.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = $1", NAME)


def people(first, last):
    """Let people come for whom their source vouches."""
    return [joined(number) for number in range(first, last + 1)]


def votes(first, last, idea=1):
    """Let people vote for an idea."""
    return [vote(number, idea=idea) for number in range(first, last + 1)]


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world."""
    await rebuild(pool, store, FairVotes(), holder="test")
    return World(pool, store)


async def test_marks_are_told_as_verified_votes_come(world):
    """A jump is one event, other ideas have their own marks, and votes of unverified people count nothing."""
    await world.given(opened(), logged(1), logged(2), *people(1, 12), *votes(1, 2), *votes(1, 1, 2), vote(99))
    await world.react()
    assert (await world.told(1), await world.told(2)) == ([(0, 2)], [(0, 1)])
    await world.given(*votes(3, 12))
    await world.react()
    assert (await world.told(1), await world.told(2)) == ([(0, 2), (2, 10)], [(0, 1)])


async def test_votes_that_are_cast_again_are_told_once(world):
    """What was taken back and cast again passes no mark a second time."""
    await world.given(opened(), logged(), *people(1, 3), *votes(1, 3))
    await world.react()
    await world.given(vote_withdrawn(3))
    await world.react()
    await world.given(vote(3))
    await world.react()
    assert await world.told() == [(0, 3)]


async def test_whoever_is_verified_later_or_let_go_counts_then(world):
    """Being verified, and the end of a quarantine, raise the counts of what somebody voted for before."""
    await world.given(opened(), logged(), *people(1, 2), *votes(1, 3), set_aside(2))
    await world.react()
    await world.given(verified(3))
    await world.react()
    await world.given(lifted())
    await world.react()
    assert await world.told() == [(0, 1), (1, 2), (2, 3)]


async def test_a_kill_between_telling_and_checkpoint_tells_nothing_twice(world):
    """The log itself refuses to be told again by who does not know; when the read model does, the page is done."""
    await world.given(opened(), logged(), *people(1, 3), *votes(1, 3))
    await react(world.pool, world.store, Positions(world.pool))
    await world.forget_checkpoint()
    # The read model is said to be as far as the log, and has not seen what was told.
    head = await world.store.head()
    before = await world.pool.fetchval("SELECT position FROM checkpoints WHERE projection = 'fair_votes'")
    await world.pool.execute("UPDATE checkpoints SET position = $1", head)
    assert await react(world.pool, world.store, Positions(world.pool)) is None
    assert await world.told() == [(0, 3)]
    await world.pool.execute("UPDATE checkpoints SET position = $1", before)
    await follow_to_the_end(world.pool, world.store, FairVotes())
    assert await world.react() == head
    assert await world.told() == [(0, 3)]


async def test_a_mark_that_came_meanwhile_is_not_lost(world):
    """Votes that come before the read model knows of the last mark are told as soon as it does."""
    await world.given(opened(), logged(), *people(1, 5), *votes(1, 3))
    await react(world.pool, world.store, Positions(world.pool))
    await world.forget_checkpoint()
    await world.given(*votes(4, 5))
    await world.react()
    assert await world.told() == [(0, 3), (3, 5)]


async def test_pages_are_followed_to_the_end(world, monkeypatch):
    """Votes of many pages, as an import brings them, are told as few events in rising order."""
    monkeypatch.setattr(support, "PAGE_EVENTS", 7)
    await world.given(opened(), logged(), *people(1, 30), *votes(1, 30))
    await world.react()
    await world.react()
    assert await world.told() == [(0, 30)]
    await world.forget_checkpoint()
    await world.react()
    assert await world.told() == [(0, 30)]
