"""How mandates and what funders were told of follow the log: event by event, for they are few."""

from collections.abc import Sequence
from pathlib import Path

from events.codes import places
from events.connections import Connection
from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    MandateClosed,
    MandateMatched,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent

ANY = "*"
"""Stands for any theme, place or stage among the keys of a mandate."""

MANDATE_TYPES = frozenset(
    kind.__name__
    for kind in (
        MandatePublished,
        MandateRevised,
        MandatePaused,
        MandateResumed,
        MandateClosed,
        BudgetReserved,
        BudgetReleased,
        MandateMatched,
    )
)


async def apply_to_mandates(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Apply what happened to mandates, and note what funders were told."""
    told = [event for event in events if isinstance(event.data, MandateMatched)]
    if told:
        await connection.executemany(statement(_HERE, "save_alert"), [_alert(event) for event in told])
    for event in events:
        match event.data:
            case MandatePublished() | MandateRevised():
                await connection.execute(
                    statement(_HERE, "save_mandate"), *_mandate(event.data), event.position
                )
            case MandatePaused(mandate_id=mandate_id):
                await connection.execute(statement(_HERE, "set_status"), mandate_id, "paused", event.position)
            case MandateResumed(mandate_id=mandate_id):
                await connection.execute(statement(_HERE, "set_status"), mandate_id, "open", event.position)
            case MandateClosed(mandate_id=mandate_id):
                await connection.execute(statement(_HERE, "set_status"), mandate_id, "closed", event.position)
            case BudgetReserved(mandate_id=mandate_id, amount=amount):
                await connection.execute(
                    statement(_HERE, "change_reserved"), mandate_id, amount.amount_minor, None
                )
            case BudgetReleased(mandate_id=mandate_id, amount=amount):
                await connection.execute(
                    statement(_HERE, "change_reserved"), mandate_id, -amount.amount_minor, event.position
                )
            case _:
                pass


def _alert(event: RecordedEvent) -> tuple[object, ...]:
    match event.data:
        case MandateMatched() as matched:
            return (
                matched.mandate_id,
                matched.idea_id,
                matched.revision,
                matched.score,
                matched.occurred_at,
                event.position,
            )
        case _:
            raise AssertionError("Picked by the caller.")


def _mandate(said: MandatePublished | MandateRevised) -> tuple[object, ...]:
    around = sorted({code for place in said.places for code in places.with_ancestors(place)})
    return (
        said.mandate_id,
        said.organisation_id,
        said.title,
        said.revision if isinstance(said, MandateRevised) else 1,
        list(said.themes),
        list(said.places),
        list(said.stages),
        list(said.themes) or [ANY],
        list(said.places) or [ANY],
        around or [ANY],
        list(said.stages) or [ANY],
        said.budget.currency,
        said.ticket_min.amount_minor,
        said.ticket_max.amount_minor,
        said.budget.amount_minor,
        said.opens_at,
        said.closes_at,
        said.mode,
        said.thresholds.verified_votes,
        said.thresholds.covered_percent,
        said.thresholds.live_pool,
        said.occurred_at,
    )
