"""The worker's part in mandates: note that a window is over.

What is over follows from the clock alone, and nothing is pledged under it from that moment on; the event is for those
who read the log. Whoever was not reached is found the next time, so no restart loses one.
"""

import asyncio
from datetime import UTC, datetime

import asyncpg
import structlog

from app.command_handling import Cause, Handler
from domain.mandate import MANDATE, ExpireMandate
from events.connections import LOST, REFUSED, Pool
from events.errors import OperationalError
from events.store import EventStore
from events.streams import mandate_stream
from projections.mandates.queries import due_to_expire

EVERY_SECONDS = 20.0
_MANDATES_A_BATCH = 200

_log = structlog.get_logger(__name__)


async def expire_mandates_for_ever(
    pool: Pool, store: EventStore, *, every_seconds: float = EVERY_SECONDS
) -> None:
    """Note what is over, at once and at every interval until cancelled."""
    while True:
        try:
            await expire_mandates(pool, store, datetime.now(UTC))
        except (OperationalError, *LOST, *REFUSED) as error:
            _log.warning("mandates_expired_later", error=repr(error))
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            pass  # The read model is being made.
        except Exception:  # noqa: BLE001  # It is loud, and tried again.
            _log.exception("expiring_mandates_failed")
        await asyncio.sleep(every_seconds)


async def expire_mandates(pool: Pool, store: EventStore, now: datetime) -> int:
    """Note which windows are over, and tell how many were found.

    Raises:
        OperationalError: the log is busy or away; who is left is found the next time.
    """
    due = await due_to_expire(pool, now, limit=_MANDATES_A_BATCH)
    handler = Handler(store)
    for mandate_id in due:
        command = ExpireMandate(now=now, mandate_id=mandate_id)
        await handler.handle(MANDATE, mandate_stream(mandate_id), command, cause=Cause())
    return len(due)
