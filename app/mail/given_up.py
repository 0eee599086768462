"""What waits in the outbox and what was given up, for whoever runs the service: seen, counted, and tried again.

Nothing here says to whom a message goes or what it says: it stays sealed.
"""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost

LISTED_MAX = 1_000

State: TypeAlias = Literal["waits", "given up"]


class Unsent(Struct, frozen=True, kw_only=True):
    """A message that has not left: how often it was tried, and what went wrong the last time."""

    message_id: UUID
    state: State
    attempts: int
    posted_at: datetime
    given_up_at: datetime | None
    error: str


class UnsentCounts(Struct, frozen=True, kw_only=True):
    """How many messages wait and how many were given up, and what went wrong with the one given up last."""

    waiting: int
    given_up: int
    newest_error: str


async def unsent(pool: Pool, *, limit: int = LISTED_MAX) -> list[Unsent]:
    """List the messages that have not left, those given up first and the newest of them at the top.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            """
            SELECT message_id, CASE WHEN given_up_at IS NULL THEN 'waits' ELSE 'given up' END AS state,
                   attempts, posted_at, given_up_at, last_error AS error
              FROM outgoing_mail WHERE sealed IS NOT NULL
             ORDER BY given_up_at DESC NULLS LAST, posted_at DESC LIMIT $1
            """,
            limit,
        )
    return [Unsent(**row) for row in rows]


async def counted(connection: Connection | Pool) -> UnsentCounts:
    """Count the messages that have not left; those given up that can no longer be tried are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await connection.fetchrow(
            """
            SELECT count(*) FILTER (WHERE given_up_at IS NULL) AS waiting, count(given_up_at) AS given_up,
                   coalesce((array_agg(last_error ORDER BY given_up_at DESC NULLS LAST)
                             FILTER (WHERE given_up_at IS NOT NULL))[1], '') AS newest_error
              FROM outgoing_mail WHERE sealed IS NOT NULL
            """
        )
    return UnsentCounts(**dict(row or {}))


async def retry(pool: Pool, message_id: UUID | None = None) -> int:
    """Have a message that was given up tried again from the start, or all of them; tell how many that were.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        done: str = await pool.execute(
            """
            UPDATE outgoing_mail SET given_up_at = NULL, attempts = 0, due_at = now(), last_error = ''
             WHERE given_up_at IS NOT NULL AND sealed IS NOT NULL AND ($1::uuid IS NULL OR message_id = $1)
            """,
            message_id,
        )
    return int(done.rpartition(" ")[2])
