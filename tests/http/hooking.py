"""An application that people reach on this machine alone, with a worker that asks endpoints and sends to them."""

import asyncio
from contextlib import asynccontextmanager

from app.workers.webhooks import keep_webhooks
from tests.http.conftest import serving
from tests.webhooks.receiving import Reply

HOOKS = "/api/v1/webhooks"
HERE = "http://localhost:8000"


def agreeing(got):
    """Agree to everything, and take it."""
    allowed = {"WebHook-Allowed-Origin": "*"} if got.method == "OPTIONS" else {}
    return Reply(headers=allowed)


@asynccontextmanager
async def hooked(database_url):
    """Run the application and the worker on a database."""
    async with serving(database_url, public_url=HERE) as service:
        resources = service.resources
        working = asyncio.create_task(
            keep_webhooks(resources.pool, resources.store, resources.installation, resources.settings)
        )
        try:
            yield service
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


async def registered(person, url, *types, **said):
    """Register an endpoint and give what was answered."""
    answer = await person.send("POST", HOOKS, {"url": url, "types": list(types) or ["*"], **said})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def until(condition):
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while not (found := await condition()):  # noqa: ASYNC110  # It has no event to wait for.
            await asyncio.sleep(0.02)
    return found
