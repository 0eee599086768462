"""The stage of an idea: which facts decide it, and why it is there in words.

An idea is logged, and supported when enough people support it. It is shaping while an offer for it is accepted,
funding while a pool is open, delivering once a pool is committed, and live once its service is launched; whichever
of these is furthest on its way is its stage, so that it goes back when a fact does. Withdrawn and closed are ends.
See ops/decisions/0031.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts import (
    IdeaClosed,
    IdeaReopened,
    IdeaWithdrawn,
    OfferAccepted,
    OfferDeclined,
    OfferWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolOpened,
    ServiceLaunched,
)
from events.envelope import RecordedEvent
from projections.language import N_, ngettext
from projections.language import gettext as _

LOGGED, SUPPORTED, SHAPING, FUNDING = "logged", "supported", "shaping", "funding"
DELIVERING, LIVE, WITHDRAWN, CLOSED = "delivering", "live", "withdrawn", "closed"

BY_VOTES = frozenset({LOGGED, SUPPORTED})
"""The stages that votes alone decide: whoever is further on stays there, whatever the votes."""

ENDS = frozenset({WITHDRAWN, CLOSED})

Turn: TypeAlias = (
    IdeaWithdrawn
    | IdeaClosed
    | IdeaReopened
    | ServiceLaunched
    | OfferAccepted
    | OfferDeclined
    | OfferWithdrawn
    | PoolOpened
    | PoolCommitted
    | PoolLapsed
    | PoolCancelled
)
"""What changes a fact, besides votes, that decides the stage."""


class Facts(Struct):
    """What decides the stage of an idea besides its votes: all of it rare, and read only when one of them changes."""

    ended: str | None = None
    launched: bool = False
    committed: bool = False
    open_pools: frozenset[UUID] = frozenset()
    accepted_offers: frozenset[UUID] = frozenset()

    def turn(self, event: Turn) -> None:
        """Take a change in."""
        match event:
            case IdeaWithdrawn():
                self.ended = WITHDRAWN
            case IdeaClosed():
                self.ended = CLOSED
            case IdeaReopened():
                # Every end is taken back, a launch as well.
                self.launched = False
                self.ended = None
            case ServiceLaunched():
                self.launched = True
            case OfferAccepted(offer_id=offer_id):
                self.accepted_offers |= {offer_id}
            case OfferDeclined(offer_id=offer_id) | OfferWithdrawn(offer_id=offer_id):
                self.accepted_offers -= {offer_id}
            case PoolOpened(pool_id=pool_id):
                self.open_pools |= {pool_id}
            case PoolCommitted(pool_id=pool_id):
                self.open_pools -= {pool_id}
                self.committed = True
            case PoolLapsed(pool_id=pool_id) | PoolCancelled(pool_id=pool_id):
                self.open_pools -= {pool_id}

    def stage(self, votes: int, threshold: int) -> str:
        """Derive the stage: an end, or the furthest that the facts bear out."""
        ways = (
            (self.launched, LIVE),
            (self.committed, DELIVERING),
            (self.open_pools, FUNDING),
            (self.accepted_offers, SHAPING),
        )
        return self.ended or next((stage for holds, stage in ways if holds), by_votes(votes, threshold))


class Move(Struct, frozen=True, kw_only=True):
    """An idea came into a stage: when, by which event, and what somebody said who did it."""

    idea_id: UUID
    position: int
    stage: str
    since: datetime
    cause: str
    said: str | None
    votes: int
    threshold: int


def by_votes(votes: int, threshold: int) -> str:
    """Derive the stage of an idea of which nothing but its votes is known."""
    return SUPPORTED if votes >= threshold else LOGGED


def turning(events: Iterable[RecordedEvent]) -> set[UUID]:
    """Collect the ideas of which events change a fact besides the votes."""
    return {event.data.idea_id for event in events if isinstance(event.data, Turn)}


def stage_reason(stage: str, votes: int, threshold: int) -> str:
    """Say why an idea is in its stage now."""
    if stage in _NOW:
        return _(_NOW[stage])
    people = ngettext("%(count)s person supports it", "%(count)s people support it", votes)
    if not votes:
        people = _("No people support it")
    if stage == SUPPORTED:
        return _("%(people)s; %(enough)s are enough in this community.", people=people, enough=threshold)
    return _(
        "%(people)s; %(more)s more will make it a supported idea.", people=people, more=threshold - votes
    )


def move_reason(stage: str, cause: str, votes: int, threshold: int) -> str:
    """Say why an idea came into a stage then: what happened, and where that did not say it, what decided."""
    happened, leads_to = _HAPPENED.get(cause, ("", None))
    if stage == leads_to:
        return _(happened)
    return f"{_(happened) if happened else ''} {stage_reason(stage, votes, threshold)}".strip()


_NOW: Mapping[str, str] = MappingProxyType(
    {
        SHAPING: N_("An offer of a part is accepted."),
        FUNDING: N_("Its pool is open to pledges."),
        DELIVERING: N_("The money is committed, and the service is being built."),
        LIVE: N_("People can use it."),
        WITHDRAWN: N_("Its author withdrew it."),
        CLOSED: N_("It was closed."),
    }
)

_HAPPENED: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "IdeaLogged": (N_("Somebody wrote it down."), LOGGED),
        "CommunityRulesSet": (N_("Its community changed the voting rules."), None),
        "IdeaWithdrawn": (N_("Its author withdrew it."), WITHDRAWN),
        "IdeaClosed": (N_("It was closed."), CLOSED),
        "IdeaReopened": (N_("It was opened again."), None),
        "ServiceLaunched": (N_("The service was launched."), LIVE),
        "OfferAccepted": (N_("An offer of a part was accepted."), SHAPING),
        "OfferDeclined": (N_("The last accepted offer was declined after all."), None),
        "OfferWithdrawn": (N_("The last accepted offer was taken back."), None),
        "PoolOpened": (N_("A pool was opened."), FUNDING),
        "PoolCommitted": (N_("Its pool closed, and the money is committed."), DELIVERING),
        "PoolLapsed": (N_("Its pool ended without its minimum."), None),
        "PoolCancelled": (N_("Its pool was called off."), None),
    }
)
