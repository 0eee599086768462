"""How it stands with webhooks as a whole, for whoever runs the service: counted, and never to whom or of what."""

from msgspec import Struct

from app.webhooks.endpoints import SQL
from events.connections import Connection, Pool, unavailable_when_lost
from projections.statements import statement

WAITING_COUNTED_MAX = 100_000
LATE_SECONDS = 30.0
"""After how long something that is due should have been sent, or tried again, if somebody sends."""


class WebhookCounts(Struct, frozen=True, kw_only=True):
    """Endpoints by how they stand, each in one place, and deliveries.

    `waiting` is counted up to 100,000. `oldest_due_seconds` is for how long the delivery has been due that is due longest, of
    endpoints that may be sent to now. `delivered` and `aborted` ended within the last minute.
    """

    active: int
    behind: int
    paused: int
    resting: int
    unverified: int
    waiting: int
    oldest_due_seconds: float
    delivered: int
    aborted: int


async def webhook_counts(connection: Connection | Pool) -> WebhookCounts:
    """Count endpoints and deliveries.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await connection.fetchrow(statement(SQL, "counts"), WAITING_COUNTED_MAX)
    return WebhookCounts(**dict(row or {}))
