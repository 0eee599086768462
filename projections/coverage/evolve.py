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
from projections.coverage.fold import IdeaChange, Need, OfferChange, Page
from projections.coverage.part import part_of
from projections.statements import statement

_HERE = Path(__file__).parent


class Coverages:
    """The needs of ideas and the offers on them as a projection."""

    name = "coverage"
    version = 2
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
        """Fold the page in memory and write what changed in a few statements."""
        page = Page(await _needs_before(connection, events))
        for event in events:
            page.apply(event)
        await _write(connection, "save_organisations", sorted(page.organisations.items()))
        await _write(connection, "log_ideas", [_idea(*change) for change in sorted(page.logged.items())])
        await _write(connection, "change_ideas", [_idea(*change) for change in sorted(page.ideas.items())])
        await _save_needs(connection, page)
        offers = sorted(page.offers.items())
        await _write(
            connection,
            "make_offers",
            [_made(change.made, change) for _, change in offers if change.made is not None],
        )
        await _write(
            connection,
            "change_offers",
            [(offer_id, *_change(change)) for offer_id, change in offers if change.made is None],
        )


async def _needs_before(
    connection: Connection, events: Sequence[RecordedEvent]
) -> dict[UUID, dict[UUID, Need]]:
    ideas = {
        event.data.idea_id
        for event in events
        if isinstance(event.data, NeedAdded | NeedRevised | NeedRemoved | NeedsOrdered)
    }
    needs: dict[UUID, dict[UUID, Need]] = {idea_id: {} for idea_id in ideas}
    if ideas:
        for row in await connection.fetch(statement(_HERE, "load_needs"), list(ideas)):
            needs[row["idea_id"]][row["need_id"]] = Need(row["ordinal"])
    return needs


async def _write(connection: Connection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows, in the order of their keys, so that two builds write alike and pages of an index stay close."""
    if rows:
        await connection.execute(statement(_HERE, name), *map(list, zip(*rows, strict=True)))


async def _save_needs(connection: Connection, page: Page) -> None:
    now = sorted(
        ((idea_id, need_id), need) for idea_id, of in page.needs.items() for need_id, need in of.items()
    )
    there = {key for key, _ in now}
    await _write(connection, "remove_needs", sorted(page.before.keys() - there))
    moved = [
        (*key, need.ordinal) for key, need in now if need.said is None and need.ordinal != page.before[key]
    ]
    await _write(connection, "order_needs", moved)
    described = [_need(need.said, need) for _, need in now if need.said is not None]
    await _write(connection, "save_needs", described)


def _idea(idea_id: UUID, change: IdeaChange) -> tuple[object, ...]:
    title = codes = None
    if (said := change.said) is not None:
        title = said.title
        # An array of arrays must be a rectangle, so each goes as its text.
        codes = msgspec.json.encode(sorted({*said.themes, *said.places})).decode()
    return (idea_id, title, codes, change.is_open, change.position)


def _need(said: NeedAdded | NeedRevised, need: Need) -> tuple[object, ...]:
    cost = said.cost
    return (
        said.idea_id,
        said.need_id,
        need.ordinal,
        said.kind,
        said.title,
        said.description,
        said.size,
        cost and cost.amount_minor,
        cost and cost.currency,
        need.position,
    )


def _made(made: OfferMade, change: OfferChange) -> tuple[object, ...]:
    return (
        made.offer_id,
        made.idea_id,
        made.made_by,
        made.organisation_id,
        made.occurred_at,
        *_change(change),
    )


def _change(change: OfferChange) -> tuple[object, ...]:
    needs = part = search = None
    if (said := change.said) is not None:
        needs = "{" + ",".join(map(str, said.needs)) + "}"
        part = msgspec.json.encode(part_of(said)).decode()
        search = f"{said.title} {said.service_name}".strip()
    event = change.changed_by
    return (
        needs,
        part,
        search,
        change.status,
        change.reason,
        change.link,
        event.data.occurred_at,
        event.version,
        event.position,
    )
