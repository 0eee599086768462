"""Housekeeping: room in the log, and idempotency keys that nobody asks for any more."""

import asyncio

import psycopg
import pytest
import pytest_asyncio

from app.workers import housekeeping
from app.workers.housekeeping import HouseKept, keep_house, keep_house_for_ever, keep_house_if_possible
from events.connections import open_pool
from tests.workers.waiting import eventually_so

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def keys(database_url):
    """Put idempotency keys of the last days into the log: (days ago, how many)."""
    with psycopg.connect(database_url, autocommit=True) as connection:

        def put(days_ago, count):
            connection.execute(
                "INSERT INTO idempotency_keys SELECT gen_random_uuid(), 'x', '', 1, 1, now() - make_interval(days => %s)"
                " FROM generate_series(1, %s)",
                (days_ago, count),
            )

        yield put


async def test_keys_are_kept_for_seven_days_and_not_without_end(pool, keys, monkeypatch):
    """A key of the last seven days stays; one of nine days ago goes, however many batches that takes."""
    monkeypatch.setattr(housekeeping, "_KEYS_A_BATCH", 3)
    keys(0, 2)
    keys(7, 2)
    keys(9, 10)

    assert await keep_house(pool) == HouseKept(partitions_made=0, keys_removed=10)
    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 4


async def test_one_turn_is_bounded(pool, keys, monkeypatch):
    """What is left after some batches waits for the next turn."""
    monkeypatch.setattr(housekeeping, "_KEYS_A_BATCH", 2)
    monkeypatch.setattr(housekeeping, "_BATCHES_MAX", 3)
    keys(9, 10)

    assert (await keep_house(pool)).keys_removed == 6
    assert (await keep_house(pool)).keys_removed == 4
    assert (await keep_house(pool)).keys_removed == 0


async def test_the_log_has_room_ahead(pool, database_url):
    """A partition that is missing ahead of the newest position is made, by the service itself."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE events_000001")

    assert (await keep_house(pool)).partitions_made == 1
    assert await pool.fetchval("SELECT to_regclass('events_000001') IS NOT NULL")
    assert (await keep_house(pool)).partitions_made == 0


async def test_many_may_keep_house_at_once(pool, keys):
    """Several workers that do it together neither fail nor remove too much."""
    keys(9, 50)
    keys(1, 5)
    await asyncio.gather(*(keep_house(pool) for _ in range(4)))

    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 5


async def test_it_is_done_again_and_again(pool, keys):
    """The loop keeps house at once, and again later."""
    keys(9, 1)
    loop = asyncio.create_task(keep_house_for_ever(pool, every_seconds=0.05))

    async def is_done():
        return not await pool.fetchval("SELECT count(*) FROM idempotency_keys")

    await eventually_so(is_done)
    keys(9, 1)
    await eventually_so(is_done)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def test_a_busy_or_lost_database_is_waited_for(database_url):
    """When the database goes away the housekeeping is put off, and nothing is raised."""
    async with open_pool(database_url, name="tests", size_max=1) as pool:
        await pool.fetchval("SELECT 1")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await keep_house_if_possible(pool)
        assert (await keep_house(pool)).keys_removed == 0
