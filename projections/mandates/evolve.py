"""How the mandates and their budgets follow the log."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from uuid import UUID

import msgspec

from events.codes import places, themes
from events.connections import Connection
from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    MandateClosed,
    MandatePaused,
    MandatePublished,
    MandateResumed,
    MandateRevised,
    PoolCommitted,
)
from events.envelope import RecordedEvent
from projections.mandates.within import within_place, within_theme
from projections.statements import statement

_HERE = Path(__file__).parent
_STATEMENT = (
    *("title", "terms", "themes", "places", "stages", "ticket_min", "ticket_max", "budget", "opens_at"),
    *("closes_at", "mode", "thresholds", "conditions", "veto_hours"),
)
"""The fields of an event that say what a mandate is open to."""
_NOT_CLOSED = (None, None, False)


class Mandates:
    """The mandates as a projection."""

    name = "mandates"
    version = 2
    tables = ("mandates", "revisions", "reservations")
    types = frozenset(
        contract.__name__
        for contract in (
            MandatePublished,
            MandateRevised,
            MandatePaused,
            MandateResumed,
            MandateClosed,
            BudgetReserved,
            BudgetReleased,
            PoolCommitted,
        )
    )
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Apply one event after the other: they are few, and each changes a row or two."""
        for event in events:
            await _apply(connection, event)


async def _apply(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case MandatePublished() as said:
            origin = (said.organisation_id, said.published_by, said.occurred_at, event.position)
            await connection.execute(statement(_HERE, "publish"), *_columns(said), *origin)
            await _keep(connection, event, said, 1, "")
        case MandateRevised(revision=revision, reason=reason) as said:
            await connection.execute(statement(_HERE, "revise"), *_columns(said), revision, event.position)
            await _keep(connection, event, said, revision, reason)
        case MandatePaused(mandate_id=mandate_id):
            await _set_state(connection, event, mandate_id, "paused", *_NOT_CLOSED)
        case MandateResumed(mandate_id=mandate_id):
            await _set_state(connection, event, mandate_id, "open", *_NOT_CLOSED)
        case MandateClosed(mandate_id=mandate_id, occurred_at=at, reason=reason, expired=expired):
            await _set_state(connection, event, mandate_id, "closed", at, reason, expired)
        case BudgetReserved(amount=amount) as moved:
            await _reserve(connection, event, moved, amount.amount_minor)
        case BudgetReleased(amount=amount) as moved:
            await _reserve(connection, event, moved, -amount.amount_minor)
        case PoolCommitted(resolution=resolution):
            await connection.execute(
                statement(_HERE, "commit"),
                [pledge.pledge_id for pledge in resolution],
                [pledge.committed_minor for pledge in resolution],
                event.position,
            )
        case _:
            return


def _columns(said: MandatePublished | MandateRevised) -> tuple[object, ...]:
    """Give what a mandate says as the columns of its row."""
    within = {
        *(within_theme(code) for code in chain(*map(themes.with_ancestors, said.themes))),
        *(within_place(code) for code in chain(*map(places.with_ancestors, said.places))),
    }
    return (
        *(said.mandate_id, said.title, said.terms),
        *(list(said.themes), list(said.places), sorted(within), list(said.stages)),
        said.budget.currency,
        *(said.ticket_min.amount_minor, said.ticket_max.amount_minor, said.budget.amount_minor),
        *(said.opens_at, said.closes_at, said.mode),
        *(msgspec.json.encode(said.thresholds).decode(), msgspec.json.encode(said.conditions).decode()),
        said.veto_hours,
    )


async def _keep(
    connection: Connection,
    event: RecordedEvent,
    said: MandatePublished | MandateRevised,
    revision: int,
    reason: str,
) -> None:
    whole = {name: getattr(said, name) for name in _STATEMENT}
    await connection.execute(
        statement(_HERE, "save_revision"),
        *(said.mandate_id, revision, msgspec.json.encode(whole).decode(), reason),
        *(event.metadata.actor, said.occurred_at, event.position),
    )


async def _set_state(
    connection: Connection, event: RecordedEvent, mandate_id: UUID, *columns: object
) -> None:
    """Set the state, and of a closed one when, why, and whether time did it."""
    await connection.execute(statement(_HERE, "set_state"), mandate_id, *columns, event.position)


async def _reserve(
    connection: Connection, event: RecordedEvent, moved: BudgetReserved | BudgetReleased, minor: int
) -> None:
    await connection.execute(
        statement(_HERE, "reserve"), moved.mandate_id, moved.pledge_id, moved.pool_id, minor
    )
    await connection.execute(statement(_HERE, "count_reserved"), moved.mandate_id, minor, event.position)
