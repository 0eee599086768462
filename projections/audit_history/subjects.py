"""What an event is about, and which fields of it the event sets."""

from typing import Any, assert_never
from uuid import UUID

import msgspec

from events.contracts import (
    AnyEvent,
    BudgetReleased,
    BudgetReserved,
    CommunityOpened,
    CommunityRulesSet,
    EndpointPaused,
    EndpointRegistered,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    EndpointVerified,
    FundsConfirmed,
    IdeaClosed,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    MandateClosed,
    MandateMatched,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
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
    OrganisationRegistered,
    OrganisationRevised,
    PastGrantRecorded,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
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
    QuarantineExtended,
    QuarantineLifted,
    SecretRotated,
    ServiceLaunched,
    StewardAppointed,
    StewardRemoved,
    SupportReached,
    TrancheReleased,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
)


def subject_of(event: AnyEvent) -> UUID:
    """Tell what an event is about: votes and needs are about their idea, pledges about their pool."""
    match event:
        case PersonJoined() | PersonProfileRevised() | PersonVerified():
            return event.person_id
        case (
            OrganisationRegistered()
            | OrganisationRevised()
            | MemberAdded()
            | MemberRoleChanged()
            | MemberRemoved()
        ):
            return event.organisation_id
        case (
            CommunityOpened()
            | CommunityRulesSet()
            | VotingPaused()
            | VotingResumed()
            | StewardAppointed()
            | StewardRemoved()
        ):
            return event.community_id
        case (
            IdeaLogged()
            | IdeaRevised()
            | IdeaWithdrawn()
            | IdeaReopened()
            | IdeaClosed()
            | ServiceLaunched()
            | NeedAdded()
            | NeedRevised()
            | NeedRemoved()
            | NeedsOrdered()
            | VoteCast()
            | VoteWithdrawn()
            | SupportReached()
        ):
            return event.idea_id
        case VotesQuarantined() | QuarantineExtended() | QuarantineLifted():
            return event.quarantine_id
        case (
            OfferMade()
            | OfferRevised()
            | OfferAccepted()
            | OfferDeclined()
            | OfferWithdrawn()
            | OfferDelivered()
        ):
            return event.offer_id
        case (
            MandatePublished()
            | MandateRevised()
            | MandatePaused()
            | MandateResumed()
            | MandateClosed()
            | BudgetReserved()
            | BudgetReleased()
            | MandateMatched()
        ):
            return event.mandate_id
        case PastGrantRecorded():
            return event.grant_id
        case (
            PoolOpened()
            | PoolRevised()
            | PledgeMade()
            | PledgeRevised()
            | PledgeWithdrawn()
            | PledgeAbandoned()
            | PoolReachedMinimum()
            | PoolCommitted()
            | PoolLapsed()
            | PoolCancelled()
            | FundsConfirmed()
            | MilestonePlanned()
            | MilestoneReached()
            | TrancheReleased()
        ):
            return event.pool_id
        case (
            EndpointRegistered()
            | EndpointVerified()
            | EndpointRevised()
            | SecretRotated()
            | EndpointPaused()
            | EndpointResumed()
            | EndpointRemoved()
        ):
            return event.endpoint_id
        case _:
            assert_never(event)


def changed_fields(event: AnyEvent) -> dict[str, Any]:
    """Give the fields of its subject that an event sets, as plain JSON values."""
    match event:
        case IdeaLogged() | IdeaRevised():
            fields = {
                "title": event.title,
                "problem": event.problem,
                "proposal": event.proposal,
                "beneficiaries": event.beneficiaries,
                "themes": event.themes,
                "places": event.places,
                "ask": event.ask,
            }
            return (
                {"withdrawn": False, "closed": False, **_plain(fields)}
                if isinstance(event, IdeaLogged)
                else _plain(fields)
            )
        case IdeaWithdrawn():
            return {"withdrawn": True}
        case IdeaReopened():
            return {"withdrawn": False, "closed": False}
        case IdeaClosed():
            return {"closed": True}
        case ServiceLaunched():
            return {"service": event.link}
        case NeedAdded() | NeedRevised():
            return _plain({f"needs.{event.need_id}": _said(event, *_NEED)})
        case NeedRemoved():
            return {f"needs.{event.need_id}": None}
        case NeedsOrdered():
            return _plain({"order_of_needs": event.need_ids})
        case OfferMade() | OfferRevised():
            return _plain(_said(event, *_OFFER))
        case OfferAccepted():
            return {"standing": event.standing}
        case OfferDeclined() | OfferWithdrawn() | OfferDelivered():
            return {"standing": _STANDINGS[type(event)]}
        case MandatePublished() | MandateRevised():
            return _plain(_said(event, *_MANDATE))
        case MandatePaused() | MandateResumed():
            return {"paused": isinstance(event, MandatePaused)}
        case MandateClosed():
            return {"closed": True}
        case PoolOpened() | PoolRevised():
            return _plain(_said(event, *_POOL))
        case PoolCommitted() | PoolLapsed() | PoolCancelled():
            return {"status": _STATUSES[type(event)]}
        case PledgeMade() | PledgeRevised():
            return _plain({f"pledges.{event.pledge_id}": _said(event, "amount", "conditions", "description")})
        case PledgeWithdrawn():
            return {f"pledges.{event.pledge_id}": None}
        case OrganisationRegistered():
            return {"name": event.name, "org_id": event.org_id, "website": event.website}
        case OrganisationRevised():
            return {"name": event.name, "website": event.website}
        case CommunityOpened():
            return _plain({"name": event.name, "rules": event.rules, "voting_paused": False})
        case CommunityRulesSet():
            return _plain({"rules": event.rules})
        case VotingPaused():
            return {"voting_paused": True}
        case VotingResumed():
            return {"voting_paused": False}
        # Its address and what it listens for concern the owner alone.
        case EndpointRegistered() | EndpointRevised():
            return _plain(_said(event, "types", "format", "ordered"))
        case EndpointPaused() | EndpointResumed():
            return {"paused": isinstance(event, EndpointPaused)}
        case VotesQuarantined():
            return {"lifted": False}
        case QuarantineLifted():
            return {"lifted": True}
        # A person's name is nobody's business in a history.
        case (
            PersonJoined()
            | PersonProfileRevised()
            | PersonVerified()
            | MemberAdded()
            | MemberRoleChanged()
            | MemberRemoved()
            | StewardAppointed()
            | StewardRemoved()
            | QuarantineExtended()
            | VoteCast()
            | VoteWithdrawn()
            | SupportReached()
            | BudgetReserved()
            | BudgetReleased()
            | MandateMatched()
            | PastGrantRecorded()
            | PledgeAbandoned()
            | PoolReachedMinimum()
            | FundsConfirmed()
            | MilestonePlanned()
            | MilestoneReached()
            | TrancheReleased()
            | EndpointVerified()
            | SecretRotated()
            | EndpointRemoved()
        ):
            return {}
        case _:
            assert_never(event)


_NEED = ("kind", "title", "description", "size", "cost")
_OFFER = [
    "needs",
    "kind",
    "title",
    "description",
    "runs_at",
    "users",
    "running_since",
    "cost_to_adapt",
    "weeks_to_adapt",
    "licence",
    "links",
    "service_name",
    "service_description",
    "service_url",
    "service_languages",
    "service_eligibility",
    "service_fees",
    "service_schedule",
]
_MANDATE = [
    "title",
    "themes",
    "places",
    "stages",
    "ticket_min",
    "ticket_max",
    "budget",
    "terms",
    "opens_at",
    "closes_at",
    "mode",
    "thresholds",
    "conditions",
    "veto_hours",
]
_POOL = ("minimum", "target", "ceiling", "deadline", "counts_in_kind")
_STANDINGS = {OfferDeclined: "declined", OfferWithdrawn: "withdrawn", OfferDelivered: "delivered"}
_STATUSES = {PoolCommitted: "committed", PoolLapsed: "lapsed", PoolCancelled: "cancelled"}


def _said(event: AnyEvent, *names: str) -> dict[str, Any]:
    return {name: getattr(event, name) for name in names}


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Give fields as they come back from JSON: a tuple anywhere in them would never be equal to its list."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fields))
    return plain
