"""Resolving a pool as one would by hand: lower each pledge to what the others allow until nothing moves.

The same greatest fixed point, by another way that shares no code with `domain.pledge_resolution`. Two
capped pledges can take as many rounds as there are pence, so it stops at a number of rounds.
"""

from collections.abc import Sequence

from domain.pledge_resolution import ConditionalPledge


class TooManyRoundsError(Exception):
    """The pledges still moved after all rounds that were granted."""


def resolve_naively(pledges: Sequence[ConditionalPledge], *, rounds_max: int) -> dict[str, int]:
    """Give every pledge's amount; raises TooManyRoundsError."""
    amounts = {pledge.id: pledge.amount for pledge in pledges}
    for _ in range(rounds_max):
        before = dict(amounts)
        for pledge in pledges:
            amounts[pledge.id] = min(amounts[pledge.id], _allowed(pledge, pledges, amounts))
        if amounts == before:
            return amounts
    raise TooManyRoundsError


def _allowed(pledge: ConditionalPledge, pledges: Sequence[ConditionalPledge], amounts: dict[str, int]) -> int:
    others = sum(amounts.values()) - amounts[pledge.id]
    allowed = pledge.amount
    if pledge.max_share is not None and pledge.max_share < 1:
        p, q = pledge.max_share.numerator, pledge.max_share.denominator
        allowed = min(allowed, p * others // (q - p))
    if pledge.match_ratio is not None:
        allowed = min(allowed, pledge.match_ratio.numerator * others // pledge.match_ratio.denominator)
    if pledge.match_cap is not None:
        allowed = min(allowed, pledge.match_cap)
    giving = {other.funder for other in pledges if other.id != pledge.id and amounts[other.id] > 0}
    giving.add(pledge.funder)
    holds = (
        others + allowed >= (pledge.min_total or 0)
        and len(giving) >= (pledge.min_funders or 0)
        and giving.issuperset(pledge.with_funders)
    )
    return allowed if holds else 0
