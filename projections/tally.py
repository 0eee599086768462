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
from typing import get_args
from uuid import UUID

from msgspec import Struct

from events.contracts import (
    CommunityOpened,
    CommunityRulesSet,
    IdeaEvent,
    IdeaLogged,
    OfferEvent,
    PoolEvent,
    VoteCast,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent
from projections.stage import BY_VOTES, Facts, Move, Turn, by_votes

TYPES = frozenset(
    kind.__name__
    for kind in (
        *(CommunityOpened, CommunityRulesSet, VoteCast, VoteWithdrawn),
        *get_args(IdeaEvent),
        *get_args(OfferEvent),
        *get_args(PoolEvent),
    )
)
"""The events that a tally follows from: its position is the last of all that concern the idea."""

HALF_LIFE_DAYS = 7.0
_LANDMARK = datetime(2020, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400.0


class Tally(Struct):
    """Where an idea stands: its votes, and the stage they put it in under its community's threshold.

    `since` is when it came into its stage. `facts` are there where one of them changes.
    """

    threshold: int
    votes: int
    momentum: float
    stage: str
    since: datetime
    position: int
    facts: Facts | None = None

    def cast(self, at: datetime) -> None:
        """Count a vote."""
        self.votes += 1
        self.momentum = momentum_with(self.momentum, at)

    def withdraw_vote(self, cast_at: datetime) -> None:
        """Take out a vote that was cast before."""
        self.votes -= 1
        self.momentum = momentum_without(self.momentum, cast_at) if self.votes else -inf

    def turn(self, event: Turn) -> str:
        """Take in a fact besides the votes, and tell the stage that follows."""
        if self.facts is None:
            self.facts = Facts()
        self.facts.turn(event)
        return self.facts.stage(self.votes, self.threshold)

    def by_votes(self) -> str:
        """Tell the stage that follows from the votes; an idea that is further on stays there."""
        return by_votes(self.votes, self.threshold) if self.stage in BY_VOTES else self.stage


def ideas_in(events: Iterable[RecordedEvent]) -> set[UUID]:
    """Collect the ideas that events are about."""
    return {idea_id for event in events if (idea_id := getattr(event.data, "idea_id", None)) is not None}


def fold(tallies: Mapping[UUID, Tally], events: Iterable[RecordedEvent]) -> list[Move]:
    """Bring the tallies of all ideas that events are about up to date, and tell which came into another stage.

    Tallies of ideas with a `Turn` among the events need their facts, or they are taken to have none.

    Raises:
        KeyError: an event is about an idea that has no tally.
    """
    moves = []
    for event in events:
        data = event.data
        if isinstance(data, CommunityOpened | CommunityRulesSet) or not hasattr(data, "idea_id"):
            continue
        tally = tallies[data.idea_id]
        stage = _after(tally, event)
        tally.position = event.position
        if stage != tally.stage or isinstance(data, IdeaLogged):
            tally.stage, tally.since = stage, data.occurred_at
            moves.append(_move(tally, event))
    return moves


def _after(tally: Tally, event: RecordedEvent) -> str:
    match event.data:
        case VoteCast(occurred_at=at):
            tally.cast(at)
            return tally.by_votes()
        case VoteWithdrawn(cast_at=cast_at):
            tally.withdraw_vote(cast_at)
            return tally.by_votes()
        case data if isinstance(data, Turn):
            return tally.turn(data)
        case _:
            return tally.stage


def _move(tally: Tally, event: RecordedEvent) -> Move:
    said = getattr(event.data, "reason", None) or getattr(event.data, "note", None)
    return Move(
        idea_id=event.data.idea_id,  # type: ignore[union-attr]  # Only events about an idea come here.
        position=event.position,
        stage=tally.stage,
        since=tally.since,
        cause=event.type,
        said=said or None,
        votes=tally.votes,
        threshold=tally.threshold,
    )


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
