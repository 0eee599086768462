"""Housekeeping: room in the log for the positions to come, and nothing kept without end.

Idempotency keys go, forms that were kept while somebody signed in, drafts that nobody touched for long, what was
delivered long ago, and keys of endpoints that sign nothing. All of it is cheap and may be done by any number of workers at once, as often as anybody likes.
Every worker does it at its start and once a minute by itself; the job on the queue is the same again, so that one
installation with many workers can see it done in one place.
"""

import asyncio

import structlog
from msgspec import Struct
from msgspec.structs import asdict

from app.access.kept_forms import TOLD_FOR
from app.webhooks.deliveries import forget_old
from app.webhooks.keys import forget_unneeded
from events.connections import LOST, REFUSED, Pool

EVERY_SECONDS = 60.0
KEYS_KEPT_DAYS = 8
_KEYS_A_BATCH = 1_000
_BATCHES_MAX = 100
_FORMS_A_TURN = 10_000

_log = structlog.get_logger(__name__)


class HouseKept(Struct, frozen=True, kw_only=True):
    """What there was to do: partitions made for the log, idempotency keys removed, kept forms emptied, drafts that
    nobody touched for long removed, deliveries of long ago forgotten, keys of endpoints that sign nothing removed.
    """

    partitions_made: int
    keys_removed: int
    forms_emptied: int = 0
    drafts_removed: int = 0
    deliveries_forgotten: int = 0
    signing_keys_removed: int = 0


async def keep_house(pool: Pool) -> HouseKept:
    """Make room in the log, and remove what was answered longer ago than anybody asks again.

    What is left after a bounded number of batches waits for the next time.

    Raises:
        OSError, asyncpg.PostgresError: the database is away or busy; nothing is half done.
    """
    made = await pool.fetchval("SELECT extend_log()")
    removed = 0
    for _ in range(_BATCHES_MAX):
        batch = await pool.fetchval(
            """
            WITH gone AS (
              DELETE FROM idempotency_keys WHERE key IN (
                SELECT key FROM idempotency_keys WHERE recorded_at < now() - make_interval(days => $1)
                 ORDER BY recorded_at LIMIT $2)
              RETURNING 1)
            SELECT count(*) FROM gone
            """,
            KEYS_KEPT_DAYS,
            _KEYS_A_BATCH,
        )
        removed += batch
        if batch < _KEYS_A_BATCH:
            break
    kept = HouseKept(
        partitions_made=made,
        keys_removed=removed,
        forms_emptied=await _empty_kept_forms(pool),
        drafts_removed=await _remove_old_drafts(pool),
        deliveries_forgotten=await forget_old(pool),
        signing_keys_removed=await forget_unneeded(pool),
    )
    if kept != HouseKept(partitions_made=0, keys_removed=0):
        _log.info("house_kept", **asdict(kept))
    return kept


async def _empty_kept_forms(pool: Pool) -> int:
    """Remove what was typed into forms that are over, and after a day that they were there."""
    emptied: int = await pool.fetchval(
        """
        WITH over AS (
          UPDATE kept_forms SET sealed = NULL WHERE kept_id IN (
            SELECT kept_id FROM kept_forms WHERE expires_at <= now() AND sealed IS NOT NULL LIMIT $1)
          RETURNING 1)
        SELECT count(*) FROM over
        """,
        _FORMS_A_TURN,
    )
    await pool.execute(
        """
        DELETE FROM kept_forms WHERE kept_id IN (
          SELECT kept_id FROM kept_forms WHERE expires_at < now() - $1::interval ORDER BY expires_at LIMIT $2)
        """,
        TOLD_FOR,
        _FORMS_A_TURN,
    )
    return emptied


async def _remove_old_drafts(pool: Pool) -> int:
    """Remove drafts that nobody has touched for as long as they are kept."""
    removed: int = await pool.fetchval(
        """
        WITH over AS (
          DELETE FROM drafts WHERE draft_id IN (
            SELECT draft_id FROM drafts WHERE expires_at <= now() ORDER BY expires_at LIMIT $1)
          RETURNING 1)
        SELECT count(*) FROM over
        """,
        _FORMS_A_TURN,
    )
    return removed


async def keep_house_if_possible(pool: Pool) -> None:
    """Keep house now, or leave it for the next time when the database is away or busy."""
    try:
        await keep_house(pool)
    except (*LOST, *REFUSED) as error:
        _log.warning("housekeeping_put_off", error=repr(error))


async def keep_house_for_ever(pool: Pool, *, every_seconds: float = EVERY_SECONDS) -> None:
    """Keep house at once and at every interval until cancelled."""
    while True:
        await keep_house_if_possible(pool)
        await asyncio.sleep(every_seconds)
