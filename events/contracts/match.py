"""Streams `match-<id of mandate and idea>`: a funder was told that an idea fits what it is open to."""

from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event

MatchPart: TypeAlias = Literal["theme", "place", "ticket", "stage", "window", "support", "pool"]
"""In what a mandate and an idea fit."""


class MatchReason(Struct, frozen=True, kw_only=True):
    """What one part adds to the score of a match."""

    part: MatchPart
    points: int


class MandateMatched(Event, frozen=True, kw_only=True):
    """An idea fits a mandate for the first time; the score, of 100 at most, is the sum of its reasons."""

    mandate_id: UUID
    idea_id: UUID
    organisation_id: UUID
    revision: int
    score: int
    reasons: tuple[MatchReason, ...]


MatchEvent: TypeAlias = MandateMatched
