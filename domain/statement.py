"""What a funder states beforehand that it is open to co-fund, and what makes such a statement sound.

Whether themes, places and currencies are published codes is checked where they come in; here is what must hold
between the parts of a statement, and between one revision and the next.
"""

from datetime import datetime

from msgspec import Struct

from domain.decider import DomainError
from events.contracts import FundableStage, MandateMode, Money, PledgeConditions, Thresholds

AMOUNT_MINOR_MAX = 10**13
"""The most minor units that money of a mandate can have: what sums of it stay far from the end of any integer."""

PERCENT_MAX = 100
VETO_HOURS_MAX = 24 * 30


class Statement(Struct, frozen=True, kw_only=True):
    """What a funder is open to: for which ideas, with how much each and in all, when, and on which terms.

    No theme, place or stage named means any. `conditions` are those of the pledges made under it, and `thresholds`
    what an idea must have reached before the mandate pledges by itself.
    """

    title: str
    ticket_min: Money
    ticket_max: Money
    budget: Money
    opens_at: datetime
    closes_at: datetime
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[FundableStage, ...] = ()
    terms: str = ""
    mode: MandateMode = "notify"
    thresholds: Thresholds = Thresholds()
    conditions: PledgeConditions = PledgeConditions()
    veto_hours: int = 24


class MandateAmountError(DomainError):
    """An amount must be more than nothing, and at most 10,000,000,000,000 minor units."""


class MixedCurrenciesError(DomainError):
    """All money of a mandate is in one currency; use that of its budget."""


class TicketRangeError(DomainError):
    """The smallest amount for one idea is more than the largest; swap them or change one."""


class TicketOverBudgetError(DomainError):
    """One idea could get more than the whole budget; lower the largest amount or raise the budget."""


class MandateWindowError(DomainError):
    """A mandate must close after it opens, and in the future; choose a later end."""


class ThresholdsError(DomainError):
    """Votes cannot be fewer than none, and covered needs are between 0 and 100 percent."""


class VetoHoursError(DomainError):
    """The time to veto is between 0 and 720 hours."""


def require_sound(statement: Statement, now: datetime) -> None:
    """Refuse a statement that contradicts itself.

    Raises:
        DomainError: which of its parts does not go with another, and what to do.
    """
    currency = statement.budget.currency
    conditions = statement.conditions
    amounts = [statement.ticket_min, statement.ticket_max, statement.budget]
    amounts += [money for money in (conditions.min_total, conditions.match_cap) if money is not None]
    for money in amounts:
        require_amount(money, currency)
    if statement.ticket_min.amount_minor > statement.ticket_max.amount_minor:
        raise TicketRangeError
    if statement.ticket_max.amount_minor > statement.budget.amount_minor:
        raise TicketOverBudgetError
    if statement.closes_at <= max(statement.opens_at, now):
        raise MandateWindowError
    thresholds = statement.thresholds
    if thresholds.verified_votes < 0 or not 0 <= thresholds.covered_percent <= PERCENT_MAX:
        raise ThresholdsError
    if not 0 <= statement.veto_hours <= VETO_HOURS_MAX:
        raise VetoHoursError


def require_amount(money: Money, currency: str) -> None:
    """Refuse money that is none, too much to count, or of another currency.

    Raises:
        MixedCurrenciesError: it is of another currency.
        MandateAmountError: it is nothing, less than nothing, or more than we count.
    """
    if money.currency != currency:
        raise MixedCurrenciesError
    if not 0 < money.amount_minor <= AMOUNT_MINOR_MAX:
        raise MandateAmountError
