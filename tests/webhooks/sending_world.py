"""A log, who notes what is due, and who sends it by a clock that is set by hand."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from app.http.public_log import PublicLog
from app.outbound.client import Outbound
from app.outbound.rules import Rules
from app.webhooks.dispatching import Dispatcher
from app.webhooks.keys import keep_keys
from app.webhooks.sending import Sender
from app.webhooks.signing import new_keys
from events.contracts import EndpointPaused
from events.streams import endpoint_stream
from tests.projections.examples import opened
from tests.webhooks.hooks import agreed, happened, hook, registered

KEYS = new_keys()


class World:
    """A log, who notes what is due, and who sends it by a clock that is set by hand."""

    def __init__(self, pool, store, outbound):
        self.pool, self.store, self.outbound = pool, store, outbound
        self.dispatcher, self.sender = Dispatcher(pool, store, PublicLog(b"secret")), self.another_sender()
        # The library of receivers looks at the real time, too.
        self.now = datetime.now(UTC)

    def another_sender(self, store=None):
        """Make one more worker's sender, if wanted with another reading of the log."""
        return Sender(
            self.pool,
            store or self.store,
            self.outbound,
            PublicLog(b"secret"),
            public_url="https://impact.example.org",
            clock=lambda: self.now,
            chance=lambda: 0.5,
        )

    async def given(self, *events):
        """Append events and note what is due; it is so by the clock of the test."""
        await happened(self.store, *events)
        await self.dispatcher.react()
        await self.pool.execute("UPDATE webhook_deliveries SET due_at = $1 WHERE attempts = 0", self.now)

    async def endpoint(self, number, url, *types, **said):
        """Register an endpoint that has agreed, with keys that are known here."""
        await keep_keys(self.pool, self.store.keyring, hook(number), hook(number), KEYS)
        await self.given(registered(number, *(types or ("IdeaLogged",)), url=url, **said), agreed(number))

    async def at(self, **later):
        """Let time pass, and send what is due then."""
        self.now += timedelta(**later)
        return await self.sender.send_due()

    async def left(self, number=1):
        """List what was not delivered, with the seconds until it is due again."""
        rows = await self.pool.fetch(
            "SELECT position, due_at FROM webhook_deliveries WHERE endpoint_id = $1 AND ended_at IS NULL ORDER BY position",
            hook(number),
        )
        return [(row["position"], (row["due_at"] - self.now).total_seconds()) for row in rows]

    async def pauses(self, number=1):
        """List how the endpoint was paused."""
        events = await self.store.read_stream(endpoint_stream(hook(number)))
        return [(one.data.cause, one.data.after) for one in events if isinstance(one.data, EndpointPaused)]


@asynccontextmanager
async def sending(pool, store):
    """Give an empty world with a community."""
    async with Outbound(Rules(loopback=True), deadline=5.0).opened() as outbound:
        made = World(pool, store, outbound)
        await made.given(opened())
        yield made
