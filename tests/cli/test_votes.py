"""`open-impact votes`: the recount from zero, and what was set aside."""

import asyncio
import json

import psycopg
import pytest

from events.connections import open_pool
from events.postgres import open_store
from projections.registry import REGISTRY
from projections.runner import Runner
from tests.conftest import SECRET
from tests.projections.examples import (
    idea_id,
    joined,
    lifted,
    logged,
    opened,
    quarantine_id,
    requests,
    set_aside,
    vote,
)


async def _given(url, events):
    async with (
        open_pool(url, name="tests", size_max=2 * len(REGISTRY)) as pool,
        open_store(url, pool=pool, secret=SECRET) as store,
    ):
        positions = [answer.position for answer in await store.append_many(requests(*events))]
        models = asyncio.create_task(Runner(pool, store, REGISTRY).run())
        while await pool.fetchval(
            "SELECT count(*) FROM checkpoints WHERE position >= $1", positions[-1]
        ) < len(REGISTRY):
            assert not models.done(), models.exception()
            await asyncio.sleep(0.02)
        models.cancel()
        await asyncio.wait({models}, timeout=5)
        return positions


@pytest.fixture
def given(database_url):
    """Give events and apply them to all read models; their positions are the answer."""
    return lambda *events: asyncio.run(_given(database_url, events))


def test_a_recount_agrees_with_what_is_shown(given, told, done):
    """Counted from zero, now or as of an earlier position, the log says what is shown."""
    positions = given(opened(), logged(), joined(1), vote(1), vote(2), set_aside(2, 1), lifted())
    now = told("votes", "recount")
    assert (now["position"], now["differing"]) == (positions[-1], 0)
    assert [(one["votes"], one["verified_votes"], one["set_aside"]) for one in now["ideas"]] == [(2, 1, 0)]
    (then,) = told("votes", "recount", "--at", positions[-2], "--idea", idea_id(1))["ideas"]
    assert (then["votes"], then["verified_votes"], then["set_aside"], then["agrees"]) == (2, 0, 2, True)
    assert str(idea_id(1)) in done("votes", "recount")


def test_a_recount_names_what_differs(given, open_impact, database_url):
    """When somebody changed a read model by hand, the recount says so and ends with an error."""
    given(opened(), logged(), joined(1), vote(1))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE fair_votes.people SET verified = NULL")
    result = open_impact("votes", "recount", "--json")
    assert result.exit_code == 1
    (one,) = json.loads(result.stdout)["ideas"]
    assert (one["verified_votes"], one["shown_verified_votes"], one["agrees"]) == (1, 0, False)
    assert "projections rebuild fair_votes" in result.stderr


def test_an_operator_sees_and_lifts_a_quarantine(given, told, open_impact):
    """Each is listed with its reason; lifting needs a reason and an identifier that is one."""
    given(opened(), logged(), joined(1), vote(1), set_aside(1))
    (one,) = told("votes", "quarantines")
    assert (one["quarantine_id"], one["votes"], one["lifted_at"]) == (str(quarantine_id()), 1, None)
    assert open_impact("votes", "lift", quarantine_id()).exit_code == 2
    assert open_impact("votes", "lift", quarantine_id(), "--reason", " ").exit_code == 1
    assert open_impact("votes", "lift", quarantine_id(7), "--reason", "A mistake.").exit_code == 1
    for sentence in ("The votes count again.", "The votes count again already."):
        lifting = open_impact("votes", "lift", quarantine_id(), "--reason", "A mistake.")
        assert (lifting.exit_code, lifting.stderr.strip()) == (0, sentence)
