"""From committed to visible: how long it takes until the board shows an event, at a steady rate of appends.

Method. A worker in a process of its own keeps all projections, as deployed. This process appends votes
at even distances whether or not earlier ones were answered, and notes when the log's answer reached
it. On a connection of its own it reads the board's checkpoint, which moves in the transaction of the
board's rows, as fast as a timer of one millisecond allows. An event is visible when a reading that
covers it has come back.

Error. A reading comes up to `live_poll_ms` after the fact, and the answer to an append about 0.1 ms
after the commit: the true lag is that much shorter or longer. The readings themselves cost the server
a little. Everything shares the machine's cores.
"""

import asyncio
import time
from bisect import bisect_left
from itertools import pairwise

import asyncpg
from msgspec import Struct, field

from events.envelope import Append
from events.postgres import PostgresStore
from ops.bench.content import vote_requests
from ops.bench.machine import Others
from ops.bench.session import Measured, Session, percentiles

_POLL_SECONDS = 0.001
_CATCH_UP_SECONDS = 60.0
_POSITION = "SELECT position FROM checkpoints WHERE projection = 'idea_board' AND generation = 'live'"


class _Seen(Struct):
    """What was seen: events as (position, moment of the answer), readings as (position, moment), the last position."""

    committed: list[tuple[int, float]] = field(default_factory=list)
    readings: list[tuple[int, float]] = field(default_factory=list)
    last: int | None = None


async def lag(session: Session, database_url: str, store: PostgresStore, rate: int, ideas: int) -> Measured:
    """Append at a rate for as long as a window lasts, and measure the lag of every event."""
    name = f"live_{rate}"
    requests = vote_requests(max(1, round(rate * session.seconds)), ideas)
    seen = _Seen()
    connection = await asyncpg.connect(database_url)
    try:
        position = await connection.prepare(_POSITION)
        others, began = Others(), time.perf_counter()
        reading = asyncio.create_task(_read(position, seen))
        await _append(store, requests, rate, seen)
        seconds = time.perf_counter() - began
        share = others.share()
        seen.last = max(position for position, _ in seen.committed)
        async with asyncio.timeout(_CATCH_UP_SECONDS):
            await reading
    finally:
        await connection.close()
    polls = sorted(later - earlier for (_, earlier), (_, later) in pairwise(seen.readings))
    values = {
        **percentiles(name, _lags(seen)),
        f"{name}_rate": len(requests) / seconds,
        "live_poll_ms": polls[len(polls) // 2] * 1e3,
    }
    return Measured(values, share)


async def _append(store: PostgresStore, requests: list[Append], rate: int, seen: _Seen) -> None:
    """Append each request at its moment, late ones at once."""

    async def append(request: Append) -> None:
        appended = await store.append(request)
        seen.committed.append((appended.position, time.perf_counter()))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, request in enumerate(requests):
            if (early := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            tasks.create_task(append(request))


async def _read(position: "asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]", seen: _Seen) -> None:
    """Read the board's position until the last event is visible."""
    reached = 0
    while seen.last is None or reached < seen.last:
        await asyncio.sleep(_POLL_SECONDS)
        reached = await position.fetchval() or 0
        seen.readings.append((reached, time.perf_counter()))


def _lags(seen: _Seen) -> list[float]:
    """Find for every event the first reading that covers it."""
    reached = [position for position, _ in seen.readings]
    return [
        max(0.0, seen.readings[bisect_left(reached, position)][1] - answered)
        for position, answered in seen.committed
    ]
