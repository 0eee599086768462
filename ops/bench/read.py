"""How fast one process reads the log, every event decoded, beside the driver's bare rows.

Method. A log of 300,000 events (2,000 ideas, the rest votes) is read from its beginning to its end
through `read_tail`, again and again while the window lasts; only whole passes count. The bare fetch
sends the same statement through a pool alike and decodes nothing.

Limits. The log fits into memory, and server and reader share the cores.
"""

import time
from collections.abc import Awaitable, Callable
from functools import partial

from app.bootstrap import migrate
from events.connections import Pool, open_pool
from events.postgres import PostgresStore, open_store
from events.sql import statement
from ops.bench.content import SECRET, fill_log
from ops.bench.machine import Others
from ops.bench.session import Case, Measured, Session

_EVENTS = 300_000
_IDEAS = 2_000
_PAGES = (5_000, 500)


async def run(session: Session) -> None:
    """Measure every case of `read` and add what was found to the report."""
    events = session.sized(_EVENTS, least=2_000)
    with session.database() as url:
        migrate(url)
        await fill_log(url, events, min(_IDEAS, events // 10), say=session.say)
        async with (
            open_pool(url, name="bench") as pool,
            open_store(url, name="bench", pool=pool, secret=SECRET) as store,
        ):
            read = [
                Case(
                    f"read_tail_{page}",
                    partial(_passes, session, events, f"read_tail_{page}", partial(_tail, store, page)),
                )
                for page in _PAGES
            ]
            fetch = Case(
                "fetch_5000",
                partial(_passes, session, events, "fetch_5000", partial(_fetch, pool, _PAGES[0])),
            )
            await session.in_rounds([*read, fetch])


async def _passes(session: Session, events: int, name: str, read: Callable[[], Awaitable[int]]) -> Measured:
    """Read the whole log until the time is up, after one pass that warms up."""
    await _complete(read, events)
    others, begun, passes = Others(), time.perf_counter(), 0
    seconds = 0.0
    while seconds < session.seconds:
        await _complete(read, events)
        passes += 1
        seconds = time.perf_counter() - begun
    return Measured({name: passes * events / seconds}, others.share())


async def _complete(read: Callable[[], Awaitable[int]], events: int) -> None:
    if (found := await read()) != events:
        raise AssertionError(f"A pass read {found} of {events} events.")


async def _tail(store: PostgresStore, page: int) -> int:
    reached = found = 0
    while True:
        read = await store.read_tail(reached, limit=page)
        if read.reached == reached:
            return found
        reached = read.reached
        found += len(read.events)


async def _fetch(pool: Pool, page: int) -> int:
    reached = 0
    while rows := await pool.fetch(statement("read_tail"), reached, reached + page):
        reached = rows[-1]["position"]
    return reached
