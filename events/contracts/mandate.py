"""Streams `mandate-<id>`: what a funder said beforehand that it is open to co-fund, and what is left of its budget."""

from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event, Money, TextOfMandate, UTCDateTime
from events.contracts.pool import PledgeConditions

MandateMode: TypeAlias = Literal["notify", "pledge"]
"""Tell the funder of what fits, or pledge by itself."""

FundableStage: TypeAlias = Literal["logged", "supported", "shaping", "funding"]
"""A stage at which an idea can still be co-funded."""


class Thresholds(Struct, frozen=True, kw_only=True):
    """What an idea must have reached before a mandate pledges by itself.

    So many verified votes, so many percent of its needs covered, and an open pool if `live_pool`.
    """

    verified_votes: int = 0
    covered_percent: int = 0
    live_pool: bool = False


class MandatePublished(Event, frozen=True, kw_only=True):
    """A funder published what it is open to; no theme, place or stage named means any.

    A ticket is what it gives to one idea, from `ticket_min` to `ticket_max`; all tickets together stay within
    `budget`. `conditions` are those of the pledges made under it, which can be vetoed for `veto_hours` where the
    mandate makes them by itself.
    """

    mandate_id: UUID
    organisation_id: UUID
    published_by: UUID
    title: TextOfMandate
    ticket_min: Money
    ticket_max: Money
    budget: Money
    opens_at: UTCDateTime
    closes_at: UTCDateTime
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[FundableStage, ...] = ()
    terms: TextOfMandate = ""
    mode: MandateMode = "notify"
    thresholds: Thresholds = Thresholds()
    conditions: PledgeConditions = PledgeConditions()
    veto_hours: int = 24


class MandateRevised(Event, frozen=True, kw_only=True):
    """A mandate says this from now on; past matches stay as they were. The first revision has number 2."""

    mandate_id: UUID
    organisation_id: UUID
    revision: int
    title: TextOfMandate
    ticket_min: Money
    ticket_max: Money
    budget: Money
    opens_at: UTCDateTime
    closes_at: UTCDateTime
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[FundableStage, ...] = ()
    terms: TextOfMandate = ""
    mode: MandateMode = "notify"
    thresholds: Thresholds = Thresholds()
    conditions: PledgeConditions = PledgeConditions()
    veto_hours: int = 24
    reason: TextOfMandate = ""


class MandatePaused(Event, frozen=True, kw_only=True):
    """A mandate matches nothing and pledges nothing until it is resumed."""

    mandate_id: UUID
    reason: TextOfMandate = ""


class MandateResumed(Event, frozen=True, kw_only=True):
    """A paused mandate is open again."""

    mandate_id: UUID
    reason: TextOfMandate = ""


class MandateClosed(Event, frozen=True, kw_only=True):
    """A mandate came to its end: its funder closed it, or its window is over."""

    mandate_id: UUID
    reason: TextOfMandate = ""
    expired: bool = False


class BudgetReserved(Event, frozen=True, kw_only=True):
    """So much more of the budget is set aside for a pledge."""

    mandate_id: UUID
    pledge_id: UUID
    pool_id: UUID
    amount: Money


class BudgetReleased(Event, frozen=True, kw_only=True):
    """So much of what was set aside for a pledge is free again."""

    mandate_id: UUID
    pledge_id: UUID
    pool_id: UUID
    amount: Money


MandateEvent: TypeAlias = (
    MandatePublished
    | MandateRevised
    | MandatePaused
    | MandateResumed
    | MandateClosed
    | BudgetReserved
    | BudgetReleased
)
