"""What the tests of the log share."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

for module in ("store_contract", "append_promises", "key_promises", "read_promises", "seal_promises"):
    pytest.register_assert_rewrite(f"tests.events.{module}")


@pytest_asyncio.fixture
async def owner(database_url: str) -> AsyncIterator["asyncpg.Connection"]:
    """Connect to the database of `store` as its owner, a superuser, who is bound by no grants."""
    connection = await asyncpg.connect(database_url, server_settings={"application_name": "owner"})
    yield connection
    await connection.close(timeout=5)
