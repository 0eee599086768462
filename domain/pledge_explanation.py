"""Why a resolved pledge is not given in full, what would change that, and what one more pledge would unlock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec import Struct

from domain.pledge_resolution import ConditionalPledge, Resolution, resolve

Condition: TypeAlias = Literal[
    "min_total", "min_funders", "with_funders", "max_share", "match_ratio", "match_cap"
]


class Binding(Struct, frozen=True, kw_only=True):
    """A condition that lowers a pledge, and what the others would have to do for it to lower nothing.

    `more` is how much more they would have to give, in minor units; `funders` how many more of them would have
    to; `waits_for` names those who would have to. All are empty where nothing that others do can help: the
    pledge's own condition ends it there.
    """

    condition: Condition
    more: int | None = None
    funders: int | None = None
    waits_for: tuple[str, ...] = ()


class Unlocked(Struct, frozen=True, kw_only=True):
    """What a pool comes to without and with one more pledge, and what the others' pledges gain by it."""

    before: Resolution
    after: Resolution
    gains: Mapping[str, int]

    @property
    def gain(self) -> int:
        """Give what the others' pledges gain together."""
        return sum(self.gains.values())


def explain(
    pledges: Sequence[ConditionalPledge], resolution: Resolution
) -> Mapping[str, tuple[Binding, ...]]:
    """Say for each pledge which conditions lower it, given what all the others are resolved to."""
    amounts = resolution.amounts
    giving = Counter(pledge.funder for pledge in pledges if amounts[pledge.id] > 0)
    return {
        pledge.id: tuple(_bindings(pledge, resolution, giving)) if amounts[pledge.id] < pledge.amount else ()
        for pledge in pledges
    }


def _bindings(pledge: ConditionalPledge, resolution: Resolution, giving: Counter[str]) -> list[Binding]:
    others = resolution.total - resolution.amounts[pledge.id]
    limits = _limits(pledge, others)
    allowed = min((limit for limit, _ in limits), default=pledge.amount)
    bindings = []
    if pledge.min_total is not None and (more := pledge.min_total - others - allowed) > 0:
        bindings.append(Binding(condition="min_total", more=more))
    if pledge.min_funders is not None:
        missing = pledge.min_funders - len(giving.keys() | {pledge.funder})
        if missing > 0:
            bindings.append(Binding(condition="min_funders", funders=missing))
    if waits_for := tuple(
        funder for funder in pledge.with_funders if funder != pledge.funder and not giving[funder]
    ):
        bindings.append(Binding(condition="with_funders", waits_for=waits_for))
    return bindings + [binding for limit, binding in limits if limit == allowed]


def _limits(pledge: ConditionalPledge, others: int) -> list[tuple[int, Binding]]:
    """Give each limit that is below the pledge's amount, and what it is lowered by."""
    most = pledge.most
    limits = []
    if (share := pledge.max_share) is not None and share < 1:
        limit = int(share * others / (1 - share))
        if limit < most:
            needed = None if share == 0 else _up((1 - share) / share * most) - others
            limits.append((limit, Binding(condition="max_share", more=needed)))
    if (ratio := pledge.match_ratio) is not None:
        limit = int(ratio * others)
        if limit < most:
            needed = None if ratio == 0 else _up(most / ratio) - others
            limits.append((limit, Binding(condition="match_ratio", more=needed)))
    if most < pledge.amount:
        limits.append((most, Binding(condition="match_cap")))
    return limits


def unlocked_by(pledges: Sequence[ConditionalPledge], another: ConditionalPledge) -> Unlocked:
    """Resolve a pool without and with one more pledge; one with the same id is replaced, as in a revision."""
    others = [pledge for pledge in pledges if pledge.id != another.id]
    before, after = resolve(pledges), resolve([*others, another])
    return Unlocked(
        before=before,
        after=after,
        gains={
            pledge.id: gain
            for pledge in others
            if (gain := after.amounts[pledge.id] - before.amounts[pledge.id])
        },
    )


def _up(fraction: Fraction) -> int:
    return -(-fraction.numerator // fraction.denominator)
