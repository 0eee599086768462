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


async def test_triggers_refuse_a_replica_s_session_as_well(owner):
    """With `session_replication_role = replica` a superuser escapes ordinary triggers and keys, and not these."""
    await owner.execute("SELECT extend_log(3)")
    await owner.execute("SET session_replication_role = replica")
    # It does what it says: an ordinary trigger rests.
    await owner.execute("CREATE TEMP TABLE other AS SELECT 1 AS number")
    await owner.execute(
        "CREATE TRIGGER refused BEFORE UPDATE ON other FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    await owner.execute("UPDATE other SET number = 2")
    for change in CHANGES:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed or deleted"):
            await owner.execute(change)
    for table in ("events_000001", "events_000003"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed or deleted"):
            await owner.execute(f"TRUNCATE {table}")


@pytest.mark.parametrize("role", ["origin", "replica", "local"])
async def test_every_partition_is_guarded_whatever_the_role(owner, role):
    """Partitions of now and later have both triggers always enabled, in whichever role they were made."""
    await owner.execute(f"SET session_replication_role = {role}")
    await owner.execute("SELECT extend_log(4)")
    guarded = await owner.fetch(
        "SELECT p.relid::regclass::text, count(t.oid) AS guards FROM pg_partition_tree('events') p"
        " LEFT JOIN pg_trigger t ON t.tgrelid = p.relid AND t.tgenabled = 'A' GROUP BY 1"
    )
    assert len(guarded) == 6
    assert {row["guards"] for row in guarded} == {2}


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
