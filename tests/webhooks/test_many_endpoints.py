"""What is asked of the database again and again costs nothing for endpoints that are not meant, however many there are."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from app.webhooks.endpoints import SQL
from projections.statements import statement
from tests.projections.examples import opened
from tests.webhooks.hooks import agreed, hook, registered
from tests.webhooks.test_dispatching import World

pytestmark = pytest.mark.asyncio
OTHERS = 5_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)

ASKED = {
    "told": (["IdeaLogged"],),
    "behind": (0, 10**9, 100, 2_000),
    "fall_behind": (5, 10_000),
    "replays": (20, 2_000),
    "take": (NOW, NOW + timedelta(seconds=30), 64, 8, [], [], [], 5),
    "rest": ([hook(1)], [1], [0], [False], [None], NOW, 5, 8),
    "known": ([hook(1)],),
    "ask": (NOW, NOW + timedelta(seconds=60), 60, 20),
}
"""The statements, each with what it is asked."""


def _steps(plan):
    yield plan
    for each in plan.get("Plans", ()):
        yield from _steps(each)


async def looked_at(connection, name):
    """Run a statement, and count the rows of endpoints that were looked at for it."""
    arguments = ASKED[name]
    async with connection.transaction():
        found = await connection.fetchval(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statement(SQL, name)}", *arguments
        )
    return sum(
        step["Actual Loops"] * (step["Actual Rows"] + step.get("Rows Removed by Filter", 0))
        for step in _steps(json.loads(found)[0]["Plan"])
        if step.get("Relation Name") == "webhook_endpoints" and step["Node Type"] != "ModifyTable"
    )


@pytest.mark.parametrize("name", ASKED)
async def test_endpoints_that_are_not_meant_cost_nothing(pool, store, database_url, name):
    """Beside thousands of others, what is asked for a few looks at those few."""
    world = World(pool, store)
    await world.given(opened(), registered(1, "Idea*"), registered(2, "IdeaLogged"), agreed(1), agreed(2))
    await pool.execute(
        "INSERT INTO webhook_endpoints (endpoint_id, registered_by, types, type_names, ordered, has_condition, is_verified,"
        " version) SELECT gen_random_uuid(), $1, $2, $2, false, false, true, 2 FROM generate_series(1, $3)",
        hook(1),
        ["PoolCancelled"],
        OTHERS,
    )
    await pool.execute(
        "INSERT INTO webhook_deliveries (endpoint_id, position, stream, due_at)"
        " SELECT $1, number, 'idea', $2 FROM generate_series(10, 500) number",
        hook(1),
        NOW,
    )
    async with pool.acquire() as connection:
        assert await looked_at(connection, name) <= 10
        with psycopg.connect(database_url, autocommit=True) as owner:
            owner.execute("ANALYZE webhook_endpoints, webhook_deliveries, webhook_replays")
        assert await looked_at(connection, name) <= 10
