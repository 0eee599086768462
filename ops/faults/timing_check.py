"""Whether two groups of times differ: the difference of their medians, with a bootstrap interval, and a rank test.

The interval is the percentile bootstrap (Efron 1979): both groups are drawn anew, with replacement, thousands of times.
The chance is the two-sided Mann-Whitney U test (1947) with its normal approximation. The medians say how much it
is, the ranks notice a difference anywhere in the distribution; both must agree that there is one.
"""

import math
import random
import statistics
from collections.abc import Sequence

from msgspec import Struct

RESAMPLES = 4_000
OUTSIDE = 0.05
"""What is left outside the interval, at both ends together, and below which chance a difference counts as one."""


class Difference(Struct, frozen=True, kw_only=True):
    """How two groups differ, in the unit of their times: medians, known less unknown, its interval, and the chance of
    ranks so far apart if there were no difference.
    """

    of_known: float
    of_unknown: float
    difference: float
    low: float
    high: float
    chance: float

    @property
    def holds_zero(self) -> bool:
        """Tell whether the groups may well be the same."""
        return self.low <= 0 <= self.high or self.chance >= OUTSIDE


def difference_of_medians(known: Sequence[float], unknown: Sequence[float], *, seed: int) -> Difference:
    """Compare two groups of ten or more times; the same seed draws the same."""
    chance = random.Random(seed)  # A sample, no secret.
    drawn = sorted(
        statistics.median(chance.choices(known, k=len(known)))
        - statistics.median(chance.choices(unknown, k=len(unknown)))
        for _ in range(RESAMPLES)
    )
    cut = int(RESAMPLES * OUTSIDE / 2)
    of_known, of_unknown = statistics.median(known), statistics.median(unknown)
    return Difference(
        of_known=of_known,
        of_unknown=of_unknown,
        difference=of_known - of_unknown,
        low=drawn[cut],
        high=drawn[-cut - 1],
        chance=chance_of_ranks(known, unknown),
    )


def chance_of_ranks(known: Sequence[float], unknown: Sequence[float]) -> float:
    """Give the two-sided chance that ranks lie so far apart when both groups come from one distribution."""
    ordered = sorted([*((time, True) for time in known), *((time, False) for time in unknown)])
    ranks = 0.0
    at = 0
    while at < len(ordered):
        # Equal times share the mean of their ranks.
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ranks += sum(is_known for _, is_known in ordered[at:end]) * (at + 1 + end) / 2
        at = end
    count, others = len(known), len(unknown)
    won = ranks - count * (count + 1) / 2
    mean, spread = count * others / 2, math.sqrt(count * others * (count + others + 1) / 12)
    return math.erfc(abs(won - mean) / spread / math.sqrt(2))
