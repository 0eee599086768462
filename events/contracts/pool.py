"""Streams `pool-<id>`: the collaborative fund for one idea, with every pledge to it.

All money of a pool is in one stream and in one currency, so that what must hold for its sums holds by the stream's
version. Every event names the idea as well, so that what follows an idea need not know its pools.
"""

from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event, Money, TextOfPool, UTCDateTime

PledgeKind: TypeAlias = Literal["money", "in_kind"]
"""Money, or something else at a stated value, which counts only where the pool says so."""


class PledgeConditions(Struct, frozen=True, kw_only=True):
    """On what a pledge depends; all of it has to hold. Ratios are decimal strings such as "0.5"."""

    min_total: Money | None = None
    min_funders: int | None = None
    with_funders: tuple[UUID, ...] = ()
    max_share: str | None = None
    match_ratio: str | None = None
    match_cap: Money | None = None
    expires_at: UTCDateTime | None = None


class ResolvedPledge(Struct, frozen=True, kw_only=True):
    """What became of a pledge when its pool was resolved, in minor units of the pool's currency.

    `amount_minor` was pledged, `resolved_minor` is what its conditions allow given the others, `committed_minor`
    what remains of it under the ceiling; `binding` names the conditions that lowered it.
    """

    pledge_id: UUID
    organisation_id: UUID
    amount_minor: int
    resolved_minor: int
    committed_minor: int
    binding: tuple[str, ...] = ()


class TranchePart(Struct, frozen=True, kw_only=True):
    """What one commitment gives to a tranche, in minor units of the pool's currency."""

    pledge_id: UUID
    amount_minor: int


class PoolOpened(Event, frozen=True, kw_only=True):
    """A pool was opened for an idea, by its author or by a funder."""

    pool_id: UUID
    idea_id: UUID
    opened_by: UUID
    minimum: Money
    target: Money
    deadline: UTCDateTime
    organisation_id: UUID | None = None
    ceiling: Money | None = None
    counts_in_kind: bool = False


class PoolRevised(Event, frozen=True, kw_only=True):
    """A pool to which nobody has pledged yet asks for something else; the event carries all of it as it is now."""

    pool_id: UUID
    idea_id: UUID
    minimum: Money
    target: Money
    deadline: UTCDateTime
    ceiling: Money | None = None
    counts_in_kind: bool = False
    reason: TextOfPool = ""


class PledgeMade(Event, frozen=True, kw_only=True):
    """An organisation promised an amount, under its conditions.

    `made_by` is the person who did, or nobody where the organisation's mandate did by itself; such a pledge can be
    vetoed for a while, and until then the pool does not commit on it.
    """

    pool_id: UUID
    idea_id: UUID
    pledge_id: UUID
    organisation_id: UUID
    amount: Money
    made_by: UUID | None = None
    conditions: PledgeConditions = PledgeConditions()
    kind: PledgeKind = "money"
    description: TextOfPool = ""
    mandate_id: UUID | None = None
    vetoable_until: UTCDateTime | None = None


class PledgeRevised(Event, frozen=True, kw_only=True):
    """A pledge has this amount and these conditions from now on."""

    pool_id: UUID
    idea_id: UUID
    pledge_id: UUID
    organisation_id: UUID
    amount: Money
    conditions: PledgeConditions = PledgeConditions()
    description: TextOfPool = ""


class PledgeWithdrawn(Event, frozen=True, kw_only=True):
    """A pledge was taken back before the pool committed, or vetoed where a mandate had made it by itself."""

    pool_id: UUID
    idea_id: UUID
    pledge_id: UUID
    organisation_id: UUID
    reason: TextOfPool = ""
    vetoed: bool = False


class PledgeAbandoned(Event, frozen=True, kw_only=True):
    """A pledge for which a budget had been reserved never came, and cannot come any more."""

    pool_id: UUID
    idea_id: UUID
    pledge_id: UUID
    mandate_id: UUID


class PoolReachedMinimum(Event, frozen=True, kw_only=True):
    """What the pledges to a pool come to reached its minimum, for the first time.

    It says what was reached, not what is: a pledge can be taken back or expire after it. A pool says it once.
    """

    pool_id: UUID
    idea_id: UUID
    resolved_total: Money
    minimum: Money


class PoolCommitted(Event, frozen=True, kw_only=True):
    """The pool reached its target, or at its deadline its minimum: every pledge is a commitment of an exact amount."""

    pool_id: UUID
    idea_id: UUID
    resolution: tuple[ResolvedPledge, ...]
    resolved_total: Money
    committed_total: Money
    at_deadline: bool = False


class PoolLapsed(Event, frozen=True, kw_only=True):
    """The deadline came before the minimum was reached: every pledge is released."""

    pool_id: UUID
    idea_id: UUID
    resolution: tuple[ResolvedPledge, ...]
    resolved_total: Money


class PoolCancelled(Event, frozen=True, kw_only=True):
    """The pool was called off before it committed: every pledge is released."""

    pool_id: UUID
    idea_id: UUID
    cancelled_by: UUID
    reason: TextOfPool


class FundsConfirmed(Event, frozen=True, kw_only=True):
    """A funder confirmed that the money it committed is there."""

    pool_id: UUID
    idea_id: UUID
    pledge_id: UUID
    organisation_id: UUID
    confirmed_by: UUID
    document: str | None = None


class MilestonePlanned(Event, frozen=True, kw_only=True):
    """A part of the commitments is to be released when this is reached."""

    pool_id: UUID
    idea_id: UUID
    milestone_id: UUID
    title: TextOfPool
    amount: Money


class MilestoneReached(Event, frozen=True, kw_only=True):
    """What was to be reached is reached."""

    pool_id: UUID
    idea_id: UUID
    milestone_id: UUID
    reached_by: UUID
    link: str | None = None
    note: TextOfPool = ""


class TrancheReleased(Event, frozen=True, kw_only=True):
    """The part of the commitments that belongs to a milestone was released, from each commitment its share."""

    pool_id: UUID
    idea_id: UUID
    milestone_id: UUID
    released_by: UUID
    parts: tuple[TranchePart, ...]
    total: Money


PoolEvent: TypeAlias = (
    PoolOpened
    | PoolRevised
    | PledgeMade
    | PledgeRevised
    | PledgeWithdrawn
    | PledgeAbandoned
    | PoolReachedMinimum
    | PoolCommitted
    | PoolLapsed
    | PoolCancelled
    | FundsConfirmed
    | MilestonePlanned
    | MilestoneReached
    | TrancheReleased
)
