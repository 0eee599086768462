"""Events in words, for people who were not there."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

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
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferEvent,
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
    QuarantineExtended,
    QuarantineLifted,
    SecretRotated,
    ServiceLaunched,
    StewardAppointed,
    StewardRemoved,
    SupportReached,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
)
from projections.audit_history.words_of_money import of_grant, of_mandate, of_pool
from projections.language import N_, ngettext
from projections.language import gettext as _

_CommunityEvent: TypeAlias = (
    CommunityOpened | CommunityRulesSet | VotingPaused | VotingResumed | StewardAppointed | StewardRemoved
)
_IdeaEvent: TypeAlias = (
    IdeaLogged
    | IdeaRevised
    | IdeaWithdrawn
    | IdeaReopened
    | IdeaClosed
    | ServiceLaunched
    | NeedAdded
    | NeedRevised
    | NeedRemoved
    | NeedsOrdered
)
_VotesEvent: TypeAlias = (
    VoteCast | VoteWithdrawn | SupportReached | VotesQuarantined | QuarantineExtended | QuarantineLifted
)

_HOW = {
    "email": N_("A person was verified by their e-mail address."),
    "oidc": N_("A person was verified by an identity provider."),
    "invitation": N_("A person was verified by an organisation's invitation."),
    "passkey": N_("A person was verified by a passkey."),
    "age": N_("A person was verified by time in good standing."),
}


def sentence(event: AnyEvent, label: str, organisation: str = "") -> str:
    """Say in a sentence what happened.

    `label` is what the event's subject is called now, `organisation` the name of that for whom it was done.
    """
    who = _("“%(organisation)s”", organisation=organisation) if organisation else _("An organisation")
    match event:
        case PersonJoined():
            return _("A person joined.")
        case PersonProfileRevised():
            return _("A person changed their name.")
        case PersonVerified(how=how):
            return _(_HOW[how])
        case OrganisationRegistered(name=name):
            return _("The organisation “%(name)s” was registered.", name=name)
        case OrganisationRevised(name=name):
            return _("The organisation “%(name)s” changed its name or website.", name=name)
        case MemberAdded(roles=roles):
            return _("A person came to act for “%(name)s”: %(roles)s.", name=label, roles=_roles(roles))
        case MemberRoleChanged(roles=roles):
            return _(
                "A member of “%(name)s” has other roles now: %(roles)s.", name=label, roles=_roles(roles)
            )
        case MemberRemoved(person_id=person, removed_by=by):
            if person == by:
                return _("A member left “%(name)s”.", name=label)
            return _("A member of “%(name)s” was removed.", name=label)
        case (
            CommunityOpened()
            | CommunityRulesSet()
            | VotingPaused()
            | VotingResumed()
            | StewardAppointed()
            | StewardRemoved()
        ):
            return _of_community(event, label)
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
        ):
            return _of_idea(event, label)
        case (
            VoteCast()
            | VoteWithdrawn()
            | SupportReached()
            | VotesQuarantined()
            | QuarantineExtended()
            | QuarantineLifted()
        ):
            return _of_votes(event, label)
        case (
            OfferMade()
            | OfferRevised()
            | OfferAccepted()
            | OfferDeclined()
            | OfferWithdrawn()
            | OfferDelivered()
        ):
            return _of_offer(event, label, who)
        case PastGrantRecorded():
            return of_grant(event)
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
            return of_mandate(event, label, who, is_named=bool(organisation))
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
            return of_pool(event, who)


def _of_community(event: _CommunityEvent, label: str) -> str:
    match event:
        case CommunityOpened(name=name):
            return _("The community “%(name)s” was opened.", name=name)
        case CommunityRulesSet(rules=rules):
            return ngettext(
                "“%(name)s” changed its voting rules: %(count)s vote makes an idea supported.",
                "“%(name)s” changed its voting rules: %(count)s votes make an idea supported.",
                rules.support_threshold,
                name=label,
            )
        case VotingPaused():
            return _("Voting in “%(name)s” was paused.", name=label)
        case VotingResumed():
            return _("Voting in “%(name)s” went on.", name=label)
        case StewardAppointed():
            return _("A steward was appointed in “%(name)s”.", name=label)
        case StewardRemoved():
            return _("A steward of “%(name)s” stepped down or was removed.", name=label)
        case _:
            assert_never(event)


def _of_idea(event: _IdeaEvent, label: str) -> str:
    match event:
        case IdeaLogged(title=title):
            return _("The idea “%(idea)s” was logged.", idea=title)
        case IdeaRevised(title=title):
            return _("The idea “%(idea)s” was revised.", idea=title)
        case IdeaWithdrawn():
            return _("The idea “%(idea)s” was withdrawn.", idea=label)
        case IdeaReopened():
            return _("The idea “%(idea)s” was opened again.", idea=label)
        case IdeaClosed():
            return _("The idea “%(idea)s” was closed.", idea=label)
        case ServiceLaunched():
            return _("“%(idea)s” is live: people can use it.", idea=label)
        case NeedAdded(title=title):
            return _("“%(idea)s” needs something: %(need)s.", idea=label, need=title)
        case NeedRevised(title=title):
            return _("What “%(idea)s” needs was described anew: %(need)s.", idea=label, need=title)
        case NeedRemoved():
            return _("“%(idea)s” no longer needs a part.", idea=label)
        case NeedsOrdered():
            return _("The needs of “%(idea)s” were put in another order.", idea=label)
        case _:
            assert_never(event)


def _of_votes(event: _VotesEvent, label: str) -> str:
    match event:
        case VoteCast():
            return _("Somebody supported “%(idea)s”.", idea=label)
        case VoteWithdrawn():
            return _("Somebody took back their support for “%(idea)s”.", idea=label)
        case SupportReached(verified_votes=votes):
            return ngettext(
                "%(count)s person supports “%(idea)s”, by verified votes.",
                "%(count)s people support “%(idea)s”, by verified votes.",
                votes,
                idea=label,
            )
        case VotesQuarantined(people=people):
            return ngettext(
                "The votes of %(count)s person were set aside.",
                "The votes of %(count)s people were set aside.",
                len(people),
            )
        case QuarantineExtended(people=people):
            return ngettext(
                "The votes of %(count)s more person were set aside.",
                "The votes of %(count)s more people were set aside.",
                len(people),
            )
        case QuarantineLifted():
            return _("Votes that were set aside count again.")
        case _:
            assert_never(event)


def _of_offer(event: OfferEvent, label: str, who: str) -> str:
    match event:
        case OfferMade(title=title, organisation_id=organisation_id):
            if organisation_id is None:
                return _("A person offered a part: “%(offer)s”.", offer=title)
            return _("%(who)s offered a part: “%(offer)s”.", who=who, offer=title)
        case OfferRevised(title=title):
            return _("The offer “%(offer)s” was revised.", offer=title)
        case OfferAccepted(standing=standing):
            if standing == "chosen":
                return _("The offer “%(offer)s” was accepted.", offer=label)
            return _("The offer “%(offer)s” was accepted as a reserve.", offer=label)
        case OfferDeclined():
            return _("The offer “%(offer)s” was declined.", offer=label)
        case OfferWithdrawn():
            return _("The offer “%(offer)s” was withdrawn.", offer=label)
        case OfferDelivered():
            return _("The offer “%(offer)s” was delivered.", offer=label)
        case _:
            assert_never(event)


def _of_endpoint(event: EndpointEvent) -> str:
    match event:
        case EndpointRegistered():
            return _("A program asked to be told of events.")
        case EndpointVerified():
            return _("The program that asked to be told of events agreed to it.")
        case EndpointRevised():
            return _("What a program is told of, or where, was changed.")
        case SecretRotated():
            return _("What a program is told is signed with a new key.")
        case EndpointPaused(cause=cause):
            return _(_PAUSES[cause])
        case EndpointResumed():
            return _("A program is told of events again.")
        case EndpointRemoved():
            return _("A program is told of events no longer.")
        case _:
            assert_never(event)


_PAUSES: Mapping[PauseCause, str] = {
    "asked": N_("A program is told nothing for now, as somebody in charge wished."),
    "exhausted": N_("A program is told nothing for now: it could not be reached for eight days."),
    "gone": N_("A program is told nothing for now: it said that it is gone."),
    "receiver": N_("A program is told nothing for now, as it asked."),
}
_ROLES = {
    "member": N_("member"),
    "offers": N_("makes offers"),
    "funder": N_("commits money"),
    "admin": N_("administers it"),
}


def _roles(roles: Sequence[OrganisationRole]) -> str:
    return ", ".join(_(_ROLES[role]) for role in roles)


def votes_sentence(label: str, given: int, taken_back: int) -> str:
    """Say in a sentence which votes for an idea came and went on a day."""
    if not taken_back:
        return ngettext(
            "%(count)s person supported “%(idea)s”.",
            "%(count)s people supported “%(idea)s”.",
            given,
            idea=label,
        )
    if not given:
        return ngettext(
            "%(count)s person took back their support for “%(idea)s”.",
            "%(count)s people took back their support for “%(idea)s”.",
            taken_back,
            idea=label,
        )
    # Whoever comes and goes on one day is counted each time, so these need not be as many people.
    return _(
        "“%(idea)s” was supported %(given)s, and support was taken back %(taken_back)s.",
        idea=label,
        given=_times(given),
        taken_back=_times(taken_back),
    )


def matches_sentence(organisation: str, ideas: int) -> str:
    """Say in a sentence how many ideas came to fit what an organisation is open to fund."""
    if not organisation:
        return ngettext(
            "%(count)s idea fits what an organisation is open to fund.",
            "%(count)s ideas fit what an organisation is open to fund.",
            ideas,
        )
    return ngettext(
        "%(count)s idea fits what “%(organisation)s” is open to fund.",
        "%(count)s ideas fit what “%(organisation)s” is open to fund.",
        ideas,
        organisation=organisation,
    )


def _times(count: int) -> str:
    return ngettext("once", "%(count)s times", count)


def why(event: AnyEvent) -> str | None:
    """Give the reason an event carries, if it carries one."""
    return getattr(event, "reason", None) or None
