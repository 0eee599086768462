"""Streams `offer-<id>`: a part of a solution that somebody runs already and brings to an idea."""

from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event, Money, TextOfOffer
from events.contracts.idea import NeedKind

Standing: TypeAlias = Literal["chosen", "reserve"]
"""What an accepted offer is to the idea: the one that is built on, or the one to turn to if that fails."""


class OfferMade(Event, frozen=True, kw_only=True):
    """A person, for themselves or for an organisation, offered a part that covers needs of an idea.

    `description` says what it is today, `runs_at` where it runs, `users` who uses it. The fields that begin with
    `service_` describe it as a public service, with the words of the Human Services Data Specification (HSDS).
    """

    offer_id: UUID
    idea_id: UUID
    made_by: UUID
    needs: tuple[UUID, ...]
    kind: NeedKind
    title: TextOfOffer
    description: TextOfOffer
    organisation_id: UUID | None = None
    runs_at: TextOfOffer = ""
    users: TextOfOffer = ""
    running_since: date | None = None
    cost_to_adapt: Money | None = None
    weeks_to_adapt: int | None = None
    licence: TextOfOffer = ""
    links: tuple[str, ...] = ()
    service_name: TextOfOffer = ""
    service_description: TextOfOffer = ""
    service_url: TextOfOffer = ""
    service_languages: TextOfOffer = ""
    service_eligibility: TextOfOffer = ""
    service_fees: TextOfOffer = ""
    service_schedule: TextOfOffer = ""


class OfferRevised(Event, frozen=True, kw_only=True):
    """An offer was described anew; the event carries all of it as it is now."""

    offer_id: UUID
    idea_id: UUID
    needs: tuple[UUID, ...]
    kind: NeedKind
    title: TextOfOffer
    description: TextOfOffer
    runs_at: TextOfOffer = ""
    users: TextOfOffer = ""
    running_since: date | None = None
    cost_to_adapt: Money | None = None
    weeks_to_adapt: int | None = None
    licence: TextOfOffer = ""
    links: tuple[str, ...] = ()
    service_name: TextOfOffer = ""
    service_description: TextOfOffer = ""
    service_url: TextOfOffer = ""
    service_languages: TextOfOffer = ""
    service_eligibility: TextOfOffer = ""
    service_fees: TextOfOffer = ""
    service_schedule: TextOfOffer = ""
    reason: TextOfOffer = ""


class OfferAccepted(Event, frozen=True, kw_only=True):
    """The idea builds on this offer from now on, or keeps it in reserve; a later acceptance replaces the standing."""

    offer_id: UUID
    idea_id: UUID
    accepted_by: UUID
    standing: Standing = "chosen"


class OfferDeclined(Event, frozen=True, kw_only=True):
    """The idea does without this offer."""

    offer_id: UUID
    idea_id: UUID
    declined_by: UUID
    reason: TextOfOffer


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    """Whoever made the offer took it back, accepted or not."""

    offer_id: UUID
    idea_id: UUID
    withdrawn_by: UUID
    reason: TextOfOffer


class OfferDelivered(Event, frozen=True, kw_only=True):
    """The part is there and does what the idea needs."""

    offer_id: UUID
    idea_id: UUID
    delivered_by: UUID
    link: str | None = None
    note: TextOfOffer = ""


OfferEvent: TypeAlias = (
    OfferMade | OfferRevised | OfferAccepted | OfferDeclined | OfferWithdrawn | OfferDelivered
)
