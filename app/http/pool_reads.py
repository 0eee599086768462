"""A pool read for showing: from the read model, with names, as it stands at a moment or would with one more pledge."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from app.folding import Folded, folded
from app.funding.past_pool import rows_of
from app.funding.pool_view import PoolDetail, Preview, detail_of, preview_of
from app.http.resources import Resources
from domain.pool import POOL, Committed, NotOpened, Over, PoolState, PoolUnknownError
from domain.pool_gathering import MakePledge, Open
from domain.pool_terms import Promise, require_possible
from events.envelope import RecordedEvent
from events.store import EventStore
from events.streams import pool_stream
from projections.organisations.queries import names_of
from projections.pools.queries import PoolWithPledges, pool_with_pledges


async def shown(resources: Resources, pool_id: UUID, moment: datetime) -> PoolDetail:
    """Show a pool as it stands.

    Raises:
        PoolUnknownError: there is no such pool.
        LogUnavailableError: the database cannot be reached.
    """
    found = await _row(resources, pool_id)
    return detail_of(found, await _names(resources, found), moment)


async def shown_then(
    resources: Resources, pool_id: UUID, before: Callable[[RecordedEvent], bool], moment: datetime
) -> PoolDetail:
    """Show a pool as it stood when only the events that are wanted had happened, with the names of today.

    Raises:
        PoolUnknownError: there was no such pool then.
        LogUnavailableError: the log cannot be reached.
    """
    past = await folded(resources.store, POOL, pool_stream(pool_id), while_=before)
    found = rows_of(last_open(past.state), past.events)
    return detail_of(found, await _names(resources, found), moment)


async def preview(resources: Resources, pool_id: UUID, another: Promise, moment: datetime) -> Preview:
    """Show a pool with one more pledge, in the place of the organisation's own where it has made one.

    Raises:
        DomainError: the rule that would refuse the pledge.
        LogUnavailableError: the database cannot be reached.
    """
    state = (await pool_of(resources.store, pool_id)).state
    mine = [
        one.pledge_id
        for one in (state.pledges.values() if isinstance(state, Open) else ())
        if (one.organisation_id, one.kind) == (another.organisation_id, another.kind)
    ]
    if isinstance(state, Open) and mine:
        require_possible(another, state.terms, moment)
        another = replace(another, pledge_id=mine[0])
    else:
        POOL.decide(MakePledge(now=moment, promise=another), state)
    found = await _row(resources, pool_id)
    return preview_of(found, another, await _names(resources, found, another), moment)


async def _row(resources: Resources, pool_id: UUID) -> PoolWithPledges:
    if (found := await pool_with_pledges(resources.pool, pool_id)) is None:
        raise PoolUnknownError
    return found


async def _names(resources: Resources, found: PoolWithPledges, *more: Promise) -> dict[UUID, str]:
    who = [(pledge.organisation_id, pledge.conditions) for pledge in found.pledges]
    who += [(promise.organisation_id, promise.conditions) for promise in more]
    spoken_of = {one for funder, conditions in who for one in (funder, *conditions.with_funders)}
    return await names_of(resources.pool, spoken_of)


async def names_in(resources: Resources, pool: PoolDetail) -> dict[UUID, str]:
    """Give the names of all organisations that a pool's pledges speak of.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    spoken_of = {
        one for pledge in pool.pledges for one in (pledge.organisation_id, *pledge.conditions.with_funders)
    }
    return await names_of(resources.pool, spoken_of)


async def pool_of(store: EventStore, pool_id: UUID) -> Folded[PoolState]:
    """Fold a pool that there is.

    Raises:
        PoolUnknownError: there is no such pool.
        LogUnavailableError: the log cannot be reached.
    """
    found = await folded(store, POOL, pool_stream(pool_id))
    if isinstance(found.state, NotOpened):
        raise PoolUnknownError
    return found


def last_open(state: PoolState) -> Open:
    """Give a pool as it is, or as it was when it ended; raises PoolUnknownError."""
    match state:
        case Open():
            return state
        case Committed(pool=pool) | Over(pool=pool):
            return pool
        case _:
            raise PoolUnknownError
