"""The verified votes of an idea pass marks, each of which is told once, however votes come and go."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from domain.decider import Command, Decider
from events.contracts import SupportEvent, SupportReached

_LADDER_END = 10_000
_STEP_BEYOND = 5_000
"""From the ladder's end on, every multiple of this is a mark."""
_LADDER: tuple[int, ...] = (
    *range(1, 10),
    *range(10, 50, 5),
    *range(50, 100, 10),
    *range(100, 250, 25),
    *range(250, 500, 50),
    *range(500, 1_000, 100),
    *range(1_000, _LADDER_END, 500),
)


def mark_at(count: int) -> int:
    """Give the highest mark that is not above a count; 0 where there is none."""
    if count >= _LADDER_END:
        return count - count % _STEP_BEYOND
    above = bisect_right(_LADDER, count)
    return _LADDER[above - 1] if above else 0


def mark_above(count: int) -> int:
    """Give the lowest mark that is above a count."""
    if count >= _LADDER[-1]:
        return max(_LADDER_END, count - count % _STEP_BEYOND + _STEP_BEYOND)
    return _LADDER[bisect_right(_LADDER, count)]


class NoteSupport(Command, frozen=True, kw_only=True):
    """Note how many verified votes an idea has now."""

    idea_id: UUID
    verified_votes: int


SupportCommand: TypeAlias = NoteSupport


class Reached(Struct, frozen=True):
    """The highest mark that was told so far; 0 before the first."""

    mark: int = 0


SupportState: TypeAlias = Reached


def decide(command: SupportCommand, state: SupportState) -> Sequence[SupportEvent]:
    """Decide what a command about an idea's support causes."""
    mark = mark_at(command.verified_votes)
    if mark <= state.mark:
        return []
    return [
        SupportReached(
            idea_id=command.idea_id, before=state.mark, verified_votes=mark, occurred_at=command.now
        )
    ]


def evolve(state: SupportState, event: SupportEvent) -> SupportState:
    """Work out the support after an event."""
    return Reached(max(state.mark, event.verified_votes))


SUPPORT: Decider[SupportCommand, SupportState, SupportEvent] = Decider(decide, evolve, Reached())
