"""A whole web application on a real database, with its read models kept up to date beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio
from litestar import Litestar
from psycopg import sql

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from app.asgi import create_app
from app.command_handling import Cause
from app.embedded.postgres import PostgresHandle
from app.http.resources import Resources
from app.logs import configure_logging
from app.settings import Settings
from domain.community import COMMUNITY, OpenCommunity, PauseVoting
from events.connections import open_pool
from events.contracts import VotingRules
from events.postgres import open_store
from events.streams import community_id, community_stream
from projections.registry import REGISTRY
from projections.runner import Runner
from tests.conftest import SECRET, TEMPLATE
from tests.http.waiting import until

THRESHOLD = 3

IDEA = {
    "title": "A shared minibus for three villages",
    "problem": "The last bus to the clinic stopped in 2019.",
    "proposal": "One timetable for the three buses.",
    "beneficiaries": "About 640 people over 70.",
    "themes": ["SW104", "BE108"],
    "places": ["GB-DUR"],
    "ask": {"amount_minor": 1840000, "currency": "GBP"},
}


@pytest.fixture(autouse=True)
def _logging() -> None:
    """Log as in production, whatever ran before: the development console shows local variables in tracebacks."""
    configure_logging("warning", as_json=True)


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Run the lifespan in one task of its own: its cancel scope must be left where it was entered."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(live())
        await started.wait()
        try:
            yield
        finally:
            stop.set()


@asynccontextmanager
async def read_models_running(url: str) -> AsyncIterator[None]:
    """Keep the read models up to date, as a worker does."""
    async with (
        open_pool(url, name="worker", size_max=len(REGISTRY) + 1) as pool,
        open_store(url, pool=pool, secret=SECRET) as store,
    ):
        running_models = asyncio.create_task(Runner(pool, store, REGISTRY).run())
        while await pool.fetchval("SELECT count(*) FROM checkpoints") < len(REGISTRY):
            assert not running_models.done(), running_models.exception()
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            while not running_models.done():
                running_models.cancel()
                await asyncio.wait({running_models}, timeout=0.2)


class Service:
    """The application under test, and what tests need around it."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://testserver")

    @property
    def resources(self) -> Resources:
        return self.app.state["resources"]

    async def person(self, name: str = "Ada Sample", scopes: tuple[str, ...] = SCOPES) -> "Person":
        """Make a person with an account and a token."""
        self.people = getattr(self, "people", 0) + 1
        pool = self.resources.pool
        person_id = await accounts.add(pool, email=f"person{self.people}@example.org", name=name)
        token = await tokens.create(pool, person_id=person_id, scopes=scopes)
        return Person(self.client, person_id, token)

    async def community(self, slug: str = "commons", **rules: Any) -> None:
        """Open a community."""
        identifier = community_id(slug)
        command = OpenCommunity(
            now=datetime.now(UTC),
            community_id=identifier,
            slug=slug,
            name=f"The {slug}",
            rules=VotingRules(**{"support_threshold": THRESHOLD, **rules}),
        )
        handler = self.resources.handler
        await handler.handle(COMMUNITY, community_stream(identifier), command, cause=Cause())

    async def pause_voting(self, slug: str = "commons") -> None:
        """Pause voting in a community."""
        identifier = community_id(slug)
        command = PauseVoting(now=datetime.now(UTC), community_id=identifier, reason="New rules.")
        handler = self.resources.handler
        handled = await handler.handle(COMMUNITY, community_stream(identifier), command, cause=Cause())
        await self.heard(handled.position)

    async def shown(self) -> None:
        """Wait until every read model shows everything that is recorded."""
        head = await self.resources.store.head()
        for projection in REGISTRY:
            assert await self.resources.positions.wait(projection.name, head)

    async def heard(self, position: int) -> None:
        """Wait until the live tail has passed a position."""
        await until(lambda: self.resources.tail.position >= position)


class Person:
    """Somebody who sends requests with a token."""

    def __init__(self, client: httpx.AsyncClient, person_id: UUID, token: str) -> None:
        self.client, self.person_id, self.token = client, person_id, token

    async def send(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """Send a request; words of a header's name are joined by underscores here."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if json is None else {"content": msgspec.json.encode(json)}
        return await self.client.request(
            method, path, headers={"authorization": f"Bearer {self.token}", **named}, **body
        )

    async def log_idea(self, **changes: Any) -> UUID:
        """Log an idea and give its identifier."""
        answer = await self.send("POST", "/api/v1/ideas", {**IDEA, **changes})
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["idea_id"])

    async def vote(self, idea_id: UUID, **headers: str) -> httpx.Response:
        """Support an idea."""
        return await self.send("PUT", f"/api/v1/ideas/{idea_id}/vote", **headers)


def prepared(url: str) -> str:
    """Grant the service what migrations grant it: rights on a database are not copied from the template."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(url.rpartition("/")[2])
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO open_impact_service").format(name))
    return url


@asynccontextmanager
async def serving(url: str, **changes: Any) -> AsyncIterator[Service]:
    """Run the application and its read models on a database, with the community `commons`."""
    usual = {"database_url": prepared(url), "secret_key": SECRET, "limits_factor": 1_000.0}
    settings = Settings(**{**usual, **changes})
    async with read_models_running(url):
        app = create_app(settings)
        async with running(app):
            made = Service(app)
            await made.community()
            try:
                yield made
            finally:
                await made.client.aclose()


@pytest_asyncio.fixture(scope="session")
async def service(postgres_server: PostgresHandle) -> AsyncIterator[Service]:
    """Give one application for all tests that mind only their own ideas and people."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE http_shared TEMPLATE {TEMPLATE}")
    async with serving(postgres_server.url.rpartition("/")[0] + "/http_shared") as made:
        yield made


@pytest_asyncio.fixture
async def own_service(database_url: str) -> AsyncIterator[Service]:
    """Give an application with a log of its own."""
    async with serving(database_url) as made:
        yield made


@pytest_asyncio.fixture
async def author(service: Service) -> Person:
    """Give somebody who logs ideas."""
    return await service.person("Moira Sample")


@pytest_asyncio.fixture
async def voter(service: Service) -> Person:
    """Give somebody who votes."""
    return await service.person("Tom Sample")
