"""How fast the log takes events, beside plain INSERTs and a peer, on copies of one database.

Method. Every window works on a fresh copy of a database that holds a log of 100,000 votes and a
plain table with the same rows, columns and indexes. Callers are closed loops in this process: each
sends its next request when the last was answered, and the server shares the cores with them, as in a
small installation. What is sent is prepared before: for us a request with its event as a struct, which
the log encodes, checks, numbers and answers; for the plain table the same bytes, encoded already. So
the comparison favours the plain INSERT, which checks no version, keeps no streams table, notifies
nobody, and whose `bigserial` leaves gaps and commits out of order.

Limits. One client process for all callers; one payload size (a vote); the 100,000 rows fit into
memory; the peer's own table begins empty, which favours it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TypeAlias

import asyncpg
import psycopg

from app.bootstrap import migrate
from events.envelope import Append
from events.postgres import open_store
from events.streams import idea_stream, new_id
from ops.bench import eventsourcing_peer
from ops.bench.content import SECRET, as_row, fill_log, vote_requests
from ops.bench.loops import WARM_UP, closed_loop
from ops.bench.session import Case, Measured, Session, address_of, create_database, percentiles

TEMPLATE = "append_template"
BATCH = 500

_LOG_EVENTS = 100_000
_LOG_IDEAS = 2_000
_RATE_MAX = {
    "insert_1": 8_000,
    "insert_16": 40_000,
    "append_1": 8_000,
    "append_16": 50_000,
    "append_64": 80_000,
    "append_256": 100_000,
}
"""Events a second that no window here will reach: so much is prepared, and a window without supply ends."""
_BATCH_RATE_MAX = 200_000
_CALLERS = (1, 16, 64, 256)

_PLAIN_TABLE = """
CREATE TABLE plain_events (
  position    bigserial   CONSTRAINT plain_events_position PRIMARY KEY,
  stream      text        COLLATE "C" NOT NULL,
  version     integer     NOT NULL,
  event_id    uuid        NOT NULL,
  type        text        COLLATE "C" NOT NULL,
  data        json        NOT NULL,
  metadata    json        NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX plain_events_stream_version ON plain_events (stream, version);
CREATE UNIQUE INDEX plain_events_event_id ON plain_events (event_id);
INSERT INTO plain_events (stream, version, event_id, type, data, metadata, recorded_at)
  SELECT stream, version, event_id, type, data, metadata, recorded_at FROM events ORDER BY position;
"""
_INSERT = """
INSERT INTO plain_events (stream, version, event_id, type, data, metadata) VALUES ($1, $2, $3, $4, $5, $6)
"""
_INSERT_BATCH = """
INSERT INTO plain_events (stream, version, event_id, type, data, metadata)
SELECT * FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::text[], $5::json[], $6::json[])
"""


Send: TypeAlias = Callable[[Sequence[object]], Awaitable[object]]


async def run(session: Session) -> None:
    """Measure every case of `append` and add what was found to the report."""
    await _make_template(session)
    cases = [
        Case("insert_1", partial(_plain, session, 1)),
        Case("insert_16", partial(_plain, session, 16)),
        *(Case(f"append_{callers}", partial(_own, session, callers)) for callers in _CALLERS),
        Case("insert_batch500", partial(_plain_batch, session)),
        Case("append_batch500", partial(_own_batch, session)),
        Case("append_many500", partial(_own_many, session)),
    ]
    if eventsourcing_peer.is_installed():
        cases.append(Case("eventsourcing_16", partial(_eventsourcing, session)))
    else:
        session.report.note(
            "The peer `eventsourcing` is not installed and was left out; install it with: pip install 'open-impact[bench]'."
        )
    await session.in_rounds(cases)


async def _make_template(session: Session) -> None:
    create_database(session.postgres, TEMPLATE, "template1")
    url = address_of(session.postgres, TEMPLATE)
    migrate(url)
    events = session.sized(_LOG_EVENTS, least=_LOG_IDEAS + 1)
    await fill_log(url, events, min(_LOG_IDEAS, events // 2), say=session.say)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_PLAIN_TABLE)
        connection.execute("VACUUM ANALYZE plain_events")


async def _plain(session: Session, connections: int) -> Measured:
    """Insert rows one by one, each in a transaction of its own."""
    name = f"insert_{connections}"
    rows = [as_row(request) for request in _requests(session, _RATE_MAX[name])]
    with session.database(TEMPLATE) as url:
        async with AsyncExitStack() as held:
            senders = [await held.enter_async_context(_sender(url, _INSERT)) for _ in range(connections)]
            window = await closed_loop(senders, rows, session.seconds)
    return Measured({name: window.rate}, window.others)


async def _own(session: Session, callers: int) -> Measured:
    """Append events one by one, each to a stream that must not exist yet."""
    name = f"append_{callers}"
    requests = _requests(session, _RATE_MAX[name])
    with session.database(TEMPLATE) as url:
        async with open_store(url, name="bench", secret=SECRET) as store:
            window = await closed_loop([store.append] * callers, requests, session.seconds)
    return Measured({name: window.rate, **percentiles(name, window.calls)}, window.others)


async def _plain_batch(session: Session) -> Measured:
    """Insert 500 rows a time in one statement, as arrays."""
    rows = [as_row(request) for request in vote_requests(BATCH)]
    types, data, metadata = ([row[column] for row in rows] for column in (3, 4, 5))
    versions = list(range(1, BATCH + 1))
    batches = [
        ([idea_stream(new_id())] * BATCH, versions, [new_id() for _ in rows], types, data, metadata)
        for _ in range(_supply(session, _BATCH_RATE_MAX) // BATCH)
    ]
    with session.database(TEMPLATE) as url:
        async with _sender(url, _INSERT_BATCH) as send:
            window = await closed_loop([send], batches, session.seconds)
    return Measured({"insert_batch500": window.rate * BATCH}, window.others)


async def _own_batch(session: Session) -> Measured:
    """Append 500 events a time to one stream that must not exist yet."""
    votes = vote_requests(BATCH)
    events = [vote.events[0] for vote in votes]
    batches = [
        Append(stream=idea_stream(new_id()), events=events, metadata=votes[0].metadata, expected=0)
        for _ in range(_supply(session, _BATCH_RATE_MAX) // BATCH)
    ]
    with session.database(TEMPLATE) as url:
        async with open_store(url, name="bench", secret=SECRET) as store:
            window = await closed_loop([store.append], batches, session.seconds)
    return Measured({"append_batch500": window.rate * BATCH}, window.others)


async def _own_many(session: Session) -> Measured:
    """Append 500 requests a time, as an import does, each answered by itself."""
    requests = _requests(session, _RATE_MAX["append_256"])
    batches = [requests[begin : begin + BATCH] for begin in range(0, len(requests) - BATCH + 1, BATCH)]
    with session.database(TEMPLATE) as url:
        async with open_store(url, name="bench", secret=SECRET) as store:
            window = await closed_loop([store.append_many], batches, session.seconds)
    return Measured({"append_many500": window.rate * BATCH}, window.others)


async def _eventsourcing(session: Session) -> Measured:
    """Insert events one by one with the peer; its threads have this process to themselves."""
    requests = _requests(session, eventsourcing_peer.RATE_MAX)
    with session.database() as url:
        window = eventsourcing_peer.insert_events(
            url, [as_row(request) for request in requests], session.seconds
        )
    return Measured({"eventsourcing_16": window.rate}, window.others)


@asynccontextmanager
async def _sender(url: str, sql: str) -> AsyncIterator[Send]:
    """Prepare a statement on a connection of its own, to be sent with rows of arguments."""
    connection = await asyncpg.connect(url)
    try:
        prepared = await connection.prepare(sql)
        yield lambda row: prepared.fetch(*row)
    finally:
        await connection.close()


def _requests(session: Session, rate_max: int) -> list[Append]:
    return vote_requests(_supply(session, rate_max), _LOG_IDEAS)


def _supply(session: Session, rate_max: int) -> int:
    return max(2 * BATCH, round(rate_max * session.seconds * (1 + WARM_UP)))
