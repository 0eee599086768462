"""Turns of a reactor: one worker at a time, from a checkpoint on, until cancelled.

A reactor's effects have identifiers that follow from their cause, so that causing them again, after a crash or in
another worker, changes nothing: they are there exactly once, although the work may be done twice.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import structlog
from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost
from events.errors import OperationalError
from events.store import EventStore

GATHER_SECONDS = 0.1
"""How long a reactor lets the log grow after a turn: in busy times one turn then does for many events."""
_RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Turn(Struct, frozen=True, kw_only=True):
    """The right to act for a reactor, from a position on, until the end of the connection's transaction."""

    connection: Connection
    reactor: str
    position: int

    async def done(self, position: int) -> None:
        """Say that everything up to a position was looked at."""
        await self.connection.execute(
            "UPDATE reactors SET position = $2 WHERE reactor = $1", self.reactor, position
        )


@asynccontextmanager
async def turn_of(pool: Pool, reactor: str) -> AsyncIterator[Turn | None]:
    """Take a reactor's turn; nothing while another worker has it.

    Raises:
        LogUnavailableError: the database cannot be reached; what was not said to be done will be looked at again.
    """
    async with unavailable_when_lost(), pool.acquire() as connection:
        # By itself, before the turn: who comes second would wait for the row of a transaction that is under way.
        await connection.execute(
            "INSERT INTO reactors (reactor) VALUES ($1) ON CONFLICT ON CONSTRAINT reactors_reactor DO NOTHING",
            reactor,
        )
        async with connection.transaction():
            position = await connection.fetchval(
                "SELECT position FROM reactors WHERE reactor = $1 FOR UPDATE SKIP LOCKED", reactor
            )
            held = Turn(connection=connection, reactor=reactor, position=position or 0)
            yield None if position is None else held


async def take_turns(
    reactor: str, store: EventStore, react: Callable[[], Awaitable[int | None]], *, wait_seconds: float
) -> None:
    """Let a reactor act whenever the log has grown, until cancelled; losing the database is waited out.

    `react` tells the position it has reached, or nothing when it could not act. It acts after `wait_seconds` even where
    the log is quiet.
    """
    while True:
        reached = None
        try:
            reached = await react()
        except OperationalError as error:
            _log.warning("reactor_interrupted", reactor=reactor, error=str(error))
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            pass  # A read model it asks is being made.
        except Exception:  # noqa: BLE001  # Whatever it is, it is loud, and tried again.
            _log.exception("reactor_failed", reactor=reactor)
        if reached is None:
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            await asyncio.sleep(GATHER_SECONDS)
            await store.wait(reached, seconds=wait_seconds)
