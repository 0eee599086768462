"""A person joins once, and is known by an identifier only."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct

from domain.decider import Command, Decider
from events.contracts import PersonEvent, PersonJoined


class JoinPerson(Command, frozen=True, kw_only=True):
    """Make a person known."""

    person_id: UUID
    origin: Literal["account", "import", "sample"]


PersonCommand: TypeAlias = JoinPerson


class Unknown(Struct, frozen=True):
    """Nobody yet."""


class Joined(Struct, frozen=True):
    """Somebody who can act here."""

    person_id: UUID


PersonState: TypeAlias = Unknown | Joined


def decide(command: PersonCommand, state: PersonState) -> Sequence[PersonEvent]:
    """Decide what a command about a person causes."""
    match state:
        case Unknown():
            return [PersonJoined(person_id=command.person_id, origin=command.origin, occurred_at=command.now)]
        case Joined():
            return []
        case _:
            assert_never(state)


def evolve(_state: PersonState, event: PersonEvent) -> PersonState:
    """Work out the person after an event."""
    return Joined(event.person_id)


PERSON: Decider[PersonCommand, PersonState, PersonEvent] = Decider(decide, evolve, Unknown())
