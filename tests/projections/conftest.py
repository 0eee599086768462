"""What the tests of the projections share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import psycopg
import pytest
import pytest_asyncio
import structlog

from app.embedded.postgres import PostgresHandle
from events.connections import Pool, open_pool
from events.postgres import open_store
from tests.conftest import SECRET, TEMPLATE

pytest.register_assert_rewrite("tests.projections.spec")

from tests.projections.spec import ProjectionSpec  # noqa: E402  # After it was named for rewriting.


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Log in plain lines: the tracebacks of development show every value, which takes longer than the tests."""
    before = structlog.get_config()
    plain = [structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    structlog.configure(processors=plain, logger_factory=structlog.PrintLoggerFactory())
    yield
    structlog.configure(**before)


@pytest_asyncio.fixture(scope="session")
async def spec_world(postgres_server: PostgresHandle) -> AsyncIterator[ProjectionSpec]:
    """Keep one database for all that only give events and ask: making one costs more than such a test."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE projections TEMPLATE {TEMPLATE}")
        # What migrations grant on a database is not copied with its template.
        connection.execute("GRANT CREATE ON DATABASE projections TO open_impact_service")
    url = postgres_server.url.rpartition("/")[0] + "/projections"
    async with (
        open_pool(url, name="spec", size_max=5) as pool,
        open_store(url, name="spec", pool=pool, secret=SECRET) as store,
    ):
        yield ProjectionSpec(pool, store)


@pytest_asyncio.fixture
async def spec(spec_world: ProjectionSpec) -> ProjectionSpec:
    """Give empty read models."""
    await spec_world.begin()
    return spec_world


@pytest_asyncio.fixture
async def wide_pool(database_url: str) -> AsyncIterator[Pool]:
    """Open a pool with room for several runners, on the same database as `store`."""
    async with open_pool(database_url, name="runners", size_max=40) as opened:
        yield opened


@pytest.fixture
def eventually() -> Callable[..., Awaitable[None]]:
    """Wait until something holds, and fail when it does not within a while."""

    async def wait(holds: Callable[[], Awaitable[object]], within: float = 15.0) -> None:
        async with asyncio.timeout(within):
            while not await holds():  # noqa: ASYNC110  # What is waited for happens in PostgreSQL, or in another process.
                await asyncio.sleep(0.01)

    return wait
