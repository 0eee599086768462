"""What happens to needs, offers and pools of ideas, and the ends of ideas, short to write in a test."""

from datetime import datetime
from uuid import UUID, uuid5

from events.contracts import (
    IdeaClosed,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    OfferAccepted,
    OfferDeclined,
    OfferRevised,
    OfferWithdrawn,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    ServiceLaunched,
)
from tests.projections.examples import AUTHOR, COMMONS, NOON, idea_id, organisation_id, person_id, pounds
from tests.projections.funding import need_id

LINK = "https://service.example.org/"


def closed(number: int = 1, *, at: datetime = NOON, reason: str = "It does not work.") -> IdeaClosed:
    """Close an idea."""
    return IdeaClosed(idea_id=idea_id(number), closed_by=AUTHOR, reason=reason, occurred_at=at)


def launched(number: int = 1, *, at: datetime = NOON, link: str = LINK) -> ServiceLaunched:
    """Launch the service of an idea."""
    return ServiceLaunched(idea_id=idea_id(number), launched_by=AUTHOR, link=link, occurred_at=at)


def need_revised(number: int = 1, *, idea: int = 1, at: datetime = NOON, **said: object) -> NeedRevised:
    """Describe a need anew; whatever is not said is plain."""
    fields = {"kind": "people", "title": f"Need {number}, again", **said}
    return NeedRevised(idea_id=idea_id(idea), need_id=need_id(number), occurred_at=at, **fields)


def need_removed(number: int = 1, *, idea: int = 1, at: datetime = NOON) -> NeedRemoved:
    """Remove a need."""
    return NeedRemoved(idea_id=idea_id(idea), need_id=need_id(number), reason="Found.", occurred_at=at)


def needs_ordered(*numbers: int, idea: int = 1, at: datetime = NOON) -> NeedsOrdered:
    """Put needs in an order."""
    return NeedsOrdered(idea_id=idea_id(idea), need_ids=tuple(map(need_id, numbers)), occurred_at=at)


def offer_id(number: int = 1) -> UUID:
    """Make the identifier of the offer with this number."""
    return uuid5(COMMONS, f"offer {number}")


def accepted(
    number: int = 1, *, idea: int = 1, at: datetime = NOON, standing: str = "chosen"
) -> OfferAccepted:
    """Accept an offer."""
    return OfferAccepted(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        accepted_by=AUTHOR,
        standing=standing,
        occurred_at=at,
    )


def declined(number: int = 1, *, idea: int = 1, at: datetime = NOON) -> OfferDeclined:
    """Decline an offer."""
    return OfferDeclined(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        declined_by=AUTHOR,
        reason="Another.",
        occurred_at=at,
    )


def offer_withdrawn(number: int = 1, *, idea: int = 1, at: datetime = NOON) -> OfferWithdrawn:
    """Take an offer back."""
    return OfferWithdrawn(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        withdrawn_by=person_id(5),
        reason="We moved.",
        occurred_at=at,
    )


def offer_revised(number: int = 1, *needs: int, idea: int = 1, at: datetime = NOON) -> OfferRevised:
    """Describe an offer anew, for these needs."""
    return OfferRevised(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        needs=tuple(map(need_id, needs or (1,))),
        kind="service",
        title=f"Offer {number}, again",
        description="It runs better.",
        occurred_at=at,
    )


def pool_id(number: int = 1) -> UUID:
    """Make the identifier of the pool with this number."""
    return uuid5(COMMONS, f"pool {number}")


def committed(
    amount_minor: int = 60_000, *, number: int = 1, idea: int = 1, at: datetime = NOON
) -> PoolCommitted:
    """Commit a pool."""
    total = pounds(amount_minor=amount_minor)
    return PoolCommitted(
        pool_id=pool_id(number),
        idea_id=idea_id(idea),
        resolution=(),
        resolved_total=total,
        committed_total=total,
        occurred_at=at,
    )


def lapsed(number: int = 1, *, idea: int = 1, at: datetime = NOON) -> PoolLapsed:
    """Let a pool lapse."""
    nothing = pounds(amount_minor=0)
    return PoolLapsed(
        pool_id=pool_id(number), idea_id=idea_id(idea), resolution=(), resolved_total=nothing, occurred_at=at
    )


def cancelled(number: int = 1, *, idea: int = 1, at: datetime = NOON) -> PoolCancelled:
    """Call a pool off."""
    return PoolCancelled(
        pool_id=pool_id(number),
        idea_id=idea_id(idea),
        cancelled_by=AUTHOR,
        reason="It was too early.",
        occurred_at=at,
    )


def pledge_of(number: int) -> dict[str, object]:
    """Say which pledge is meant, of the first pool."""
    return {
        "pool_id": pool_id(1),
        "idea_id": idea_id(1),
        "pledge_id": uuid5(COMMONS, f"pledge {number}"),
        "organisation_id": organisation_id(1),
    }


def pledge_revised(amount_minor: int, *, number: int = 1, at: datetime = NOON) -> PledgeRevised:
    """Pledge another amount."""
    return PledgeRevised(**pledge_of(number), amount=pounds(amount_minor=amount_minor), occurred_at=at)


def pledge_withdrawn(*, number: int = 1, at: datetime = NOON) -> PledgeWithdrawn:
    """Take a pledge back."""
    return PledgeWithdrawn(**pledge_of(number), occurred_at=at)
