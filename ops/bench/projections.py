"""How the board keeps up with the log, is rebuilt from it, and answers.

Three parts, each on databases of its own: the rebuild (`rebuilding`, here) of a log of 1,000,000
events on 2,000 ideas, in a process of its own whose memory is looked at; the lag of the live board
(`live`) with 2,000 ideas and 100,000 events behind it; and the board's queries (`board`) on 1,000 and
100,000 ideas with two votes each on average.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from app.bootstrap import migrate
from events.connections import Pool, open_pool
from events.postgres import open_store
from ops.bench import board, live
from ops.bench.children import answer_of, caught_up, worker
from ops.bench.content import SECRET, fill_log
from ops.bench.machine import Others
from ops.bench.rebuilding import Rebuilt
from ops.bench.session import Case, Measured, Session
from projections.idea_board import IdeaBoard
from projections.rebuild import rebuild

_REBUILD_EVENTS, _REBUILD_IDEAS = 1_000_000, 2_000
_LIVE_EVENTS, _LIVE_IDEAS = 100_000, 2_000
_LIVE_RATES = (200, 1_000)
_BOARDS = {"1k": 1_000, "100k": 100_000}
_EVENTS_AN_IDEA = 3
_CATCH_UP_SECONDS = 600.0


async def run(session: Session) -> None:
    """Measure every case of `projections` and add what was found to the report."""
    await _rebuilds(session)
    await _lags(session)
    await _queries(session)


async def _rebuilds(session: Session) -> None:
    events, ideas = session.sized(_REBUILD_EVENTS, least=2_000), session.sized(_REBUILD_IDEAS, least=100)
    with session.database() as url:
        migrate(url)
        await fill_log(url, events, ideas, say=session.say)
        await session.in_rounds([Case("rebuild_idea_board", partial(_rebuild, url))])


async def _rebuild(url: str) -> Measured:
    others = Others()
    rebuilt = await answer_of(["-m", "ops.bench.rebuilding"], Rebuilt, url)
    values = {
        "rebuild_idea_board": rebuilt.events / rebuilt.seconds,
        "rebuild_rss_at_20_percent": rebuilt.rss_at_20_percent,
        "rebuild_rss_at_end": rebuilt.rss_at_end,
    }
    return Measured(values, others.share())


async def _lags(session: Session) -> None:
    events, ideas = session.sized(_LIVE_EVENTS, least=2_000), session.sized(_LIVE_IDEAS, least=100)
    with session.database() as url:
        migrate(url)
        await fill_log(url, events, ideas, say=session.say)
        async with (
            open_pool(url, name="bench") as pool,
            open_store(url, name="bench", pool=pool, secret=SECRET) as store,
        ):
            with worker(session, url) as running:
                session.say("the worker catches up")
                await caught_up(pool, running, events, seconds=_CATCH_UP_SECONDS)
                await session.in_rounds(
                    [
                        Case(f"live_{rate}", partial(live.lag, session, url, store, rate, ideas))
                        for rate in _LIVE_RATES
                    ]
                )


async def _queries(session: Session) -> None:
    async with AsyncExitStack() as held:
        cases: list[Case] = []
        for size, ideas in _BOARDS.items():
            pool = await held.enter_async_context(_board(session, session.sized(ideas, least=200)))
            cases += await board.cases(session, pool, size)
        await session.in_rounds(cases)


@asynccontextmanager
async def _board(session: Session, ideas: int) -> AsyncIterator[Pool]:
    """Make a board of so many ideas with votes."""
    with session.database() as url:
        migrate(url)
        await fill_log(url, ideas * _EVENTS_AN_IDEA, ideas, say=session.say)
        async with open_pool(url, name="bench") as pool:
            async with open_store(url, name="bench", pool=pool, secret=SECRET) as store:
                session.say(f"building the board of {ideas:,} ideas")
                await rebuild(pool, store, IdeaBoard(), holder="bench")
            yield pool
