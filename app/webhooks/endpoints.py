"""What the dispatcher knows of endpoints: their streams, folded as far as it has read the log.

It is brought up to date in the transaction of the dispatcher's checkpoint, so that an endpoint is told of what comes
after its registration and of nothing before, whatever ends in between.
"""

from pathlib import Path

from app.folding import folded
from app.webhooks.subscriptions import meant
from domain.endpoint import ENDPOINT, Registered, Removed, Unregistered
from events.connections import Connection
from events.contracts import EndpointResumed
from events.envelope import RecordedEvent
from events.store import EventStore
from events.streams import endpoint_stream
from projections.statements import statement

SQL = Path(__file__).parent / "sql"
CATEGORY = "endpoint"
REMOVED = "removed"
"""Why an endpoint that was removed is told nothing; what is known of it goes with the housekeeping."""


async def take_note(connection: Connection, store: EventStore, event: RecordedEvent) -> None:
    """Bring what is known of an endpoint up to date with an event of its stream.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    resumed_after = event.data.after if isinstance(event.data, EndpointResumed) else None
    endpoint_id = event.data.endpoint_id  # type: ignore[union-attr]  # Of a stream of an endpoint.
    if resumed_after is not None:
        # They are made anew, in their order, from where it goes on.
        await connection.execute(statement(SQL, "forget_waiting"), endpoint_id)
    state = (
        await folded(
            store, ENDPOINT, endpoint_stream(endpoint_id), while_=lambda one: one.position <= event.position
        )
    ).state
    match state:
        case Registered():
            await _save(connection, state, event, resumed_after)
        case Removed():
            await connection.execute(
                "UPDATE webhook_endpoints SET pause_cause = $2, version = $3 WHERE endpoint_id = $1",
                endpoint_id,
                REMOVED,
                event.version,
            )
        case Unregistered():
            return


async def _save(
    connection: Connection, state: Registered, event: RecordedEvent, resumed_after: int | None
) -> None:
    await connection.execute(
        statement(SQL, "save_endpoint"),
        state.endpoint_id,
        state.registered_by,
        state.organisation_id,
        list(state.subscription.types),
        meant(state.subscription.types),
        state.subscription.ordered,
        state.proof is not None,
        state.rate_per_minute,
        state.paused.cause if state.paused else None,
        event.version,
        resumed_after,
        event.position,
        bool(state.subscription.filter),
    )


async def know_all_types(connection: Connection) -> None:
    """Work out anew what the beginnings of names mean, which a later release may know more of."""
    rows = await connection.fetch("SELECT endpoint_id, types, type_names FROM webhook_endpoints")
    changed = [
        (row["endpoint_id"], names) for row in rows if (names := meant(row["types"])) != row["type_names"]
    ]
    await connection.executemany(
        "UPDATE webhook_endpoints SET type_names = $2 WHERE endpoint_id = $1", changed
    )
