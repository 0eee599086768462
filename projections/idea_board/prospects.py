"""What an idea still lacks, and how much is still to be found: from its needs, the offers for it, and its pools."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from events.connections import Connection
from events.contracts import (
    AnyEvent,
    IdeaLogged,
    IdeaRevised,
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    OfferRevised,
    OfferWithdrawn,
    PledgeMade,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent


async def follow_prospects(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Take in what changes the prospects of ideas, and work them out anew; votes change none."""
    changed: set[UUID] = set()
    for event in events:
        match event.data:
            case IdeaLogged(idea_id=idea_id) | IdeaRevised(idea_id=idea_id):
                changed.add(idea_id)
            case data if (change := _change(data)) is not None:
                name, *arguments = change
                await connection.execute(statement(_HERE, str(name)), *arguments)
                changed.add(data.idea_id)  # type: ignore[union-attr]  # What changes prospects is about an idea.
            case _:
                pass
    if changed:
        await connection.execute(statement(_HERE, "save_prospects"), sorted(changed))


def _change(event: AnyEvent) -> tuple[object, ...] | None:
    """Give the statement that takes an event in, with its arguments; nothing where there is none."""
    match event:
        case NeedAdded(cost=cost) | NeedRevised(cost=cost):
            amount, currency = (cost.amount_minor, cost.currency) if cost else (None, None)
            return ("save_need", event.idea_id, event.need_id, amount, currency)
        case NeedRemoved():
            return ("remove_need", event.idea_id, event.need_id)
        case OfferMade() | OfferRevised():
            return ("save_offer", event.idea_id, event.offer_id, list(event.needs))
        case OfferAccepted(standing=standing):
            return ("choose_offer", event.idea_id, event.offer_id, standing == "chosen")
        case OfferDeclined() | OfferWithdrawn():
            return ("choose_offer", event.idea_id, event.offer_id, False)
        case _:
            return _change_of_money(event)


def _change_of_money(event: AnyEvent) -> tuple[object, ...] | None:
    match event:
        # What is given in kind is no money to be found; where it counts, it is in what the pool commits.
        case PledgeMade(kind="money", amount=amount):
            pledge_id = event.pledge_id
        case PledgeRevised(amount=amount):
            return (
                "revise_money",
                event.idea_id,
                event.pool_id,
                event.pledge_id,
                amount.amount_minor,
                amount.currency,
            )
        case PledgeWithdrawn():
            return ("remove_money", event.idea_id, event.pool_id, event.pledge_id)
        case PoolCommitted(committed_total=total):
            return ("commit_money", event.idea_id, event.pool_id, total.amount_minor, total.currency)
        case PoolLapsed() | PoolCancelled():
            return ("remove_money", event.idea_id, event.pool_id, None)
        case _:
            return None
    return ("save_money", event.idea_id, event.pool_id, pledge_id, amount.amount_minor, amount.currency)
