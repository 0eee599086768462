"""A community's month as a picture: two rows of bars, votes above ideas, with a day under each other."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from projections.idea_detail.queries import CommunityDay

DAYS = 30
"""How many days are shown, today among them."""
WIDTH, INSET = 360, 3
VOTES_HEIGHT, IDEAS_HEIGHT = 84, 44
_STEP = (WIDTH - 2 * INSET) / DAYS
_BAR = 8
_LEAST = 3
"""What happened at all on a day, however little beside other days, is drawn this high."""


class DayBars(Struct, frozen=True, kw_only=True):
    """One number for each day as bars in a box of `WIDTH` by `height` units: their outline, and the line they stand on.

    `total` is what the bars add up to, and `most` what the day `most_on` has, which is the highest.
    """

    height: int
    outline: str
    baseline: str
    total: int
    most: int
    most_on: date


class Month(Struct, frozen=True, kw_only=True):
    """What happened in a community on each of some days: votes and ideas as bars, and `days` as numbers.

    `days` are (day, ideas, votes), the first day first, those on which nothing happened among them.
    """

    width: int
    votes: DayBars
    ideas: DayBars
    days: tuple[tuple[date, int, int], ...]

    @property
    def first(self) -> date:
        """The first day."""
        return self.days[0][0]

    @property
    def last(self) -> date:
        """The last day."""
        return self.days[-1][0]


def month(known: Iterable[CommunityDay], *, until: date) -> Month | None:
    """Draw the days up to `until`; None when nothing happened on any of them."""
    told = {one.day: one for one in known}
    listed = [until - timedelta(days=before) for before in range(DAYS - 1, -1, -1)]
    days = tuple((day, told[day].ideas, told[day].votes) if day in told else (day, 0, 0) for day in listed)
    if not any(ideas or votes for _, ideas, votes in days):
        return None
    return Month(
        width=WIDTH,
        votes=_bars([(day, votes) for day, _, votes in days], VOTES_HEIGHT),
        ideas=_bars([(day, ideas) for day, ideas, _ in days], IDEAS_HEIGHT),
        days=days,
    )


def _bars(numbers: Sequence[tuple[date, int]], height: int) -> DayBars:
    most_on, most = max(numbers, key=lambda one: one[1])
    floor, room = height - INSET, height - 2 * INSET
    drawn = [
        f"M{INSET + _STEP * place + (_STEP - _BAR) / 2:.1f} {floor}v-{max(_LEAST, room * number / most):.1f}h{_BAR}V{floor}z"
        for place, (_, number) in enumerate(numbers)
        if number
    ]
    return DayBars(
        height=height,
        outline="".join(drawn),
        baseline=f"M0 {floor}H{WIDTH}",
        total=sum(number for _, number in numbers),
        most=most,
        most_on=most_on,
    )
