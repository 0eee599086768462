"""What a pledge depends on and how far a pool is, in sentences."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from app.funding.pool_view import SOMEBODY, PoolDetail, listed
from app.web.formats import day_in_words, plural
from events.contracts import PledgeConditions
from projections.amounts import money

MONEY_WORDS: Mapping[str, str] = {
    "promised": "promised",
    "confirmed": "confirmed: the money is there",
    "released": "released",
}


def conditions_in_words(conditions: PledgeConditions, names: Mapping[UUID, str]) -> list[str]:
    """Say each condition of a pledge as a sentence."""
    said = []
    if conditions.min_total is not None:
        said.append(f"Only if the pool comes to {money(conditions.min_total)} or more in all.")
    if conditions.min_funders is not None:
        said.append(f"Only if {plural(conditions.min_funders, 'funder', 'funders')} or more give.")
    if conditions.with_funders:
        funders = [names.get(one, SOMEBODY) for one in conditions.with_funders]
        said.append(f"Only if {listed(funders)} {'give' if len(funders) > 1 else 'gives'} too.")
    if conditions.max_share is not None:
        said.append(f"At most {percent(conditions.max_share)}% of the whole.")
    if conditions.match_ratio is not None:
        cap = f", at most {money(conditions.match_cap)}" if conditions.match_cap else ""
        times = Decimal(conditions.match_ratio).normalize()
        much = "As much as" if times == 1 else f"{times:f} times what"
        said.append(f"{much} the others give together{cap}.")
    if conditions.expires_at is not None:
        said.append(f"Only until {day_in_words(conditions.expires_at)}.")
    return said


def percent(share: str) -> str:
    """Write a share as per cent, without zeros at the end: "0.5" is "50"."""
    return f"{(Decimal(share) * 100).normalize():f}"


def status_in_words(pool: PoolDetail) -> str:
    """Say where a pool stands."""
    match pool.status:
        case "open":
            if pool.missing.amount_minor:
                total = pool.resolved_total
                so_far = f"{money(total)} come" if total.amount_minor else "Nothing comes"
                return f"{so_far} together so far; {money(pool.missing)} are missing to its target."
            return f"{money(pool.resolved_total)} come together: the target is reached."
        case "committed":
            when = "at its deadline" if pool.at_deadline else "when it reached its target"
            return f"{money(pool.committed_total)} are committed. The pool closed {when}."
        case "lapsed":
            return "It ended at its deadline without its minimum, and nobody owes anything."
        case _:
            return "It was called off, and nobody owes anything."
