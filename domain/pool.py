"""A pool is opened for an idea, gathers pledges, commits or lapses or is cancelled, and pays out what it committed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from domain.decider import Command, Decider, DomainError
from domain.pool_gathering import (
    AbandonPledge,
    MakePledge,
    Open,
    PledgeCommand,
    RevisePledge,
    WithdrawPledge,
    gather,
    gathered,
    is_done,
    may_be_vetoed,
    require_before_deadline,
    resolution_of,
)
from domain.pool_payout import (
    ConfirmFunds,
    Payout,
    PayoutCommand,
    PlanMilestone,
    ReachMilestone,
    ReleaseTranche,
    paid_out,
    pay_out,
)
from domain.pool_terms import PoolTerms, require_sound
from events.contracts import (
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
    Money,
    PledgeAbandoned,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolEvent,
    PoolLapsed,
    PoolOpened,
    PoolReachedMinimum,
    PoolRevised,
    TrancheReleased,
)


class OpenPool(Command, frozen=True, kw_only=True):
    """Open a pool: as the idea's author, or for a funder that one acts for."""

    pool_id: UUID
    idea_id: UUID
    opened_by: UUID
    terms: PoolTerms
    idea_author_id: UUID
    idea_is_open: bool
    organisation_id: UUID | None = None


class RevisePool(Command, frozen=True, kw_only=True):
    """Ask for something else, as long as nobody has pledged."""

    terms: PoolTerms
    reason: str = ""


class SettlePool(Command, frozen=True, kw_only=True):
    """Commit or lapse if it is time; otherwise nothing happens."""


class CancelPool(Command, frozen=True, kw_only=True):
    """Call the pool off before it commits."""

    cancelled_by: UUID
    reason: str


PoolCommand: TypeAlias = OpenPool | RevisePool | SettlePool | CancelPool


class NotOpened(Struct, frozen=True):
    """No pool yet."""


class Committed(Struct, frozen=True, kw_only=True):
    """A pool whose pledges became commitments."""

    pool: Open
    payout: Payout


class Over(Struct, frozen=True, kw_only=True):
    """A pool that lapsed or was cancelled; all its pledges are released."""

    pool: Open
    was_cancelled: bool


PoolState: TypeAlias = NotOpened | Open | Committed | Over


AnyPoolCommand: TypeAlias = PoolCommand | PledgeCommand | PayoutCommand


class PoolUnknownError(DomainError):
    """There is no such pool."""


class PoolOpenedBeforeError(DomainError):
    """A pool is open for this idea already; pledge to that one."""


class IdeaTakesNoPoolError(DomainError):
    """This idea is not open, so no pool can be opened for it."""


class NotYoursToOpenError(DomainError):
    """A pool is opened by the author of the idea, or by a funder; name the organisation you act for."""


class PledgedToAlreadyError(DomainError):
    """Somebody has pledged to this pool, so what it asks for stays as it is; cancel it and open another."""


class PoolIsCommittedError(DomainError):
    """This pool has committed, so its pledges are binding."""


class PoolIsOverError(DomainError):
    """This pool has ended and its pledges are released; a new one can be opened for the idea."""


class PoolNotReadyError(DomainError):
    """This pool has neither reached its target for good nor come to its deadline with its minimum."""


class PoolNotCommittedError(DomainError):
    """This pool has not committed yet, so there is nothing to pay out."""


def decide(command: AnyPoolCommand, state: PoolState) -> Sequence[PoolEvent]:
    """Decide what a command about a pool causes."""
    match state:
        case NotOpened():
            return _decide_opening(command)
        case Open():
            return _decide_open(command, state)
        case Committed():
            return _decide_committed(command, state)
        case Over():
            return _decide_over(command, state)
        case _:
            assert_never(state)


def _decide_opening(command: AnyPoolCommand) -> Sequence[PoolEvent]:
    if not isinstance(command, OpenPool):
        raise PoolUnknownError
    if command.organisation_id is None and command.opened_by != command.idea_author_id:
        raise NotYoursToOpenError
    if not command.idea_is_open:
        raise IdeaTakesNoPoolError
    require_sound(command.terms, command.now)
    return [
        PoolOpened(
            pool_id=command.pool_id,
            idea_id=command.idea_id,
            opened_by=command.opened_by,
            organisation_id=command.organisation_id,
            **asdict(command.terms),
            occurred_at=command.now,
        )
    ]


def _decide_open(command: AnyPoolCommand, state: Open) -> Sequence[PoolEvent]:
    match command:
        case OpenPool():
            return _opened_again(command, state)
        case RevisePool():
            return _revise(command, state)
        case MakePledge() | RevisePledge() | WithdrawPledge() | AbandonPledge():
            return gather(command, state)
        case SettlePool():
            return _settle(command.now, state)
        case CancelPool():
            require_before_deadline(command.now, state)
            return [
                PoolCancelled(
                    pool_id=state.pool_id,
                    idea_id=state.idea_id,
                    cancelled_by=command.cancelled_by,
                    reason=command.reason,
                    occurred_at=command.now,
                )
            ]
        case ConfirmFunds() | PlanMilestone() | ReachMilestone() | ReleaseTranche():
            raise PoolNotCommittedError
        case _:
            assert_never(command)


def _opened_again(command: OpenPool, state: Open) -> Sequence[PoolEvent]:
    """Answer a repetition with nothing new; while one pool is open, there is no other for the idea."""
    same = (command.opened_by, command.organisation_id, command.terms)
    if same != (state.opened_by, state.organisation_id, state.terms):
        raise PoolOpenedBeforeError
    return []


def _revise(command: RevisePool, state: Open) -> Sequence[PoolEvent]:
    if command.terms == state.terms:
        return []
    require_before_deadline(command.now, state)
    if state.pledges:
        raise PledgedToAlreadyError
    require_sound(command.terms, command.now)
    return [
        PoolRevised(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            **asdict(command.terms),
            reason=command.reason,
            occurred_at=command.now,
        )
    ]


def _settle(now: datetime, state: Open) -> Sequence[PoolEvent]:
    """Commit at the target, or at the deadline from the minimum on.

    Whoever comes late to the deadline finds the pledges as they stood at it: those that expired since count.
    """
    terms = state.terms
    at_deadline = now >= terms.deadline
    outcome = resolution_of(state, now)
    if at_deadline and outcome.resolved_total < terms.minimum.amount_minor:
        return [
            PoolLapsed(
                pool_id=state.pool_id,
                idea_id=state.idea_id,
                resolution=outcome.pledges,
                resolved_total=Money(amount_minor=outcome.resolved_total, currency=terms.currency),
                occurred_at=now,
            )
        ]
    if not at_deadline and (
        outcome.resolved_total < terms.target.amount_minor or may_be_vetoed(state, outcome, now)
    ):
        return []
    return [
        PoolCommitted(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            resolution=outcome.pledges,
            resolved_total=Money(amount_minor=outcome.resolved_total, currency=terms.currency),
            committed_total=Money(amount_minor=outcome.committed_total, currency=terms.currency),
            at_deadline=at_deadline,
            occurred_at=now,
        )
    ]


def _decide_committed(command: AnyPoolCommand, state: Committed) -> Sequence[PoolEvent]:
    match command:
        case OpenPool():
            raise PoolOpenedBeforeError
        case ConfirmFunds() | PlanMilestone() | ReachMilestone() | ReleaseTranche():
            return pay_out(command, state.payout)
        case SettlePool():
            return []
        case MakePledge() | WithdrawPledge() if is_done(command, state.pool):
            return []
        case AbandonPledge():
            return []
        case _:
            raise PoolIsCommittedError


def _decide_over(command: AnyPoolCommand, state: Over) -> Sequence[PoolEvent]:
    match command:
        case OpenPool():
            raise PoolOpenedBeforeError
        case SettlePool() | AbandonPledge():
            return []
        case CancelPool() if state.was_cancelled:
            return []
        case WithdrawPledge() if is_done(command, state.pool):
            return []
        case _:
            raise PoolIsOverError


def evolve(state: PoolState, event: PoolEvent) -> PoolState:
    """Work out the pool after an event."""
    match event:
        case PoolOpened():
            return Open(
                pool_id=event.pool_id,
                idea_id=event.idea_id,
                opened_by=event.opened_by,
                organisation_id=event.organisation_id,
                terms=_terms(event),
            )
        case FundsConfirmed() | MilestonePlanned() | MilestoneReached() | TrancheReleased():
            if not isinstance(state, Committed):
                return state
            return replace(state, payout=paid_out(state.payout, event))
        case _:
            return _evolve_open(state, event) if isinstance(state, Open) else state


def _evolve_open(
    state: Open,
    event: PoolRevised
    | PledgeMade
    | PledgeRevised
    | PledgeWithdrawn
    | PledgeAbandoned
    | PoolReachedMinimum
    | PoolCommitted
    | PoolLapsed
    | PoolCancelled,
) -> PoolState:
    match event:
        case PoolRevised():
            return replace(state, terms=_terms(event))
        case PledgeMade() | PledgeRevised() | PledgeWithdrawn() | PledgeAbandoned():
            return gathered(state, event)
        case PoolReachedMinimum():
            return replace(state, has_reached_minimum=True)
        case PoolCommitted():
            return Committed(pool=state, payout=_payout(event))
        case PoolLapsed():
            return Over(pool=state, was_cancelled=False)
        case PoolCancelled():
            return Over(pool=state, was_cancelled=True)
        case _:
            assert_never(event)


def _terms(event: PoolOpened | PoolRevised) -> PoolTerms:
    return PoolTerms(
        minimum=event.minimum,
        target=event.target,
        deadline=event.deadline,
        ceiling=event.ceiling,
        counts_in_kind=event.counts_in_kind,
    )


def _payout(event: PoolCommitted) -> Payout:
    committed = [one for one in event.resolution if one.committed_minor > 0]
    amounts = {one.pledge_id: one.committed_minor for one in committed}
    return Payout(
        pool_id=event.pool_id,
        idea_id=event.idea_id,
        currency=event.committed_total.currency,
        funders={one.pledge_id: one.organisation_id for one in committed},
        committed=amounts,
        left=amounts,
    )


POOL: Decider[AnyPoolCommand, PoolState, PoolEvent] = Decider(decide, evolve, NotOpened())
