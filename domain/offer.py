"""An offer is made for needs of an idea, revised, accepted or declined, and at last delivered or withdrawn."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    Money,
    NeedKind,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferEvent,
    OfferMade,
    OfferRevised,
    OfferWithdrawn,
    Standing,
)


class OfferedPart(Struct, frozen=True, kw_only=True):
    """What somebody runs already, what of it is to be known before it is used elsewhere, and which needs it covers."""

    needs: tuple[UUID, ...]
    kind: NeedKind
    title: str
    description: str
    runs_at: str = ""
    users: str = ""
    running_since: date | None = None
    cost_to_adapt: Money | None = None
    weeks_to_adapt: int | None = None
    licence: str = ""
    links: tuple[str, ...] = ()
    service_name: str = ""
    service_description: str = ""
    service_url: str = ""
    service_languages: str = ""
    service_eligibility: str = ""
    service_fees: str = ""
    service_schedule: str = ""


class IdeaAtHand(Struct, frozen=True, kw_only=True):
    """The facts about an idea that decide about offers; its author and its community's stewards speak for it."""

    is_open: bool
    needs: frozenset[UUID]
    speakers: frozenset[UUID]


class MakeOffer(Command, frozen=True, kw_only=True):
    """Offer a part, for oneself or for an organisation that one may make offers for."""

    offer_id: UUID
    idea_id: UUID
    person_id: UUID
    part: OfferedPart
    idea: IdeaAtHand
    organisation_id: UUID | None = None


class ReviseOffer(Command, frozen=True, kw_only=True):
    """Describe an offer anew; `represents` is the organisation that the person may make offers for, if any."""

    offer_id: UUID
    person_id: UUID
    part: OfferedPart
    idea: IdeaAtHand
    represents: UUID | None = None
    reason: str = ""


class AcceptOffer(Command, frozen=True, kw_only=True):
    """Build on an offer from now on, or keep it in reserve."""

    offer_id: UUID
    person_id: UUID
    idea: IdeaAtHand
    standing: Standing = "chosen"


class DeclineOffer(Command, frozen=True, kw_only=True):
    """Do without an offer."""

    offer_id: UUID
    person_id: UUID
    idea: IdeaAtHand
    reason: str


class WithdrawOffer(Command, frozen=True, kw_only=True):
    """Take one's offer back."""

    offer_id: UUID
    person_id: UUID
    reason: str
    represents: UUID | None = None


class DeliverOffer(Command, frozen=True, kw_only=True):
    """Say that the part is there."""

    offer_id: UUID
    person_id: UUID
    idea: IdeaAtHand
    represents: UUID | None = None
    link: str | None = None
    note: str = ""


OfferCommand: TypeAlias = MakeOffer | ReviseOffer | AcceptOffer | DeclineOffer | WithdrawOffer | DeliverOffer


class NotMade(Struct, frozen=True):
    """No offer yet."""


class Offered(Struct, frozen=True, kw_only=True):
    """An offer that waits for an answer."""

    offer_id: UUID
    idea_id: UUID
    made_by: UUID
    organisation_id: UUID | None
    part: OfferedPart


class Accepted(Struct, frozen=True, kw_only=True):
    """An offer that the idea builds on, or keeps in reserve."""

    offer: Offered
    standing: Standing


class Declined(Struct, frozen=True, kw_only=True):
    """An offer that the idea does without; once it is revised, it waits for an answer again."""

    offer: Offered


class Withdrawn(Struct, frozen=True, kw_only=True):
    """An offer that was taken back."""

    offer: Offered


class Delivered(Struct, frozen=True, kw_only=True):
    """An offer that has become a part of the idea."""

    offer: Offered


OfferState: TypeAlias = NotMade | Offered | Accepted | Declined | Withdrawn | Delivered


class OfferUnknownError(DomainError):
    """There is no such offer."""


class OfferMadeBeforeError(DomainError):
    """An offer with this identifier was made before."""


class IdeaTakesNoOffersError(DomainError):
    """This idea was withdrawn or closed, so offers on it rest; it would have to be reopened first."""


class NeedNotThereError(DomainError):
    """The idea has no such need, or not any more; look at its needs again and name one of them."""


class NotTheOfferersError(DomainError):
    """Only those who made this offer can do this."""


class NotForTheIdeaError(DomainError):
    """Only the idea's author and the stewards of its community answer an offer on it."""


class OfferIsAcceptedError(DomainError):
    """This offer was accepted as it stands; withdraw it and make another, so that nobody builds on something else."""


class OfferIsWithdrawnError(DomainError):
    """This offer was withdrawn; ask those who made it for another one."""


class OfferIsDeliveredError(DomainError):
    """This offer was delivered, and what is there stays on record."""


class OfferNotChosenError(DomainError):
    """Only an offer that the idea builds on can be delivered; have it accepted first."""


def decide(command: OfferCommand, state: OfferState) -> Sequence[OfferEvent]:
    """Decide what a command about an offer causes."""
    if isinstance(state, NotMade):
        if not isinstance(command, MakeOffer):
            raise OfferUnknownError
        return _decide_making(command)
    offer = _offer(state)
    match command:
        case MakeOffer():
            if (command.person_id, command.idea_id) != (offer.made_by, offer.idea_id):
                raise OfferMadeBeforeError
            return []
        case ReviseOffer():
            return _decide_revising(command, state, offer)
        case AcceptOffer():
            return _decide_accepting(command, state, offer)
        case DeclineOffer():
            return _decide_declining(command, state, offer)
        case WithdrawOffer():
            return _decide_withdrawing(command, state, offer)
        case DeliverOffer():
            return _decide_delivering(command, state, offer)
        case _:
            assert_never(command)


def _decide_making(command: MakeOffer) -> Sequence[OfferEvent]:
    require_needed(command.part.needs, command.idea)
    return [
        OfferMade(
            offer_id=command.offer_id,
            idea_id=command.idea_id,
            made_by=command.person_id,
            organisation_id=command.organisation_id,
            **asdict(command.part),
            occurred_at=command.now,
        )
    ]


def _decide_revising(command: ReviseOffer, state: OfferState, offer: Offered) -> Sequence[OfferEvent]:
    _require_offerer(command, offer)
    if command.part == offer.part:
        return []
    if isinstance(state, Accepted):
        raise OfferIsAcceptedError
    _require_alive(state)
    require_needed(command.part.needs, command.idea)
    return [
        OfferRevised(
            offer_id=offer.offer_id,
            idea_id=offer.idea_id,
            **asdict(command.part),
            reason=command.reason,
            occurred_at=command.now,
        )
    ]


def _decide_accepting(command: AcceptOffer, state: OfferState, offer: Offered) -> Sequence[OfferEvent]:
    _require_speaker(command, command.idea)
    if isinstance(state, Accepted) and state.standing == command.standing:
        return []
    _require_alive(state)
    _require_open(command.idea)
    if command.idea.needs.isdisjoint(offer.part.needs):
        raise NeedNotThereError
    return [
        OfferAccepted(
            offer_id=offer.offer_id,
            idea_id=offer.idea_id,
            accepted_by=command.person_id,
            standing=command.standing,
            occurred_at=command.now,
        )
    ]


def _decide_declining(command: DeclineOffer, state: OfferState, offer: Offered) -> Sequence[OfferEvent]:
    _require_speaker(command, command.idea)
    if isinstance(state, Declined):
        return []
    _require_alive(state)
    return [
        OfferDeclined(
            offer_id=offer.offer_id,
            idea_id=offer.idea_id,
            declined_by=command.person_id,
            reason=command.reason,
            occurred_at=command.now,
        )
    ]


def _decide_withdrawing(command: WithdrawOffer, state: OfferState, offer: Offered) -> Sequence[OfferEvent]:
    _require_offerer(command, offer)
    if isinstance(state, Withdrawn):
        return []
    _require_alive(state)
    return [
        OfferWithdrawn(
            offer_id=offer.offer_id,
            idea_id=offer.idea_id,
            withdrawn_by=command.person_id,
            reason=command.reason,
            occurred_at=command.now,
        )
    ]


def _decide_delivering(command: DeliverOffer, state: OfferState, offer: Offered) -> Sequence[OfferEvent]:
    if command.person_id not in command.idea.speakers:  # Who needs the part knows, too, that it is there.
        _require_offerer(command, offer)
    if isinstance(state, Delivered):
        return []
    _require_alive(state)
    if not (isinstance(state, Accepted) and state.standing == "chosen"):
        raise OfferNotChosenError
    _require_open(command.idea)
    return [
        OfferDelivered(
            offer_id=offer.offer_id,
            idea_id=offer.idea_id,
            delivered_by=command.person_id,
            link=command.link,
            note=command.note,
            occurred_at=command.now,
        )
    ]


def _require_open(idea: IdeaAtHand) -> None:
    if not idea.is_open:
        raise IdeaTakesNoOffersError


def require_needed(needs: Collection[UUID], idea: IdeaAtHand) -> None:
    """Refuse an offer on an idea that has ended, for no need at all, or for a need that the idea does not have."""
    _require_open(idea)
    if not needs or not idea.needs.issuperset(needs):
        raise NeedNotThereError


def _require_offerer(command: ReviseOffer | WithdrawOffer | DeliverOffer, offer: Offered) -> None:
    acting = command.person_id if offer.organisation_id is None else command.represents
    if acting != (offer.organisation_id or offer.made_by):
        raise NotTheOfferersError


def _require_speaker(command: AcceptOffer | DeclineOffer, idea: IdeaAtHand) -> None:
    if command.person_id not in idea.speakers:
        raise NotForTheIdeaError


def _require_alive(state: OfferState) -> None:
    if isinstance(state, Withdrawn):
        raise OfferIsWithdrawnError
    if isinstance(state, Delivered):
        raise OfferIsDeliveredError


def evolve(state: OfferState, event: OfferEvent) -> OfferState:
    """Work out the offer after an event."""
    if isinstance(event, OfferMade):
        return Offered(
            offer_id=event.offer_id,
            idea_id=event.idea_id,
            made_by=event.made_by,
            organisation_id=event.organisation_id,
            part=_part(event),
        )
    if isinstance(state, NotMade):
        return state
    offer = _offer(state)
    match event:
        case OfferRevised():
            revised = replace(offer, part=_part(event))
            return revised if isinstance(state, Offered | Declined) else replace(state, offer=revised)
        case OfferAccepted(standing=standing):
            return Accepted(offer=offer, standing=standing)
        case OfferDeclined():
            return Declined(offer=offer)
        case OfferWithdrawn():
            return Withdrawn(offer=offer)
        case OfferDelivered():
            return Delivered(offer=offer)
        case _:
            assert_never(event)


def _offer(state: Offered | Accepted | Declined | Withdrawn | Delivered) -> Offered:
    return state if isinstance(state, Offered) else state.offer


def _part(event: OfferMade | OfferRevised) -> OfferedPart:
    return OfferedPart(**{name: getattr(event, name) for name in OfferedPart.__struct_fields__})


OFFER: Decider[OfferCommand, OfferState, OfferEvent] = Decider(decide, evolve, NotMade())
