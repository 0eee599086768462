"""How pools, their pledges and what becomes of them follow the log."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import msgspec

from events.connections import Connection
from events.contracts import (
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
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
    ResolvedPledge,
    TrancheReleased,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent


class Pools:
    """Pools as a projection."""

    name = "pools"
    version = 1
    tables = ("pools", "pledges", "milestones", "tranche_parts")
    types = frozenset(contract.__name__ for contract in get_args(PoolEvent))
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Apply one event after the other: they are few, and each changes a row or two."""
        for event in events:
            await _apply(connection, event)


async def _apply(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case PoolOpened() as opened:
            await _open(connection, opened, event)
            return
        case PoolRevised() as revised:
            await connection.execute(statement(_HERE, "revise_pool"), revised.pool_id, *_terms(revised))
        case PledgeMade() | PledgeRevised() | PledgeWithdrawn() as pledge:
            await _pledge(connection, pledge, event.position)
            await connection.execute(statement(_HERE, "promised"), pledge.pool_id)
        case PoolCommitted() | PoolLapsed() | PoolCancelled() as ended:
            await _end(connection, ended, event.position)
        case FundsConfirmed() as confirmed:
            await connection.execute(
                statement(_HERE, "confirm_funds"),
                confirmed.pledge_id,
                confirmed.occurred_at,
                confirmed.document,
                event.position,
            )
        case MilestonePlanned() | MilestoneReached() | TrancheReleased() as milestone:
            await _milestone(connection, milestone, event.position)
        case PledgeAbandoned() | PoolReachedMinimum():
            pass
        case _:
            return
    await connection.execute(statement(_HERE, "move_on"), event.data.pool_id, event.version, event.position)


async def _open(connection: Connection, opened: PoolOpened, event: RecordedEvent) -> None:
    await connection.execute(
        statement(_HERE, "open_pool"),
        opened.pool_id,
        opened.idea_id,
        opened.opened_by,
        opened.organisation_id,
        *_terms(opened),
        opened.occurred_at,
        event.version,
        event.position,
    )


def _terms(terms: PoolOpened | PoolRevised) -> tuple[object, ...]:
    return (
        terms.target.currency,
        terms.minimum.amount_minor,
        terms.target.amount_minor,
        terms.ceiling.amount_minor if terms.ceiling else None,
        terms.deadline,
        terms.counts_in_kind,
    )


async def _pledge(
    connection: Connection, pledge: PledgeMade | PledgeRevised | PledgeWithdrawn, position: int
) -> None:
    match pledge:
        case PledgeMade():
            await connection.execute(
                statement(_HERE, "save_pledge"),
                pledge.pledge_id,
                pledge.pool_id,
                pledge.organisation_id,
                pledge.mandate_id,
                pledge.kind,
                pledge.amount.amount_minor,
                msgspec.json.encode(pledge.conditions).decode(),
                pledge.description,
                pledge.occurred_at,
                pledge.vetoable_until,
                pledge.made_by is None,
                position,
            )
        case PledgeRevised():
            await connection.execute(
                statement(_HERE, "revise_pledge"),
                pledge.pledge_id,
                pledge.amount.amount_minor,
                msgspec.json.encode(pledge.conditions).decode(),
                pledge.description,
                pledge.occurred_at,
                position,
            )
        case PledgeWithdrawn():
            await connection.execute(
                statement(_HERE, "withdraw_pledge"), pledge.pledge_id, pledge.occurred_at, position
            )


async def _end(
    connection: Connection, ended: PoolCommitted | PoolLapsed | PoolCancelled, position: int
) -> None:
    status, reason, at_deadline = "cancelled", "", False
    resolved: int | None = None
    committed: int | None = None
    outcome: tuple[ResolvedPledge, ...] = ()
    match ended:
        case PoolCommitted():
            status, at_deadline, outcome = "committed", ended.at_deadline, ended.resolution
            resolved, committed = ended.resolved_total.amount_minor, ended.committed_total.amount_minor
        case PoolLapsed():
            status, at_deadline, outcome = "lapsed", True, ended.resolution
            resolved = ended.resolved_total.amount_minor
        case PoolCancelled():
            reason = ended.reason
    await connection.execute(
        statement(_HERE, "end_pool"),
        ended.pool_id,
        status,
        ended.occurred_at,
        resolved,
        committed,
        at_deadline,
        reason,
    )
    is_committed = status == "committed"
    await connection.executemany(
        statement(_HERE, "save_outcome"),
        [
            (
                one.pledge_id,
                one.resolved_minor,
                one.committed_minor if is_committed else 0,
                list(one.binding),
                position,
            )
            for one in outcome
        ],
    )


async def _milestone(
    connection: Connection, milestone: MilestonePlanned | MilestoneReached | TrancheReleased, position: int
) -> None:
    match milestone:
        case MilestonePlanned():
            await connection.execute(
                statement(_HERE, "plan_milestone"),
                milestone.pool_id,
                milestone.milestone_id,
                milestone.title,
                milestone.amount.amount_minor,
                milestone.occurred_at,
                position,
            )
        case MilestoneReached():
            await connection.execute(
                statement(_HERE, "reach_milestone"),
                milestone.pool_id,
                milestone.milestone_id,
                milestone.occurred_at,
                milestone.link,
                milestone.note,
                position,
            )
        case TrancheReleased():
            await connection.execute(
                statement(_HERE, "release_milestone"),
                milestone.pool_id,
                milestone.milestone_id,
                milestone.occurred_at,
                position,
            )
            await connection.executemany(
                statement(_HERE, "save_part"),
                [
                    (milestone.pool_id, milestone.milestone_id, part.pledge_id, part.amount_minor)
                    for part in milestone.parts
                ],
            )
