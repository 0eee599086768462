"""Pools as they are drawn for the properties of their resolution, and what it means to satisfy everybody."""

from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from domain.pledge_resolution import ConditionalPledge


def pledge(id_: str, amount: int, funder: str | None = None, **conditions: object) -> ConditionalPledge:
    """Name a pledge; its funder bears the same name unless another is said, ratios may be texts."""
    for ratio in ("max_share", "match_ratio"):
        if ratio in conditions:
            conditions[ratio] = Fraction(conditions[ratio])
    return ConditionalPledge(id=id_, funder=funder or id_, amount=amount, **conditions)


def pledges(*, size: int, amounts: int, denominators: tuple[int, ...] = (2, 3, 4, 10)) -> st.SearchStrategy:
    """Draw a pool of up to so many pledges with amounts up to so much, each with any conditions."""

    def ratios(most: int):
        return st.sampled_from(denominators).flatmap(
            lambda denominator: st.integers(0, most * denominator).map(lambda n: Fraction(n, denominator))
        )

    funders = [f"F{n}" for n in range(max(2, size - 1))]

    def one(number: int) -> st.SearchStrategy:
        return st.builds(
            ConditionalPledge,
            id=st.just(f"p{number}"),
            funder=st.sampled_from(funders),
            amount=st.integers(0, amounts),
            min_total=st.none() | st.integers(0, size * amounts // 2),
            min_funders=st.none() | st.integers(0, size),
            with_funders=st.just(()) | st.lists(st.sampled_from(funders), max_size=2).map(tuple),
            max_share=st.none() | ratios(1),
            match_ratio=st.none() | ratios(2),
            match_cap=st.none() | st.integers(0, amounts),
        )

    return st.integers(0, size).flatmap(lambda count: st.tuples(*map(one, range(count)))).map(list)


def satisfied(pool: list[ConditionalPledge], amounts: tuple[int, ...]) -> bool:
    """Tell whether nobody gives more than its amount and conditions allow with these amounts: the rules in words."""
    total = sum(amounts)
    giving = {one.funder for one, amount in zip(pool, amounts, strict=True) if amount > 0}
    for one, amount in zip(pool, amounts, strict=True):
        if amount == 0:
            continue
        if not (
            amount <= one.amount
            and total >= (one.min_total or 0)
            and len(giving) >= (one.min_funders or 0)
            and giving.issuperset(one.with_funders)
            and (one.max_share is None or amount <= one.max_share * total)
            and (one.match_ratio is None or amount <= one.match_ratio * (total - amount))
            and (one.match_cap is None or amount <= one.match_cap)
        ):
            return False
    return True


def greatest_by_trying(pool: list[ConditionalPledge]) -> dict[str, int]:
    """Try all amounts there are: the largest of each pledge among those that satisfy everybody."""
    best = [0] * len(pool)
    for amounts in product(*(range(one.amount + 1) for one in pool)):
        if any(amount > most for amount, most in zip(amounts, best, strict=True)) and satisfied(
            pool, amounts
        ):
            best = [max(pair) for pair in zip(best, amounts, strict=True)]
    assert satisfied(pool, tuple(best)), "the largest of each satisfy everybody together"
    return {one.id: amount for one, amount in zip(pool, best, strict=True)}
