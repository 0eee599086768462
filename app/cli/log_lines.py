"""Events of the log as lines of text, straight from the table, so that even an unreadable one can be looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec

from events.codec import CODEC
from events.connections import Connection, Pool
from events.errors import UnreadableEventError
from events.sealing.codec import SEALING
from events.sealing.keyring import Keyring, Keys
from events.sql import statement

Row: TypeAlias = asyncpg.Record | tuple[int, str, int, UUID, str, str, str, datetime]
"""Position, stream, version, event id, type, data, metadata and time, as the statements of the log give them."""

PAGE_EVENTS = 5_000


async def rows_after(
    connection: Connection | Pool, position: int, types: Sequence[str] = (), *, limit: int = PAGE_EVENTS
) -> Sequence[Row]:
    """Read the events at the positions after a cursor, at most `limit`; of some types only, if any are named."""
    if types:
        return await connection.fetch(
            statement("read_tail_of_types"), position, position + limit, list(types)
        )
    return await connection.fetch(statement("read_tail"), position, position + limit)


async def rows_of_stream(pool: Pool, stream: str, after: int) -> Sequence[Row]:
    """Read the events of a stream after a version, at most a page."""
    return await pool.fetch(statement("read_stream"), stream, after, PAGE_EVENTS)


async def unsealed(rows: Sequence[Row], keyring: Keyring) -> list[Row]:
    """Open what is sealed in rows; what was erased is empty, and what cannot be read stays as it is stored."""
    keys = await keyring.found(SEALING.sealed_subjects(rows))
    return [_unsealed(row, keys) for row in rows]


def _unsealed(row: Row, keys: Keys) -> Row:
    position, stream, version, event_id, type_name, data, metadata, recorded_at = row
    try:
        opened = CODEC.encode(SEALING.decode(type_name, data, event_id, keys))
    except UnreadableEventError:
        return row
    return position, stream, version, event_id, type_name, opened, metadata, recorded_at


def json_line(row: Row) -> str:
    """Write an event as one line of JSON, always the same for the same event; data and metadata as they are stored."""
    position, stream, version, event_id, type_name, data, metadata, recorded_at = row
    return (
        f'{{"position":{position},"stream":{_quoted(stream)},"version":{version},"event_id":"{event_id}",'
        f'"type":{_quoted(type_name)},"data":{_on_one_line(data)},"metadata":{_on_one_line(metadata)},'
        f'"recorded_at":"{_time(recorded_at)}"}}\n'
    )


def human_line(row: Row) -> str:
    """Write an event for people: position, time, type, stream and what it says."""
    position, stream, version, _, type_name, data, _, recorded_at = row
    moment = f"{recorded_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return f"{position:>10}  {moment}  {type_name:<18} {stream} v{version}  {_on_one_line(data)}\n"


def _quoted(word: str) -> str:
    return msgspec.json.encode(word).decode()


def _on_one_line(stored: str) -> str:
    """Take line ends out of stored JSON, where they can only stand between its words."""
    return stored.replace("\n", " ").replace("\r", " ") if "\n" in stored or "\r" in stored else stored


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
