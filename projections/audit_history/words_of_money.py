"""What happens to money, in words, for people who were not there."""

from typing import assert_never

from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    FundsConfirmed,
    MandateClosed,
    MandateEvent,
    MandateMatched,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    MilestonePlanned,
    MilestoneReached,
    PastGrantRecorded,
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
from projections.amounts import money
from projections.language import gettext as _


def of_grant(event: PastGrantRecorded) -> str:
    """Say what was given."""
    facts = {
        "funder": event.funder_name,
        "amount": money(event.amount),
        "year": str(event.occurred_at.year),
    }
    if event.to_individual:
        return _("%(funder)s gave %(amount)s to a person in %(year)s.", **facts)
    if not event.recipient_name:
        return _("%(funder)s gave %(amount)s to an organisation in %(year)s.", **facts)
    return _(
        "%(funder)s gave %(amount)s to %(recipient)s in %(year)s.", recipient=event.recipient_name, **facts
    )


def of_mandate(event: MandateEvent | MandateMatched, label: str, who: str, *, is_named: bool) -> str:
    """Say what happened to what a funder is open to; `who` is the funder, which `is_named` or not."""
    match event:
        case MandatePublished(title=title, budget=budget):
            return _(
                "%(who)s said what it is open to fund: “%(mandate)s”, %(amount)s in all.",
                who=who,
                mandate=title,
                amount=money(budget),
            )
        case MandateRevised(title=title):
            return _("%(who)s revised what it is open to fund: “%(mandate)s”.", who=who, mandate=title)
        case MandatePaused():
            return _("“%(mandate)s” was paused.", mandate=label)
        case MandateResumed():
            return _("“%(mandate)s” was resumed.", mandate=label)
        case MandateClosed(expired=expired):
            if expired:
                return _("“%(mandate)s” came to the end of its time.", mandate=label)
            return _("“%(mandate)s” was closed.", mandate=label)
        case BudgetReserved(amount=amount):
            return _(
                "%(amount)s of “%(mandate)s” were set aside for a pledge.",
                amount=money(amount),
                mandate=label,
            )
        case BudgetReleased(amount=amount):
            return _(
                "%(amount)s of “%(mandate)s” that were set aside are free again.",
                amount=money(amount),
                mandate=label,
            )
        case MandateMatched():
            if is_named:
                return _("An idea fits what %(organisation)s is open to fund.", organisation=who)
            return _("An idea fits what an organisation is open to fund.")
        case _:
            assert_never(event)


def of_pool(event: PoolEvent, who: str) -> str:
    """Say what happened to a pool; `who` pledges to it."""
    match event:
        case PoolOpened(target=target):
            return _("A pool was opened: %(amount)s are wanted.", amount=money(target))
        case PoolRevised(target=target):
            return _("The pool was revised: %(amount)s are wanted.", amount=money(target))
        case PledgeMade() | PledgeRevised() | PledgeWithdrawn() | PledgeAbandoned() | FundsConfirmed():
            return _of_pledge(event, who)
        case PoolReachedMinimum(minimum=minimum):
            return _("The pool came to its minimum of %(amount)s.", amount=money(minimum))
        case PoolCommitted(committed_total=total):
            return _("The pool closed: %(amount)s is committed.", amount=money(total))
        case PoolLapsed(resolved_total=total):
            return _(
                "The pool ended without its minimum: %(amount)s were pledged, and nobody owes anything.",
                amount=money(total),
            )
        case PoolCancelled():
            return _("The pool was called off.")
        case MilestonePlanned(title=title, amount=amount):
            return _(
                "A step was planned: “%(step)s”, which releases %(amount)s.", step=title, amount=money(amount)
            )
        case MilestoneReached():
            return _("A step was reached.")
        case TrancheReleased(total=total):
            return _("%(amount)s were released.", amount=money(total))
        case _:
            assert_never(event)


def _of_pledge(
    event: PledgeMade | PledgeRevised | PledgeWithdrawn | PledgeAbandoned | FundsConfirmed, who: str
) -> str:
    match event:
        case PledgeMade(amount=amount, mandate_id=mandate_id, made_by=made_by):
            if mandate_id and made_by is None:
                return _(
                    "%(who)s pledged %(amount)s, as it had said beforehand.", who=who, amount=money(amount)
                )
            return _("%(who)s pledged %(amount)s.", who=who, amount=money(amount))
        case PledgeRevised(amount=amount):
            return _("%(who)s changed its pledge: %(amount)s.", who=who, amount=money(amount))
        case PledgeWithdrawn(vetoed=vetoed):
            if vetoed:
                return _("%(who)s stopped a pledge made for it.", who=who)
            return _("%(who)s took back its pledge.", who=who)
        case PledgeAbandoned():
            return _("A pledge that was prepared did not come.")
        case FundsConfirmed():
            return _("%(who)s confirmed that its money is there.", who=who)
        case _:
            assert_never(event)
