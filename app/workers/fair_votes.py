"""The worker's part in fair votes: watch them, verify people by the age of their account, forget what has served."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from app.command_handling import Cause, Handler
from app.reactors.fair_votes import watch_votes
from domain.person import PERSON, VerifyPerson
from events.connections import LOST, REFUSED, Pool
from events.errors import OperationalError
from events.store import EventStore
from events.streams import person_stream
from projections.fair_votes.queries import people_to_age

AGE_DAYS = 7
"""How old an account is that was never set aside when that verifies its person."""
ORIGINS_KEPT_DAYS = 30
EVERY_SECONDS = 60.0
_PEOPLE_A_BATCH = 500

_log = structlog.get_logger(__name__)


async def keep_votes_fair(pool: Pool, store: EventStore) -> None:
    """Do all of it until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch_votes(pool, store), name="reactor-fair-votes")
        tasks.create_task(_look_after_for_ever(pool, store), name="fair-votes-upkeep")


async def _look_after_for_ever(pool: Pool, store: EventStore) -> None:
    while True:
        try:
            await verify_by_age(pool, store, datetime.now(UTC))
            await forget_origins(pool)
        except (OperationalError, *LOST, *REFUSED) as error:
            _log.warning("fair_votes_upkeep_put_off", error=repr(error))
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            pass  # The read model is being made.
        except Exception:  # noqa: BLE001  # It is loud, and tried again.
            _log.exception("fair_votes_upkeep_failed")
        await asyncio.sleep(EVERY_SECONDS)


async def verify_by_age(pool: Pool, store: EventStore, now: datetime) -> int:
    """Verify people whose account is old enough and was never set aside, and tell how many.

    Raises:
        OperationalError: the log is busy or away; who is left is found the next time.
    """
    people = await people_to_age(pool, now - timedelta(days=AGE_DAYS), limit=_PEOPLE_A_BATCH)
    handler = Handler(store)
    for person_id in people:
        command = VerifyPerson(now=now, person_id=person_id, how="age")
        await handler.handle(PERSON, person_stream(person_id), command, cause=Cause())
    return len(people)


async def forget_origins(pool: Pool) -> None:
    """Remove what was noted about networks longer ago than it is kept, and proofs that have expired."""
    await pool.execute(
        "DELETE FROM vote_origins WHERE noted_at < now() - make_interval(days => $1)", ORIGINS_KEPT_DAYS
    )
    await pool.execute("DELETE FROM risky_networks WHERE until < now()")
    await pool.execute("DELETE FROM used_proofs WHERE expires_at < now()")
