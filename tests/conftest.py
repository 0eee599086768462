"""Real servers for the tests: one PostgreSQL and one Valkey a run, and a fresh database for whoever asks.

The servers come from the wheels, as in `open-impact up`, and end with the run however it ends. The
PostgreSQL here does not wait for the disk: a test of durability starts its own. All of them write into memory
where there is plenty, see `tests.memory`.
"""

import gc
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
import redis
from hypothesis import HealthCheck, settings
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from app.bootstrap import migrate
from app.cli.main import GARBAGE_AFTER
from app.embedded.postgres import PostgresHandle, embedded_postgres
from app.embedded.valkey import embedded_valkey
from events.connections import Pool, open_pool
from events.postgres import PostgresStore, open_store
from tests import memory

pytest.register_assert_rewrite("tests.spec")
# A busy machine makes nothing wrong: properties are not held to any time.
settings.register_profile("open-impact", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("open-impact")

TEMPLATE = "migrated"
SECRET = "a secret of the tests, long enough to be one"
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    "min_wal_size": "80MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

LONGEST = (
    "test_axe_in_browser.py",
    "test_ill_formed.py",
    "test_authorisation.py",
    "test_campaigns.py",
    "test_layout_in_browser.py",
)
"""Files that take minutes each. They go first, or one of them would be alone with one core at the end."""

SITE_OF_THEIR_OWN = (
    "test_up.py",
    "test_bad_days.py",
)
"""The files among `tests/acceptance` that start the site for themselves; all others share one, and one process runs them."""

_numbers = itertools.count(1)
_in_memory = pytest.StashKey[Path | None]()


def pytest_configure(config: pytest.Config) -> None:
    """Have this run, and the processes that share its work, write into memory, and search for garbage as commands do."""
    gc.set_threshold(GARBAGE_AFTER)
    config.stash[_in_memory] = memory.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    memory.end(config.stash.get(_in_memory, None))


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Give the folder of this run's servers, straight under the temporary one: another account must pass to it."""
    with tempfile.TemporaryDirectory(prefix="open-impact-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path) -> Iterator[PostgresHandle]:
    """Run one PostgreSQL for all tests, with a migrated database to copy."""
    with embedded_postgres(servers_folder, settings=QUICK) as server:
        migrate(server.create_database(TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def valkey_url(servers_folder: Path) -> Iterator[str]:
    """Run one Valkey for all tests."""
    with embedded_valkey(servers_folder) as server:
        yield server.url


def _created(server: PostgresHandle, name: str, template: str) -> str:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            # Copying files is quicker than logging every page, when nothing is waited for.
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return server.url.rpartition("/")[0] + "/" + name


def _dropped(server: PostgresHandle, name: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database_url(postgres_server: PostgresHandle) -> Iterator[str]:
    """Give the address of a fresh migrated database, as its owner."""
    name = f"test_{next(_numbers)}"
    url = _created(postgres_server, name, TEMPLATE)
    with psycopg.connect(url, autocommit=True) as connection:
        # What migrations grant on a database is not copied with its template.
        connection.execute(
            sql.SQL("GRANT CREATE ON DATABASE {} TO open_impact_service").format(sql.Identifier(name))
        )
    yield url
    _dropped(postgres_server, name)


@pytest.fixture
def empty_database_url(postgres_server: PostgresHandle) -> Iterator[str]:
    """Give the address of a database without any schema, as its owner."""
    name = f"test_{next(_numbers)}"
    yield _created(postgres_server, name, "template1")
    _dropped(postgres_server, name)


@pytest.fixture
def redis_url(valkey_url: str) -> str:
    """Give the address of an empty Valkey."""
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    return valkey_url


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[PostgresStore]:
    """Open the log on a fresh database."""
    async with open_store(database_url, name="tests", secret=SECRET) as opened:
        yield opened


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Open a pool on the same database as `store`, with the service's rights."""
    async with open_pool(database_url, name="tests", size_max=5) as opened:
        yield opened


class ByFileAndSite(LoadFileScheduling):
    """Gives each process whole files of tests, and all that share the running site to one of them: it starts once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder, _, name = file.rpartition("/")
        return folder if folder == "tests/acceptance" and name not in SITE_OF_THEIR_OWN else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileAndSite:
    """Share the tests out; see the class."""
    return ByFileAndSite(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, and leave all others in their order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was collected out of every later search for garbage: there are thousands of tests, and none is garbage."""
    gc.collect()
    gc.freeze()
