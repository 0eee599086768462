"""Webhooks in a worker: noting what is due, sending it, and asking new endpoints, side by side over one way out."""

import asyncio

from app.http.public_log import public_log_of
from app.settings import Settings
from app.webhooks.asking import Asker
from app.webhooks.callbacks import Callbacks
from app.webhooks.dispatching import Dispatcher
from app.webhooks.sending import Sender
from app.webhooks.way_out import way_to_endpoints
from app.workers.wake_ups import WakeUps
from events.connections import Pool
from events.postgres import PostgresStore
from events.sealing.secret_key import InstallationSecret


async def keep_webhooks(
    pool: Pool, store: PostgresStore, installation: InstallationSecret, settings: Settings
) -> None:
    """Deliver events to endpoints until cancelled; losing the database is waited out, and without Valkey senders just look."""
    wake = asyncio.Event()
    public_url, public_log = settings.public_url, public_log_of(installation)
    callbacks = Callbacks(installation, public_url)
    wake_ups = WakeUps(settings.redis_url, wake.set) if settings.redis_url is not None else None

    def noted() -> None:
        wake.set()
        if wake_ups is not None:
            wake_ups.tell()

    async with way_to_endpoints(settings).opened() as outbound, asyncio.TaskGroup() as parts:
        parts.create_task(Dispatcher(pool, store, public_log, noted).run())
        parts.create_task(Sender(pool, store, outbound, public_log, public_url=public_url, wake=wake).run())
        parts.create_task(Asker(pool, store, outbound, callbacks=callbacks, public_url=public_url).run())
        if wake_ups is not None:
            parts.create_task(wake_ups.run())
