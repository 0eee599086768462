"""How it stands with endpoints: what waits, what was delivered, what came of attempts, and wishes to have it once more."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.webhooks.endpoints import REMOVED, SQL
from events.connections import Pool, unavailable_when_lost
from projections.cursors import Integer, decode_cursor, encode_cursor
from projections.statements import statement

KEPT = timedelta(days=30)
"""For how long what was delivered is remembered; the events themselves stay for ever."""
LIMIT_MAX = 200
WAITING_COUNTED_MAX = 10_000
"""How many of what waits are counted."""
_FORGOTTEN_AT_ONCE = 5_000

DeliveryStatus: TypeAlias = Literal["waiting", "delivered", "aborted"]
"""It waits for its first or next attempt, the endpoint took it, or the endpoint gave it up."""


class Standing(Struct, frozen=True, kw_only=True):
    """How it stands with an endpoint, as the dispatcher and the senders know it.

    `behind_at` is the position up to which it was told, where it is not told of events as they come. `waiting` is
    counted up to 10,000. `ask_answer` is what came of the last question whether it wants to be told.
    """

    endpoint_id: UUID
    version: int
    waiting: int
    behind_at: int | None
    failures: int
    rests_until: datetime | None
    delivered_at: datetime | None
    ask_answer: str


class DeliveryRow(Struct, frozen=True, kw_only=True):
    """One event at one endpoint, with what came of the last attempt; `error` says in words why it was no success.

    `repetition` is 0, or the number of the wish to have it once more. The event's stream is left out: that of a vote tells
    whoever knows a person whether it is theirs, and the public log has a pseudonym in its place.
    """

    delivery_id: int
    position: int
    repetition: int
    status: DeliveryStatus
    attempts: int
    due_at: datetime | None
    ended_at: datetime | None
    last_status: int | None
    last_error: str


class DeliveryRows(Struct, frozen=True, kw_only=True):
    """A page of deliveries, the newest first, and the cursor of the next one."""

    items: list[DeliveryRow]
    next_cursor: str | None


class AttemptRow(Struct, frozen=True, kw_only=True):
    """One attempt: when it began, how long it took, and the beginning of the answer if one came."""

    attempt: int
    began_at: datetime
    milliseconds: int
    status: int | None
    answer: str
    error: str


class Replay(Struct, frozen=True, kw_only=True):
    """A wish for a stretch of the log once more: after a position and up to another."""

    repetition: int
    after: int
    until: int


async def standings(pool: Pool, endpoint_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Tell how it stands with endpoints, as far as the dispatcher knows of them.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(SQL, "known"), list(endpoint_ids))
    return {
        row["endpoint_id"]: Standing(
            endpoint_id=row["endpoint_id"],
            version=row["version"],
            waiting=row["waiting"],
            behind_at=row["behind_at"],
            failures=row["failures"],
            rests_until=row["resting"],
            delivered_at=row["delivered_at"],
            ask_answer=row["ask_answer"],
        )
        for row in rows
    }


async def endpoints_of(
    pool: Pool, person_id: UUID, organisations: Collection[UUID], *, after: UUID | None, limit: int
) -> list[UUID]:
    """List the endpoints of a person and of organisations, the newest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(SQL, "of_owner"), person_id, list(organisations), after, limit)
    return [row["endpoint_id"] for row in rows]


async def deliveries_of(
    pool: Pool, endpoint_id: UUID, *, status: DeliveryStatus | None, limit: int, cursor: str | None
) -> DeliveryRows:
    """List what was and is to be delivered to an endpoint, the newest first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    before = decode_cursor(cursor, tuple[Integer])[0] if cursor else None
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(SQL, "deliveries"), endpoint_id, before, limit + 1, status)
    items = [
        DeliveryRow(
            delivery_id=row["delivery_id"],
            position=row["position"],
            repetition=row["repetition"],
            status=row["outcome"] or "waiting",
            attempts=row["attempts"],
            due_at=None if row["ended_at"] else row["due_at"],
            ended_at=row["ended_at"],
            last_status=row["status"],
            last_error=row["error"] or "",
        )
        for row in rows[:limit]
    ]
    more = len(rows) > limit
    return DeliveryRows(items=items, next_cursor=encode_cursor((items[-1].delivery_id,)) if more else None)


async def attempts_at(pool: Pool, endpoint_id: UUID, delivery_id: int) -> tuple[int, list[AttemptRow]] | None:
    """Give the position of a delivery's event, and the attempts at it; nothing where there is no such delivery.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        position = await pool.fetchval(
            "SELECT position FROM webhook_deliveries WHERE delivery_id = $1 AND endpoint_id = $2",
            delivery_id,
            endpoint_id,
        )
        if position is None:
            return None
        rows = await pool.fetch(
            "SELECT attempt, began_at, milliseconds, status, answer, error FROM webhook_attempts"
            " WHERE delivery_id = $1 ORDER BY attempt LIMIT 100",
            delivery_id,
        )
    return position, [AttemptRow(**row) for row in rows]


async def told_up_to(pool: Pool, endpoint_id: UUID) -> int:
    """Tell up to which position an endpoint was told of everything that it wants.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        position: int = await pool.fetchval(statement(SQL, "told_up_to"), endpoint_id)
    return position


async def ask_replay(
    pool: Pool, endpoint_id: UUID, *, after: int, until: int, asked_under: UUID | None
) -> Replay:
    """Want a stretch of the log once more; the same wish under the same key is the one of before.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(SQL, "ask_replay"), endpoint_id, asked_under, after, until)
    assert row is not None  # noqa: S101  # It is made, or was there.
    return Replay(repetition=row["repetition"], after=after, until=row["until"])


async def ask_again(pool: Pool, endpoint_id: UUID) -> None:
    """Let an endpoint that did not agree be asked again, though no sooner than a minute after the last time.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        await pool.execute(
            "UPDATE webhook_endpoints SET asked = 0 WHERE endpoint_id = $1 AND NOT is_verified", endpoint_id
        )


async def forget_old(pool: Pool) -> int:
    """Remove what was delivered long ago, and what is left of removed endpoints; tell how much, a bounded part at a time.

    Raises:
        OSError, asyncpg.PostgresError: the database is away or busy; the rest goes next time.
    """
    forgotten: int = await pool.fetchval(
        statement(SQL, "forget_deliveries"), KEPT, REMOVED, _FORGOTTEN_AT_ONCE
    )
    await pool.execute(statement(SQL, "forget_endpoints"), REMOVED, _FORGOTTEN_AT_ONCE)
    return forgotten
