"""Events are never changed or deleted: the service may not, and the database refuses everybody else."""

import asyncpg
import pytest
import pytest_asyncio

from events.sql import statement
from tests.events.examples import request, votes

pytestmark = pytest.mark.asyncio

CHANGES = [
    change.format(table)
    for table in ("events", "events_000000")
    for change in (
        "UPDATE {} SET data = '{{}}' WHERE position = 2",
        "DELETE FROM {} WHERE position = 2",
        "TRUNCATE {}",
    )
]
LIFTING = [
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "ALTER TABLE events_000000 DISABLE TRIGGER ALL",
    "ALTER TABLE events DETACH PARTITION events_000000",
    "DROP TABLE events_000000",
    "DROP TRIGGER events_are_immutable ON events",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "DELETE FROM streams",
    "TRUNCATE streams",
    "UPDATE idempotency_keys SET answer = ''",
]


@pytest_asyncio.fixture(autouse=True)
async def recorded(store):
    """Three events are in the log, and must be there unchanged afterwards."""
    await store.append(request("idea-a", *votes(3)))
    before = await store.read_tail(0, limit=10)
    yield
    assert await store.read_tail(0, limit=10) == before
    assert before.reached == 3


async def test_the_service_has_no_right_to_change_events(pool):
    """The service's role may neither update, delete nor truncate, in the log or in a partition."""
    for change in CHANGES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(change)


async def test_triggers_refuse_even_the_owner(owner):
    """The owner, a superuser, has every right, and triggers refuse it all the same."""
    assert await owner.fetchval("SELECT usesuper FROM pg_user WHERE usename = current_user")
    for change in CHANGES:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed or deleted"):
            await owner.execute(change)


async def test_the_service_cannot_lift_the_ban(pool):
    """The service's role can neither take the triggers away, nor the partitions, nor forget streams or answers."""
    for lifting in LIFTING:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(lifting)


async def test_an_event_is_recorded_once_by_its_identifier(pool):
    """Whatever goes wrong between a writer and the log, the same event cannot be recorded a second time."""
    again = await pool.fetchval("SELECT event_id::text FROM events WHERE position = 2")
    event = (again, "VoteCast", "{}", "{}")
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute(statement("continue_stream"), 4, "idea-a", 3, *event)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute(statement("begin_stream"), 4, "idea-b", *event)
