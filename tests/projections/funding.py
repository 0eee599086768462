"""Events of offers, mandates and pools short to write in a test, and what the history says of each."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from events.contracts import (
    AnyEvent,
    BudgetReleased,
    BudgetReserved,
    FundsConfirmed,
    IdeaClosed,
    MandateClosed,
    MandateMatched,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    MatchReason,
    MilestonePlanned,
    MilestoneReached,
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
    PledgeAbandoned,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolOpened,
    PoolReachedMinimum,
    PoolRevised,
    ServiceLaunched,
    TrancheReleased,
)
from tests.projections.examples import (
    AUTHOR,
    COMMONS,
    NOON,
    days,
    idea_id,
    organisation_id,
    person_id,
    pounds,
)

OFFER = uuid5(COMMONS, "offer 1")
POOL = uuid5(COMMONS, "pool 1")
MANDATE = uuid5(COMMONS, "mandate 1")
PLEDGE = uuid5(COMMONS, "pledge 1")
MILESTONE = uuid5(COMMONS, "milestone 1")
_IN_POOL = {"pool_id": POOL, "idea_id": idea_id(1), "occurred_at": NOON}


def need_id(number: int = 1) -> UUID:
    """Make the identifier of the need with this number."""
    return uuid5(COMMONS, f"need {number}")


def need_added(number: int = 1, *, idea: int = 1, at: datetime = NOON, **said: Any) -> NeedAdded:
    """Name a need of an idea; whatever is not said is plain."""
    fields = {"kind": "service", "title": f"Need {number}", **said}
    return NeedAdded(idea_id=idea_id(idea), need_id=need_id(number), occurred_at=at, **fields)


def offered(number: int = 1, *needs: int, idea: int = 1, at: datetime = NOON, **said: Any) -> OfferMade:
    """Offer a part of an idea, for its first need unless others are named; whatever is not said is plain."""
    fields = {
        "kind": "service",
        "title": f"Offer {number}",
        "description": "It runs today.",
        "made_by": person_id(5),
        "organisation_id": organisation_id(1),
        **said,
    }
    return OfferMade(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        needs=tuple(map(need_id, needs or (1,))),
        occurred_at=at,
        **fields,
    )


def offer_changes(number: int, *needs: int, idea: int = 1, at: datetime = NOON) -> list[AnyEvent]:
    """Decline an offer, describe it anew, keep it in reserve, choose it and deliver it."""
    facts = {"offer_id": offer_id(number), "idea_id": idea_id(idea), "occurred_at": at}
    return [
        OfferDeclined(**facts, declined_by=AUTHOR, reason="Not yet."),
        OfferRevised(
            **facts,
            needs=tuple(map(need_id, needs)),
            kind="software",
            title="A rota",
            description="Now with a map.",
            cost_to_adapt=pounds(amount_minor=500),
            reason="Clearer.",
        ),
        OfferAccepted(**facts, accepted_by=AUTHOR, standing="reserve"),
        OfferAccepted(**facts, accepted_by=AUTHOR),
        OfferDelivered(**facts, delivered_by=AUTHOR, note="In use."),
    ]


def offer_id(number: int = 1) -> UUID:
    """Make the identifier of the offer with this number."""
    return uuid5(COMMONS, f"offer {number}")


def pool_opened(number: int = 1, *, idea: int = 1, at: datetime = NOON, **said: Any) -> PoolOpened:
    """Open a pool for an idea: a minimum of 300, a target of 600, thirty days."""
    fields = {
        "opened_by": AUTHOR,
        "minimum": pounds(amount_minor=30_000),
        "target": pounds(amount_minor=60_000),
        "deadline": at + days(30),
        **said,
    }
    return PoolOpened(
        pool_id=uuid5(COMMONS, f"pool {number}"), idea_id=idea_id(idea), occurred_at=at, **fields
    )


def pledged(amount_minor: int = 20_000, *, number: int = 1, pool: int = 1, **said: Any) -> PledgeMade:
    """Pledge an amount to a pool of the first idea; whatever is not said is plain."""
    fields = {"organisation_id": organisation_id(1), "made_by": person_id(5), "occurred_at": NOON, **said}
    return PledgeMade(
        pool_id=uuid5(COMMONS, f"pool {pool}"),
        idea_id=idea_id(1),
        pledge_id=uuid5(COMMONS, f"pledge {number}"),
        amount=pounds(amount_minor=amount_minor),
        **fields,
    )


def published(number: int = 1, *, at: datetime = NOON, **said: Any) -> MandatePublished:
    """Publish a mandate, open to anything for a year; whatever is not said is plain."""
    fields = {
        "organisation_id": organisation_id(1),
        "published_by": person_id(5),
        "title": f"Mandate {number}",
        "ticket_min": pounds(amount_minor=10_000),
        "ticket_max": pounds(amount_minor=50_000),
        "budget": pounds(amount_minor=100_000),
        "opens_at": at,
        "closes_at": at + days(365),
        **said,
    }
    return MandatePublished(mandate_id=uuid5(COMMONS, f"mandate {number}"), occurred_at=at, **fields)


def paused(number: int = 1, *, at: datetime = NOON) -> MandatePaused:
    """Pause a mandate."""
    return MandatePaused(mandate_id=uuid5(COMMONS, f"mandate {number}"), occurred_at=at)


def reserved(amount_minor: int, *, number: int = 1, pledge: int = 1, at: datetime = NOON) -> BudgetReserved:
    """Set so much more of a mandate's budget aside for a pledge to the first pool."""
    return BudgetReserved(
        mandate_id=uuid5(COMMONS, f"mandate {number}"),
        pledge_id=uuid5(COMMONS, f"pledge {pledge}"),
        pool_id=POOL,
        amount=pounds(amount_minor=amount_minor),
        occurred_at=at,
    )


def released(amount_minor: int, *, number: int = 1, pledge: int = 1, at: datetime = NOON) -> BudgetReleased:
    """Free so much of what was set aside for a pledge."""
    return BudgetReleased(
        mandate_id=uuid5(COMMONS, f"mandate {number}"),
        pledge_id=uuid5(COMMONS, f"pledge {pledge}"),
        pool_id=POOL,
        amount=pounds(amount_minor=amount_minor),
        occurred_at=at,
    )


def _mandate_revised() -> MandateRevised:
    before = published()
    return MandateRevised(
        mandate_id=MANDATE,
        organisation_id=before.organisation_id,
        revision=2,
        title="Care and company",
        ticket_min=before.ticket_min,
        ticket_max=before.ticket_max,
        budget=before.budget,
        opens_at=before.opens_at,
        closes_at=before.closes_at,
        reason="Clearer.",
        occurred_at=NOON,
    )


def _matched() -> MandateMatched:
    reasons = (MatchReason(part="theme", points=60),)
    return MandateMatched(
        mandate_id=MANDATE,
        idea_id=idea_id(1),
        organisation_id=organisation_id(1),
        revision=1,
        score=60,
        reasons=reasons,
        occurred_at=NOON,
    )


def _ideas() -> list[tuple[AnyEvent, str, str | None]]:
    of_idea = {"idea_id": idea_id(1), "occurred_at": NOON}
    of_need = {**of_idea, "need_id": need_id(1)}
    return [
        (need_added(title="Drivers"), "“Orchard” needs something: Drivers.", None),
        (
            NeedRevised(**of_need, kind="people", title="Two drivers"),
            "What “Orchard” needs was described anew: Two drivers.",
            None,
        ),
        (
            NeedsOrdered(**of_idea, need_ids=(need_id(1),)),
            "The needs of “Orchard” were put in another order.",
            None,
        ),
        (NeedRemoved(**of_need, reason="Found."), "“Orchard” no longer needs a part.", "Found."),
        (
            ServiceLaunched(**of_idea, launched_by=AUTHOR, link="https://orchard.example.org/"),
            "“Orchard” is live: people can use it.",
            None,
        ),
        (IdeaClosed(**of_idea, closed_by=AUTHOR, reason="Over."), "The idea “Orchard” was closed.", "Over."),
    ]


def _offers() -> list[tuple[AnyEvent, str, str | None]]:
    of_offer = {"offer_id": OFFER, "idea_id": idea_id(1), "occurred_at": NOON}
    revised = OfferRevised(
        **of_offer, needs=(need_id(1),), kind="service", title="Rota", description="It runs.", reason="Newer."
    )
    return [
        (offered(title="Lists"), "“Fell Trust” offered a part: “Lists”.", None),
        (
            offered(2, organisation_id=None, title="A van"),
            "A person offered a part: “A van”.",
            None,
        ),
        (revised, "The offer “Rota” was revised.", "Newer."),
        (
            OfferAccepted(**of_offer, accepted_by=AUTHOR, standing="reserve"),
            "The offer “Rota” was accepted as a reserve.",
            None,
        ),
        (OfferAccepted(**of_offer, accepted_by=AUTHOR), "The offer “Rota” was accepted.", None),
        (OfferDelivered(**of_offer, delivered_by=person_id(5)), "The offer “Rota” was delivered.", None),
        (
            OfferDeclined(**of_offer, declined_by=AUTHOR, reason="Too late."),
            "The offer “Rota” was declined.",
            "Too late.",
        ),
        (
            OfferWithdrawn(**of_offer, withdrawn_by=person_id(5), reason="No time."),
            "The offer “Rota” was withdrawn.",
            "No time.",
        ),
    ]


def _mandates() -> list[tuple[AnyEvent, str, str | None]]:
    of_mandate = {"mandate_id": MANDATE, "occurred_at": NOON}
    money = {"pledge_id": PLEDGE, "pool_id": POOL, "amount": pounds(amount_minor=20_050)}
    return [
        (
            published(title="Care"),
            "“Fell Trust” said what it is open to fund: “Care”, £1,000 in all.",
            None,
        ),
        (
            _mandate_revised(),
            "“Fell Trust” revised what it is open to fund: “Care and company”.",
            "Clearer.",
        ),
        (MandatePaused(**of_mandate, reason="Summer."), "“Care and company” was paused.", "Summer."),
        (MandateResumed(**of_mandate), "“Care and company” was resumed.", None),
        (_matched(), "An idea fits what “Fell Trust” is open to fund.", None),
        (
            BudgetReserved(**of_mandate, **money),
            "£200.50 of “Care and company” were set aside for a pledge.",
            None,
        ),
        (
            BudgetReleased(**of_mandate, **money),
            "£200.50 of “Care and company” that were set aside are free again.",
            None,
        ),
        (
            MandateClosed(**of_mandate, expired=True),
            "“Care and company” came to the end of its time.",
            None,
        ),
    ]


def _pools() -> list[tuple[AnyEvent, str, str | None]]:
    of_pledge = {**_IN_POOL, "pledge_id": PLEDGE, "organisation_id": organisation_id(1)}
    of_step = {**_IN_POOL, "milestone_id": MILESTONE}
    total = pounds(amount_minor=60_000)
    before = pool_opened()
    return [
        (before, "A pool was opened: £600 are wanted.", None),
        (
            PoolRevised(
                **_IN_POOL, minimum=before.minimum, target=total, deadline=before.deadline, reason="Checked."
            ),
            "The pool was revised: £600 are wanted.",
            "Checked.",
        ),
        (pledged(), "“Fell Trust” pledged £200.", None),
        (
            pledged(number=2, made_by=None, mandate_id=MANDATE),
            "“Fell Trust” pledged £200, as it had said beforehand.",
            None,
        ),
        (
            PledgeRevised(**of_pledge, amount=pounds(amount_minor=1)),
            "“Fell Trust” changed its pledge: £0.01.",
            None,
        ),
        (PledgeWithdrawn(**of_pledge, reason="Later."), "“Fell Trust” took back its pledge.", "Later."),
        (
            PledgeAbandoned(**_IN_POOL, pledge_id=PLEDGE, mandate_id=MANDATE),
            "A pledge that was prepared did not come.",
            None,
        ),
        (
            PoolReachedMinimum(**_IN_POOL, resolved_total=total, minimum=before.minimum),
            "The pool came to its minimum of £300.",
            None,
        ),
        (
            PoolCommitted(**_IN_POOL, resolution=(), resolved_total=total, committed_total=total),
            "The pool closed: £600 is committed.",
            None,
        ),
        (
            FundsConfirmed(**of_pledge, confirmed_by=person_id(5)),
            "“Fell Trust” confirmed that its money is there.",
            None,
        ),
        (
            MilestonePlanned(**of_step, title="Ten visits", amount=total),
            "A step was planned: “Ten visits”, which releases £600.",
            None,
        ),
        (MilestoneReached(**of_step, reached_by=AUTHOR), "A step was reached.", None),
        (
            TrancheReleased(**of_step, released_by=AUTHOR, parts=(), total=total),
            "£600 were released.",
            None,
        ),
        (
            PoolLapsed(**_IN_POOL, resolution=(), resolved_total=total),
            "The pool ended without its minimum: £600 were pledged, and nobody owes anything.",
            None,
        ),
        (
            PoolCancelled(**_IN_POOL, cancelled_by=AUTHOR, reason="Merged."),
            "The pool was called off.",
            "Merged.",
        ),
    ]


TOLD: list[tuple[AnyEvent, str, str | None]] = [*_ideas(), *_offers(), *_mandates(), *_pools()]
"""Events in an order in which they could happen, each with its sentence and reason."""
