"""A person joins once, may take another name, and is verified in one way after the other."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    PersonEvent,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    VerifiedHow,
)


class JoinPerson(Command, frozen=True, kw_only=True):
    """Make a person known."""

    person_id: UUID
    origin: Literal["account", "import", "sample"]
    name: str = ""


class ReviseProfile(Command, frozen=True, kw_only=True):
    """Take another name."""

    person_id: UUID
    name: str


class VerifyPerson(Command, frozen=True, kw_only=True):
    """Note that a person was verified in some way."""

    person_id: UUID
    how: VerifiedHow


PersonCommand: TypeAlias = JoinPerson | ReviseProfile | VerifyPerson


class Unknown(Struct, frozen=True):
    """Nobody yet."""


class Joined(Struct, frozen=True):
    """Somebody who can act here, and the ways in which they were verified."""

    person_id: UUID
    name: str = ""
    verified: frozenset[VerifiedHow] = frozenset()


PersonState: TypeAlias = Unknown | Joined


class PersonUnknownError(DomainError):
    """There is no such person."""


def decide(command: PersonCommand, state: PersonState) -> Sequence[PersonEvent]:
    """Decide what a command about a person causes."""
    match state:
        case Unknown():
            if not isinstance(command, JoinPerson):
                raise PersonUnknownError
            return [
                PersonJoined(
                    person_id=command.person_id,
                    origin=command.origin,
                    name=command.name,
                    occurred_at=command.now,
                )
            ]
        case Joined():
            return _decide_joined(command, state)
        case _:
            assert_never(state)


def _decide_joined(command: PersonCommand, state: Joined) -> Sequence[PersonEvent]:
    match command:
        case JoinPerson():
            return []
        case ReviseProfile(person_id=person_id, name=name, now=now):
            if name == state.name:
                return []
            return [PersonProfileRevised(person_id=person_id, name=name, occurred_at=now)]
        case VerifyPerson(person_id=person_id, how=how, now=now):
            if how in state.verified:
                return []
            return [PersonVerified(person_id=person_id, how=how, occurred_at=now)]
        case _:
            assert_never(command)


def evolve(state: PersonState, event: PersonEvent) -> PersonState:
    """Work out the person after an event."""
    if isinstance(event, PersonJoined):
        return Joined(event.person_id, event.name)
    if isinstance(state, Unknown):
        return state
    match event:
        case PersonProfileRevised(name=name):
            return replace(state, name=name)
        case PersonVerified(how=how):
            return replace(state, verified=state.verified | {how})
        case _:
            assert_never(event)


PERSON: Decider[PersonCommand, PersonState, PersonEvent] = Decider(decide, evolve, Unknown())
