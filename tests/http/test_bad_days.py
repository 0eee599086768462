"""Bad days: the database goes away and comes back, and nobody has to do anything about it."""

import asyncio

import pytest

from app.asgi import create_app
from app.http import operation
from app.settings import Settings
from tests.http.conftest import IDEA, SECRET, Service, prepared, read_models_running, running
from tests.http.lines import line_to
from tests.http.streams import event_stream

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _impatience(monkeypatch):
    """Wait less for what is away than in earnest."""
    monkeypatch.setattr(operation, "CHECK_SECONDS", 0.3)
    monkeypatch.setattr("events.group_commit.DEADLINE_SECONDS", 0.5)


async def until_ready(client):
    """Wait until the service says it is ready."""
    async with asyncio.timeout(20):
        while (await client.get("/health/ready")).status_code != 200:  # noqa: ASYNC110  # The answer is all there is.
            await asyncio.sleep(0.05)


async def test_the_service_recovers_by_itself(database_url):
    """With the database gone all asks to come back and nobody is called unknown; once it is there, all goes on."""
    async with read_models_running(prepared(database_url)), line_to(database_url) as line:
        app = create_app(Settings(database_url=line.url, secret_key=SECRET))
        async with running(app):
            service = Service(app)
            await service.community()
            author, voter = await service.person(), await service.person()
            idea_id = await author.log_idea()
            assert (await voter.vote(idea_id)).status_code == 200
            await until_ready(service.client)
            async with event_stream(app) as frames:
                await frames.queue.get()

                await line.cut()
                for answer in (
                    await service.client.get("/api/v1/ideas"),
                    await service.client.get(f"/api/v1/ideas/{idea_id}"),
                    await service.client.get("/api/v1/events"),
                    await service.client.get("/", headers={"accept": "text/html"}),
                    await author.send("POST", "/api/v1/ideas", IDEA),
                    await author.send("GET", "/api/v1/me"),
                ):
                    assert (answer.status_code, "retry-after" in answer.headers) == (503, True), answer.text
                assert (await service.client.get("/health/ready")).status_code == 503
                assert (await service.client.get("/health/live")).status_code == 200

                await line.mend()
                await until_ready(service.client)
                other = await service.person()
                answer = await other.vote(idea_id)
                assert (answer.status_code, answer.json()["votes"]) == (200, 2)
                assert (await author.send("POST", "/api/v1/ideas", IDEA)).status_code == 201
                # Whoever followed the log meanwhile missed nothing, and did not even notice.
                assert (await frames.next_event())["type"] == "VoteCast"


async def test_a_write_of_unknown_outcome_is_done_once(database_url):
    """A write whose answer was lost is sent again under its key, and is in the log once."""
    async with read_models_running(prepared(database_url)), line_to(database_url) as line:
        app = create_app(Settings(database_url=line.url, secret_key=SECRET))
        async with running(app):
            service = Service(app)
            await service.community()
            author = await service.person()
            await author.log_idea()
            head = await service.resources.store.head()
            cutting = asyncio.create_task(line.cut())
            await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="unsure")
            await cutting
            await line.mend()
            await until_ready(service.client)
            answer = await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="unsure")
            assert answer.status_code == 201
            assert await service.resources.store.head() == head + 1
