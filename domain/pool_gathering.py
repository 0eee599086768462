"""An open pool gathers pledges until its deadline: made, revised, withdrawn, or abandoned before they came."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from domain.decider import Command, DomainError
from domain.pool_resolution import ResolvedPool, resolved
from domain.pool_terms import PoolTerms, Promise, require_possible
from events.contracts import (
    Money,
    PledgeAbandoned,
    PledgeConditions,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolReachedMinimum,
)

PLEDGES_MAX = 1_000
"""The most pledges that a pool holds at a time, so that it can always be resolved at once."""


class MakePledge(Command, frozen=True, kw_only=True):
    """Promise an amount on conditions; `made_by` is nobody where a mandate does by itself."""

    promise: Promise
    made_by: UUID | None = None


class RevisePledge(Command, frozen=True, kw_only=True):
    """Promise another amount, or on other conditions."""

    pledge_id: UUID
    amount: Money
    conditions: PledgeConditions = PledgeConditions()
    description: str = ""


class WithdrawPledge(Command, frozen=True, kw_only=True):
    """Take a pledge back, or veto what a mandate promised by itself."""

    pledge_id: UUID
    reason: str = ""


class AbandonPledge(Command, frozen=True, kw_only=True):
    """Make sure that a pledge which never came does not come any more."""

    pledge_id: UUID
    mandate_id: UUID


PledgeCommand: TypeAlias = MakePledge | RevisePledge | WithdrawPledge | AbandonPledge
PledgeEvent: TypeAlias = PledgeMade | PledgeRevised | PledgeWithdrawn | PledgeAbandoned


class Open(Struct, frozen=True, kw_only=True):
    """A pool that gathers pledges; `gone` are the pledges that never come (back).

    `has_reached_minimum` says that its pledges came to its minimum once, whatever they come to now.
    """

    pool_id: UUID
    idea_id: UUID
    opened_by: UUID
    terms: PoolTerms
    organisation_id: UUID | None = None
    pledges: Mapping[UUID, Promise] = {}
    gone: frozenset[UUID] = frozenset()
    has_reached_minimum: bool = False


class DeadlinePassedError(DomainError):
    """The deadline of this pool has passed, so its pledges stay as they are."""


class PledgeUnknownError(DomainError):
    """There is no such pledge in this pool."""


class PledgeIsGoneError(DomainError):
    """This pledge was withdrawn and does not come back; make a new one."""


class PledgeMadeBeforeError(DomainError):
    """A pledge with this identifier was made before; revise it instead."""


class PledgedAlreadyError(DomainError):
    """This organisation has pledged to this pool already; revise that pledge instead."""


class BudgetPledgeRaisedError(DomainError):
    """This pledge has its amount set aside in a mandate's budget, so it can only be lowered; for more, withdraw it and make another."""


class TooManyPledgesError(DomainError):
    """A pool holds at most 1,000 pledges, and this one is full."""


def gather(command: PledgeCommand, state: Open) -> Sequence[PledgeEvent | PoolReachedMinimum]:
    """Decide what a command about a pledge causes in an open pool; the first to bring it to its minimum says so.

    What was done already is answered with nothing, whatever the time; all else ends with the deadline, so that
    whoever settles late finds the pledges that were there then.
    """
    if is_done(command, state):
        return []
    if isinstance(command, AbandonPledge):
        return _abandon(command, state)
    require_before_deadline(command.now, state)
    match command:
        case MakePledge():
            return _with_minimum(_pledge(command, state), state)
        case RevisePledge():
            return _with_minimum(_revise_pledge(command, state), state)
        case WithdrawPledge():
            return _withdraw(command, state)
        case _:
            assert_never(command)


def is_done(command: PledgeCommand, state: Open) -> bool:
    """Tell whether what a command wants is so already."""
    match command:
        case MakePledge(promise=promise):
            return state.pledges.get(promise.pledge_id) == promise
        case RevisePledge():
            return False
        case WithdrawPledge(pledge_id=pledge_id):
            return pledge_id in state.gone
        case AbandonPledge(pledge_id=pledge_id):
            return pledge_id in state.pledges or pledge_id in state.gone
        case _:
            assert_never(command)


def require_before_deadline(now: datetime, state: Open) -> None:
    """Require that the deadline is still to come; raises DeadlinePassedError."""
    if now >= state.terms.deadline:
        raise DeadlinePassedError


def _pledge(command: MakePledge, state: Open) -> Sequence[PledgeEvent]:
    promise = command.promise
    if promise.pledge_id in state.gone:
        raise PledgeIsGoneError
    if promise.pledge_id in state.pledges:
        raise PledgeMadeBeforeError
    if any(
        (one.organisation_id, one.kind) == (promise.organisation_id, promise.kind)
        for one in state.pledges.values()
    ):
        raise PledgedAlreadyError
    if len(state.pledges) >= PLEDGES_MAX:
        raise TooManyPledgesError
    require_possible(promise, state.terms, command.now)
    return [
        PledgeMade(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            made_by=command.made_by,
            **asdict(promise),
            occurred_at=command.now,
        )
    ]


def _revise_pledge(command: RevisePledge, state: Open) -> Sequence[PledgeEvent]:
    before = _promise(command.pledge_id, state)
    after = replace(
        before, amount=command.amount, conditions=command.conditions, description=command.description
    )
    if after == before:
        return []
    if after.mandate_id is not None and after.amount.amount_minor > before.amount.amount_minor:
        raise BudgetPledgeRaisedError
    require_possible(after, state.terms, command.now)
    return [
        PledgeRevised(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            pledge_id=before.pledge_id,
            organisation_id=before.organisation_id,
            amount=after.amount,
            conditions=after.conditions,
            description=after.description,
            occurred_at=command.now,
        )
    ]


def _withdraw(command: WithdrawPledge, state: Open) -> Sequence[PledgeEvent]:
    promise = _promise(command.pledge_id, state)
    return [
        PledgeWithdrawn(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            pledge_id=promise.pledge_id,
            organisation_id=promise.organisation_id,
            reason=command.reason,
            vetoed=is_vetoable(promise, command.now),
            occurred_at=command.now,
        )
    ]


def _with_minimum(events: Sequence[PledgeEvent], state: Open) -> Sequence[PledgeEvent | PoolReachedMinimum]:
    """Add that the pool comes to its minimum by these events, where it does so for the first time.

    Only a pledge that is made or revised can bring it there: without one, what pledges come to never grows.
    """
    if state.has_reached_minimum or not events:
        return events
    after, minimum = state, state.terms.minimum
    for event in events:
        after = gathered(after, event)
    # Resolving takes milliseconds where there are many pledges, and this says at once that they are too little.
    if sum(one.amount.amount_minor for one in after.pledges.values()) < minimum.amount_minor:
        return events
    now = events[-1].occurred_at
    total = resolution_of(after, now).resolved_total
    if total < minimum.amount_minor:
        return events
    reached = PoolReachedMinimum(
        pool_id=state.pool_id,
        idea_id=state.idea_id,
        resolved_total=replace(minimum, amount_minor=total),
        minimum=minimum,
        occurred_at=now,
    )
    return [*events, reached]


def _promise(pledge_id: UUID, state: Open) -> Promise:
    if (promise := state.pledges.get(pledge_id)) is None:
        raise PledgeIsGoneError if pledge_id in state.gone else PledgeUnknownError
    return promise


def is_vetoable(promise: Promise, now: datetime) -> bool:
    """Tell whether a pledge that a mandate made by itself can still be vetoed."""
    return promise.vetoable_until is not None and now < promise.vetoable_until


def _abandon(command: AbandonPledge, state: Open) -> Sequence[PledgeEvent]:
    return [
        PledgeAbandoned(
            pool_id=state.pool_id,
            idea_id=state.idea_id,
            pledge_id=command.pledge_id,
            mandate_id=command.mandate_id,
            occurred_at=command.now,
        )
    ]


def resolution_of(state: Open, now: datetime) -> ResolvedPool:
    """Resolve an open pool as it stands, or as it stood at its deadline."""
    return resolved(list(state.pledges.values()), state.terms, min(now, state.terms.deadline))


def may_be_vetoed(state: Open, outcome: ResolvedPool, now: datetime) -> bool:
    """Tell whether a pledge on which the outcome rests can still be vetoed."""
    return any(
        one.resolved_minor and is_vetoable(state.pledges[one.pledge_id], now) for one in outcome.pledges
    )


def gathered(state: Open, event: PledgeEvent) -> Open:
    """Work out an open pool after an event about a pledge."""
    match event:
        case PledgeMade():
            return replace(state, pledges={**state.pledges, event.pledge_id: promise_in(event)})
        case PledgeRevised():
            return _with_revised(state, event)
        case PledgeWithdrawn() | PledgeAbandoned():
            left = {id_: one for id_, one in state.pledges.items() if id_ != event.pledge_id}
            return replace(state, pledges=left, gone=state.gone | {event.pledge_id})
        case _:
            assert_never(event)


def promise_in(event: PledgeMade) -> Promise:
    """Give the pledge as it was made."""
    return Promise(
        pledge_id=event.pledge_id,
        organisation_id=event.organisation_id,
        amount=event.amount,
        conditions=event.conditions,
        kind=event.kind,
        description=event.description,
        mandate_id=event.mandate_id,
        vetoable_until=event.vetoable_until,
    )


def _with_revised(state: Open, event: PledgeRevised) -> Open:
    if (before := state.pledges.get(event.pledge_id)) is None:
        return state
    after = replace(before, amount=event.amount, conditions=event.conditions, description=event.description)
    return replace(state, pledges={**state.pledges, event.pledge_id: after})
