"""Pictures made on the server: plain geometry that a template draws as SVG."""

from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct

WIDTH, HEIGHT, INSET = 320, 104, 6
BAR_WIDTH = 320
LEAST_WIDTH = 4
"""What there is of a tally, however little, is drawn this wide."""
MOST_POINTS = 90
"""A curve and the table behind it never show more days than this."""


class SupportCurve(Struct, frozen=True, kw_only=True):
    """How an idea's support grew, as SVG paths in a box of `width` by `height` units.

    `line` is the curve and `area` the ground under it; `end_x`, `end_y` is where it stands now. `days` is the same
    as numbers: (day, people by the end of it), oldest first, at most `MOST_POINTS`.
    """

    width: int
    height: int
    line: str
    area: str
    baseline: str
    end_x: str
    end_y: str
    days: tuple[tuple[date, int], ...]

    @property
    def first(self) -> tuple[date, int]:
        """The first day and its count."""
        return self.days[0]

    @property
    def last(self) -> tuple[date, int]:
        """The last day and its count."""
        return self.days[-1]


class TallyBars(Struct, frozen=True, kw_only=True):
    """All votes and the verified ones as two bars of one scale, in a box of `BAR_WIDTH` units.

    The second bar goes on with what is missing from it: votes that are set aside, then those not verified yet. The
    widths are those of its three parts, and `all_width` that of the first bar.
    """

    votes: int
    verified: int
    set_aside: int
    waiting: int
    all_width: float
    verified_width: float
    aside_width: float
    waiting_width: float

    @property
    def aside_x(self) -> float:
        """Give where the set-aside votes begin."""
        return self.verified_width

    @property
    def waiting_x(self) -> float:
        """Give where the votes begin that are not verified yet."""
        return round(self.verified_width + self.aside_width, 1)


def tally_bars(votes: int, verified: int, set_aside: int) -> TallyBars:
    """Draw a tally; whatever there is of a part is wide enough to be seen."""
    waiting = max(0, votes - verified - set_aside)
    parts = (verified, set_aside, waiting)
    least = [LEAST_WIDTH if part else 0 for part in parts]
    free = BAR_WIDTH - sum(least)
    total = max(1, sum(parts))
    widths = [
        round(small + free * part / total, 1) if part else 0.0
        for small, part in zip(least, parts, strict=True)
    ]
    return TallyBars(
        votes=votes,
        verified=verified,
        set_aside=set_aside,
        waiting=waiting,
        all_width=BAR_WIDTH if votes else 0,
        verified_width=widths[0],
        aside_width=widths[1],
        waiting_width=widths[2],
    )


def support_curve(votes_by_day: tuple[tuple[date, int], ...]) -> SupportCurve | None:
    """Draw the cumulative votes of each day; None when there are fewer than two days, as that is no curve.

    Time runs evenly from left to right and a silent week is flat: days that are not listed had no change.
    """
    known = tuple(sorted(votes_by_day))
    days = thinned(known, MOST_POINTS)
    if len(days) < 2:  # noqa: PLR2004 - a line needs two ends.
        return None
    # Between thinned days there were changes, so only a full list can tell silence from leaving out.
    drawn = with_silence(days) if days == known else days
    start, span = days[0][0], (days[-1][0] - days[0][0]).days
    highest = max(1, *(total for _, total in days))

    def x(day: date) -> float:
        return INSET + (WIDTH - 2 * INSET) * (day - start).days / span

    def y(total: int) -> float:
        return HEIGHT - INSET - (HEIGHT - 2 * INSET) * total / highest

    points = [f"{x(day):.1f} {y(total):.1f}" for day, total in drawn]
    floor = f"{HEIGHT - INSET}"
    line = "M" + " L".join(points)
    return SupportCurve(
        width=WIDTH,
        height=HEIGHT,
        line=line,
        area=f"{line} V{floor} H{INSET}Z",
        baseline=f"M0 {floor}H{WIDTH}",
        end_x=f"{x(days[-1][0]):.1f}",
        end_y=f"{y(days[-1][1]):.1f}",
        days=days,
    )


def thinned(days: tuple[tuple[date, int], ...], most: int) -> tuple[tuple[date, int], ...]:
    """Keep at most `most` (two or more) evenly chosen days, the first and the last among them."""
    if len(days) <= most:
        return days
    return tuple(days[number * (len(days) - 1) // (most - 1)] for number in range(most))


def with_silence(days: tuple[tuple[date, int], ...]) -> tuple[tuple[date, int], ...]:
    """Hold a count until the day before it changes, so that a silent time is drawn flat."""
    told = [days[0]]
    for (before, total), (day, now) in pairwise(days):
        eve = day - timedelta(days=1)
        if eve > before:
            told.append((eve, total))
        told.append((day, now))
    return tuple(told)
