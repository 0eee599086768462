"""A mandate is published by a funder, revised, paused and resumed, backs pledges with its budget, and closes or expires."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from domain.decider import Command, Decider, DomainError
from domain.statement import Statement, require_amount, require_sound
from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    MandateClosed,
    MandateEvent,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    Money,
)


class PublishMandate(Command, frozen=True, kw_only=True):
    """Publish what an organisation is open to co-fund."""

    mandate_id: UUID
    organisation_id: UUID
    person_id: UUID
    statement: Statement


class ReviseMandate(Command, frozen=True, kw_only=True):
    """Replace what the mandate says; what matched before stays as it was."""

    mandate_id: UUID
    statement: Statement
    reason: str = ""


class PauseMandate(Command, frozen=True, kw_only=True):
    """Let the mandate match and pledge nothing for now."""

    mandate_id: UUID
    reason: str = ""


class ResumeMandate(Command, frozen=True, kw_only=True):
    """Open a paused mandate again."""

    mandate_id: UUID
    reason: str = ""


class CloseMandate(Command, frozen=True, kw_only=True):
    """End the mandate before its window is over; what was reserved stays reserved."""

    mandate_id: UUID
    reason: str = ""


class ExpireMandate(Command, frozen=True, kw_only=True):
    """Note that the mandate's window is over, if it is."""

    mandate_id: UUID


class ReserveBudget(Command, frozen=True, kw_only=True):
    """Set at least this much of the budget aside for a pledge."""

    mandate_id: UUID
    pledge_id: UUID
    pool_id: UUID
    amount: Money


class ReleaseBudget(Command, frozen=True, kw_only=True):
    """Keep no more than this set aside for a pledge, in minor units of the budget's currency."""

    mandate_id: UUID
    pledge_id: UUID
    keep_minor: int


MandateCommand: TypeAlias = (
    PublishMandate
    | ReviseMandate
    | PauseMandate
    | ResumeMandate
    | CloseMandate
    | ExpireMandate
    | ReserveBudget
    | ReleaseBudget
)


class Reservation(Struct, frozen=True, kw_only=True):
    """What is set aside for a pledge to a pool, in minor units of the budget's currency."""

    pool_id: UUID
    amount_minor: int


class Unpublished(Struct, frozen=True):
    """No mandate yet."""


class Open(Struct, frozen=True, kw_only=True):
    """A mandate within or before its window, and what is set aside of its budget for which pledge."""

    mandate_id: UUID
    organisation_id: UUID
    published_by: UUID
    statement: Statement
    revision: int = 1
    reservations: Mapping[UUID, Reservation] = {}

    @property
    def reserved_minor(self) -> int:
        """Add up what is set aside."""
        return sum(reservation.amount_minor for reservation in self.reservations.values())

    @property
    def left(self) -> Money:
        """Tell how much of the budget can still be set aside."""
        budget = self.statement.budget
        return replace(budget, amount_minor=budget.amount_minor - self.reserved_minor)


class Paused(Struct, frozen=True, kw_only=True):
    """A mandate that backs nothing new until it is resumed."""

    mandate: Open


class Closed(Struct, frozen=True, kw_only=True):
    """A mandate that came to its end; what it set aside still stands."""

    mandate: Open


MandateState: TypeAlias = Unpublished | Open | Paused | Closed


class MandateUnknownError(DomainError):
    """There is no such mandate."""


class MandatePublishedBeforeError(DomainError):
    """A mandate with this identifier was published before."""


class MandateIsPausedError(DomainError):
    """This mandate is paused; resume it first."""


class MandateIsClosedError(DomainError):
    """This mandate is closed; publish a new one."""


class MandateHasExpiredError(DomainError):
    """The window of this mandate is over; publish a new one."""


class MandateNotOpenYetError(DomainError):
    """This mandate is not open yet; wait until it opens, or revise when it does."""


class OverBudgetError(DomainError):
    """This is more than is left of the mandate's budget; pledge less, or raise the budget."""


class BudgetUnderReservedError(DomainError):
    """More than that is set aside for pledges already; the budget cannot be lower."""


class BudgetCurrencyError(DomainError):
    """A mandate keeps its currency; publish another one in the other currency."""


class ReservedForAnotherPoolError(DomainError):
    """This pledge has money set aside for another pool."""


def decide(command: MandateCommand, state: MandateState) -> Sequence[MandateEvent]:
    """Decide what a command about a mandate causes."""
    match state:
        case Unpublished():
            return _decide_publishing(command)
        case Open():
            return _decide_published(command, state, state)
        case Paused(mandate=mandate) | Closed(mandate=mandate):
            return _decide_published(command, mandate, state)
        case _:
            assert_never(state)


def _decide_publishing(command: MandateCommand) -> Sequence[MandateEvent]:
    if not isinstance(command, PublishMandate):
        raise MandateUnknownError
    require_sound(command.statement, command.now)
    return [
        MandatePublished(
            mandate_id=command.mandate_id,
            organisation_id=command.organisation_id,
            published_by=command.person_id,
            occurred_at=command.now,
            **asdict(command.statement),
        )
    ]


def _decide_published(
    command: MandateCommand, mandate: Open, state: Open | Paused | Closed
) -> Sequence[MandateEvent]:
    # What is so already causes nothing, even where it could no longer be made so.
    match command:
        case PublishMandate():
            published = (mandate.organisation_id, mandate.published_by)
            if published != (command.organisation_id, command.person_id):
                raise MandatePublishedBeforeError
            return []
        case ReviseMandate():
            return _decide_revising(command, mandate, state)
        case PauseMandate(reason=reason, now=now):
            if isinstance(state, Paused):
                return []
            _require_running(mandate, state, now)
            return [MandatePaused(mandate_id=mandate.mandate_id, reason=reason, occurred_at=now)]
        case ResumeMandate(reason=reason, now=now):
            if isinstance(state, Open):
                return []
            _require_running(mandate, state, now)
            return [MandateResumed(mandate_id=mandate.mandate_id, reason=reason, occurred_at=now)]
        case CloseMandate(reason=reason, now=now):
            return [] if isinstance(state, Closed) else [_closed(mandate, now, reason)]
        case ExpireMandate(now=now):
            is_due = not isinstance(state, Closed) and has_expired(mandate.statement, now)
            return [_closed(mandate, now)] if is_due else []
        case ReserveBudget():
            return _decide_reserving(command, mandate, state)
        case ReleaseBudget():
            return _decide_releasing(command, mandate)
        case _:
            assert_never(command)


def _closed(mandate: Open, now: datetime, reason: str = "") -> MandateClosed:
    expired = has_expired(mandate.statement, now)
    return MandateClosed(mandate_id=mandate.mandate_id, reason=reason, expired=expired, occurred_at=now)


def _decide_revising(
    command: ReviseMandate, mandate: Open, state: Open | Paused | Closed
) -> Sequence[MandateEvent]:
    statement = command.statement
    if statement == mandate.statement:
        return []
    _require_running(mandate, state, command.now)
    require_sound(statement, command.now)
    if statement.budget.currency != mandate.statement.budget.currency:
        raise BudgetCurrencyError
    if statement.budget.amount_minor < mandate.reserved_minor:
        raise BudgetUnderReservedError
    return [
        MandateRevised(
            mandate_id=mandate.mandate_id,
            organisation_id=mandate.organisation_id,
            revision=mandate.revision + 1,
            reason=command.reason,
            occurred_at=command.now,
            **asdict(statement),
        )
    ]


def _decide_reserving(
    command: ReserveBudget, mandate: Open, state: Open | Paused | Closed
) -> Sequence[MandateEvent]:
    amount, present = command.amount, mandate.reservations.get(command.pledge_id)
    require_amount(amount, mandate.statement.budget.currency)
    if present is not None and present.pool_id != command.pool_id:
        raise ReservedForAnotherPoolError
    missing = amount.amount_minor - (present.amount_minor if present else 0)
    if missing <= 0:
        return []
    _require_running(mandate, state, command.now)
    if isinstance(state, Paused):
        raise MandateIsPausedError
    if command.now < mandate.statement.opens_at:
        raise MandateNotOpenYetError
    if missing > mandate.left.amount_minor:
        raise OverBudgetError
    return [
        BudgetReserved(
            mandate_id=mandate.mandate_id,
            pledge_id=command.pledge_id,
            pool_id=command.pool_id,
            amount=replace(amount, amount_minor=missing),
            occurred_at=command.now,
        )
    ]


def _decide_releasing(command: ReleaseBudget, mandate: Open) -> Sequence[MandateEvent]:
    present = mandate.reservations.get(command.pledge_id)
    released = present.amount_minor - max(0, command.keep_minor) if present else 0
    if present is None or released <= 0:
        return []
    return [
        BudgetReleased(
            mandate_id=mandate.mandate_id,
            pledge_id=command.pledge_id,
            pool_id=present.pool_id,
            amount=replace(mandate.statement.budget, amount_minor=released),
            occurred_at=command.now,
        )
    ]


def has_expired(statement: Statement, now: datetime) -> bool:
    """Tell whether the window is over, whether or not that was noted already."""
    return now >= statement.closes_at


def _require_running(mandate: Open, state: Open | Paused | Closed, now: datetime) -> None:
    if isinstance(state, Closed):
        raise MandateIsClosedError
    if has_expired(mandate.statement, now):
        raise MandateHasExpiredError


def evolve(state: MandateState, event: MandateEvent) -> MandateState:
    """Work out the mandate after an event."""
    if isinstance(event, MandatePublished):
        return Open(
            mandate_id=event.mandate_id,
            organisation_id=event.organisation_id,
            published_by=event.published_by,
            statement=_statement(event),
        )
    match state:
        case Unpublished():
            return state
        case Open():
            return _evolve_published(state, state, event)
        case Paused(mandate=mandate) | Closed(mandate=mandate):
            return _evolve_published(state, mandate, event)
        case _:
            assert_never(state)


def _evolve_published(
    state: Open | Paused | Closed,
    mandate: Open,
    event: MandateRevised | MandatePaused | MandateResumed | MandateClosed | BudgetReserved | BudgetReleased,
) -> MandateState:
    match event:
        case MandateRevised(revision=revision):
            return _with(state, replace(mandate, statement=_statement(event), revision=revision))
        case MandatePaused():
            return Paused(mandate=mandate)
        case MandateResumed():
            return mandate
        case MandateClosed():
            return Closed(mandate=mandate)
        case BudgetReserved(pledge_id=pledge_id, pool_id=pool_id, amount=amount):
            return _with(state, _reserving(mandate, pledge_id, pool_id, amount.amount_minor))
        case BudgetReleased(pledge_id=pledge_id, pool_id=pool_id, amount=amount):
            return _with(state, _reserving(mandate, pledge_id, pool_id, -amount.amount_minor))
        case _:
            assert_never(event)


def _reserving(mandate: Open, pledge_id: UUID, pool_id: UUID, more: int) -> Open:
    present = mandate.reservations.get(pledge_id)
    amount = (present.amount_minor if present else 0) + more
    others = {key: kept for key, kept in mandate.reservations.items() if key != pledge_id}
    if amount > 0:
        others[pledge_id] = Reservation(pool_id=pool_id, amount_minor=amount)
    return replace(mandate, reservations=others)


def _with(state: Open | Paused | Closed, mandate: Open) -> MandateState:
    return mandate if isinstance(state, Open) else replace(state, mandate=mandate)


def _statement(event: MandatePublished | MandateRevised) -> Statement:
    return Statement(**{name: getattr(event, name) for name in Statement.__struct_fields__})


MANDATE: Decider[MandateCommand, MandateState, MandateEvent] = Decider(decide, evolve, Unpublished())
