"""The runner: every event once, one holder, and back to work by itself after every trouble."""

import asyncio

import asyncpg
import psycopg
import pytest

from events.connections import open_pool
from projections import checkpoints, runner
from projections.idea_board.queries import BoardTotals, totals
from projections.rebuild import rebuild, verify
from projections.registry import REGISTRY
from projections.runner import Runner
from tests.conftest import SECRET
from tests.projections.example_projections import SeenVotes, SlowVotes
from tests.projections.examples import logged, opened, vote, votes
from tests.projections.running import all_at, appended, ended, live, running, seen

pytestmark = pytest.mark.asyncio

NAMES = [projection.name for projection in REGISTRY]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Try again sooner than a service would."""
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.05)


async def test_eight_runners_apply_each_event_once(wide_pool, store, eventually, monkeypatch):
    """Over one log, with votes coming in and workers leaving, eight runners count every vote exactly once."""
    monkeypatch.setattr(runner, "PAGE_EVENTS", 50)
    projections = [*REGISTRY, SeenVotes()]
    await appended(store, opened(), logged())
    positions = []
    async with running(wide_pool, store, projections, workers=8) as workers:
        for first in range(0, 600, 60):
            positions += await appended(store, *[vote(person) for person in range(first, first + 60)])
            if first in (180, 360):
                await ended(workers.pop(0))
        await eventually(lambda: all_at(wide_pool, [*NAMES, "seen_votes"], positions[-1]))
        found = await live(wide_pool)
        assert {state.lag for state in found.values()} == {0}
        assert all(state.holder for state in found.values())
    assert await seen(wide_pool) == positions
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=600)
    for projection in REGISTRY:
        assert await verify(wide_pool, store, projection) == []


async def test_a_runner_that_leaves_gives_back_what_it_held(wide_pool, store, eventually, monkeypatch):
    """Cancelled in the middle of a backlog a runner frees its projection, and another goes on without a wait."""
    monkeypatch.setattr(checkpoints, "LEASE_SECONDS", 3600.0)  # Only giving it back can free it.
    monkeypatch.setattr(runner, "PAGE_EVENTS", 10)
    positions = await appended(store, *votes(500))

    async def midway() -> bool:
        return await all_at(wide_pool, ["seen_votes"], 50)

    async with running(wide_pool, store, [SlowVotes()]) as (worker,):
        await eventually(midway)
        await ended(worker)
        left = (await live(wide_pool))["seen_votes"]
        assert left.holder is None
        assert 50 <= left.position < 500
    async with running(wide_pool, store, [SeenVotes()]):
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], 500))
    assert await seen(wide_pool) == positions


async def test_a_robbed_runner_stands_back_and_returns(wide_pool, store, eventually):
    """A runner whose lease was taken away writes nothing until it can take it again, and loses nothing."""
    async with running(wide_pool, store, [SeenVotes()]):
        first = await appended(store, *votes(5))
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], first[-1]))
        await wide_pool.execute(
            "UPDATE checkpoints SET epoch = epoch + 1, holder = 'thief', lease_until = 'infinity'"
        )
        second = await appended(store, *[vote(person) for person in range(6, 11)])
        await asyncio.sleep(0.2)  # It hears of the votes at once, and must not touch them.
        robbed = (await live(wide_pool))["seen_votes"]
        assert (robbed.position, robbed.holder) == (first[-1], "thief")
        await wide_pool.execute("UPDATE checkpoints SET holder = NULL, lease_until = '-infinity'")
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], second[-1]))
    assert await seen(wide_pool) == first + second


async def test_a_runner_survives_the_loss_of_its_connections(
    wide_pool, store, postgres_server, database_url, eventually
):
    """When PostgreSQL ends all its connections a runner opens new ones by itself, and counts every vote once."""
    async with running(wide_pool, store, [*REGISTRY, SeenVotes()]):
        first = await appended(store, opened(), logged(), *votes(5))
        await eventually(lambda: all_at(wide_pool, [*NAMES, "seen_votes"], first[-1]))
        with psycopg.connect(postgres_server.url, autocommit=True) as admin:
            ended_ones = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [database_url.rpartition("/")[2]],
            ).fetchall()
        assert len(ended_ones) > len(REGISTRY)
        second = await appended(store, *[vote(person) for person in range(6, 11)])
        await eventually(lambda: all_at(wide_pool, [*NAMES, "seen_votes"], second[-1]))
    assert await seen(wide_pool) == first[2:] + second
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=10)


async def test_a_runner_of_an_older_release_stands_aside(wide_pool, store, eventually):
    """Tables of a later version are left to the workers of that release, however busily an older one asks."""
    await rebuild(wide_pool, store, SeenVotes(version=2), holder="test")
    async with running(wide_pool, store, [SeenVotes(version=1)], workers=2):
        positions = await appended(store, *votes(5))
        await asyncio.sleep(0.3)
        untouched = (await live(wide_pool))["seen_votes"]
        assert (untouched.position, untouched.holder, untouched.version) == (0, None, 2)
        async with running(wide_pool, store, [SeenVotes(version=2)]):
            await eventually(lambda: all_at(wide_pool, ["seen_votes"], positions[-1]))
    assert await seen(wide_pool) == positions


async def test_whatever_is_wrong_with_one_projection_the_others_go_on(wide_pool, store, eventually):
    """A projection whose tables cannot even be made stops nobody else."""
    broken = SeenVotes("broken")
    broken.schema = "CREATE TABLE"
    async with running(wide_pool, store, [broken, SeenVotes()], workers=2):
        positions = await appended(store, *votes(5))
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], positions[-1]))
    assert await seen(wide_pool) == positions
    assert "broken" not in await live(wide_pool)


async def test_many_workers_may_start_on_an_empty_database(wide_pool, store, eventually):
    """Whoever comes first makes the tables; all others find them made."""
    async with running(wide_pool, store, REGISTRY, workers=8):
        await eventually(lambda: all_at(wide_pool, NAMES, 0))
        positions = await appended(store, opened(), logged())
        await eventually(lambda: all_at(wide_pool, NAMES, positions[-1]))
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=0)


@pytest.mark.parametrize("by", [(), (5,)])
async def test_a_runner_can_be_stopped_at_any_moment(wide_pool, store, monkeypatch, by):
    """Whatever it is doing, also stopping at a poisoned event, a runner that is cancelled ends, and ends whole."""
    monkeypatch.setattr(runner, "PAGE_EVENTS", 3)
    positions = await appended(store, *votes(40))
    projection = SeenVotes(by=by)
    for moment in range(0, 40, 2):
        await wide_pool.execute("UPDATE checkpoints SET poisoned_at = NULL, poisoned_by = NULL")
        worker = asyncio.create_task(Runner(wide_pool, store, [projection], holder="worker").run())
        await asyncio.sleep(moment / 1_000)
        async with asyncio.timeout(10):
            await ended(worker)
    last = await wide_pool.fetchval("SELECT position FROM checkpoints")
    assert await seen(wide_pool) == [position for position in positions if position <= last]


async def test_a_stop_while_a_lease_is_given_back(wide_pool, store, database_url, eventually):
    """Cancelled just when it gives back what it stopped at, a runner sees that through, and ends."""
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END';
        CREATE TRIGGER dawdle BEFORE UPDATE ON checkpoints FOR EACH ROW
          WHEN (OLD.poisoned_at IS NOT NULL) EXECUTE FUNCTION dawdle()
        """
    )
    await owner.close()
    await appended(store, *votes(5))

    async def stopped() -> bool:
        found = await live(wide_pool)
        return "seen_votes" in found and found["seen_votes"].poisoned_at is not None

    worker = asyncio.create_task(Runner(wide_pool, store, [SeenVotes(by=[5])]).run())
    await eventually(stopped)
    worker.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await worker


async def test_a_pool_too_small_is_refused(database_url, store):
    """A runner keeps a connection a projection, so a pool that would have none left for the log is refused."""
    async with open_pool(database_url, name="small", size_max=len(REGISTRY)) as small:
        with pytest.raises(ValueError, match=f"need a pool of {len(REGISTRY) + 1}"):
            Runner(small, store, REGISTRY)


async def test_the_smallest_pool_is_enough(database_url, store, eventually):
    """With one connection more than projections nothing waits for ever, also when the log reads through it."""
    from events.postgres import open_store

    async with (
        open_pool(database_url, name="small", size_max=len(REGISTRY) + 1) as small,
        open_store(database_url, name="small", pool=small, secret=SECRET) as sharing,
        running(small, sharing, REGISTRY),
    ):
        positions = await appended(store, opened(), logged(), *votes(5))
        await eventually(lambda: all_at(small, NAMES, positions[-1]))
