"""How far the read models are: for readers who wait for their own writes, and for people and metrics."""

import asyncio

import psycopg
import pytest

from projections.rebuild import rebuild
from projections.state import Positions, states
from tests.projections.example_projections import SeenVotes
from tests.projections.examples import votes
from tests.projections.running import appended, running
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio

SECONDS = 15.0


class CountedPool:
    """The pool, with its queries counted."""

    def __init__(self, pool) -> None:
        self._pool = pool
        self.queries = 0

    async def fetch(self, *query):
        """Pass a query on."""
        self.queries += 1
        return await self._pool.fetch(*query)


async def test_a_position_that_was_reached_is_known_at_once(wide_pool, store):
    """Waiting for what is there ends with yes, the second time without asking the database."""
    (*_, last) = await appended(store, *votes(3))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    await follow_to_the_end(wide_pool, store, SeenVotes())
    counted = CountedPool(wide_pool)
    positions = Positions(counted)
    assert await positions.wait("seen_votes", last, seconds=SECONDS)
    asked = counted.queries
    assert await positions.wait("seen_votes", last, seconds=0)
    assert await positions.wait("seen_votes", 1, seconds=0)
    assert counted.queries == asked


async def test_waiting_ends_when_the_position_is_reached(wide_pool, store):
    """A reader who waits for its own write gets its answer once a worker has applied it."""
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    positions = Positions(wide_pool)
    waiting = asyncio.create_task(positions.wait("seen_votes", 3, seconds=SECONDS))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    async with running(wide_pool, store, [SeenVotes()]):
        await appended(store, *votes(3))
        assert await waiting


async def test_waiting_ends_at_its_deadline(wide_pool, store):
    """What is not reached in time is answered with no; so is a projection nobody knows."""
    await appended(store, *votes(3))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    positions = Positions(wide_pool)
    assert not await positions.wait("seen_votes", 99, seconds=0.05)
    assert not await positions.wait("nobody", 1, seconds=0.05)


async def test_many_who_wait_share_a_query(wide_pool, store):
    """A thousand readers that wait for different positions ask the database together."""
    await appended(store, *votes(20))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    counted = CountedPool(wide_pool)
    positions = Positions(counted)
    waiting = [
        asyncio.create_task(positions.wait("seen_votes", number % 20 + 1, seconds=SECONDS))
        for number in range(1_000)
    ]
    await asyncio.sleep(0.05)
    await follow_to_the_end(wide_pool, store, SeenVotes())
    assert await asyncio.gather(*waiting) == [True] * 1_000
    assert counted.queries < 100


async def test_nobody_asks_while_nobody_waits(wide_pool, store):
    """After the last reader has gone the database is left alone, and a later one is served again."""
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    counted = CountedPool(wide_pool)
    positions = Positions(counted)
    assert not await positions.wait("seen_votes", 1, seconds=0.02)
    await asyncio.sleep(0.2)
    asked = counted.queries
    await asyncio.sleep(0.2)
    assert counted.queries == asked
    await appended(store, *votes(1))
    await follow_to_the_end(wide_pool, store, SeenVotes())
    assert await positions.wait("seen_votes", 1, seconds=SECONDS)


async def test_waiting_outlasts_a_lost_database(wide_pool, store, postgres_server, database_url):
    """When the connections break while somebody waits, the answer still comes."""
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    positions = Positions(wide_pool)
    waiting = asyncio.create_task(positions.wait("seen_votes", 1, seconds=SECONDS))
    await asyncio.sleep(0.05)
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database_url.rpartition("/")[2]],
        )
    async with running(wide_pool, store, [SeenVotes()]):
        await appended(store, *votes(1))
        assert await waiting


async def test_the_state_tells_position_lag_and_holder(wide_pool, store):
    """For each build there is its version, where it is, how far behind and for how long, and who holds it."""
    await appended(store, *votes(3))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    await follow_to_the_end(wide_pool, store, SeenVotes())
    (state,) = await states(wide_pool)
    assert (state.name, state.generation, state.version) == ("seen_votes", "live", 1)
    assert (state.position, state.head, state.lag, state.lag_seconds, state.holder) == (3, 3, 0, 0.0, None)
    await appended(store, *votes(2))
    await wide_pool.execute("UPDATE checkpoints SET holder = 'me', lease_until = 'infinity'")
    (behind,) = await states(wide_pool)
    assert (behind.position, behind.head, behind.lag, behind.holder) == (3, 5, 2, "me")
    assert behind.lag_seconds > 0.0
    await wide_pool.execute("UPDATE checkpoints SET lease_until = now()")
    assert [state.holder for state in await states(wide_pool)] == [None]
