"""Events in words, for people who were not there."""

from collections.abc import Sequence
from typing import assert_never

from events.contracts import (
    AnyEvent,
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationRegistered,
    OrganisationRevised,
    OrganisationRole,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    QuarantineExtended,
    QuarantineLifted,
    StewardAppointed,
    StewardRemoved,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
)

_HOW = {
    "email": "their e-mail address",
    "oidc": "an identity provider",
    "invitation": "an organisation's invitation",
    "passkey": "a passkey",
    "age": "time in good standing",
}


def sentence(event: AnyEvent, label: str) -> str:
    """Say in a sentence what happened; `label` is what the event's subject is called now."""
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
        case VoteCast():
            return f"Somebody supported “{label}”."
        case VoteWithdrawn():
            return f"Somebody took back their support for “{label}”."
        case VotesQuarantined(people=people):
            return f"The votes of {_people(len(people))} were set aside."
        case QuarantineExtended(people=people):
            return f"The votes of {_people(len(people), more=True)} were set aside."
        case QuarantineLifted():
            return "Votes that were set aside count again."
        case _:
            assert_never(event)


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


def why(event: AnyEvent) -> str | None:
    """Give the reason an event carries, if it carries one."""
    return getattr(event, "reason", None) or None
