"""One worker process: the read models' runner, the housekeeping, the mail, webhooks and the queue, side by side."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog
import uvloop

from app.logs import configure_logging
from app.mail.mailbox import Mailbox
from app.mail.outbox import Outbox
from app.mail.sending import Sender
from app.mail.smtp import SmtpTransport
from app.reactors.match_alerts import MatchAlerts
from app.reactors.notices import write_letters
from app.reactors.standing_pledges import StandingPledges
from app.reactors.support import tell_of_support
from app.settings import Settings
from app.workers.fair_votes import keep_votes_fair
from app.workers.housekeeping import keep_house, keep_house_for_ever
from app.workers.mandates import expire_mandates_for_ever
from app.workers.pools import keep_pools
from app.workers.queue import run_jobs
from app.workers.webhooks import keep_webhooks
from events.connections import LOST, Pool, open_pool
from events.postgres import PostgresStore, open_store
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import InstallationSecret, SecretKey
from projections.registry import REGISTRY
from projections.runner import Runner

STOP_SECONDS = 8.0
"""Who asks a worker to stop waits ten seconds; within these it gives back its leases."""

_POOL_CONNECTIONS = 2 * len(REGISTRY) + 12
_RETRY_SECONDS_MAX = 5.0

_log = structlog.get_logger(__name__)


def run_worker(settings: Settings, database_url: str, secret: str) -> None:
    """Run a worker until SIGTERM or SIGINT, and return when it has given back what it held.

    Raises:
        WrongSecretKeyError: the database was sealed with another secret key.
        asyncpg.PostgresError: the database refuses us, or has no schema yet.
    """
    configure_logging(settings.log_level)
    uvloop.run(_work(settings, database_url, secret))


async def _work(settings: Settings, database_url: str, secret: str) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as held:
        backends = await _opened(database_url, secret, held, stop)
        if backends is not None:
            pool, store, installation = backends
            if not await _run_until(stop, _parts(pool, store, installation, settings)):
                pool.terminate()  # What could not end in time must not hold up the end of the process.
    _log.info("worker_stopped")


async def _opened(
    database_url: str, secret: str, held: AsyncExitStack, stop: asyncio.Event
) -> tuple[Pool, PostgresStore, InstallationSecret] | None:
    """Open the database as soon as it is there; nothing when a stop was asked for before."""
    pause = 0.2
    while not stop.is_set():
        try:
            pool = await held.enter_async_context(
                open_pool(database_url, name="worker", size_max=_POOL_CONNECTIONS)
            )
            # The first thing that needs the schema: without one, the worker ends here and says so.
            await keep_house(pool)
            installation = await PostgresKeyring(pool, SecretKey(secret)).begin()
            store = await held.enter_async_context(
                open_store(database_url, name="worker", pool=pool, secret=secret)
            )
            return pool, store, installation  # noqa: TRY300  # As an else it would be further from what it returns.
        except LOST as error:
            _log.warning("database_unavailable", error=repr(error), retry_in_seconds=pause)
            await held.aclose()
            await _wait(stop, pause)
            pause = min(pause * 2, _RETRY_SECONDS_MAX)
    return None


def _parts(
    pool: Pool, store: PostgresStore, installation: InstallationSecret, settings: Settings
) -> list[Coroutine[Any, Any, None]]:
    parts = [
        Runner(pool, store, REGISTRY).run(),
        keep_house_for_ever(pool),
        keep_votes_fair(pool, store),
        tell_of_support(pool, store),
        keep_pools(pool, store),
        MatchAlerts(pool, store).run(),
        keep_webhooks(pool, store, installation, settings),
        StandingPledges(pool, store).run(),
        expire_mandates_for_ever(pool, store),
        _sender(pool, settings, installation).run(),
        write_letters(pool, store, Outbox(installation.derived("mail")), settings.public_url),
    ]
    if settings.redis_url is None:
        _log.warning("queue_not_configured", consequence="jobs are found by looking, not by waking up")
    else:
        parts.append(run_jobs(settings.redis_url, pool))
    return parts


def _sender(pool: Pool, settings: Settings, installation: InstallationSecret) -> Sender:
    transport = SmtpTransport(settings.smtp_url) if settings.smtp_url else Mailbox(settings.data)
    return Sender(pool, Outbox(installation.derived("mail")), transport, mail_from=settings.mail_from)


async def _run_until(stop: asyncio.Event, parts: list[Coroutine[Any, Any, None]]) -> bool:
    """Run all parts until a stop is asked for, and tell whether all of them ended in time.

    A part that ends by itself ends the worker, as an error.
    """
    tasks = [asyncio.create_task(part) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    _log.info("worker_started", projections=len(REGISTRY))
    await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in tasks:
        task.cancel()
    done, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    if late:
        _log.warning("worker_stopped_late", parts=len(late))
    if not stop.is_set():
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
    return not late


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
