"""The queue of jobs: it runs on Valkey, speaks no pickle, and outlives every absence of Valkey."""

import asyncio
import logging
import pickle
from contextlib import asynccontextmanager

import pytest
import redis.asyncio as redis
from arq.connections import RedisSettings, create_pool  # noqa: TID251  # To put jobs on the queue.

from app.embedded.valkey import embedded_valkey
from app.workers import queue
from app.workers.queue import QUEUE_NAME, make_worker, run_jobs
from tests.workers.waiting import eventually_so

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def running(redis_url, pool):
    """Run the queue until left."""
    task = asyncio.create_task(run_jobs(redis_url, pool))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def client(redis_url):
    """Put jobs on the queue as the service does."""
    connection = await create_pool(
        RedisSettings.from_dsn(redis_url),
        job_serializer=queue._encode,
        job_deserializer=queue._decode,
        default_queue_name=QUEUE_NAME,
    )
    yield connection
    await connection.aclose(close_connection_pool=True)


async def old_keys(pool):
    """Put one key that housekeeping would remove into the log."""
    await pool.execute(
        "INSERT INTO idempotency_keys VALUES (gen_random_uuid(), 'x', '', 1, 1, now() - interval '9 days')"
    )


async def is_kept(pool):
    """Tell whether house was kept since."""
    return not await pool.fetchval("SELECT count(*) FROM idempotency_keys")


async def test_a_job_on_the_queue_is_done(pool, redis_url):
    """Housekeeping that is put on the queue is done, and leaves nothing behind there."""
    await old_keys(pool)
    async with running(redis_url, pool), client(redis_url) as jobs:
        await jobs.enqueue_job("housekeeping")
        await eventually_so(lambda: is_kept(pool))

        async def is_empty():
            return not await jobs.zcard(QUEUE_NAME)

        await eventually_so(is_empty)
        assert [key async for key in jobs.scan_iter("arq:result:*")] == []


async def test_housekeeping_is_on_the_clock(pool, redis_url):
    """Every minute one of all workers puts it on the queue: its name there is made of the minute."""
    (job,) = make_worker(redis_url, pool).cron_jobs

    assert (job.name, job.second, job.minute, job.unique) == ("housekeeping", 0, None, True)


async def test_a_pickled_job_is_never_opened(pool, redis_url):
    """Whoever can write to Valkey cannot run code here: a pickle is refused, and the next job is done."""

    class Bomb:
        def __reduce__(self):
            return (logging.critical, ("a pickle was opened",))

    await old_keys(pool)
    async with running(redis_url, pool), client(redis_url) as jobs:
        await jobs.set("arq:job:bomb", pickle.dumps({"t": 1, "f": Bomb(), "a": (), "k": {}, "et": 1}))
        await jobs.zadd(QUEUE_NAME, {"bomb": 1})
        await jobs.enqueue_job("housekeeping")
        await eventually_so(lambda: is_kept(pool))


async def test_valkey_may_come_late_and_go_again(pool, servers_folder, monkeypatch, tmp_path_factory):
    """The queue waits for Valkey, works once it is there, and works again after it was away and wiped."""
    monkeypatch.setattr(queue, "_RECONNECT_SECONDS_MAX", 0.2)
    place = servers_folder / "late"
    with embedded_valkey(place) as server:
        url = server.url
    async with running(url, pool) as task:
        await asyncio.sleep(0.3)
        assert not task.done()
        for _ in range(2):
            # Its address and password belong to the folder, so it comes back where it was.
            server_is_up = embedded_valkey(place)
            with server_is_up as server:
                if server.url != url:
                    pytest.skip("the port was taken by another program meanwhile")
                async with redis.Redis.from_url(url) as wiping:
                    await wiping.flushall()
                await old_keys(pool)
                async with client(url) as jobs:
                    await jobs.enqueue_job("housekeeping")
                await eventually_so(lambda: is_kept(pool))
        assert not task.done()
