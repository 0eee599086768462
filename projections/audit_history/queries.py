"""The history's queries; see the package for the question it answers."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.store import EventStore
from projections.audit_history.words import sentence, why
from projections.cursors import BigInteger, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
_LAST = 2**62
_END_OF_TIME = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


class HistoryFilter(Struct, frozen=True, kw_only=True):
    """What to show: every condition given must hold; times are when it happened.

    With `subject` comes all that is about it or part of its story: to an idea belong its offers and pools. With
    `organisation` comes what was done for it, and what is about it. With `each`, a timeline of one subject tells one by one what it else tells together.
    """

    subject: UUID | None = None
    actor: UUID | None = None
    organisation: UUID | None = None
    type: str | None = None
    types: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    each: bool = False


class Change(Struct, frozen=True, kw_only=True):
    """A field that an event changed."""

    field: str
    before: Any = None
    after: Any = None


class HistoryItem(Struct, frozen=True, kw_only=True):
    """An event in words.

    `actor` is the person behind it, whoever reads this: the shell shows a voter only under a
    pseudonym.
    """

    position: int
    type: str
    subject: UUID
    actor: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    sentence: str
    why: str | None
    changes: list[Change]


class HistoryRows(Struct, frozen=True, kw_only=True):
    """A page of history, and the cursor of the next one if there is one."""

    items: list[HistoryItem]
    next_cursor: str | None


_decode_changes = msgspec.json.Decoder(list[Change]).decode


async def history(
    pool: Pool,
    store: EventStore,
    wanted: HistoryFilter,
    *,
    limit: int,
    cursor: str | None = None,
    newest_first: bool = True,
) -> HistoryRows:
    """Read a page of history; the log gives the events, whose texts the read model does not hold.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    sql, arguments = _history_statement(wanted, limit, cursor, newest_first=newest_first)
    async with unavailable_when_lost():
        rows = await pool.fetch(sql, *arguments)
    more, rows = len(rows) > limit, rows[:limit]
    events = await store.read_positions([row["position"] for row in rows])
    by_position = {event.position: event for event in events}
    items = []
    for row in rows:
        event = by_position[row["position"]]
        items.append(
            HistoryItem(
                position=event.position,
                type=event.type,
                subject=row["subject"],
                actor=row["actor"],
                occurred_at=row["occurred_at"],
                recorded_at=event.recorded_at,
                sentence=sentence(event.data, row["label"] or "", row["organisation"] or ""),
                why=why(event.data),
                changes=_decode_changes(row["changes"]) if row["changes"] else [],
            )
        )
    return HistoryRows(items=items, next_cursor=encode_cursor(rows[-1]["position"]) if more else None)


def _history_statement(
    wanted: HistoryFilter, limit: int, cursor: str | None, *, newest_first: bool
) -> tuple[str, list[object]]:
    """Put the conditions together; every value is a parameter, every piece of SQL a constant."""
    conditions = [
        ("e.actor = {}", wanted.actor),
        ("{} IN (e.organisation, e.subject)", wanted.organisation),
        ("e.type = {}", wanted.type),
        ("e.type = ANY({}::text[])", wanted.types),
        ("e.occurred_at >= {}", wanted.since),
        ("e.occurred_at < {}", wanted.until),
        (
            f"e.position {'<' if newest_first else '>'} {{}}",
            decode_cursor(cursor, BigInteger) if cursor else None,
        ),
    ]
    arguments: list[object] = [limit + 1]
    entries, where = "audit_history.entries", ["true"]
    if wanted.subject is not None:
        arguments.append(wanted.subject)
        entries = statement(_HERE, "story")
    for condition, value in conditions:
        if value is not None:
            arguments.append(value)
            where.append(condition.format(f"${len(arguments)}"))
    sql = statement(_HERE, "history").format(
        entries=entries, conditions=" AND ".join(where), direction="DESC" if newest_first else "ASC"
    )
    return sql, arguments


async def label_of(pool: Pool, subject: UUID) -> str | None:
    """Tell what something is called now; nothing for what has no name, or is not there.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        label = await pool.fetchval(statement(_HERE, "label_of"), subject)
    return label or None


async def votes_as_of(
    pool: Pool, idea_id: UUID, *, position: int | None = None, moment: datetime | None = None
) -> int:
    """Count an idea's votes as they stood at a position, or at a moment in the world.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        return await pool.fetchval(  # type: ignore[no-any-return]  # A count.
            statement(_HERE, "votes_as_of"), idea_id, *_until(position, moment)
        )


async def days_as_of(
    pool: Pool, idea_id: UUID, *, position: int | None = None, moment: datetime | None = None
) -> list[tuple[date, int]]:
    """Count an idea's votes at the end of each day (UTC) that changed them up to a position or a moment, oldest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "days_as_of"), idea_id, *_until(position, moment))
    return [(row["day"], row["votes"]) for row in rows]


async def last_as_of(
    pool: Pool,
    subject: UUID,
    types: Collection[str],
    *,
    position: int | None = None,
    moment: datetime | None = None,
) -> int | None:
    """Tell the position of the last event of some types about a subject or its story, at a position or a moment.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        return await pool.fetchval(  # type: ignore[no-any-return]  # A position, if any.
            statement(_HERE, "last_as_of"), subject, *_until(position, moment), list(types)
        )


async def pool_as_of(
    pool: Pool, idea_id: UUID, *, position: int | None = None, moment: datetime | None = None
) -> UUID | None:
    """Tell which pool an idea had at a position, or at a moment in the world, if any.

    It is the newest, and one that was cancelled only where there was no other.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        return await pool.fetchval(  # type: ignore[no-any-return]  # An identifier, if any.
            statement(_HERE, "pool_as_of"), idea_id, *_until(position, moment)
        )


def _until(position: int | None, moment: datetime | None) -> tuple[int, datetime]:
    return (_LAST if position is None else position, _END_OF_TIME if moment is None else moment)
