"""Marked events: votes whose identifiers say which writer wrote them, in which request, and in which place of it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from events.contracts import VoteCast

_BITS = 8
_SMALL = (1 << _BITS) - 1


class Mark(NamedTuple):
    """The event `number` (from 1) of the `of` events of a writer's request."""

    writer: int
    request: int
    number: int
    of: int


def marked_events(writer: int, request: int, of: int, now: datetime) -> list[VoteCast]:
    """Make the events of one request."""
    return [
        VoteCast(
            idea_id=UUID(int=writer),
            person_id=UUID(int=request << 2 * _BITS | number << _BITS | of),
            occurred_at=now,
        )
        for number in range(1, of + 1)
    ]


def mark_of(event: VoteCast) -> Mark:
    """Read the mark of an event."""
    words = event.person_id.int
    return Mark(event.idea_id.int, words >> 2 * _BITS, words >> _BITS & _SMALL, words & _SMALL)
