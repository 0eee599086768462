"""What mandates set aside: before a pledge is made, and released when the pool does not hold it any more."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.command_handling import Cause, Handler
from app.funding.pledging import MandateOfAnotherError, in_turn, pledge, revise, settle, withdraw
from app.reactors.budgets import ABANDONED_AFTER, release_abandoned, release_ended
from domain.decider import DomainError
from domain.mandate import MANDATE, OverBudgetError, ReserveBudget
from domain.pool import CancelPool
from domain.pool_gathering import (
    BudgetPledgeRaisedError,
    PledgedAlreadyError,
    PledgeIsGoneError,
    PledgeMadeBeforeError,
    RevisePledge,
    WithdrawPledge,
)
from domain.pool_terms import MixedCurrenciesError
from events.streams import mandate_stream, new_id, pool_stream
from tests.reactors.funding import AUTHOR, NOW, happened, mandate, pool_of, pounds, promise, reserved

pytestmark = pytest.mark.asyncio

ME = Cause(actor=AUTHOR)


class Meeting:
    """A store of which the first two readers of one stream wait for each other, so that both decide on the same."""

    def __init__(self, store, stream):
        self._store, self._stream, self._readers, self._both = store, stream, 0, asyncio.Barrier(2)

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def read_stream(self, stream, **how):
        page = await self._store.read_stream(stream, **how)
        if stream == self._stream and self._readers < self._both.parties:
            self._readers += 1
            await self._both.wait()
        return page


async def made(store, pool_id, one):
    """Make a pledge."""
    return await pledge(Handler(store), pool_id, one, made_by=AUTHOR, cause=ME)


async def test_a_pledge_sets_its_amount_aside_first(store, pool):
    """Once, however often it is made; above the budget it is refused, and so is another's mandate."""
    mandate_id, trust = await mandate(store)
    pool_id = await pool_of(store)
    one = promise(70, trust, under=mandate_id)
    await made(store, pool_id, one)
    await made(store, pool_id, one)
    assert await reserved(store, mandate_id) == {one.pledge_id: 70}
    with pytest.raises(OverBudgetError):
        await made(store, await pool_of(store), promise(31, trust, under=mandate_id))
    with pytest.raises(MandateOfAnotherError):
        await made(store, await pool_of(store), promise(5, under=mandate_id))
    assert await reserved(store, mandate_id) == {one.pledge_id: 70}


async def test_a_refused_pledge_changes_nothing(store, pool):
    """What the pool refuses as it stands is refused before anything is set aside or recorded."""
    mandate_id, trust = await mandate(store)
    pool_id = await pool_of(store)
    await made(store, pool_id, promise(10, trust))
    before = await store.head()
    with pytest.raises(PledgedAlreadyError):
        await made(store, pool_id, promise(70, trust, under=mandate_id))
    assert await store.head() == before
    assert await reserved(store, mandate_id) == {}


async def test_a_pledge_that_was_overtaken_leaves_nothing_set_aside(store, pool):
    """Of two pledges of one organisation at once the pool takes one; the other's money is free, and it never comes."""
    mandate_id, trust = await mandate(store)
    pool_id = await pool_of(store)
    both = [promise(30, trust, under=mandate_id), promise(40, trust, under=mandate_id)]
    meeting = Meeting(store, pool_stream(pool_id))
    answers = await asyncio.gather(*(made(meeting, pool_id, one) for one in both), return_exceptions=True)
    (refused,) = (one for one, answer in zip(both, answers, strict=True) if isinstance(answer, DomainError))
    (kept,) = (one for one in both if one is not refused)
    assert await reserved(store, mandate_id) == {kept.pledge_id: kept.amount.amount_minor}
    assert await happened(store, pool_id) == ["PoolOpened", "PledgeMade", "PledgeAbandoned"]
    with pytest.raises(PledgeIsGoneError):
        await made(store, pool_id, refused)


async def test_what_is_pledged_no_more_is_released(store, pool):
    """After a pledge was lowered or withdrawn, or its pool was cancelled; doing it again changes nothing."""
    mandate_id, trust = await mandate(store)
    pools = [await pool_of(store) for _ in range(3)]
    lowered, taken, called_off = (promise(30, trust, under=mandate_id) for _ in pools)
    for pool_id, one in zip(pools, (lowered, taken, called_off), strict=True):
        await made(store, pool_id, one)
    with pytest.raises(BudgetPledgeRaisedError):
        await revise(
            Handler(store),
            pools[0],
            RevisePledge(now=NOW, pledge_id=lowered.pledge_id, amount=pounds(31)),
            ME,
        )
    await revise(
        Handler(store), pools[0], RevisePledge(now=NOW, pledge_id=lowered.pledge_id, amount=pounds(12)), ME
    )
    await withdraw(Handler(store), pools[1], WithdrawPledge(now=NOW, pledge_id=taken.pledge_id), ME)
    cancel = CancelPool(now=NOW, cancelled_by=AUTHOR, reason="The hall burnt down.")
    await in_turn(Handler(store), pools[2], lambda: cancel, ME)
    assert sum((await reserved(store, mandate_id)).values()) == 90
    for _ in range(2):
        assert await release_ended(pool, store) == await store.head()
        assert await reserved(store, mandate_id) == {lowered.pledge_id: 12}


async def test_what_was_committed_stays_set_aside(store, pool):
    """Of a pledge that was lowered by the others or the ceiling, the rest is free; of a lapsed pool, all."""
    mandate_id, trust = await mandate(store, budget=1_000)
    committed, lapsed = await pool_of(store, ceiling=110), await pool_of(store)
    kept, lost = promise(100, trust, under=mandate_id), promise(50, trust, under=mandate_id)
    await made(store, lapsed, lost)
    await made(store, committed, promise(40, max_share="0.25"))
    await made(store, committed, kept)
    await settle(Handler(store), lapsed, NOW + timedelta(days=31))
    assert await happened(store, committed) == [
        *("PoolOpened", "PledgeMade", "PledgeMade", "PoolReachedMinimum", "PoolCommitted")
    ]
    assert await happened(store, lapsed) == ["PoolOpened", "PledgeMade", "PoolLapsed"]
    await release_ended(pool, store)
    assert await reserved(store, mandate_id) == {kept.pledge_id: 83}


async def test_what_was_set_aside_for_a_pledge_that_never_came_is_released(store, pool):
    """After a while, and the pledge is refused from then on; one that came is left alone."""
    mandate_id, trust = await mandate(store)
    first, second = await pool_of(store), await pool_of(store)
    came, lost = promise(20, trust, under=mandate_id), new_id()
    await made(store, first, came)
    reserve = ReserveBudget(now=NOW, mandate_id=mandate_id, pledge_id=lost, pool_id=second, amount=pounds(30))
    await Handler(store).handle(MANDATE, mandate_stream(mandate_id), reserve, cause=ME)
    assert await release_abandoned(pool, store) is None
    assert await reserved(store, mandate_id) == {came.pledge_id: 20, lost: 30}
    later = datetime.now(UTC) + ABANDONED_AFTER + timedelta(seconds=1)
    for _ in range(2):
        await release_abandoned(pool, store, later)
        assert await reserved(store, mandate_id) == {came.pledge_id: 20}
    assert await happened(store, second) == ["PoolOpened", "PledgeAbandoned"]
    with pytest.raises(PledgeIsGoneError):
        await made(store, second, promise(30, trust, under=mandate_id, pledge_id=lost))
    assert await reserved(store, mandate_id) == {came.pledge_id: 20}


async def test_a_pledge_in_the_wrong_currency_leaves_nothing_set_aside(store, pool):
    """A pool in another currency than the mandate's refuses the pledge in words, and the budget is whole."""
    mandate_id, trust = await mandate(store)
    elsewhere = await pool_of(store, currency="EUR")
    with pytest.raises(MixedCurrenciesError):
        await made(store, elsewhere, promise(30, trust, under=mandate_id))
    assert await reserved(store, mandate_id) == {}
    assert await happened(store, elsewhere) == ["PoolOpened"]


async def test_a_pledge_made_again_after_it_was_lowered_sets_nothing_more_aside(store, pool):
    """What is pledged already is not set aside once more."""
    mandate_id, trust = await mandate(store)
    pool_id = await pool_of(store)
    one = promise(30, trust, under=mandate_id)
    await made(store, pool_id, one)
    lower = RevisePledge(now=NOW, pledge_id=one.pledge_id, amount=pounds(12))
    await revise(Handler(store), pool_id, lower, ME)
    await release_ended(pool, store)
    with pytest.raises(PledgeMadeBeforeError):
        await made(store, pool_id, one)
    assert await reserved(store, mandate_id) == {one.pledge_id: 12}
