"""Pledges: set aside in the mandate's budget first where there is one, then in the pool, then the pool is settled.

Two streams cannot change in one append, so their order keeps the budget: an amount is set aside before it is
pledged, and released only after the pool's stream says that it is pledged no more. Killed in between, too much is
set aside for a while, never too little; `app.reactors.budgets` releases it. That is safe without a lock, since a
pledge under a mandate is only ever lowered, and one that has not come is refused for good before what is set
aside for it is released.

One stream holds all pledges of a pool, so whoever pledges at the same time has to wait for each other: in this
process they queue, between processes they decide again.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from app.command_handling import Cause, Handled, Handler
from app.folding import folded
from domain.decider import DomainError
from domain.mandate import MANDATE, MandateUnknownError, ReleaseBudget, ReserveBudget, Unpublished
from domain.mandate import Open as OpenMandate
from domain.pool import POOL, AnyPoolCommand, Committed, PoolState, SettlePool
from domain.pool_gathering import AbandonPledge, MakePledge, Open, RevisePledge, WithdrawPledge
from domain.pool_terms import Promise
from events.envelope import IdempotencyKey
from events.errors import OperationalError, WrongVersionError
from events.streams import mandate_stream, pool_stream

PATIENCE_SECONDS = 8.0
"""How long one who pledges decides again when others were faster."""
_PAUSE_SECONDS = 0.005
_PAUSE_SECONDS_MAX = 0.2

_queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class MandateOfAnotherError(DomainError):
    """This mandate belongs to another organisation; name one of the organisation that pledges."""


async def pledge(
    handler: Handler,
    pool_id: UUID,
    promise: Promise,
    *,
    made_by: UUID | None,
    cause: Cause,
    key: IdempotencyKey | None = None,
) -> Handled[PoolState]:
    """Make a pledge, under a mandate's budget where it names one, and settle the pool if that was what it waited for.

    Making the same pledge again, by its identifier, changes nothing, and what the pool refuses as it stands is refused
    before anything is set aside.

    Raises:
        DomainError: a rule forbids it; what was set aside for it is released.
        WrongVersionError, KeyReusedError, OperationalError: see the store; what was set aside is released later.
    """

    def make() -> MakePledge:
        return MakePledge(now=_now(), promise=promise, made_by=made_by)

    if promise.mandate_id is not None:
        pool = (await folded(handler.store, POOL, pool_stream(pool_id))).state
        if POOL.decide(make(), pool):
            await _set_aside(handler, pool_id, promise, promise.mandate_id, cause)
    try:
        handled = await in_turn(handler, pool_id, make, cause, key)
    except DomainError:
        if promise.mandate_id is not None:
            await release(handler, pool_id, promise.pledge_id, promise.mandate_id, cause)
        raise
    await _settle_if_due(handler, pool_id, handled)
    return handled


async def revise(
    handler: Handler,
    pool_id: UUID,
    command: RevisePledge,
    cause: Cause,
    key: IdempotencyKey | None = None,
) -> Handled[PoolState]:
    """Revise a pledge, and settle the pool if that was what it waited for.

    Raises:
        DomainError, WrongVersionError, KeyReusedError, OperationalError: see `pledge`.
    """
    handled = await in_turn(handler, pool_id, lambda: command, cause, key)
    await _settle_if_due(handler, pool_id, handled)
    return handled


async def withdraw(
    handler: Handler,
    pool_id: UUID,
    command: WithdrawPledge,
    cause: Cause,
    key: IdempotencyKey | None = None,
) -> Handled[PoolState]:
    """Withdraw a pledge; what was set aside for it is released by the reactor.

    Raises:
        DomainError, WrongVersionError, KeyReusedError, OperationalError: see `pledge`.
    """
    return await in_turn(handler, pool_id, lambda: command, cause, key)


async def settle(handler: Handler, pool_id: UUID, now: datetime | None = None) -> Handled[PoolState]:
    """Commit or lapse a pool if it is time.

    Raises:
        PoolUnknownError: there is no such pool.
        WrongVersionError, OperationalError: see the store.
    """
    return await in_turn(handler, pool_id, lambda: SettlePool(now=now or _now()), Cause())


async def release(
    handler: Handler, pool_id: UUID, pledge_id: UUID, mandate_id: UUID, cause: Cause | None = None
) -> None:
    """Keep of what a mandate set aside for a pledge what the pool's stream says is pledged, and no more.

    A pledge that did not come is refused for good first.

    Raises:
        WrongVersionError, OperationalError: see the store; doing it again does it once.
    """
    why = cause or Cause()
    state = (await folded(handler.store, POOL, pool_stream(pool_id))).state
    if isinstance(state, Open) and pledge_id not in state.pledges and pledge_id not in state.gone:
        command = AbandonPledge(now=_now(), pledge_id=pledge_id, mandate_id=mandate_id)
        state = (await in_turn(handler, pool_id, lambda: command, why)).state
    keep = _pledged(state, pledge_id)
    await handler.handle(
        MANDATE,
        mandate_stream(mandate_id),
        ReleaseBudget(now=_now(), mandate_id=mandate_id, pledge_id=pledge_id, keep_minor=keep),
        cause=why,
    )


async def in_turn(
    handler: Handler,
    pool_id: UUID,
    command: Callable[[], AnyPoolCommand],
    cause: Cause,
    key: IdempotencyKey | None = None,
) -> Handled[PoolState]:
    """Handle a command about a pool after all others of this process, again and again when other processes are faster.

    Raises:
        DomainError, KeyReusedError, OperationalError: see the handler.
        WrongVersionError: others were faster for `PATIENCE_SECONDS`.
    """
    return await _persisting(handler, POOL, pool_stream(pool_id), command, cause=cause, key=key)


async def _set_aside(
    handler: Handler, pool_id: UUID, promise: Promise, mandate_id: UUID, cause: Cause
) -> None:
    stream = mandate_stream(mandate_id)
    state = (await folded(handler.store, MANDATE, stream)).state
    if isinstance(state, Unpublished):
        raise MandateUnknownError
    mandate = state if isinstance(state, OpenMandate) else state.mandate
    if mandate.organisation_id != promise.organisation_id:
        raise MandateOfAnotherError
    await _persisting(
        handler,
        MANDATE,
        stream,
        lambda: ReserveBudget(
            now=_now(),
            mandate_id=mandate_id,
            pledge_id=promise.pledge_id,
            pool_id=pool_id,
            amount=promise.amount,
        ),
        cause=cause,
    )


async def _settle_if_due(handler: Handler, pool_id: UUID, handled: Handled[PoolState]) -> None:
    """Settle after a change; when the log is lost in between, or others are faster, the worker's timer does it."""
    if not handled.events or not isinstance(handled.state, Open):
        return
    if POOL.decide(SettlePool(now=_now()), handled.state):
        with suppress(WrongVersionError, OperationalError):
            await settle(handler, pool_id)


async def _persisting(
    handler: Handler,
    decider: Any,
    stream: str,
    command: Callable[[], Any],
    *,
    cause: Cause,
    key: IdempotencyKey | None = None,
) -> Handled[Any]:
    queue = _queues.setdefault(stream, asyncio.Lock())
    clock = asyncio.get_running_loop().time
    until, pause = clock() + PATIENCE_SECONDS, _PAUSE_SECONDS
    async with queue:
        while True:
            try:
                return await handler.handle(decider, stream, command(), cause=cause, key=key)
            except WrongVersionError:
                if clock() >= until:
                    raise
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # Only so that two do not meet again.
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)


def _pledged(state: PoolState, pledge_id: UUID) -> int:
    """Tell what a pool holds of a pledge: promised, or committed and then for good; nothing of one that is over."""
    match state:
        case Open():
            promise = state.pledges.get(pledge_id)
            return promise.amount.amount_minor if promise else 0
        case Committed():
            return state.payout.committed.get(pledge_id, 0)
        case _:
            return 0


def _now() -> datetime:
    return datetime.now(UTC)
