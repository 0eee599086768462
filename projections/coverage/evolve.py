"""How needs, offers and what they make of an idea follow the log."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from events.connections import Connection
from events.contracts import (
    IdeaClosed,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferMade,
    OfferRevised,
    OfferWithdrawn,
    OrganisationRegistered,
    OrganisationRevised,
    ServiceLaunched,
)
from events.envelope import RecordedEvent
from projections.coverage.part import part_of
from projections.covered import OfferStatus
from projections.statements import statement

_HERE = Path(__file__).parent


class Coverages:
    """The needs of ideas and the offers on them as a projection."""

    name = "coverage"
    version = 1
    tables = ("ideas", "needs", "organisations", "offers")
    types = frozenset(
        contract.__name__
        for contract in (
            IdeaLogged,
            IdeaRevised,
            IdeaWithdrawn,
            IdeaReopened,
            IdeaClosed,
            ServiceLaunched,
            NeedAdded,
            NeedRevised,
            NeedRemoved,
            NeedsOrdered,
            OfferMade,
            OfferRevised,
            OfferAccepted,
            OfferDeclined,
            OfferWithdrawn,
            OfferDelivered,
            OrganisationRegistered,
            OrganisationRevised,
        )
    )
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Save the ideas that were logged in one go, which are many in an import, then all else one by one."""
        logged = [event for event in events if isinstance(event.data, IdeaLogged)]
        if logged:
            await connection.executemany(statement(_HERE, "save_idea"), [_idea(event) for event in logged])
        for event in events:
            match event.data:
                case IdeaLogged():
                    continue
                case OrganisationRegistered() | OrganisationRevised() as organisation:
                    await connection.execute(
                        statement(_HERE, "save_organisation"), organisation.organisation_id, organisation.name
                    )
                case OfferMade() | OfferRevised():
                    await _describe_offer(connection, event)
                case OfferAccepted() | OfferDeclined() | OfferWithdrawn() | OfferDelivered():
                    await _answer_offer(connection, event)
                case _:
                    await _change_idea(connection, event)


def _idea(event: RecordedEvent) -> tuple[object, ...]:
    idea = event.data
    assert isinstance(idea, IdeaLogged)  # noqa: S101  # The caller picked them.
    return (idea.idea_id, idea.title, _codes(idea), event.position)


def _codes(idea: IdeaLogged | IdeaRevised) -> list[str]:
    return sorted({*idea.themes, *idea.places})


async def _change_idea(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case IdeaRevised(idea_id=idea_id, title=title) as revision:
            await connection.execute(
                statement(_HERE, "revise_idea"), idea_id, title, _codes(revision), event.position
            )
        case IdeaWithdrawn(idea_id=idea_id) | IdeaClosed(idea_id=idea_id) | IdeaReopened(idea_id=idea_id):
            is_open = isinstance(event.data, IdeaReopened)
            await connection.execute(statement(_HERE, "open_idea"), idea_id, is_open, event.position)
        case ServiceLaunched(idea_id=idea_id):
            await connection.execute(statement(_HERE, "move_on"), idea_id, event.position)
        case NeedAdded() | NeedRevised() | NeedRemoved() | NeedsOrdered():
            await _change_needs(connection, event.data, event.position)
        case _:
            return


async def _change_needs(
    connection: Connection, event: NeedAdded | NeedRevised | NeedRemoved | NeedsOrdered, position: int
) -> None:
    match event:
        case NeedAdded() | NeedRevised():
            cost = event.cost
            await connection.execute(
                statement(_HERE, "save_need"),
                event.idea_id,
                event.need_id,
                event.kind,
                event.title,
                event.description,
                event.size,
                cost and cost.amount_minor,
                cost and cost.currency,
                position,
            )
        case NeedRemoved(idea_id=idea_id, need_id=need_id):
            await connection.execute(statement(_HERE, "remove_need"), idea_id, need_id)
        case NeedsOrdered(idea_id=idea_id, need_ids=need_ids):
            await connection.execute(statement(_HERE, "order_needs"), idea_id, list(need_ids))
    await connection.execute(statement(_HERE, "move_on"), event.idea_id, position)


async def _describe_offer(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case OfferMade() as made:
            await connection.execute(
                statement(_HERE, "save_offer"),
                made.offer_id,
                made.idea_id,
                made.made_by,
                made.organisation_id,
                *_part(made),
                made.occurred_at,
                event.version,
                event.position,
            )
            await connection.execute(statement(_HERE, "move_on"), made.idea_id, event.position)
        case OfferRevised() as revised:
            await connection.execute(
                statement(_HERE, "revise_offer"),
                revised.offer_id,
                *_part(revised),
                revised.reason,
                revised.occurred_at,
                event.version,
                event.position,
            )
            await connection.execute(statement(_HERE, "move_on"), revised.idea_id, event.position)
        case _:
            return


def _part(offer: OfferMade | OfferRevised) -> tuple[list[UUID], str, str]:
    part = part_of(offer)
    search = f"{offer.title} {offer.service_name}".strip()
    return list(offer.needs), msgspec.json.encode(part).decode(), search


async def _answer_offer(connection: Connection, event: RecordedEvent) -> None:
    reason = ""
    link: str | None = None
    status: OfferStatus
    match event.data:
        case OfferAccepted(standing=standing) as answer:
            status = standing
        case OfferDeclined(reason=reason) as answer:
            status = "declined"
        case OfferWithdrawn(reason=reason) as answer:
            status = "withdrawn"
        case OfferDelivered(note=reason) as answer:
            status, link = "delivered", answer.link
        case _:
            return
    await connection.execute(
        statement(_HERE, "answer_offer"),
        answer.offer_id,
        status,
        reason,
        link,
        answer.occurred_at,
        event.version,
        event.position,
    )
    await connection.execute(statement(_HERE, "move_on"), answer.idea_id, event.position)
