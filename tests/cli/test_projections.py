"""The read models from the command line: their state, their rebuilding, their verification."""

import asyncio

import asyncpg
import psycopg
import pytest

from projections.registry import REGISTRY
from tests.http.conftest import read_models_running

NAMES = sorted(projection.name for projection in REGISTRY)
CAUGHT_UP = "SELECT count(*) = $1 AND min(position) >= (SELECT max(position) FROM events) FROM checkpoints"


@pytest.fixture
def built(done, database_url):
    """A log with the sample, and read models brought up to it; nobody reacts to it, so the log stays as it is."""
    done("import", "sample", "-")
    asyncio.run(_caught_up(database_url))


async def _caught_up(url):
    async with read_models_running(url), asyncio.timeout(60):
        connection = await asyncpg.connect(url)
        while not await connection.fetchval(CAUGHT_UP, len(NAMES)):  # noqa: ASYNC110  # It happens in PostgreSQL.
            await asyncio.sleep(0.05)
        await connection.close()


def test_without_a_worker_there_is_nothing_to_list(open_impact):
    """Before any worker ran, the list is empty and says what to do."""
    result = open_impact("projections")

    assert result.exit_code == 0
    assert "open-impact work" in result.stderr


def test_read_models_are_listed_rebuilt_and_verified(open_impact, told, built, database_url):
    """All stand at the head; a rebuilt one is clean; a changed one is named by table and rows, and mended."""
    states = told("projections")
    assert [(state["name"], state["lag"]) for state in states] == [(name, 0) for name in NAMES]
    assert told("projections", "list") == states
    for name in NAMES:
        assert told("projections", "verify", name)["clean"] is True

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE idea_board.tallies SET votes = votes + 1 WHERE idea_id = (SELECT min(idea_id::text)::uuid FROM idea_board.tallies)"
        )
    harmed = open_impact("projections", "verify", "idea_board")
    assert harmed.exit_code == 1
    assert "table tallies has 1 rows that it should not have and lacks 1" in harmed.stderr

    assert open_impact("projections", "rebuild", "idea_board").exit_code == 0
    assert open_impact("projections", "verify", "idea_board").exit_code == 0


def test_an_unknown_read_model_is_refused(open_impact):
    """A name that does not exist is answered with those that do."""
    for command in ("verify", "rebuild"):
        result = open_impact("projections", command, "nothing")
        assert result.exit_code == 1
        assert "idea_board, idea_detail, audit_history" in result.stderr


def test_what_was_never_built_cannot_be_verified(open_impact):
    """There is nothing to compare with, and that is no success."""
    result = open_impact("projections", "verify", "idea_board")

    assert result.exit_code == 1
    assert "start a worker" in result.stderr
