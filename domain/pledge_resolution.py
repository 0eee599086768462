"""What each conditional pledge to a pool comes to, given all the others: the greatest fixed point.

A pledge's answer to the others is the most that its amount and its conditions allow. Every condition
is monotone: when others give more, it allows as much as before or more. So if two sets of amounts each
satisfy everybody's conditions, then so does the larger of the two amounts of every pledge; hence there
is one greatest set, and lowering pledges from their full amounts, in whatever order, ends there. The
proofs, condition by condition, are in decision 0026.

All of it depends on the others through three things only: the total, the number of funders who give,
and who they are. A share of the total s and a match of the others r are the same kind of limit, since
x ≤ r·(total - x) means x ≤ r/(1+r)·total. So instead of lowering pledge by pledge, one number is
lowered: an upper bound of the total. Whatever cannot give at that total any more is out for good, so
there are at most as many such steps as pledges; between them the bound jumps to where the shares, not
rounded, meet the total, and what rounding takes off that is left to `domain.rounded_shares`.

Amounts are integers in minor units of one currency, ratios exact fractions; shares, matches and
parts under a ceiling are rounded down.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from domain.decider import DomainError
from domain.rounded_shares import Part, Solver, solver_for

_PATIENCE = 16
"""How many steps of rounding are taken one by one before they are solved for at once."""

_WHOLE = 1 << 160
"""The whole in units so small that rounding parts up to them moves no bound: totals have some 70 bits."""

_NEVER = 1 << 200
"""A total that no pool reaches."""


_RATIO = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class NotARatioError(DomainError):
    """A ratio is a decimal number in quotes such as "0.5", with at most nine digits on each side of the point."""


def ratio_of(text: str) -> Fraction:
    """Read a ratio exactly; raises NotARatioError."""
    if not _RATIO.fullmatch(text):
        raise NotARatioError
    return Fraction(text)


class ConditionalPledge(Struct, frozen=True, kw_only=True, gc=False):
    """A promise of an amount, and on what it depends; all of it has to hold.

    `min_total` is asked of the resolved total, this pledge included. `min_funders` counts different funders
    with an amount above zero, this one included; each of `with_funders` must have one. `max_share` is the
    largest part of the total that this pledge may be, itself included. `match_ratio` times what the others
    give is given, at most `match_cap`.
    """

    id: str
    funder: str
    amount: int
    min_total: int | None = None
    min_funders: int | None = None
    with_funders: tuple[str, ...] = ()
    max_share: Fraction | None = None
    match_ratio: Fraction | None = None
    match_cap: int | None = None

    @property
    def most(self) -> int:
        """Give what is given at most, whatever the others do."""
        return self.amount if self.match_cap is None else min(self.amount, self.match_cap)

    @property
    def part(self) -> Fraction | None:
        """Give the largest part of the total that this pledge may be, or None if any."""
        share = None if self.max_share is None or self.max_share >= 1 else self.max_share
        if (ratio := self.match_ratio) is None:
            return share
        match = Fraction(ratio.numerator, ratio.numerator + ratio.denominator)
        return match if share is None else min(share, match)


class Resolution(Struct, frozen=True, kw_only=True):
    """What every pledge comes to, by its id, in the order in which they were given."""

    amounts: Mapping[str, int]
    total: int


def resolve(pledges: Sequence[ConditionalPledge]) -> Resolution:
    """Find the greatest amounts that satisfy every pledge's conditions.

    Takes at most (pledges + 1) · `_PATIENCE` rounds over the limited pledges where `rounded_shares` has a
    way to solve, which it has for parts with a small common denominator and for up to two parts.
    """
    return _Descent(pledges).reached()


def scale(resolution: Resolution, ceiling: int | None) -> Mapping[str, int]:
    """Lower amounts to a ceiling in proportion, by largest remainder; what remains equal goes by id.

    The sum is exactly `min(total, ceiling)`.
    """
    total = resolution.total
    if ceiling is None or total <= ceiling:
        return resolution.amounts
    return shared_out(ceiling, resolution.amounts)


def shared_out(sum_: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a sum out in proportion to weights above zero, by largest remainder, ties by id; nothing is lost."""
    total = sum(weights.values())
    parts = {id_: divmod(weight * sum_, total) for id_, weight in weights.items()}
    shared = {id_: whole for id_, (whole, _) in parts.items()}
    left = sum_ - sum(shared.values())
    for id_ in sorted(parts, key=lambda id_: (-parts[id_][1], id_))[:left]:
        shared[id_] += 1
    return shared


class _Limited(Struct, gc=False):
    """A pledge on the way down: out, at its most, or limited to its part of the total."""

    most: int
    funder: str
    part: Part | None
    weight: int = 0  # The part in units of `_WHOLE`, rounded up.
    is_limited: bool = False
    is_out: bool = False


class _Descent:
    """Lowers an upper bound of the total until everybody's conditions hold with it."""

    def __init__(self, pledges: Sequence[ConditionalPledge]) -> None:
        self._ids = [pledge.id for pledge in pledges]
        self._pledges: list[_Limited] = []
        self._steady = 0  # The sum of those at their most.
        self._limited: Counter[Part] = Counter()
        self._solver: Solver | None = None
        self._solver = None
        self._per_funder = Counter(pledge.funder for pledge in pledges)
        self._named: dict[str, list[int]] = defaultdict(list)
        out_below: list[tuple[int, int]] = []
        limited_below: list[tuple[int, int]] = []
        wants_funders: list[tuple[int, int]] = []
        for index, pledge in enumerate(pledges):
            part, most = pledge.part, pledge.most
            threshold = pledge.min_total or 0
            if most <= 0 or part == 0:
                threshold = _NEVER
            elif part is not None:
                # Below the first total its part is less than one unit, below the second less than its most.
                threshold = max(threshold, -(-part.denominator // part.numerator))
                limited_below.append((-(-most * part.denominator // part.numerator), index))
            if threshold > 0:
                out_below.append((threshold, index))
            if pledge.min_funders is not None:
                wants_funders.append((pledge.min_funders, index))
            for funder in pledge.with_funders:
                self._named[funder].append(index)
            pair = None if not part else (part.numerator, part.denominator)
            self._pledges.append(_Limited(most, pledge.funder, pair))
            self._steady += most
        self._out_below, self._limited_below = sorted(out_below), sorted(limited_below)
        self._wants_funders = sorted(wants_funders)
        for one in self._pledges:
            if one.part:
                one.weight = -(-one.part[0] * _WHOLE // one.part[1])
        self._left = _WHOLE  # What is left of the whole after the limited parts, or a hair less.

    def reached(self) -> Resolution:
        total = self._steady
        self._leave(
            index
            for funder, those in self._named.items()
            if funder not in self._per_funder
            for index in those
        )
        steps = 0
        while True:
            if self._settle(total):
                steps = 0
            if self._left > 0 and (meets := self._steady * _WHOLE // self._left) < total:
                total, steps = meets, 0
                continue
            given = self._steady + sum(
                weight * (numerator * total // denominator)
                for (numerator, denominator), weight in self._limited.items()
            )
            if given >= total:
                break
            steps += 1
            total = given if steps < _PATIENCE else self._solved(given)
        amounts = [self._amount(one, total) for one in self._pledges]
        return Resolution(amounts=dict(zip(self._ids, amounts, strict=True)), total=total)

    def _settle(self, total: int) -> bool:
        """Take out whoever cannot give at this total, and limit whose part of it is less than its most."""
        changed = False
        while self._out_below and self._out_below[-1][0] > total:
            changed |= self._leave([self._out_below.pop()[1]])
        while self._wants_funders and self._wants_funders[-1][0] > len(self._per_funder):
            changed |= self._leave([self._wants_funders.pop()[1]])
        while self._limited_below and self._limited_below[-1][0] > total:
            changed |= self._limit(self._pledges[self._limited_below.pop()[1]])
        return changed

    def _leave(self, indexes: Iterable[int]) -> bool:
        """Take pledges out, and with the last one of a funder those that wait for that funder."""
        leaving = [index for index in indexes if not self._pledges[index].is_out]
        changed = bool(leaving)
        while leaving:
            one = self._pledges[leaving.pop()]
            if one.is_out:
                continue
            one.is_out = True
            if one.part and one.is_limited:
                self._limited_changes(one.part, -1, one.weight)
            else:
                self._steady -= one.most
            self._per_funder[one.funder] -= 1
            if not self._per_funder[one.funder]:
                del self._per_funder[one.funder]
                leaving += self._named[one.funder]
        return changed

    def _limit(self, one: _Limited) -> bool:
        if one.is_out or not one.part:
            return False
        one.is_limited = True
        self._steady -= one.most
        self._limited_changes(one.part, 1, one.weight)
        return True

    def _limited_changes(self, part: Part, times: int, weight: int) -> None:
        self._limited[part] += times
        if not self._limited[part]:
            del self._limited[part]
        self._left -= times * weight
        self._solver = None

    def _solved(self, given: int) -> int:
        """Go down to the next total that rounded parts reach; who becomes limited or leaves on the way only lowers it."""
        if self._solver is None:
            self._solver = solver_for(dict(self._limited))
        found = self._solver.largest(self._steady, given)
        return given if found is None else found

    @staticmethod
    def _amount(one: _Limited, total: int) -> int:
        if one.is_out:
            return 0
        if one.part and one.is_limited:
            return one.part[0] * total // one.part[1]
        return one.most
