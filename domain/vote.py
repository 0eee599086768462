"""A person's vote for an idea is cast, withdrawn, and cast again: at most one at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct

from domain.decider import Command, Decider, DomainError
from events.contracts import VoteCast, VoteEvent, VoteWithdrawn


class Ballot(Struct, frozen=True, kw_only=True):
    """The facts about an idea and its community that decide whether it can be voted on."""

    author_id: UUID
    idea_is_open: bool
    voting_is_running: bool


class CastVote(Command, frozen=True, kw_only=True):
    """Support an idea."""

    idea_id: UUID
    person_id: UUID
    ballot: Ballot


class WithdrawVote(Command, frozen=True, kw_only=True):
    """Take one's support back."""

    idea_id: UUID
    person_id: UUID
    ballot: Ballot


VoteCommand: TypeAlias = CastVote | WithdrawVote


class NotCast(Struct, frozen=True):
    """No support, or none any more."""


class Cast(Struct, frozen=True):
    """Support since a moment."""

    cast_at: datetime


VoteState: TypeAlias = NotCast | Cast


class OwnIdeaError(DomainError):
    """You logged this idea, so your support is taken for granted; others decide by their votes."""


class IdeaNotOpenError(DomainError):
    """This idea was withdrawn or closed, so it takes no votes."""


class VotingNotRunningError(DomainError):
    """Voting in this community is not open at the moment."""


def decide(command: VoteCommand, state: VoteState) -> Sequence[VoteEvent]:
    """Decide what a command about a vote causes."""
    match command:
        case CastVote():
            if isinstance(state, Cast):
                return []
            _require_votable(command)
            return [VoteCast(idea_id=command.idea_id, person_id=command.person_id, occurred_at=command.now)]
        case WithdrawVote():
            if isinstance(state, NotCast):
                return []
            if not command.ballot.voting_is_running:
                raise VotingNotRunningError
            return [
                VoteWithdrawn(
                    idea_id=command.idea_id,
                    person_id=command.person_id,
                    cast_at=state.cast_at,
                    occurred_at=command.now,
                )
            ]
        case _:
            assert_never(command)


def _require_votable(command: CastVote) -> None:
    if not command.ballot.idea_is_open:
        raise IdeaNotOpenError
    if not command.ballot.voting_is_running:
        raise VotingNotRunningError
    if command.person_id == command.ballot.author_id:
        raise OwnIdeaError


def evolve(_state: VoteState, event: VoteEvent) -> VoteState:
    """Work out the vote after an event."""
    match event:
        case VoteCast():
            return Cast(event.occurred_at)
        case VoteWithdrawn():
            return NotCast()
        case _:
            assert_never(event)


VOTE: Decider[VoteCommand, VoteState, VoteEvent] = Decider(decide, evolve, NotCast())
