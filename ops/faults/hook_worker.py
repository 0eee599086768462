"""A worker for webhooks alone, to be killed: `python -m ops.faults.hook_worker`, with the settings of the environment."""

import asyncio
import os

import uvloop

from app.logs import configure_logging
from app.settings import Settings
from app.workers.webhooks import keep_webhooks
from events.connections import open_pool
from events.postgres import open_store
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey


async def _work(settings: Settings) -> None:
    assert settings.database_url is not None
    assert settings.secret_key is not None
    async with open_pool(settings.database_url, name="worker") as pool:
        installation = await PostgresKeyring(pool, SecretKey(settings.secret_key)).begin()
        async with open_store(
            settings.database_url, name="worker", pool=pool, secret=settings.secret_key
        ) as store:
            await asyncio.gather(keep_webhooks(pool, store, installation, settings))


if __name__ == "__main__":
    configure_logging("error")
    uvloop.run(_work(Settings.from_environment(os.environ)))
