"""The worker's part in pools: commit or lapse each when it is time, and release budgets.

What is due stands in the read model, and what happens then is the decider's to say. So nothing is scheduled that
could be lost: a worker that starts late finds what became due meanwhile, and several that come at once cause it
once. Time is the database's, which all workers share; a clock that steps back makes a deadline come later, one that
steps forward earlier, and never twice.
"""

import asyncio
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from app.command_handling import Handler
from app.funding.pledging import settle
from app.reactors.budgets import keep_budgets
from domain.decider import DomainError
from events.connections import LOST, REFUSED, Pool, unavailable_when_lost
from events.errors import OperationalError
from events.store import EventStore
from projections.pools.queries import DuePool, due_pools

EVERY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


async def keep_pools(pool: Pool, store: EventStore) -> None:
    """Do all of it until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Timer(pool, store).run(), name="pools-timer")
        tasks.create_task(keep_budgets(pool, store), name="budgets")


class Timer:
    """Settles pools that are due; remembers which it found not ready, and does not look again before they change."""

    def __init__(self, pool: Pool, store: EventStore) -> None:
        self._pool = pool
        self._store = store
        self._not_ready: dict[UUID, tuple[int, datetime | None]] = {}

    async def run(self) -> None:
        """Look every second, until cancelled."""
        while True:
            try:
                await self.settle_due()
            except (OperationalError, *LOST, *REFUSED) as error:
                _log.warning("pools_timer_put_off", error=repr(error))
            except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
                pass  # The read model is being made.
            except Exception:  # noqa: BLE001  # It is loud, and tried again.
                _log.exception("pools_timer_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def settle_due(self, now: datetime | None = None) -> int:
        """Settle every pool that is due, and tell how many committed or lapsed.

        Raises:
            OperationalError: the log is busy or away; what is left is found the next time.
        """
        moment = now or await self._now()
        settled = 0
        due = await due_pools(self._pool, moment)
        self._not_ready = {
            one.pool_id: self._not_ready[one.pool_id] for one in due if one.pool_id in self._not_ready
        }
        for one in due:
            if self._is_known(one, moment):
                continue
            try:
                handled = await settle(Handler(self._store), one.pool_id, moment)
            except DomainError:
                _log.exception("pool_not_settled", pool_id=str(one.pool_id))
                continue
            settled += bool(handled.events)
            self._not_ready[one.pool_id] = (one.position, one.final_at)
            if handled.events:
                _log.info("pool_settled", pool_id=str(one.pool_id), outcome=type(handled.events[0]).__name__)
        return settled

    def _is_known(self, due: DuePool, now: datetime) -> bool:
        """Tell whether a pool was found not ready, and has neither changed nor come to another moment since.

        A pledge that expires only lowers others, so nothing becomes ready by it.
        """
        known = self._not_ready.get(due.pool_id)
        if known is None or due.deadline <= now:
            return False
        position, final_at = known
        return position == due.position and (final_at is None or now < final_at)

    async def _now(self) -> datetime:
        async with unavailable_when_lost():
            moment: datetime = await self._pool.fetchval("SELECT clock_timestamp()")
        return moment
