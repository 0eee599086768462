"""A pool as its events so far left it, in the shape in which the read model has the present one, so that both are shown alike.

The domain says what stands; what it does not need for its rules, such as when something happened, is in the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from msgspec.structs import replace

from domain.pool_gathering import Open
from domain.pool_terms import PoolTerms, Promise
from events.contracts import (
    AnyEvent,
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
    Money,
    PledgeMade,
    PledgeRevised,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolOpened,
    ResolvedPledge,
    TrancheReleased,
)
from events.envelope import RecordedEvent
from projections.pools.queries import (
    MilestoneRow,
    PledgeRow,
    PoolRow,
    PoolStatus,
    PoolWithPledges,
    TranchePartRow,
)

_End: TypeAlias = PoolCommitted | PoolLapsed | PoolCancelled


def rows_of(pool: Open, events: Sequence[RecordedEvent]) -> PoolWithPledges:
    """Give a pool as it stands after some of its events; `pool` is what they lead to, or led to when it ended."""
    happened = [event.data for event in events]
    ended = next((event for event in happened if isinstance(event, _End)), None)
    return PoolWithPledges(
        pool=_pool(pool, events, ended),
        pledges=_pledges(pool, happened, ended),
        milestones=_milestones(happened, pool.terms.currency),
    )


def _pool(pool: Open, events: Sequence[RecordedEvent], ended: _End | None) -> PoolRow:
    opened, terms, last = events[0].data, pool.terms, events[-1]
    assert isinstance(opened, PoolOpened)  # noqa: S101  # A pool's stream begins with it.
    return PoolRow(
        pool_id=pool.pool_id,
        idea_id=pool.idea_id,
        organisation_id=pool.organisation_id,
        status=_status(ended),
        minimum=terms.minimum,
        target=terms.target,
        ceiling=terms.ceiling,
        deadline=terms.deadline,
        counts_in_kind=terms.counts_in_kind,
        promised=_promised(pool.pledges.values(), terms),
        resolved_total=ended.resolved_total if isinstance(ended, PoolCommitted | PoolLapsed) else None,
        committed_total=ended.committed_total if isinstance(ended, PoolCommitted) else None,
        opened_at=opened.occurred_at,
        ended_at=ended.occurred_at if ended else None,
        at_deadline=isinstance(ended, PoolLapsed) or (isinstance(ended, PoolCommitted) and ended.at_deadline),
        reason=ended.reason if isinstance(ended, PoolCancelled) else "",
        version=last.version,
        position=last.position,
    )


def _status(ended: _End | None) -> PoolStatus:
    match ended:
        case None:
            return "open"
        case PoolCommitted():
            return "committed"
        case PoolLapsed():
            return "lapsed"
        case PoolCancelled():
            return "cancelled"


def _promised(promises: Iterable[Promise], terms: PoolTerms) -> Money:
    counting = (one for one in promises if one.kind == "money" or terms.counts_in_kind)
    return Money(amount_minor=sum(one.amount.amount_minor for one in counting), currency=terms.currency)


def _pledges(pool: Open, happened: Sequence[AnyEvent], ended: _End | None) -> list[PledgeRow]:
    made = {event.pledge_id: event for event in happened if isinstance(event, PledgeMade)}
    revised = {event.pledge_id: event.occurred_at for event in happened if isinstance(event, PledgeRevised)}
    confirmed = {event.pledge_id: event for event in happened if isinstance(event, FundsConfirmed)}
    outcome: Mapping[UUID, ResolvedPledge] = {}
    if isinstance(ended, PoolCommitted | PoolLapsed):
        outcome = {one.pledge_id: one for one in ended.resolution}
    rows = [
        _pledge(
            promise,
            made[promise.pledge_id],
            revised.get(promise.pledge_id),
            outcome.get(promise.pledge_id),
            confirmed.get(promise.pledge_id),
            is_committed=isinstance(ended, PoolCommitted),
        )
        for promise in pool.pledges.values()
    ]
    return sorted(rows, key=lambda row: (row.made_at, row.pledge_id))


def _pledge(
    promise: Promise,
    made: PledgeMade,
    revised_at: datetime | None,
    outcome: ResolvedPledge | None,
    confirmed: FundsConfirmed | None,
    *,
    is_committed: bool,
) -> PledgeRow:
    def in_currency(amount: int) -> Money:
        return Money(amount_minor=amount, currency=promise.amount.currency)

    return PledgeRow(
        pledge_id=promise.pledge_id,
        organisation_id=promise.organisation_id,
        mandate_id=promise.mandate_id,
        kind=promise.kind,
        amount=promise.amount,
        conditions=promise.conditions,
        description=promise.description,
        made_at=made.occurred_at,
        revised_at=revised_at,
        vetoable_until=promise.vetoable_until,
        is_standing=made.made_by is None,
        resolved=in_currency(outcome.resolved_minor) if outcome else None,
        committed=in_currency(outcome.committed_minor if is_committed else 0) if outcome else None,
        binding=list(outcome.binding) if outcome else [],
        confirmed_at=confirmed.occurred_at if confirmed else None,
        document=confirmed.document if confirmed else None,
    )


def _milestones(happened: Sequence[AnyEvent], currency: str) -> list[MilestoneRow]:
    rows: dict[UUID, MilestoneRow] = {}
    for event in happened:
        match event:
            case MilestonePlanned():
                rows[event.milestone_id] = _planned(event)
            case MilestoneReached(milestone_id=id_):
                rows[id_] = replace(rows[id_], reached_at=event.occurred_at, link=event.link, note=event.note)
            case TrancheReleased(milestone_id=id_):
                rows[id_] = replace(rows[id_], released_at=event.occurred_at, parts=_parts(event, currency))
            case _:
                pass
    return sorted(rows.values(), key=lambda row: (row.planned_at, row.milestone_id))


def _planned(event: MilestonePlanned) -> MilestoneRow:
    return MilestoneRow(
        milestone_id=event.milestone_id,
        title=event.title,
        amount=event.amount,
        planned_at=event.occurred_at,
        reached_at=None,
        link=None,
        note="",
        released_at=None,
        parts=[],
    )


def _parts(released: TrancheReleased, currency: str) -> list[TranchePartRow]:
    rows = [
        TranchePartRow(
            pledge_id=part.pledge_id, amount=Money(amount_minor=part.amount_minor, currency=currency)
        )
        for part in released.parts
    ]
    return sorted(rows, key=lambda row: row.pledge_id)
