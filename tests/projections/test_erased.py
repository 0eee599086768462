"""Read models are built anew from a log in which somebody was erased: the texts are gone, and nothing stops."""

import pytest

from events.connections import open_pool
from events.postgres import open_store
from events.sealing.codec import SEALING
from projections.idea_board.evolve import IdeaBoard
from projections.rebuild import rebuild
from projections.registry import REGISTRY
from projections.state import states
from tests.conftest import SECRET
from tests.projections.examples import logged, requests, revised, vote, withdrawn
from tests.projections.histories import eventful

pytestmark = pytest.mark.asyncio

PLANTED = "Planted"
STEPS = 3_000


def planted():
    """Give a long history in which everything happens, and after it an idea with planted texts."""
    return [
        *eventful(STEPS),
        logged(99, title=PLANTED, problem=PLANTED),
        vote(idea=99),
        revised(99, title=PLANTED),
        withdrawn(99, reason=PLANTED),
    ]


async def test_every_read_model_is_built_of_events_whose_subjects_were_erased(database_url):
    """With the keys of all subjects destroyed every read model reaches the head, and holds none of the texts."""
    events = planted()
    async with (
        open_pool(database_url, name="tests", size_max=4) as pool,
        open_store(database_url, pool=pool, secret=SECRET) as store,
    ):
        await store.append_many(requests(*events))
        subjects = SEALING.subjects(events)
        assert len(subjects) > 5
        await rebuild(pool, store, IdeaBoard(), holder="tests")
        assert await holding(pool, IdeaBoard()) == ["ideas"]
        await store.keyring.destroy(subjects)
        for projection in REGISTRY:
            await rebuild(pool, store, projection, holder="tests")
        head = await store.head()
        found = {state.name: state for state in await states(pool) if state.generation == "live"}
        for projection in REGISTRY:
            assert found[projection.name].poisoned_at is None
            assert found[projection.name].position == head
            assert await holding(pool, projection) == []


async def holding(pool, projection):
    """List the tables of a read model that hold what was planted."""
    kept = {
        table: await pool.fetch(f"SELECT t::text AS row FROM {projection.name}.{table} t")  # noqa: S608  # Our own names.
        for table in projection.tables
    }
    return [table for table, rows in kept.items() if any(PLANTED in row["row"] for row in rows)]
