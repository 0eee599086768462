"""A quarantine sets some people's votes aside, is extended to more of the same wave, and is lifted for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    QuarantineEvent,
    QuarantineExtended,
    QuarantineLifted,
    Signal,
    VotesQuarantined,
)

PEOPLE_MAX = 1_000
"""How many people one event names; more are named by further ones."""


class SetVotesAside(Command, frozen=True, kw_only=True):
    """Set aside the votes of some people, or of more people of a wave that was noticed before."""

    quarantine_id: UUID
    people: tuple[UUID, ...]
    signal: Signal
    reason: str
    idea_ids: tuple[UUID, ...]
    since: datetime
    until: datetime


class LiftQuarantine(Command, frozen=True, kw_only=True):
    """Let the votes count again."""

    quarantine_id: UUID
    reason: str


QuarantineCommand: TypeAlias = SetVotesAside | LiftQuarantine


class NotRaised(Struct, frozen=True):
    """Nobody's votes are set aside."""


class Standing(Struct, frozen=True):
    """The votes of these people are set aside."""

    people: frozenset[UUID]


class Lifted(Struct, frozen=True):
    """Somebody looked into it, and the votes count again."""


QuarantineState: TypeAlias = NotRaised | Standing | Lifted


class QuarantineUnknownError(DomainError):
    """There is no such quarantine."""


class NobodyNamedError(DomainError):
    """Name at least one person whose votes are to be set aside."""


class ReasonMissingError(DomainError):
    """Give a reason that everybody can read."""


def decide(command: QuarantineCommand, state: QuarantineState) -> Sequence[QuarantineEvent]:
    """Decide what a command about a quarantine causes."""
    match command:
        case SetVotesAside():
            return _set_aside(command, state)
        case LiftQuarantine():
            return _lift(command, state)
        case _:
            assert_never(command)


def _set_aside(command: SetVotesAside, state: QuarantineState) -> Sequence[QuarantineEvent]:
    if isinstance(state, Lifted):
        return []  # Whoever looked into it has decided; a program does not set it up again.
    if not command.people:
        raise NobodyNamedError
    known = state.people if isinstance(state, Standing) else frozenset()
    fresh = [person for person in dict.fromkeys(command.people) if person not in known]
    pages = [tuple(fresh[start : start + PEOPLE_MAX]) for start in range(0, len(fresh), PEOPLE_MAX)]
    events: list[QuarantineEvent] = []
    if isinstance(state, NotRaised):
        if not command.reason.strip():
            raise ReasonMissingError
        events.append(
            VotesQuarantined(
                quarantine_id=command.quarantine_id,
                people=pages.pop(0),
                signal=command.signal,
                reason=command.reason,
                idea_ids=command.idea_ids,
                since=command.since,
                until=command.until,
                occurred_at=command.now,
            )
        )
    events += [
        QuarantineExtended(
            quarantine_id=command.quarantine_id, people=page, until=command.until, occurred_at=command.now
        )
        for page in pages
    ]
    return events


def _lift(command: LiftQuarantine, state: QuarantineState) -> Sequence[QuarantineEvent]:
    match state:
        case NotRaised():
            raise QuarantineUnknownError
        case Lifted():
            return []
        case Standing():
            if not command.reason.strip():
                raise ReasonMissingError
            return [
                QuarantineLifted(
                    quarantine_id=command.quarantine_id, reason=command.reason, occurred_at=command.now
                )
            ]
        case _:
            assert_never(state)


def evolve(state: QuarantineState, event: QuarantineEvent) -> QuarantineState:
    """Work out the quarantine after an event."""
    match event:
        case VotesQuarantined(people=people):
            return Standing(frozenset(people))
        case QuarantineExtended(people=people):
            return replace(state, people=state.people | set(people)) if isinstance(state, Standing) else state
        case QuarantineLifted():
            return Lifted()
        case _:
            assert_never(event)


QUARANTINE: Decider[QuarantineCommand, QuarantineState, QuarantineEvent] = Decider(
    decide, evolve, NotRaised()
)
