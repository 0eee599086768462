"""How a committed pool pays out: money is promised, confirmed to be there, and released by milestone in tranches."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, DomainError
from domain.pledge_resolution import shared_out
from domain.pool_terms import require_amount
from events.contracts import (
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
    Money,
    TranchePart,
    TrancheReleased,
)

MILESTONES_MAX = 50


class ConfirmFunds(Command, frozen=True, kw_only=True):
    """Confirm that the money one committed is there, with a link to a document if there is one."""

    pledge_id: UUID
    confirmed_by: UUID
    document: str | None = None


class PlanMilestone(Command, frozen=True, kw_only=True):
    """Say what a part of the commitments is released for."""

    milestone_id: UUID
    title: str
    amount: Money


class ReachMilestone(Command, frozen=True, kw_only=True):
    """Say that what was planned is reached."""

    milestone_id: UUID
    reached_by: UUID
    link: str | None = None
    note: str = ""


class ReleaseTranche(Command, frozen=True, kw_only=True):
    """Release the part of the commitments that belongs to a milestone."""

    milestone_id: UUID
    released_by: UUID


PayoutCommand: TypeAlias = ConfirmFunds | PlanMilestone | ReachMilestone | ReleaseTranche
PayoutEvent: TypeAlias = FundsConfirmed | MilestonePlanned | MilestoneReached | TrancheReleased


class Milestone(Struct, frozen=True, kw_only=True):
    """What a part of the commitments is released for, and how far it is."""

    title: str
    amount: int
    is_reached: bool = False
    is_released: bool = False


class Payout(Struct, frozen=True, kw_only=True):
    """The commitments of a pool by pledge, in minor units, what is confirmed of them and what of each is left to pay."""

    pool_id: UUID
    idea_id: UUID
    currency: str
    funders: Mapping[UUID, UUID] = {}
    committed: Mapping[UUID, int] = {}
    left: Mapping[UUID, int] = {}
    confirmed: frozenset[UUID] = frozenset()
    milestones: Mapping[UUID, Milestone] = {}

    @property
    def unplanned(self) -> int:
        """Give how much of the commitments no milestone speaks for yet."""
        waiting = sum(one.amount for one in self.milestones.values() if not one.is_released)
        return sum(self.left.values()) - waiting


class NotCommittedError(DomainError):
    """This pledge came to nothing when the pool committed, so there is no money to confirm."""


class MilestoneUnknownError(DomainError):
    """There is no such milestone in this pool; plan it first."""


class MilestonePlannedBeforeError(DomainError):
    """A milestone with this identifier was planned with another title or amount."""


class TooManyMilestonesError(DomainError):
    """A pool has at most 50 milestones; plan fewer and larger ones."""


class MoreThanCommittedError(DomainError):
    """All milestones together cannot take more than what was committed; lower this amount."""


class NotReachedError(DomainError):
    """The money for a milestone is released when it is reached, and this one is not yet."""


class NotConfirmedError(DomainError):
    """Every funder has to confirm that its money is there before a part of it is released."""


def pay_out(command: PayoutCommand, payout: Payout) -> Sequence[PayoutEvent]:
    """Decide what a command about a committed pool causes."""
    match command:
        case ConfirmFunds():
            return _confirm(command, payout)
        case PlanMilestone():
            return _plan(command, payout)
        case ReachMilestone():
            if _milestone(command.milestone_id, payout).is_reached:
                return []
            return [
                MilestoneReached(
                    pool_id=payout.pool_id,
                    idea_id=payout.idea_id,
                    milestone_id=command.milestone_id,
                    reached_by=command.reached_by,
                    link=command.link,
                    note=command.note,
                    occurred_at=command.now,
                )
            ]
        case ReleaseTranche():
            return _release(command, payout)
        case _:
            assert_never(command)


def _confirm(command: ConfirmFunds, payout: Payout) -> Sequence[PayoutEvent]:
    if command.pledge_id in payout.confirmed:
        return []
    if command.pledge_id not in payout.left:
        raise NotCommittedError
    return [
        FundsConfirmed(
            pool_id=payout.pool_id,
            idea_id=payout.idea_id,
            pledge_id=command.pledge_id,
            organisation_id=payout.funders[command.pledge_id],
            confirmed_by=command.confirmed_by,
            document=command.document,
            occurred_at=command.now,
        )
    ]


def _plan(command: PlanMilestone, payout: Payout) -> Sequence[PayoutEvent]:
    require_amount(command.amount, payout.currency)
    if (planned := payout.milestones.get(command.milestone_id)) is not None:
        if (planned.title, planned.amount) != (command.title, command.amount.amount_minor):
            raise MilestonePlannedBeforeError
        return []
    if len(payout.milestones) >= MILESTONES_MAX:
        raise TooManyMilestonesError
    if command.amount.amount_minor > payout.unplanned:
        raise MoreThanCommittedError
    return [
        MilestonePlanned(
            pool_id=payout.pool_id,
            idea_id=payout.idea_id,
            milestone_id=command.milestone_id,
            title=command.title,
            amount=command.amount,
            occurred_at=command.now,
        )
    ]


def _release(command: ReleaseTranche, payout: Payout) -> Sequence[PayoutEvent]:
    """Share a tranche out in proportion to what is left of each commitment: no part is more than that.

    The last tranche takes all that is left, so tranches add up to the commitments to the penny.
    """
    milestone = _milestone(command.milestone_id, payout)
    if milestone.is_released:
        return []
    if not milestone.is_reached:
        raise NotReachedError
    if not payout.confirmed.issuperset(payout.left):
        raise NotConfirmedError
    parts = shared_out(milestone.amount, {str(id_): amount for id_, amount in payout.left.items()})
    return [
        TrancheReleased(
            pool_id=payout.pool_id,
            idea_id=payout.idea_id,
            milestone_id=command.milestone_id,
            released_by=command.released_by,
            parts=tuple(
                TranchePart(pledge_id=UUID(id_), amount_minor=part) for id_, part in parts.items() if part
            ),
            total=Money(amount_minor=milestone.amount, currency=payout.currency),
            occurred_at=command.now,
        )
    ]


def _milestone(milestone_id: UUID, payout: Payout) -> Milestone:
    if (milestone := payout.milestones.get(milestone_id)) is None:
        raise MilestoneUnknownError
    return milestone


def paid_out(payout: Payout, event: PayoutEvent) -> Payout:
    """Work out how far a committed pool is after an event."""
    match event:
        case FundsConfirmed():
            return replace(payout, confirmed=payout.confirmed | {event.pledge_id})
        case MilestonePlanned():
            planned = Milestone(title=event.title, amount=event.amount.amount_minor)
            return replace(payout, milestones={**payout.milestones, event.milestone_id: planned})
        case MilestoneReached():
            return _with_milestone(payout, event.milestone_id, is_reached=True)
        case TrancheReleased():
            released = {part.pledge_id: part.amount_minor for part in event.parts}
            left = {id_: amount - released.get(id_, 0) for id_, amount in payout.left.items()}
            return _with_milestone(replace(payout, left=left), event.milestone_id, is_released=True)
        case _:
            assert_never(event)


def _with_milestone(payout: Payout, milestone_id: UUID, **changes: bool) -> Payout:
    if (milestone := payout.milestones.get(milestone_id)) is None:
        return payout
    return replace(payout, milestones={**payout.milestones, milestone_id: replace(milestone, **changes)})
