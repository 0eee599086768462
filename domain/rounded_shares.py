"""The largest total that parts of it, rounded down, and a constant together still reach.

Pledges that are capped to a part of the total chase each other down in steps of one minor unit when
their parts add up to nearly all of it: each step lowers the total, and the total every part. What is
asked for is the largest T with `constant + Σ weight·floor(part·T) ≥ T`, exactly, without the steps.

Finding it is NP-hard in the number of different parts (it mirrors the response times of periodic
tasks, Eisenbrand and Rothvoß, RTSS 2008), so there are answers for what occurs: one part (a
division), two parts (Euclid's algorithm on the two lines), any number of them with a common
denominator below `PERIOD_MAX` (one pass over one period). For the rest there is a way down over the
edges at which parts lose a unit, quicker by a factor and no more. See decision 0026.
"""

from collections.abc import Mapping
from itertools import accumulate
from math import lcm
from typing import Protocol, TypeAlias

from msgspec import Struct

Part: TypeAlias = tuple[int, int]
"""A part of the total as numerator and denominator, in lowest terms, above zero."""

Weights: TypeAlias = Mapping[Part, int]
"""How often each part is taken."""

PERIOD_MAX = 1 << 16
"""The largest common denominator whose period is walked through; four decimals need 10,000."""

_AHEAD = 16
"""How many units are looked ahead for each part: enough that working out what is lost there pays."""


class Solver(Protocol):
    """Knows the parts; is told the constant and a total that the answer does not pass."""

    def largest(self, constant: int, at_most: int) -> int | None:
        """Give the largest total that is reached and at most `at_most`, or None when that is not known.

        What is reached with `at_most` itself must not be more than it.
        """


def solver_for(weights: Weights) -> Solver:
    """Choose the way to solve for some parts."""
    if len(weights) == 1:
        [(part, weight)] = weights.items()
        return OnePart(part, weight)
    common = lcm(*(denominator for _, denominator in weights))
    if common <= PERIOD_MAX:
        return Period(weights, common)
    if len(weights) == 2:  # noqa: PLR2004  # Two lines in a plane.
        one, other = weights.items()
        return TwoParts(one, other)
    return Edges(weights)


class OnePart(Struct, frozen=True):
    """With x = floor(part·T) and T = constant + weight·x, x is a division."""

    part: Part
    weight: int

    def largest(self, constant: int, at_most: int) -> int | None:
        """Solve x ≤ part·(constant + weight·x) for the largest x."""
        numerator, denominator = self.part
        x = (at_most - constant) // self.weight
        if (rest := denominator - self.weight * numerator) > 0:
            x = min(x, numerator * constant // rest)
        return constant + self.weight * x


class TwoParts(Struct, frozen=True):
    """With T = constant + v·x + w·y, the greatest (x, y) is a corner of the integer points between two lines."""

    one: tuple[Part, int]
    other: tuple[Part, int]

    def largest(self, constant: int, at_most: int) -> int | None:
        """Solve for the greatest x and y; None where a bound from above would decide instead of the lines."""
        (p, q), v = self.one
        (r, s), w = self.other
        x_own, y_own = q - v * p, s - w * r
        if x_own <= 0 or x_own * y_own <= p * w * r * v:
            return None
        x = -_least(x_own, p * w, -p * constant, y_own, r * v, -r * constant)
        y = r * (constant + v * x) // y_own
        total = constant + v * x + w * y
        return total if total <= at_most else None


def _least(a: int, b: int, e: int, c: int, d: int, f: int) -> int:  # noqa: PLR0917  # Coefficients of two lines.
    """Give the least u of all integers (u, v) with a·u ≥ b·v + e and c·v ≥ d·u + f, where a·c > b·d.

    Both lines rise, so the least u and the least v come together. Shearing and turning the plane, the
    slopes go through Euclid's algorithm until a diagonal fits between the lines.
    """
    shear = d // c
    d -= shear * c
    a -= shear * b
    if b == 0 or d == 0:
        return _up(b * _up(f, c) + e, a)
    if a < b:
        return _up(b * _least(c, d, f, a, b, e) + e, a)
    if a == b:
        return _up(f - c * (-e // b), c - d)
    # On the diagonal v = u + z one line asks for more the larger z is, the other for less.
    crossing = (f * (a - b) - e * (c - d)) // (b * (c - d) + c * (a - b))
    return min(max(_up(f - c * z, c - d), _up(b * z + e, a - b)) for z in (crossing, crossing + 1))


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


class Period:
    """Parts with a common denominator: what is lost by rounding comes again with every period of it."""

    def __init__(self, weights: Weights, period: int) -> None:
        steps = [0] * period
        gained = 0
        for (numerator, denominator), weight in weights.items():
            times = numerator * (period // denominator)
            gained += weight * times
            for k in range(1, times):
                steps[-(-k * period // times)] += weight
        self._period = period
        self._lost = period - gained  # By a whole period, which rounds nothing; negative where it gains.
        self._surplus = [reached - total for total, reached in enumerate(accumulate(steps))]
        self._best = max(self._surplus)

    def largest(self, constant: int, at_most: int) -> int | None:
        """Look for the last period in which the constant pays for what was lost before, and for its last total."""
        periods, rest = divmod(at_most, self._period)
        if self._lost > 0 and (paid := (self._best + constant) // self._lost) < periods:
            periods, rest = paid, self._period - 1
        for whole, last in ((periods, rest), (periods - 1, self._period - 1)):
            wanted = whole * self._lost - constant
            for total in range(last, -1, -1):
                if self._surplus[total] >= wanted:
                    return whole * self._period + total
        return None


class Edges(Struct, frozen=True):
    """Any parts: where a step down is short, only the few that lose a unit on the way are looked at.

    Each part loses one below each of its edges, which come at equal distances; added up over all parts, a list of
    what is lost with every unit of the total tells where it is reached.
    """

    weights: Weights

    def largest(self, constant: int, at_most: int) -> int | None:
        """Go down, in steps while they pass more units than there are parts to work out, then unit by unit."""
        total = at_most
        while (reached := self._reached(constant, total)) < total:
            is_short = total - reached < len(self.weights)
            total = self._passed(total, reached) if is_short else reached
        return total

    def _reached(self, constant: int, total: int) -> int:
        return constant + sum(
            weight * (numerator * total // denominator)
            for (numerator, denominator), weight in self.weights.items()
        )

    def _passed(self, total: int, reached: int) -> int:
        """Pass the edges below a total until one is reached again, or the end of what is looked ahead."""
        ahead = min(total, _AHEAD * len(self.weights))
        lost = [0] * ahead
        for (numerator, denominator), weight in self.weights.items():
            # A part loses a unit below each total at which it is whole, counted from the total down.
            for below in range(numerator * total % denominator, numerator * ahead, denominator):
                lost[below // numerator] += weight
        for below, so_far in enumerate(accumulate(lost), start=1):
            if reached - so_far >= total - below:
                return total - below
        return total - ahead
