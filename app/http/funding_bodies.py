"""What requests about funding have in common: money, moments, and the conditions of a pledge."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias
from uuid import UUID

from msgspec import UnsetType, field

from app.http.bodies import AMOUNT_MAX, Body, described, fault
from app.http.problems import FieldProblem
from events.codes.currencies import is_currency
from events.contracts import Money, PledgeConditions, UTCDateTime
from projections.language import gettext as _

FUNDERS_MAX = 50
RATIO_MAX = 1_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

_RATIO = re.compile(r"[0-9]{1,4}(\.[0-9]{1,9})?")

RatioText: TypeAlias = Annotated[str, described("A decimal number as a text.", "0.5", max_length=14)]


class Amount(Body, frozen=True, kw_only=True):
    """Money, in integer minor units (pence, cents) of an ISO 4217 currency."""

    amount_minor: Annotated[
        int, described("In minor units, such as pence.", 1840000, minimum=1, maximum=AMOUNT_MAX)
    ]
    currency: Annotated[str, described("A code of ISO 4217.", "GBP", min_length=3, max_length=3)]

    @property
    def money(self) -> Money:
        """Give it as the domain has it."""
        return Money(amount_minor=self.amount_minor, currency=self.currency)


class Conditions(Body, frozen=True, kw_only=True):
    """On what a pledge depends; all that is named has to hold. Shares and ratios are decimal numbers as texts."""

    min_total: Amount | None = None
    min_funders: Annotated[
        int | None, described("So many funders at least.", 3, minimum=1, maximum=FUNDERS_MAX)
    ] = None
    with_funders: Annotated[
        list[UUID], described("Organisations that have to be in it.", [], max_items=FUNDERS_MAX)
    ] = field(default_factory=list)
    max_share: RatioText | None = None
    match_ratio: RatioText | None = None
    match_cap: Amount | None = None
    expires_at: UTCDateTime | None = None

    @property
    def conditions(self) -> PledgeConditions:
        """Give them as events have them."""
        return PledgeConditions(
            min_total=self.min_total.money if self.min_total else None,
            min_funders=self.min_funders,
            with_funders=tuple(self.with_funders),
            max_share=self.max_share,
            match_ratio=self.match_ratio,
            match_cap=self.match_cap.money if self.match_cap else None,
            expires_at=self.expires_at.astimezone(UTC) if self.expires_at else None,
        )


def amount_faults(
    path: str, amount: Amount | UnsetType | None, currency: str | None = None
) -> Iterator[FieldProblem]:
    """List what is wrong with money; `currency` is the one it must be in, if there is one."""
    if not isinstance(amount, Amount):
        return
    if not 0 < amount.amount_minor <= AMOUNT_MAX:
        yield fault(
            f"{path}.amount_minor",
            _("Give an amount from 1 to %(most)s in minor units.", most=str(AMOUNT_MAX)),
        )
    if not is_currency(amount.currency):
        yield fault(f"{path}.currency", _("Give the code of an ISO 4217 currency, such as GBP."))
    elif currency is not None and amount.currency != currency:
        yield fault(
            f"{path}.currency",
            _("All of its money is in one currency; use %(currency)s here too.", currency=currency),
        )


def moment_faults(path: str, moment: datetime | UnsetType | None) -> Iterator[FieldProblem]:
    """List what is wrong with a time."""
    if isinstance(moment, datetime) and not EARLIEST <= moment < LATEST:
        yield fault(path, _("Give a time between the years 2000 and 2100."))


def condition_faults(
    path: str, conditions: Conditions | UnsetType, currency: str | None = None
) -> Iterator[FieldProblem]:
    """List what is wrong with conditions, those that can never hold included."""
    if not isinstance(conditions, Conditions):
        return
    yield from amount_faults(f"{path}.min_total", conditions.min_total, currency)
    yield from amount_faults(f"{path}.match_cap", conditions.match_cap, currency)
    yield from moment_faults(f"{path}.expires_at", conditions.expires_at)
    if conditions.min_funders is not None and not 0 < conditions.min_funders <= FUNDERS_MAX:
        yield fault(
            f"{path}.min_funders", _("Give a number of funders from 1 to %(most)s.", most=FUNDERS_MAX)
        )
    if len(conditions.with_funders) > FUNDERS_MAX:
        yield fault(f"{path}.with_funders", _("At most %(most)s are allowed.", most=FUNDERS_MAX))
    elif len(set(conditions.with_funders)) < len(conditions.with_funders):
        yield fault(f"{path}.with_funders", _("Name each funder once."))
    yield from _ratio_faults(f"{path}.max_share", conditions.max_share, lambda share: 0 < share <= 1, "0.5")
    yield from _ratio_faults(
        f"{path}.match_ratio", conditions.match_ratio, lambda ratio: 0 < ratio <= RATIO_MAX, "1"
    )
    if conditions.match_cap is not None and conditions.match_ratio is None:
        yield fault(f"{path}.match_ratio", _("Say how much of what the others give is matched, such as 1."))


def _ratio_faults(
    path: str, ratio: str | None, fits: Callable[[Decimal], bool], example: str
) -> Iterator[FieldProblem]:
    if ratio is None:
        return
    if not _RATIO.fullmatch(ratio) or not fits(Decimal(ratio)):
        most = 1 if path.endswith("share") else RATIO_MAX
        sentence = _(
            "Give a decimal number above 0 and at most %(most)s as a text, such as %(example)s.",
            most=most,
            example=example,
        )
        yield fault(path, sentence)
