"""What a pool asks for, what a pledge to it promises, and which of both can never hold and is said at once."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from msgspec import Struct

from domain.decider import DomainError
from domain.pledge_resolution import NotARatioError, ratio_of
from events.codes.currencies import is_currency
from events.contracts import Money, PledgeConditions, PledgeKind

AMOUNT_MAX = 10**15
"""The largest amount in minor units: ten trillion pounds, and a thousand of them still fit the database's integers."""

NAMED_MAX = 50
"""The most funders that one pledge can wait for by name."""

RATIO_MAX = 1_000

_DECIMALS = 10_000


class PoolTerms(Struct, frozen=True, kw_only=True):
    """What has to come together by when.

    At `target` the pool commits at once, at `deadline` from `minimum` on; what is above `ceiling` is not taken.
    """

    minimum: Money
    target: Money
    deadline: datetime
    ceiling: Money | None = None
    counts_in_kind: bool = False

    @property
    def currency(self) -> str:
        """Give the currency of all money of the pool."""
        return self.target.currency


class Promise(Struct, frozen=True, kw_only=True):
    """A pledge as it stands: how much of what, and on which conditions."""

    pledge_id: UUID
    organisation_id: UUID
    amount: Money
    conditions: PledgeConditions = PledgeConditions()
    kind: PledgeKind = "money"
    description: str = ""
    mandate_id: UUID | None = None
    vetoable_until: datetime | None = None


class AmountError(DomainError):
    """An amount is a whole number of minor units above zero, and at most 1,000,000,000,000,000 of them."""


class UnknownCurrencyError(DomainError):
    """A currency is a code of ISO 4217 such as GBP."""


class MixedCurrenciesError(DomainError):
    """All amounts of a pool are in one currency; give this one in the pool's."""


class TargetUnderMinimumError(DomainError):
    """The target is at least the minimum; raise the target or lower the minimum."""


class CeilingUnderTargetError(DomainError):
    """The ceiling is at least the target; raise the ceiling or lower the target."""


class DeadlineInThePastError(DomainError):
    """The deadline is over already; give one that is still to come."""


class TotalAboveCeilingError(DomainError):
    """This pledge waits for more than the pool's ceiling, so it could never hold; lower its minimum total."""


class NoFunderWantedError(DomainError):
    """A pledge can wait for one funder or more; leave the number out if it waits for none."""


class WaitsForItselfError(DomainError):
    """A pledge waits for other funders by name; leave its own out."""


class TooManyNamedError(DomainError):
    """A pledge can wait for at most 50 funders by name; ask for a number of funders instead."""


class ShareError(DomainError):
    """A share is above 0 and at most 1 with at most four decimals, such as "0.25"; with 0 nothing could ever be given."""


class MatchRatioError(DomainError):
    """A match is above 0 and at most 1000 with at most four decimals, such as "1.5"; with 0 nothing could ever be given."""


class CapWithoutMatchError(DomainError):
    """A cap belongs to a match; give the ratio as well, or a smaller amount instead of the cap."""


class ExpiredAlreadyError(DomainError):
    """This pledge would have expired already; give a moment that is still to come."""


def require_sound(terms: PoolTerms, now: datetime) -> None:
    """Require that a pool can come together at all; raises DomainError."""
    if not is_currency(terms.currency):
        raise UnknownCurrencyError
    for amount in (terms.minimum, terms.target, terms.ceiling):
        if amount is not None:
            require_amount(amount, terms.currency)
    if terms.target.amount_minor < terms.minimum.amount_minor:
        raise TargetUnderMinimumError
    if terms.ceiling is not None and terms.ceiling.amount_minor < terms.target.amount_minor:
        raise CeilingUnderTargetError
    if terms.deadline <= now:
        raise DeadlineInThePastError


def require_possible(promise: Promise, terms: PoolTerms, now: datetime) -> None:
    """Require that a pledge's conditions can hold in this pool, whatever the others do; raises DomainError."""
    conditions = promise.conditions
    require_amount(promise.amount, terms.currency)
    if conditions.min_total is not None:
        require_amount(conditions.min_total, terms.currency)
        if terms.ceiling is not None and conditions.min_total.amount_minor > terms.ceiling.amount_minor:
            raise TotalAboveCeilingError
    if conditions.min_funders is not None and conditions.min_funders < 1:
        raise NoFunderWantedError
    if promise.organisation_id in conditions.with_funders:
        raise WaitsForItselfError
    if len(conditions.with_funders) > NAMED_MAX:
        raise TooManyNamedError
    if conditions.max_share is not None and not 0 < _ratio(conditions.max_share, ShareError) <= 1:
        raise ShareError
    if conditions.match_ratio is not None:
        if not 0 < _ratio(conditions.match_ratio, MatchRatioError) <= RATIO_MAX:
            raise MatchRatioError
    elif conditions.match_cap is not None:
        raise CapWithoutMatchError
    if conditions.match_cap is not None:
        require_amount(conditions.match_cap, terms.currency)
    if conditions.expires_at is not None and conditions.expires_at <= now:
        raise ExpiredAlreadyError


def require_amount(amount: Money, currency: str) -> None:
    """Require an amount that can be given, in the pool's currency; raises DomainError."""
    if amount.currency != currency:
        raise MixedCurrenciesError
    if not 0 < amount.amount_minor <= AMOUNT_MAX:
        raise AmountError


def _ratio(text: str, error: type[DomainError]) -> Fraction:
    """Read a ratio with at most four decimals: with finer ones pools could take long to resolve, see decision 0026."""
    try:
        ratio = ratio_of(text)
    except NotARatioError as wrong:
        raise error from wrong
    if _DECIMALS % ratio.denominator:
        raise error
    return ratio
