"""A mandate as it stood at an earlier point, folded anew from its events, in the shape in which the present one is read."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec.structs import replace

from app.folding import Folded, folded
from app.http.resources import Resources
from domain.mandate import MANDATE, Closed, MandateState, Open, Paused, has_expired
from events.contracts import (
    BudgetReserved,
    MandateClosed,
    MandatePublished,
    MandateRevised,
    Money,
    PoolCommitted,
)
from events.envelope import RecordedEvent
from events.streams import mandate_stream, pool_stream
from projections.mandates.queries import MandateDetail, MandateRevision, MandateSays, MandateStatus
from projections.organisations.queries import names_of

POOLS_AT_ONCE = 100


async def mandate_as_of(
    resources: Resources, mandate_id: UUID, before: Callable[[RecordedEvent], bool], moment: datetime
) -> tuple[MandateDetail, list[MandateRevision]]:
    """Work out a mandate and what it had said by then, the newest revision first; its funder has its name of today.

    Raises:
        NotFoundException: there was no such mandate then.
        LogUnavailableError: the log cannot be reached.
    """
    found = await folded(resources.store, MANDATE, mandate_stream(mandate_id), while_=before)
    mandate = _mandate(found.state)
    if mandate is None:
        raise NotFoundException(detail="There was no such mandate then.")
    reserved = mandate.reserved_minor
    committed = await _committed(resources, found.events, before)
    names = await names_of(resources.pool, [mandate.organisation_id])
    detail = _detail(found, mandate, moment, names.get(mandate.organisation_id, ""))
    budget = mandate.statement.budget
    return replace(
        detail,
        reserved=replace(budget, amount_minor=reserved - committed),
        committed=replace(budget, amount_minor=committed),
        left=replace(budget, amount_minor=budget.amount_minor - reserved),
    ), _revisions(found.events)


def _mandate(state: MandateState) -> Open | None:
    match state:
        case Open():
            return state
        case Paused(mandate=mandate) | Closed(mandate=mandate):
            return mandate
        case _:
            return None


async def _committed(
    resources: Resources, events: Sequence[RecordedEvent], before: Callable[[RecordedEvent], bool]
) -> int:
    """Add up what of the money set aside was committed by pools that had closed by then."""
    pledges = {
        event.data.pledge_id: event.data.pool_id for event in events if isinstance(event.data, BudgetReserved)
    }
    pools, committed = sorted(set(pledges.values())), 0
    for begin in range(0, len(pools), POOLS_AT_ONCE):
        streams = [pool_stream(pool_id) for pool_id in pools[begin : begin + POOLS_AT_ONCE]]
        for happened in (await resources.store.read_streams(streams)).values():
            for event in takewhile(before, happened):
                if isinstance(event.data, PoolCommitted):
                    committed += sum(
                        one.committed_minor for one in event.data.resolution if one.pledge_id in pledges
                    )
    return committed


def _detail(
    found: Folded[MandateState], mandate: Open, moment: datetime, organisation_name: str
) -> MandateDetail:
    nothing = Money(amount_minor=0, currency=mandate.statement.budget.currency)
    published = found.events[0].data
    closed = next((event.data for event in found.events if isinstance(event.data, MandateClosed)), None)
    return MandateDetail(
        **_says(mandate.statement),
        mandate_id=mandate.mandate_id,
        organisation_id=mandate.organisation_id,
        organisation_name=organisation_name,
        status=_status(found.state, mandate, closed, moment),
        reserved=nothing,
        committed=nothing,
        left=nothing,
        revision=mandate.revision,
        published_at=published.occurred_at,
        closed_at=closed.occurred_at if closed else None,
        closed_reason=closed.reason if closed else None,
        position=found.events[-1].position,
    )


def _status(
    state: MandateState, mandate: Open, closed: MandateClosed | None, moment: datetime
) -> MandateStatus:
    if closed is not None:
        return "expired" if closed.expired else "closed"
    if has_expired(mandate.statement, moment):
        return "expired"
    if isinstance(state, Paused):
        return "paused"
    return "not_yet_open" if mandate.statement.opens_at > moment else "open"


def _revisions(events: Sequence[RecordedEvent]) -> list[MandateRevision]:
    said = [event for event in events if isinstance(event.data, MandatePublished | MandateRevised)]
    return [
        MandateRevision(
            revision=event.data.revision if isinstance(event.data, MandateRevised) else 1,
            says=MandateSays(**_says(event.data)),
            reason=event.data.reason if isinstance(event.data, MandateRevised) else "",
            revised_at=event.data.occurred_at,
            position=event.position,
        )
        for event in reversed(said)
        if isinstance(event.data, MandatePublished | MandateRevised)
    ]


def _says(said: object) -> dict[str, Any]:
    """Give what is said as the read model has it: lists where the event has tuples."""
    fields = {name: getattr(said, name) for name in MandateSays.__struct_fields__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
