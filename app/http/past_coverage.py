"""What an idea needed at an earlier point, who offered it, and how far it was covered then: folded anew from the events."""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from app.folding import folded
from app.http.resources import Resources
from domain.needs import NEEDS, NoIdea
from domain.offer import OFFER, Accepted, Declined, Delivered, NotMade, Offered, OfferState, Withdrawn
from events.contracts import OfferAccepted, OfferDelivered, OfferEvent, OfferMade, OfferRevised
from events.envelope import RecordedEvent
from events.streams import idea_stream, offer_stream
from projections.coverage.part import part_of
from projections.coverage.queries import LIMIT_MAX, NeedRow, OfferRow, offers_of_idea
from projections.covered import Bringing, Coverage, Lacking, OfferStatus, coverage, coverings

OFFERS_MAX = 10_000
"""The most offers on an idea that are looked at, the first to come first; so many count today, too."""


async def coverage_as_of(
    resources: Resources, idea_id: UUID, before: Callable[[RecordedEvent], bool]
) -> tuple[list[NeedRow], Coverage, list[OfferRow]]:
    """Work out the needs of an idea, in their order, their coverage, and the offers, from the events that are wanted.

    The first 200 offers are among the answer; of the first 10,000 all count. Organisations have their names of today.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    needs = (await folded(resources.store, NEEDS, idea_stream(idea_id), while_=before)).state
    if isinstance(needs, NoIdea):
        return [], coverage([], []), []
    lacking = [Lacking(need_id=need_id, cost=needs.needs[need_id].cost) for need_id in needs.order]
    offers = await _offers(resources, idea_id, before)
    brought = [_bringing(offer) for offer in offers]
    covered_by = coverings(lacking, brought)
    rows = [
        NeedRow(
            need_id=need_id,
            kind=needs.needs[need_id].kind,
            title=needs.needs[need_id].title,
            description=needs.needs[need_id].description,
            size=needs.needs[need_id].size,
            cost=needs.needs[need_id].cost,
            covering=covered_by[need_id],
        )
        for need_id in needs.order
    ]
    return rows, coverage(lacking, brought), offers[:LIMIT_MAX]


async def _offers(
    resources: Resources, idea_id: UUID, before: Callable[[RecordedEvent], bool]
) -> list[OfferRow]:
    """Fold the offers on the idea, the first to come first; one that was made later was not there yet."""
    offers: list[OfferRow] = []
    cursor: str | None = None
    for _ in range(0, OFFERS_MAX, LIMIT_MAX):
        page = await offers_of_idea(resources.pool, idea_id, limit=LIMIT_MAX, cursor=cursor)
        found = await resources.store.read_streams([offer_stream(row.offer_id) for row in page.items])
        for row in page.items:
            events = list(takewhile(before, found.get(offer_stream(row.offer_id), [])))
            if events:
                offers.append(_as_it_was(row, events))
        if (cursor := page.next_cursor) is None:
            break
    return offers


def _as_it_was(row: OfferRow, events: Sequence[RecordedEvent]) -> OfferRow:
    """Give an offer as it was after some of its events; who made it, and when, stays what it is."""
    happened: list[OfferEvent] = [event.data for event in events]  # type: ignore[misc]  # A stream of an offer.
    described = next(event for event in reversed(happened) if isinstance(event, OfferMade | OfferRevised))
    last = happened[-1]
    return replace(
        row,
        needs=list(described.needs),
        part=part_of(described),
        status=_status(OFFER.fold(happened)),
        reason=_reason(last),
        link=last.link if isinstance(last, OfferDelivered) else None,
        changed_at=last.occurred_at,
        version=events[-1].version,
        position=events[-1].position,
    )


def _status(state: OfferState) -> OfferStatus:
    match state:
        case Offered() | NotMade():
            return "offered"
        case Accepted(standing=standing):
            return standing
        case Declined():
            return "declined"
        case Withdrawn():
            return "withdrawn"
        case Delivered():
            return "delivered"
        case _:
            assert_never(state)


def _reason(last: OfferEvent) -> str:
    match last:
        case OfferMade() | OfferAccepted():
            return ""
        case OfferDelivered(note=note):
            return note
        case _:
            return last.reason


def _bringing(offer: OfferRow) -> Bringing:
    return Bringing(
        offer_id=offer.offer_id,
        needs=offer.needs,
        status=offer.status,
        cost_to_adapt=offer.part.cost_to_adapt,
    )
