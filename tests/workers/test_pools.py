"""The timer of pools: each commits or lapses when it is time, once, whoever comes and however late."""

import asyncio
from datetime import timedelta

import pytest

from app.command_handling import Cause, Handler
from app.funding.pledging import in_turn, pledge
from app.workers.pools import Timer
from domain.pool_gathering import MakePledge
from projections.pools import Pools
from projections.rebuild import rebuild
from tests.projections.spec import follow_to_the_end
from tests.reactors.funding import AUTHOR, NOW, happened, pool_of, promise

pytestmark = pytest.mark.asyncio


async def with_pledges(store, *pledges, **terms):
    """Open a pool and pledge to it."""
    pool_id = await pool_of(store, **terms)
    for one in pledges:
        await pledge(Handler(store), pool_id, one, made_by=AUTHOR, cause=Cause(actor=AUTHOR))
    return pool_id


async def test_pools_are_settled_at_their_deadline_once(store, pool):
    """With its minimum a pool commits, without it lapses, and one whose deadline is to come waits; timers may meet."""
    enough = await with_pledges(store, promise(60))
    too_little = await with_pledges(store, promise(59))
    later = await with_pledges(store, promise(60), days=60)
    await rebuild(pool, store, Pools(), holder="test")
    timers = [Timer(pool, store) for _ in range(3)]
    assert await timers[0].settle_due(NOW + timedelta(days=29)) == 0
    at = NOW + timedelta(days=31)
    assert sum(await asyncio.gather(*(timer.settle_due(at) for timer in timers))) == 2
    assert await Timer(pool, store).settle_due(at + timedelta(days=5)) == 0, (
        "the read model has not seen it yet"
    )
    await follow_to_the_end(pool, store, Pools())
    assert await Timer(pool, store).settle_due(at) == 0
    assert (await happened(store, enough))[-1] == "PoolCommitted"
    assert (await happened(store, too_little))[-1] == "PoolLapsed"
    assert await happened(store, later) == ["PoolOpened", "PledgeMade", "PoolReachedMinimum"]


async def test_a_pool_at_its_target_commits_when_no_pledge_can_be_vetoed(store, pool):
    """The timer comes back by itself when the time for a veto is over, and not before; a clock may step back."""
    ends = NOW + timedelta(hours=2)
    pool_id = await with_pledges(store, promise(100, vetoable_until=ends))
    await rebuild(pool, store, Pools(), holder="test")
    timer = Timer(pool, store)
    for moment in (NOW, NOW + timedelta(hours=1), NOW - timedelta(hours=5)):
        assert await timer.settle_due(moment) == 0
    assert await happened(store, pool_id) == ["PoolOpened", "PledgeMade", "PoolReachedMinimum"]
    assert await timer.settle_due(ends) == 1
    assert (await happened(store, pool_id))[-1] == "PoolCommitted"


async def test_a_pool_that_was_found_not_ready_is_looked_at_again_when_it_changes(store, pool):
    """Pledges in full reach the target, but a condition holds one back, until another comes from elsewhere."""
    pool_id = await with_pledges(store, promise(100, min_funders=2))
    await rebuild(pool, store, Pools(), holder="test")
    timer = Timer(pool, store)
    assert await timer.settle_due(NOW) == 0
    assert await timer.settle_due(NOW) == 0
    # As by a process that was killed before it settled.

    command = MakePledge(now=NOW, promise=promise(5))
    await in_turn(Handler(store), pool_id, lambda: command, Cause())
    await follow_to_the_end(pool, store, Pools())
    assert await timer.settle_due(NOW) == 1
