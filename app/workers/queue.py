"""The queue of jobs: arq on Valkey, which only ever wakes up what would be found by looking, too.

Valkey may be away or wiped at any time. The queue then waits and connects again, and nothing else in
the worker notices.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC
from typing import Any

import msgspec
import structlog
from arq import cron  # noqa: TID251  # This is the package that arq stays behind.
from arq.connections import RedisSettings  # noqa: TID251
from arq.worker import Worker  # noqa: TID251
from redis.exceptions import RedisError

from app.workers.housekeeping import keep_house_if_possible
from events.connections import Pool

QUEUE_NAME = "open-impact:jobs"
JOB_SECONDS_MAX = 30
_JOBS_MAX = 20
_JOBS_END_WITHIN_SECONDS = 3.0
_RECONNECT_SECONDS_MAX = 30.0

# arq's own choice is pickle, with which whoever can write to Valkey could run code here. What a job
# answers or raises is encoded too, so whatever it is must have a form.
_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode
_decode = msgspec.msgpack.Decoder().decode

# arq tells of every job twice at "info"; a job that matters tells of itself.
logging.getLogger("arq").setLevel(logging.WARNING)

_log = structlog.get_logger(__name__)


async def housekeeping(ctx: dict[Any, Any]) -> None:
    """Keep house; see `app.workers.housekeeping`."""
    await keep_house_if_possible(ctx["pool"])


def make_worker(redis_url: str, pool: Pool) -> Worker:
    """Make the worker of the queue; it connects when it runs, once, and raises when it cannot."""
    settings = RedisSettings.from_dsn(redis_url)
    settings.conn_retries = 0  # Trying again is done here, and without a line in the log for each.
    return Worker(
        cron_jobs=[cron(housekeeping, name="housekeeping", second=0, unique=True, max_tries=1)],
        redis_settings=settings,
        queue_name=QUEUE_NAME,
        ctx={"pool": pool},
        handle_signals=False,  # The process stops all of its parts itself.
        max_jobs=_JOBS_MAX,
        job_timeout=JOB_SECONDS_MAX,
        keep_result=0,
        health_check_interval=30,
        log_results=False,
        timezone=UTC,
        job_serializer=_encode,
        job_deserializer=_decode,
    )


async def run_jobs(redis_url: str, pool: Pool) -> None:
    """Take jobs from the queue until cancelled, and connect again whenever Valkey was away."""
    loop = asyncio.get_running_loop()
    pause = 0.5
    while True:
        worker = make_worker(redis_url, pool)
        began = loop.time()
        try:
            await worker.async_run()
        except (RedisError, OSError, TimeoutError) as error:
            if loop.time() - began > _RECONNECT_SECONDS_MAX:
                pause = 0.5
            _log.warning("queue_disconnected", error=repr(error), retry_in_seconds=pause)
        finally:
            await _end(worker)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _RECONNECT_SECONDS_MAX)


async def _end(worker: Worker) -> None:
    """Give running jobs a moment, then end them; what Valkey has to say about that does not matter any more."""
    jobs = list(worker.tasks.values())
    if jobs:
        _, late = await asyncio.wait(jobs, timeout=_JOBS_END_WITHIN_SECONDS)
        for job in late:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    if worker.pool is not None:
        with suppress(RedisError, OSError):
            await worker.pool.aclose(close_connection_pool=True)
