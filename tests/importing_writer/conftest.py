"""What the tests of the import share: both stores, and the real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from events.memory import MemoryStore
from events.postgres import open_store
from events.store import EventStore
from tests.conftest import SECRET


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def log(request: pytest.FixtureRequest) -> AsyncIterator[EventStore]:
    """Give an empty log, in memory and in PostgreSQL."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        async with open_store(request.getfixturevalue("database_url"), name="tests", secret=SECRET) as store:
            yield store


@pytest.fixture
def real():
    """Find a real file or folder beside the project, or skip the test where it is absent."""

    def find(name: str) -> Path:
        path = Path(__file__).parents[2].parent / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"the real file ../shared/data/{name} is absent")
        return path

    return find
