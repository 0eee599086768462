"""A match of a mandate and an idea is told to its funder, once."""

from collections.abc import Sequence
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct

from domain.decider import Command, Decider, DomainError
from events.contracts import MandateMatched, MatchEvent, MatchReason


class TellFunder(Command, frozen=True, kw_only=True):
    """Tell the funder that an idea fits its mandate, how well, and in what."""

    mandate_id: UUID
    idea_id: UUID
    organisation_id: UUID
    revision: int
    reasons: tuple[MatchReason, ...]


MatchCommand: TypeAlias = TellFunder


class Untold(Struct, frozen=True):
    """The funder was not told of it."""


class Told(Struct, frozen=True):
    """The funder was told, and is not told again, however the idea or the mandate changes."""


MatchState: TypeAlias = Untold | Told


class NoReasonError(DomainError):
    """Say in what an idea fits a mandate."""


def decide(command: MatchCommand, state: MatchState) -> Sequence[MatchEvent]:
    """Decide what a command about a match causes."""
    match state:
        case Told():
            return []
        case Untold():
            if not command.reasons:
                raise NoReasonError
            return [
                MandateMatched(
                    mandate_id=command.mandate_id,
                    idea_id=command.idea_id,
                    organisation_id=command.organisation_id,
                    revision=command.revision,
                    score=sum(reason.points for reason in command.reasons),
                    reasons=command.reasons,
                    occurred_at=command.now,
                )
            ]
        case _:
            assert_never(state)


def evolve(_state: MatchState, _event: MatchEvent) -> MatchState:
    """Work out the match after an event."""
    return Told()


MATCH: Decider[MatchCommand, MatchState, MatchEvent] = Decider(decide, evolve, Untold())
