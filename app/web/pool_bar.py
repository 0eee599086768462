"""A pool as a bar: each funder's part one after the other, what is held back behind them, and where the marks are.

Pure geometry in the units of the drawing; what it shows stands beside it in words.
"""

from collections.abc import Sequence

from msgspec import Struct

from app.funding.pool_view import PoolDetail

WIDTH, HEIGHT = 720, 64
BAR_TOP, BAR_HEIGHT = 8, 32
SHADES = 4
"""How many shades the parts take in turn, so that neighbours differ."""


class BarPart(Struct, frozen=True, kw_only=True):
    """A part of the bar: where it begins, how wide it is, and which shade it has; `held` is pledged but does not hold."""

    x: float
    width: float
    shade: int
    held: bool = False


class BarMark(Struct, frozen=True, kw_only=True):
    """A line across the bar, and the letter below it."""

    x: float
    letter: str


class PoolBar(Struct, frozen=True, kw_only=True):
    """The whole drawing."""

    parts: Sequence[BarPart]
    marks: Sequence[BarMark]
    width: int = WIDTH
    height: int = HEIGHT
    top: int = BAR_TOP
    bar_height: int = BAR_HEIGHT


def pool_bar(pool: PoolDetail) -> PoolBar:
    """Draw a pool: to scale with its ceiling or target, or with what was pledged where that is more."""
    name = "committed" if pool.status == "committed" else "resolved"
    giving = [getattr(pledge, name).amount_minor for pledge in pool.pledges]
    held = sum(
        pledge.amount.amount_minor - amount
        for pledge, amount in zip(pool.pledges, giving, strict=True)
        if pledge.counts and pool.status == "open"
    )
    ceiling = pool.ceiling.amount_minor if pool.ceiling else 0
    whole = max(ceiling, pool.target.amount_minor, sum(giving) + held, 1)

    def scaled(amount: int) -> float:
        return float(round(WIDTH * amount / whole, 1))

    parts, begin = [], 0
    for shade, amount in enumerate(giving):
        if amount:
            x = scaled(begin)
            parts.append(BarPart(x=x, width=max(1.0, scaled(begin + amount) - x), shade=shade % SHADES))
            begin += amount
    if held:
        parts.append(BarPart(x=scaled(begin), width=max(1.0, scaled(held)), shade=0, held=True))
    marks = [("M", pool.minimum.amount_minor), ("T", pool.target.amount_minor), ("C", ceiling)]
    return PoolBar(parts=parts, marks=[BarMark(x=scaled(at), letter=letter) for letter, at in marks if at])
