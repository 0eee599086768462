"""An idea's way as a picture: a line that steps up and down between stages, drawn to a scale of days."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

from app.web.stages import STEPS, stage_name

Move: TypeAlias = Literal["on", "back", "end"]
Segment: TypeAlias = tuple[float, float, float, float]


class Level(Struct, frozen=True, kw_only=True):
    """A stage as a level of the picture: how far down it is, in hundredths, and whether the idea is there now."""

    name: str
    y: float
    is_here: bool


class Mark(Struct, frozen=True, kw_only=True):
    """A move to a stage: where it is drawn, in hundredths, and whether it led on, back, or to an end."""

    x: float
    y: float
    move: Move


class Journey(Struct, frozen=True, kw_only=True):
    """The stages an idea was in over time, in a box of which all places are hundredths of its width and height.

    `levels` begin at the top. `line` are its pieces, the first day first, as the places of their two ends. `here` is
    where the idea stands now, and None once it came to an end, where the line stops. `before` and `after` name the
    first stage and the last one; `since` is the day of the last move, and `first` and `last` are the days drawn.
    """

    levels: tuple[Level, ...]
    line: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    here: tuple[float, float] | None
    before: str
    after: str
    since: date
    first: date
    last: date

    @property
    def went_back(self) -> bool:
        """True when a move led back."""
        return any(mark.move == "back" for mark in self.marks)


def journey(moves: Sequence[tuple[str, date]], *, until: date) -> Journey | None:
    """Draw the moves of an idea, (stage, day) with the first one first, as far as the day `until`.

    None with fewer than two moves, or when all of it is one day: that is no way to draw. What ends an idea, and any
    stage that is not on the way, is a level below the way, where the line stops.
    """
    if len(moves) < 2:  # noqa: PLR2004 - a step needs two levels.
        return None
    now, since = moves[-1]
    has_ended = now not in STEPS
    first, last = moves[0][1], since if has_ended else max(since, until)
    days = (last - first).days
    if days < 1:
        return None
    below = dict.fromkeys(stage for stage, _ in moves if stage not in STEPS)
    stages = (*reversed(STEPS), *below)
    heights = {stage: round(100 * (number + 0.5) / len(stages), 1) for number, stage in enumerate(stages)}
    places = [(round(100 * (day - first).days / days, 1), heights[stage]) for stage, day in moves]
    return Journey(
        levels=tuple(
            Level(name=stage_name(stage), y=heights[stage], is_here=stage == now) for stage in stages
        ),
        line=_line(places, has_ended=has_ended),
        marks=_marks(moves, places),
        here=None if has_ended else (100.0, heights[now]),
        before=stage_name(moves[0][0]),
        after=stage_name(now),
        since=since,
        first=first,
        last=last,
    )


def _line(places: Sequence[tuple[float, float]], *, has_ended: bool) -> tuple[Segment, ...]:
    whole = places if has_ended else [*places, (100.0, places[-1][1])]
    pieces: list[Segment] = []
    for (x, y), (next_x, next_y) in pairwise(whole):
        pieces += [(x, y, next_x, y), (next_x, y, next_x, next_y)]
    return tuple(piece for piece in pieces if piece[:2] != piece[2:])


def _marks(moves: Sequence[tuple[str, date]], places: Sequence[tuple[float, float]]) -> tuple[Mark, ...]:
    # Of moves to one stage within a day, the last one is seen.
    marks: dict[tuple[float, float], Mark] = {}
    before = 100.0
    for (stage, _), (x, y) in zip(moves, places, strict=True):
        move: Move = "end" if stage not in STEPS else "back" if y > before else "on"
        marks.pop((x, y), None)
        marks[x, y] = Mark(x=x, y=y, move=move)
        before = y
    return tuple(marks.values())
