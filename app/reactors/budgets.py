"""The reactors that release what mandates set aside for pledges: of pledges that ended or became less, and of those
that never came.

Both say what the pool's stream says: whatever it does not hold of a pledge is free again, see
`app.funding.pledging.release`. Doing it again changes nothing, so a checkpoint after the work is enough.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.command_handling import Handler
from app.folding import folded
from app.funding.pledging import release
from app.reactors.turns import take_turns, turn_of
from domain.pool import POOL
from events.connections import Pool
from events.contracts import (
    BudgetReserved,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
)
from events.envelope import RecordedEvent
from events.store import EventStore
from events.streams import pool_stream

RELEASES = "budgets"
ABANDONED = "abandoned_reservations"
ABANDONED_AFTER = timedelta(seconds=30)
"""How long an amount may be set aside before its pledge has to be in the pool."""
_PAGE_EVENTS = 500
_WAIT_SECONDS = 5.0
_FOLLOWED = [
    contract.__name__
    for contract in (PledgeWithdrawn, PledgeRevised, PoolCommitted, PoolLapsed, PoolCancelled)
]


async def keep_budgets(pool: Pool, store: EventStore) -> None:
    """Release what is not pledged any more, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(
            take_turns(RELEASES, store, lambda: release_ended(pool, store), wait_seconds=_WAIT_SECONDS)
        )
        tasks.create_task(
            take_turns(ABANDONED, store, lambda: release_abandoned(pool, store), wait_seconds=_WAIT_SECONDS)
        )


async def release_ended(pool: Pool, store: EventStore) -> int | None:
    """Release what ended since the checkpoint, and tell the position reached; nothing when another worker is at it.

    Raises:
        OperationalError: the log is busy or away; what was not released will be.
    """
    handler = Handler(store)
    while True:
        async with turn_of(pool, RELEASES) as turn:
            if turn is None:
                return None
            page = await store.read_tail(turn.position, limit=_PAGE_EVENTS, types=_FOLLOWED)
            if page.reached == turn.position:
                return turn.position
            for pool_id, pledge_id in _ended(page.events):
                for each, mandate_id in (await _mandates(store, pool_id)).items():
                    if pledge_id in {None, each}:
                        await release(handler, pool_id, each, mandate_id)
            await turn.done(page.reached)


def _ended(events: Iterable[RecordedEvent]) -> list[tuple[UUID, UUID | None]]:
    """List pools with the pledge that an event is about, or with none where it is about all of them; each once."""
    found: dict[tuple[UUID, UUID | None], None] = {}
    for event in events:
        match event.data:
            case PledgeWithdrawn() | PledgeRevised() as one:
                found[one.pool_id, one.pledge_id] = None
            case PoolCommitted() | PoolLapsed() | PoolCancelled() as whole:
                found[whole.pool_id, None] = None
            case _:
                continue
    return list(found)


async def _mandates(store: EventStore, pool_id: UUID) -> dict[UUID, UUID]:
    """Read under which mandate each pledge of a pool was made, those that were withdrawn too."""
    found = await folded(store, POOL, pool_stream(pool_id))
    return {
        event.data.pledge_id: event.data.mandate_id
        for event in found.events
        if isinstance(event.data, PledgeMade) and event.data.mandate_id is not None
    }


async def release_abandoned(pool: Pool, store: EventStore, now: datetime | None = None) -> int | None:
    """Look at all that was set aside long enough ago for its pledge to be there; tell the position reached.

    Nothing when another worker is at it, or while something was set aside too short a time ago.

    Raises:
        OperationalError: the log is busy or away; what was not looked at will be.
    """
    handler = Handler(store)
    until = (now or datetime.now(UTC)) - ABANDONED_AFTER
    while True:
        async with turn_of(pool, ABANDONED) as turn:
            if turn is None:
                return None
            page = await store.read_tail(turn.position, limit=_PAGE_EVENTS, types=[BudgetReserved.__name__])
            if page.reached == turn.position:
                return turn.position
            for event in page.events:
                if event.recorded_at > until:
                    await turn.done(event.position - 1)
                    return None
                if isinstance(reserved := event.data, BudgetReserved):
                    await release(handler, reserved.pool_id, reserved.pledge_id, reserved.mandate_id)
            await turn.done(page.reached)
