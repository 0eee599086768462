"""A community is opened, votes under its rules, pauses to change them, and has stewards."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    CommunityEvent,
    CommunityOpened,
    CommunityRulesSet,
    StewardAppointed,
    StewardRemoved,
    VotingPaused,
    VotingResumed,
    VotingRules,
)


class OpenCommunity(Command, frozen=True, kw_only=True):
    """Open a community under a short name."""

    community_id: UUID
    slug: str
    name: str
    rules: VotingRules


class SetRules(Command, frozen=True, kw_only=True):
    """Replace the voting rules."""

    community_id: UUID
    rules: VotingRules
    reason: str


class PauseVoting(Command, frozen=True, kw_only=True):
    """Pause voting, so that rules can be changed."""

    community_id: UUID
    reason: str


class ResumeVoting(Command, frozen=True, kw_only=True):
    """Let voting go on."""

    community_id: UUID


class AppointSteward(Command, frozen=True, kw_only=True):
    """Make a person a steward."""

    community_id: UUID
    person_id: UUID


class RemoveSteward(Command, frozen=True, kw_only=True):
    """End a person's stewardship."""

    community_id: UUID
    person_id: UUID
    reason: str


CommunityCommand: TypeAlias = (
    OpenCommunity | SetRules | PauseVoting | ResumeVoting | AppointSteward | RemoveSteward
)


class Unopened(Struct, frozen=True):
    """No community yet."""


class Open(Struct, frozen=True):
    """A community in which ideas live."""

    slug: str
    rules: VotingRules
    paused: bool = False
    stewards: frozenset[UUID] = frozenset()


CommunityState: TypeAlias = Unopened | Open


class CommunityUnknownError(DomainError):
    """There is no such community."""


class SlugTakenError(DomainError):
    """A community with this short name is open already; choose another one."""


class RulesFrozenError(DomainError):
    """A vote is running in this community; pause voting before you change its rules."""


class RulesUnsoundError(DomainError):
    """The support threshold must be at least 1, and voting must close after it opens."""


def voting_is_running(state: CommunityState, now: datetime) -> bool:
    """Tell whether votes are taken at a moment: opened, not paused, and within the window."""
    match state:
        case Unopened():
            return False
        case Open(rules=rules, paused=paused):
            return (
                not paused
                and (rules.opens_at is None or rules.opens_at <= now)
                and (rules.closes_at is None or now < rules.closes_at)
            )
        case _:
            assert_never(state)


def decide(command: CommunityCommand, state: CommunityState) -> Sequence[CommunityEvent]:
    """Decide what a command about a community causes."""
    match state:
        case Unopened():
            return _decide_opening(command)
        case Open():
            return _decide_open(command, state)
        case _:
            assert_never(state)


def _decide_opening(command: CommunityCommand) -> Sequence[CommunityEvent]:
    if not isinstance(command, OpenCommunity):
        raise CommunityUnknownError
    _require_sound(command.rules)
    return [
        CommunityOpened(
            community_id=command.community_id,
            slug=command.slug,
            name=command.name,
            rules=command.rules,
            occurred_at=command.now,
        )
    ]


def _decide_open(command: CommunityCommand, state: Open) -> Sequence[CommunityEvent]:
    identifier, now = command.community_id, command.now
    match command:
        case OpenCommunity():
            return []
        case SetRules(rules=rules, reason=reason):
            if rules == state.rules:
                return []
            _require_sound(rules)
            if voting_is_running(state, now):
                raise RulesFrozenError
            return [CommunityRulesSet(community_id=identifier, rules=rules, reason=reason, occurred_at=now)]
        case PauseVoting(reason=reason):
            if state.paused:
                return []
            return [VotingPaused(community_id=identifier, reason=reason, occurred_at=now)]
        case ResumeVoting():
            return [VotingResumed(community_id=identifier, occurred_at=now)] if state.paused else []
        case AppointSteward(person_id=person):
            if person in state.stewards:
                return []
            return [StewardAppointed(community_id=identifier, person_id=person, occurred_at=now)]
        case RemoveSteward(person_id=person, reason=reason):
            if person not in state.stewards:
                return []
            return [StewardRemoved(community_id=identifier, person_id=person, reason=reason, occurred_at=now)]
        case _:
            assert_never(command)


def _require_sound(rules: VotingRules) -> None:
    closes_first = (
        rules.opens_at is not None and rules.closes_at is not None and rules.closes_at <= rules.opens_at
    )
    if rules.support_threshold < 1 or closes_first:
        raise RulesUnsoundError


def evolve(state: CommunityState, event: CommunityEvent) -> CommunityState:
    """Work out the community after an event."""
    if isinstance(event, CommunityOpened):
        return Open(slug=event.slug, rules=event.rules)
    if isinstance(state, Unopened):
        return state
    match event:
        case CommunityRulesSet(rules=rules):
            return replace(state, rules=rules)
        case VotingPaused():
            return replace(state, paused=True)
        case VotingResumed():
            return replace(state, paused=False)
        case StewardAppointed(person_id=person):
            return replace(state, stewards=state.stewards | {person})
        case StewardRemoved(person_id=person):
            return replace(state, stewards=state.stewards - {person})
        case _:
            assert_never(event)


COMMUNITY: Decider[CommunityCommand, CommunityState, CommunityEvent] = Decider(decide, evolve, Unopened())
