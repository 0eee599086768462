"""Events in words, for people who were not there."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from events.contracts import (
    AnyEvent,
    BudgetReleased,
    BudgetReserved,
    CommunityOpened,
    CommunityRulesSet,
    EndpointEvent,
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
    MandateEvent,
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
    OrganisationRole,
    PastGrantRecorded,
    PauseCause,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    PledgeAbandoned,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolEvent,
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
from projections.amounts import money

_HOW = {
    "email": "their e-mail address",
    "oidc": "an identity provider",
    "invitation": "an organisation's invitation",
    "passkey": "a passkey",
    "age": "time in good standing",
}


def sentence(event: AnyEvent, label: str, organisation: str = "") -> str:
    """Say in a sentence what happened.

    `label` is what the event's subject is called now, `organisation` the name of that for whom it was done.
    """
    who = f"“{organisation}”" if organisation else "An organisation"
    match event:
        case PersonJoined():
            return "A person joined."
        case PersonProfileRevised():
            return "A person changed their name."
        case PersonVerified(how=how):
            return f"A person was verified by {_HOW[how]}."
        case OrganisationRegistered(name=name):
            return f"The organisation “{name}” was registered."
        case OrganisationRevised(name=name):
            return f"The organisation “{name}” changed its name or website."
        case MemberAdded(roles=roles):
            return f"A person came to act for “{label}”: {_roles(roles)}."
        case MemberRoleChanged(roles=roles):
            return f"A member of “{label}” has other roles now: {_roles(roles)}."
        case MemberRemoved(person_id=person, removed_by=by):
            return f"A member left “{label}”." if person == by else f"A member of “{label}” was removed."
        case CommunityOpened(name=name):
            return f"The community “{name}” was opened."
        case CommunityRulesSet(rules=rules):
            return (
                f"“{label}” changed its voting rules: {rules.support_threshold} votes make an idea supported."
            )
        case VotingPaused():
            return f"Voting in “{label}” was paused."
        case VotingResumed():
            return f"Voting in “{label}” went on."
        case StewardAppointed():
            return f"A steward was appointed in “{label}”."
        case StewardRemoved():
            return f"A steward of “{label}” stepped down or was removed."
        case IdeaLogged(title=title):
            return f"The idea “{title}” was logged."
        case IdeaRevised(title=title):
            return f"The idea “{title}” was revised."
        case IdeaWithdrawn():
            return f"The idea “{label}” was withdrawn."
        case IdeaReopened():
            return f"The idea “{label}” was opened again."
        case IdeaClosed():
            return f"The idea “{label}” was closed."
        case ServiceLaunched():
            return f"“{label}” is live: people can use it."
        case NeedAdded(title=title):
            return f"“{label}” needs something: {title}."
        case NeedRevised(title=title):
            return f"What “{label}” needs was described anew: {title}."
        case NeedRemoved():
            return f"“{label}” no longer needs a part."
        case NeedsOrdered():
            return f"The needs of “{label}” were put in another order."
        case VoteCast():
            return f"Somebody supported “{label}”."
        case VoteWithdrawn():
            return f"Somebody took back their support for “{label}”."
        case SupportReached(verified_votes=votes):
            return f"{_people(votes)} {'supports' if votes == 1 else 'support'} “{label}”, by verified votes."
        case VotesQuarantined(people=people):
            return f"The votes of {_people(len(people))} were set aside."
        case QuarantineExtended(people=people):
            return f"The votes of {_people(len(people), more=True)} were set aside."
        case QuarantineLifted():
            return "Votes that were set aside count again."
        case OfferMade(title=title, organisation_id=organisation_id):
            return f"{who if organisation_id else 'A person'} offered a part: “{title}”."
        case OfferRevised(title=title):
            return f"The offer “{title}” was revised."
        case OfferAccepted(standing=standing):
            return f"The offer “{label}” was accepted{'' if standing == 'chosen' else ' as a reserve'}."
        case OfferDeclined():
            return f"The offer “{label}” was declined."
        case OfferWithdrawn():
            return f"The offer “{label}” was withdrawn."
        case OfferDelivered():
            return f"The offer “{label}” was delivered."
        case PastGrantRecorded():
            recipient = "a person" if event.to_individual else event.recipient_name or "an organisation"
            return (
                f"{event.funder_name} gave {money(event.amount)} to {recipient} in {event.occurred_at.year}."
            )
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
            return _of_mandate(event, label, who)
        case (
            EndpointRegistered()
            | EndpointVerified()
            | EndpointRevised()
            | SecretRotated()
            | EndpointPaused()
            | EndpointResumed()
            | EndpointRemoved()
        ):
            return _of_endpoint(event)
        case _:
            return _of_pool(event, who)


def _of_mandate(event: MandateEvent | MandateMatched, label: str, who: str) -> str:
    match event:
        case MandatePublished(title=title, budget=budget):
            return f"{who} said what it is open to fund: “{title}”, {money(budget)} in all."
        case MandateRevised(title=title):
            return f"{who} revised what it is open to fund: “{title}”."
        case MandatePaused():
            return f"“{label}” was paused."
        case MandateResumed():
            return f"“{label}” was resumed."
        case MandateClosed(expired=expired):
            return f"“{label}” {'came to the end of its time' if expired else 'was closed'}."
        case BudgetReserved(amount=amount):
            return f"{money(amount)} of “{label}” were set aside for a pledge."
        case BudgetReleased(amount=amount):
            return f"{money(amount)} of “{label}” that were set aside are free again."
        case MandateMatched():
            return (
                f"An idea fits what {who if who != 'An organisation' else 'an organisation'} is open to fund."
            )
        case _:
            assert_never(event)


def _of_pool(event: PoolEvent, who: str) -> str:
    match event:
        case PoolOpened(target=target):
            return f"A pool was opened: {money(target)} are wanted."
        case PoolRevised(target=target):
            return f"The pool was revised: {money(target)} are wanted."
        case PledgeMade(amount=amount, mandate_id=mandate_id, made_by=made_by):
            by_itself = ", as it had said beforehand" if mandate_id and made_by is None else ""
            return f"{who} pledged {money(amount)}{by_itself}."
        case PledgeRevised(amount=amount):
            return f"{who} changed its pledge: {money(amount)}."
        case PledgeWithdrawn(vetoed=vetoed):
            return f"{who} {'stopped a pledge made for it' if vetoed else 'took back its pledge'}."
        case PledgeAbandoned():
            return "A pledge that was prepared did not come."
        case PoolReachedMinimum(minimum=minimum):
            return f"The pool came to its minimum of {money(minimum)}."
        case PoolCommitted(committed_total=total):
            return f"The pool closed: {money(total)} are committed."
        case PoolLapsed(resolved_total=total):
            return (
                f"The pool ended without its minimum: {money(total)} were pledged, and nobody owes anything."
            )
        case PoolCancelled():
            return "The pool was called off."
        case FundsConfirmed():
            return f"{who} confirmed that its money is there."
        case MilestonePlanned(title=title, amount=amount):
            return f"A step was planned: “{title}”, which releases {money(amount)}."
        case MilestoneReached():
            return "A step was reached."
        case TrancheReleased(total=total):
            return f"{money(total)} were released."
        case _:
            assert_never(event)


def _of_endpoint(event: EndpointEvent) -> str:
    match event:
        case EndpointRegistered():
            return "A program asked to be told of events."
        case EndpointVerified():
            return "The program that asked to be told of events agreed to it."
        case EndpointRevised():
            return "What a program is told of, or where, was changed."
        case SecretRotated():
            return "What a program is told is signed with a new key."
        case EndpointPaused(cause=cause):
            return f"A program is told nothing for now{_CAUSES[cause]}."
        case EndpointResumed():
            return "A program is told of events again."
        case EndpointRemoved():
            return "A program is told of events no longer."
        case _:
            assert_never(event)


_CAUSES: Mapping[PauseCause, str] = {
    "asked": ", as somebody in charge wished",
    "exhausted": ": it could not be reached for eight days",
    "gone": ": it said that it is gone",
    "receiver": ", as it asked",
}
_ROLES = {
    "member": "member",
    "offers": "makes offers",
    "funder": "commits money",
    "admin": "administers it",
}


def _roles(roles: Sequence[OrganisationRole]) -> str:
    return ", ".join(_ROLES[role] for role in roles)


def _people(count: int, *, more: bool = False) -> str:
    word = "person" if count == 1 else "people"
    return f"{count:,} more {word}" if more else f"{count:,} {word}"


def votes_sentence(label: str, given: int, taken_back: int) -> str:
    """Say in a sentence which votes for an idea came and went on a day."""
    if not taken_back:
        return f"{_people(given)} supported “{label}”."
    if not given:
        return f"{_people(taken_back)} took back their support for “{label}”."
    # Whoever comes and goes on one day is counted each time, so these need not be as many people.
    return f"“{label}” was supported {_times(given)}, and support was taken back {_times(taken_back)}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def why(event: AnyEvent) -> str | None:
    """Give the reason an event carries, if it carries one."""
    return getattr(event, "reason", None) or None
