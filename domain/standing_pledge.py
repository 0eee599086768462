"""What a mandate pledges by itself: from which thresholds on, and how much of what a pool still lacks."""

from msgspec import Struct

from domain.mandate import Open
from events.contracts import Money, Thresholds


class Reached(Struct, frozen=True, kw_only=True):
    """What an idea with an open pool has reached: its verified votes, and how many percent of its needs are covered."""

    verified_votes: int
    covered_percent: int


def has_crossed(thresholds: Thresholds, reached: Reached) -> bool:
    """Tell whether an idea with an open pool has all that a mandate asks for before it pledges by itself."""
    return (
        reached.verified_votes >= thresholds.verified_votes
        and reached.covered_percent >= thresholds.covered_percent
    )


def standing_amount(mandate: Open, lacking_minor: int, set_aside_minor: int = 0) -> Money | None:
    """Work out what a mandate gives to a pool that lacks so much to its target; nothing where it cannot.

    It is what is lacking, but no less than the smallest ticket, and no more than the largest and what is left of the
    budget. `set_aside_minor` was set aside for this pledge before and counts as left.
    """
    statement = mandate.statement
    least, most = statement.ticket_min.amount_minor, statement.ticket_max.amount_minor
    amount = min(max(lacking_minor, least), most, mandate.left.amount_minor + set_aside_minor)
    if lacking_minor <= 0 or amount < least:
        return None
    return Money(amount_minor=amount, currency=statement.budget.currency)
