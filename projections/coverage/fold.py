"""What a page of events makes of ideas, needs and offers, folded in memory.

Of ideas and offers only what changes is known here, and the tables keep the rest. Of needs it must be known which
there were and in what order, for a new one stands after all of them.
"""

from uuid import UUID

from msgspec import Struct

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
from projections.covered import OfferStatus


class IdeaChange(Struct):
    """What changes about an idea; `said` are its texts if they do, `is_open` is nothing where it stays."""

    position: int
    said: IdeaLogged | IdeaRevised | None = None
    is_open: bool | None = None


class Need(Struct):
    """A need where it stands among its idea's, with what was said of it and by which event, if that is new."""

    ordinal: int
    said: NeedAdded | NeedRevised | None = None
    position: int = 0


class OfferChange(Struct):
    """What changes about an offer; `made` is how it began, if it did just now, `said` what is offered, if that changes.

    The `status` is nothing as long as nobody answered: then the one before decides what a revision makes of it.
    """

    changed_by: RecordedEvent
    made: OfferMade | None = None
    said: OfferMade | OfferRevised | None = None
    status: OfferStatus | None = None
    reason: str = ""
    link: str | None = None


class Page:
    """What a page changes. `needs` are those there were, by idea and with their place, of ideas whose needs change."""

    def __init__(self, needs: dict[UUID, dict[UUID, Need]]) -> None:
        self.needs = needs
        self.before = {
            (idea_id, need_id): need.ordinal for idea_id, of in needs.items() for need_id, need in of.items()
        }
        self.logged: dict[UUID, IdeaChange] = {}
        self.ideas: dict[UUID, IdeaChange] = {}
        self.offers: dict[UUID, OfferChange] = {}
        self.organisations: dict[UUID, str] = {}

    def apply(self, event: RecordedEvent) -> None:
        """Fold one event."""
        data = event.data
        match data:
            case OrganisationRegistered() | OrganisationRevised():
                self.organisations[data.organisation_id] = data.name
                return
            case IdeaLogged(idea_id=idea_id):
                self.logged[idea_id] = IdeaChange(position=event.position, said=data, is_open=True)
                return
            case IdeaRevised():
                self._idea(data.idea_id, event).said = data
            case IdeaWithdrawn() | IdeaClosed() | IdeaReopened():
                self._idea(data.idea_id, event).is_open = isinstance(data, IdeaReopened)
            case NeedAdded() | NeedRevised() | NeedRemoved() | NeedsOrdered():
                self._need(data, event.position)
            case OfferMade() | OfferRevised():
                self._describe(data, event)
            case OfferAccepted() | OfferDeclined() | OfferWithdrawn() | OfferDelivered():
                self._answer(data, event)
            case ServiceLaunched():
                pass
            case _:
                return
        self._idea(data.idea_id, event).position = event.position

    def _idea(self, idea_id: UUID, event: RecordedEvent) -> IdeaChange:
        if (logged := self.logged.get(idea_id)) is not None:
            return logged
        return self.ideas.setdefault(idea_id, IdeaChange(position=event.position))

    def _need(self, event: NeedAdded | NeedRevised | NeedRemoved | NeedsOrdered, position: int) -> None:
        needs = self.needs.setdefault(event.idea_id, {})
        match event:
            case NeedAdded(need_id=need_id) | NeedRevised(need_id=need_id):
                if need_id not in needs:
                    needs[need_id] = Need(max((need.ordinal for need in needs.values()), default=0) + 1)
                needs[need_id].said, needs[need_id].position = event, position
            case NeedRemoved(need_id=need_id):
                needs.pop(need_id, None)
            case NeedsOrdered(need_ids=need_ids):
                for ordinal, need_id in enumerate(need_ids, 1):
                    if need_id in needs:
                        needs[need_id].ordinal = ordinal

    def _offer(self, offer_id: UUID, event: RecordedEvent) -> OfferChange:
        offer = self.offers.setdefault(offer_id, OfferChange(changed_by=event))
        offer.changed_by = event
        return offer

    def _describe(self, said: OfferMade | OfferRevised, event: RecordedEvent) -> None:
        if isinstance(said, OfferMade):
            self.offers[said.offer_id] = OfferChange(changed_by=event, made=said, said=said, status="offered")
            return
        offer = self._offer(said.offer_id, event)
        offer.said, offer.reason = said, said.reason
        if offer.status == "declined":
            offer.status = "offered"

    def _answer(
        self, answer: OfferAccepted | OfferDeclined | OfferWithdrawn | OfferDelivered, event: RecordedEvent
    ) -> None:
        offer = self._offer(answer.offer_id, event)
        offer.reason, offer.link = "", None
        match answer:
            case OfferAccepted(standing=standing):
                offer.status = standing
            case OfferDeclined(reason=reason):
                offer.status, offer.reason = "declined", reason
            case OfferWithdrawn(reason=reason):
                offer.status, offer.reason = "withdrawn", reason
            case OfferDelivered(note=note, link=link):
                offer.status, offer.reason, offer.link = "delivered", note, link
