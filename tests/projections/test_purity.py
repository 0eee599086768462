"""A read model is a pure function of the events: however the log is cut into pages, the same rows."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.connections import Pool
from events.contracts import AnyEvent
from events.memory import MemoryStore
from projections.building import apply_next, building
from projections.checkpoints import release, take_lease
from projections.projection import Projection
from projections.rebuild import rebuild, verify
from projections.registry import REGISTRY
from tests.projections.examples import requests
from tests.projections.histories import eventful, histories

pytestmark = pytest.mark.asyncio


async def log_of(events: list[AnyEvent]) -> MemoryStore:
    """Make a log of these events."""
    store = MemoryStore()
    await store.append_many(requests(*events))
    return store


async def rows_of(pool: Pool, projection: Projection) -> dict[str, list[str]]:
    """Read all tables of the live build, each row as text, in order."""
    tables = {}
    for table in projection.tables:
        rows = await pool.fetch(f"SELECT t::text AS row FROM {projection.name}.{table} t ORDER BY row")  # noqa: S608  # Names of our own.
        tables[table] = [row["row"] for row in rows]
    return tables


async def follow_in_cuts(pool: Pool, store: MemoryStore, projection: Projection, cuts: list[int]) -> None:
    """Begin empty and apply the log in pages of these sizes, one after the other."""
    await rebuild(pool, MemoryStore(), projection, holder="purity")
    async with building(pool, projection.name) as connection:
        lease = await take_lease(connection, projection.name, "live", "purity")
        for cut in itertools.cycle(cuts):
            if not await apply_next(connection, store, projection, lease, limit=cut):
                break
        await release(connection, lease)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), cuts=st.lists(st.integers(1, 12), min_size=1, max_size=6))
async def test_pages_of_any_size_make_the_same_tables(wide_pool, events, cuts):
    """Applied in any pages, verified against one page, and rebuilt: all read models have the same rows."""
    store = await log_of(events)
    for projection in REGISTRY:
        await wide_pool.execute("DELETE FROM checkpoints")
        await wide_pool.execute(f"DROP SCHEMA IF EXISTS {projection.name} CASCADE")
        await follow_in_cuts(wide_pool, store, projection, cuts)
        assert await verify(wide_pool, store, projection) == []
        followed = await rows_of(wide_pool, projection)
        await rebuild(wide_pool, store, projection, holder="purity")
        assert await rows_of(wide_pool, projection) == followed
        position = await wide_pool.fetchval("SELECT position FROM checkpoints WHERE generation = 'live'")
        assert position == len(events)


@pytest.mark.parametrize("projection", REGISTRY, ids=lambda projection: projection.name)
async def test_a_long_history_fills_every_table_the_same_way(wide_pool, projection):
    """With all that can happen in it, each table has rows, and the same in pages, in one go and when verified."""
    store = await log_of(eventful(2_000))
    await follow_in_cuts(wide_pool, store, projection, [1, 40, 7, 90, 2])
    assert await verify(wide_pool, store, projection) == []
    followed = await rows_of(wide_pool, projection)
    assert [table for table, rows in followed.items() if not rows] == []
    await rebuild(wide_pool, store, projection, holder="purity")
    assert await rows_of(wide_pool, projection) == followed
