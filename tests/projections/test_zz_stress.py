import asyncio, time, pytest, traceback
from projections.rebuild import rebuild
from projections.registry import REGISTRY
from projections.idea_board.queries import *
from projections.idea_detail import queries as d
from projections.audit_history.queries import *
from projections.vote_counts import load_vote_counts
from tests.projections.examples import *
from tests.projections.running import *
pytestmark = pytest.mark.asyncio
async def test_stress(wide_pool, store):
    await appended(store, opened(), *[logged(n, title=f"Garden {n}") for n in range(50)], *[v for n in range(50) for v in votes(n%7, idea=n)])
    for p in REGISTRY: await rebuild(wide_pool, store, p, holder="x")
    done=False; n=0; errors=[]
    async def read():
        nonlocal n
        while not done:
            for q in (lambda: totals(wide_pool), lambda: board_page(wide_pool, BoardFilter(q="garden"), limit=50, now=NOON), lambda: similar_ideas(wide_pool,title="Garden",problem="x"),
                lambda: d.idea(wide_pool, idea_id(1)), lambda: d.votes_by_day(wide_pool, idea_id(1)), lambda: d.communities(wide_pool), lambda: history(wide_pool, HistoryFilter(), limit=50), lambda: votes_as_of(wide_pool, idea_id(1)), lambda: load_vote_counts(wide_pool)):
                try: await q(); n+=1
                except Exception as e: errors.append(e); traceback.print_exc()
    async with running(wide_pool, store, REGISTRY):
        rs=[asyncio.create_task(read()) for _ in range(6)]
        t=time.monotonic(); k=0
        while time.monotonic()-t<25:
            for p in REGISTRY:
                await rebuild(wide_pool, store, p, holder="x"); k+=1
        done=True
        await asyncio.gather(*rs)
    print("reads", n, "rebuilds", k, "errors", len(errors), {repr(e)[:100] for e in errors})
