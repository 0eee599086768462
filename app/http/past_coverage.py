"""What an idea needed at an earlier point, and how far it was covered then: folded anew from its own and its offers' events."""

from collections.abc import Callable
from itertools import takewhile
from typing import assert_never
from uuid import UUID

from app.folding import folded
from app.http.resources import Resources
from domain.needs import NEEDS, NoIdea
from domain.offer import OFFER, Accepted, Declined, Delivered, NotMade, Offered, OfferState, Withdrawn
from events.envelope import RecordedEvent
from events.streams import idea_stream, offer_stream
from projections.coverage.queries import LIMIT_MAX, NeedRow, offers_of_idea
from projections.covered import Bringing, Coverage, Lacking, OfferStatus, coverage, coverings


async def coverage_as_of(
    resources: Resources, idea_id: UUID, before: Callable[[RecordedEvent], bool]
) -> tuple[list[NeedRow], Coverage]:
    """Work out the needs of an idea, in their order, and their coverage, from the events that are wanted.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    needs = (await folded(resources.store, NEEDS, idea_stream(idea_id), while_=before)).state
    if isinstance(needs, NoIdea):
        return [], coverage([], [])
    lacking = [Lacking(need_id=need_id, cost=needs.needs[need_id].cost) for need_id in needs.order]
    brought = await _brought(resources, idea_id, before)
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
    return rows, coverage(lacking, brought)


async def _brought(
    resources: Resources, idea_id: UUID, before: Callable[[RecordedEvent], bool]
) -> list[Bringing]:
    """Fold every offer on the idea; one that was made later was not there yet."""
    brought: list[Bringing] = []
    cursor: str | None = None
    while True:
        page = await offers_of_idea(resources.pool, idea_id, limit=LIMIT_MAX, cursor=cursor)
        streams = [offer_stream(row.offer_id) for row in page.items]
        found = await resources.store.read_streams(streams) if streams else {}
        for stream in streams:
            wanted = takewhile(before, found.get(stream, []))
            state = OFFER.fold([event.data for event in wanted])  # type: ignore[misc]  # Streams of offers.
            if (offer := _bringing(state)) is not None:
                brought.append(offer)
        if (cursor := page.next_cursor) is None:
            return brought


def _bringing(state: OfferState) -> Bringing | None:
    status: OfferStatus
    match state:
        case NotMade():
            return None
        case Offered():
            offer, status = state, "offered"
        case Accepted(offer=offer, standing=standing):
            status = standing
        case Declined(offer=offer):
            status = "declined"
        case Withdrawn(offer=offer):
            status = "withdrawn"
        case Delivered(offer=offer):
            status = "delivered"
        case _:
            assert_never(state)
    return Bringing(
        offer_id=offer.offer_id,
        needs=offer.part.needs,
        status=status,
        cost_to_adapt=offer.part.cost_to_adapt,
    )
