"""The verification of the log: one pass over all events in order, then what only the database can tell.

All of it looks at one moment (a repeatable-read transaction), so that events appended meanwhile
disturb nothing. This process holds one page at a time; the comparison of streams sorts in the
database, which uses its disk where that is much.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from app.cli.log_lines import Row, json_line, rows_after
from app.cli.progress import Update
from events.codec import CODEC
from events.connections import Connection
from events.errors import UnreadableEventError

_NO_LIMIT = 24 * 3600.0


class LogProblemError(Exception):
    """The log is not as it must be; the message names the first problem."""


class LogSummary(Struct, frozen=True, kw_only=True):
    """What a sound log was found to hold.

    `sha256` is the digest of the lines that `open-impact events export` writes of the same events.
    """

    events: int
    head: int
    streams: int
    sha256: str


async def check_log(connection: Connection, update: Update) -> LogSummary:
    """Verify the whole log.

    Raises:
        LogProblemError: the first problem, named by position or stream.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        head = await connection.fetchval("SELECT coalesce(max(position), 0) FROM events")
        digest = await _pass_over(connection, head, update)
        await _require_none(connection)
        streams = await connection.fetchval("SELECT count(*) FROM streams", timeout=_NO_LIMIT)
    return LogSummary(events=head, head=head, streams=streams, sha256=digest)


async def _pass_over(connection: Connection, head: int, update: Update) -> str:
    """Read every event in order: no position missing, every event readable; give the digest of all."""
    digest = hashlib.sha256()
    position = 0
    while position < head:
        page = await rows_after(connection, position)
        if not page:
            raise LogProblemError(f"Position {position + 1:,} is missing; the next event is further on.")
        for row in page:
            position += 1
            if row[0] != position:
                raise LogProblemError(f"Position {position:,} is missing; the next event is at {row[0]:,}.")
            _require_readable(row)
        digest.update("".join(map(json_line, page)).encode())
        update(position, head)
    below = await connection.fetchval("SELECT min(position) FROM events")
    if below is not None and below < 1:
        raise LogProblemError(f"There is an event at position {below}; positions count from 1.")
    return digest.hexdigest()


def _require_readable(row: Row) -> None:
    try:
        CODEC.decode(row[4], row[5])
    except UnreadableEventError as error:
        raise LogProblemError(f"Position {row[0]:,}: {error}") from error


_Question: TypeAlias = tuple[str, str]

_QUESTIONS: Sequence[_Question] = (
    (
        # Versions count on from 1 in the order of positions.
        """
        SELECT position, stream, version, number
          FROM (SELECT position, stream, version,
                       row_number() OVER (PARTITION BY stream ORDER BY position) AS number FROM events) counted
         WHERE version <> number ORDER BY position LIMIT 1
        """,
        "Position {0:,}: the stream {1} is at version {2} where {3} is due.",
    ),
    (
        """
        SELECT coalesce(s.stream, e.stream), s.version, e.version
          FROM streams s FULL JOIN (SELECT stream, count(*) AS version FROM events GROUP BY stream) e
               ON e.stream = s.stream
         WHERE s.version IS DISTINCT FROM e.version ORDER BY 1 LIMIT 1
        """,
        "The stream {0} is at version {1} by the table of streams, but has {2} events.",
    ),
    (
        "SELECT event_id, min(position), max(position) FROM events GROUP BY event_id HAVING count(*) > 1 ORDER BY 2 LIMIT 1",
        "The event {0} is there twice, at the positions {1:,} and {2:,}.",
    ),
)


async def _require_none(connection: Connection) -> None:
    for question, sentence in _QUESTIONS:
        found = await connection.fetchrow(question, timeout=_NO_LIMIT)
        if found is not None:
            raise LogProblemError(sentence.format(*("no" if value is None else value for value in found)))
