"""Votes, stage and momentum of an idea, folded one event after the other.

Momentum is a time-decayed vote rate: each vote counts 2^(-age / 7 days). It is kept as the
logarithm (base 2) of the sum of 2^(t / 7 days) over the votes, with t in days since 2020: a number
that does not change while time passes, so that an index can order ideas by it, and that cannot
overflow. The rate at a moment follows from it (`momentum_at`). This is forward decay, after Cormode,
Shkapenyuk, Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems",
ICDE 2009.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import exp2, inf, log, log2
from uuid import UUID

from msgspec import Struct

from events.contracts import (
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    VoteCast,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent

TYPES = frozenset(
    kind.__name__
    for kind in (
        CommunityOpened,
        CommunityRulesSet,
        IdeaLogged,
        IdeaRevised,
        IdeaWithdrawn,
        IdeaReopened,
        VoteCast,
        VoteWithdrawn,
    )
)
"""The events that a tally follows from."""

HALF_LIFE_DAYS = 7.0
_LANDMARK = datetime(2020, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400.0

LOGGED, SUPPORTED, WITHDRAWN = "logged", "supported", "withdrawn"


class Tally(Struct):
    """Where an idea stands: its votes, and the stage they put it in under its community's threshold.

    `since` is when it came into its stage.
    """

    threshold: int
    votes: int
    momentum: float
    stage: str
    since: datetime
    position: int

    def cast(self, at: datetime) -> None:
        """Count a vote."""
        self.votes += 1
        self.momentum = momentum_with(self.momentum, at)
        self._settle(at)

    def withdraw_vote(self, cast_at: datetime, at: datetime) -> None:
        """Take out a vote that was cast before."""
        self.votes -= 1
        self.momentum = momentum_without(self.momentum, cast_at) if self.votes else -inf
        self._settle(at)

    def withdraw(self, at: datetime) -> None:
        """Take the idea out of the running."""
        self.stage, self.since = WITHDRAWN, at

    def reopen(self, at: datetime) -> None:
        """Put the idea back to where its votes say."""
        self.stage, self.since = self._by_votes(), at

    def _settle(self, at: datetime) -> None:
        if self.stage != WITHDRAWN and (stage := self._by_votes()) != self.stage:
            self.stage, self.since = stage, at

    def _by_votes(self) -> str:
        return SUPPORTED if self.votes >= self.threshold else LOGGED


def ideas_in(events: Iterable[RecordedEvent]) -> set[UUID]:
    """Collect the ideas that events are about."""
    return {idea_id for event in events if (idea_id := getattr(event.data, "idea_id", None)) is not None}


def fold(tallies: Mapping[UUID, Tally], events: Iterable[RecordedEvent]) -> None:
    """Bring the tallies of all ideas that events are about up to date, event by event.

    Raises:
        KeyError: an event is about an idea that has no tally.
    """
    for event in events:
        match event.data:
            case VoteCast(idea_id=idea_id, occurred_at=at):
                tallies[idea_id].cast(at)
            case VoteWithdrawn(idea_id=idea_id, cast_at=cast_at, occurred_at=at):
                tallies[idea_id].withdraw_vote(cast_at, at)
            case IdeaWithdrawn(idea_id=idea_id, occurred_at=at):
                tallies[idea_id].withdraw(at)
            case IdeaReopened(idea_id=idea_id, occurred_at=at):
                tallies[idea_id].reopen(at)
            case IdeaLogged(idea_id=idea_id) | IdeaRevised(idea_id=idea_id):
                pass
            case _:
                continue
        tallies[idea_id].position = event.position


def momentum_with(momentum: float, at: datetime) -> float:
    """Add a vote to a sum kept as its logarithm."""
    weight = _weight(at)
    higher, lower = max(momentum, weight), min(momentum, weight)
    return higher + log2(1.0 + exp2(lower - higher))


def momentum_without(momentum: float, at: datetime) -> float:
    """Take a vote out of a sum kept as its logarithm; nothing is left when rounding says so."""
    rest = 1.0 - exp2(min(_weight(at) - momentum, 0.0))
    return momentum + log2(rest) if rest > 0.0 else -inf


def momentum_at(momentum: float, now: datetime) -> float:
    """Tell the vote rate in votes a day at a moment.

    A steady stream of n votes a day has momentum n, whatever the half-life.
    """
    if momentum == -inf:
        return 0.0
    return exp2(min(momentum - _weight(now), 1000.0)) * log(2) / HALF_LIFE_DAYS


def _weight(at: datetime) -> float:
    return (at - _LANDMARK).total_seconds() / _DAY_SECONDS / HALF_LIFE_DAYS


def stage_reason(stage: str, votes: int, threshold: int) -> str:
    """Say why an idea is in its stage."""
    people = "1 person supports it" if votes == 1 else f"{votes} people support it"
    match stage:
        case "supported":
            return f"{people}; {threshold} are enough in this community."
        case "withdrawn":
            return "Its author withdrew it."
        case _:
            missing = threshold - votes
            return f"{people}; {missing} more will make it a supported idea."
