"""The read models from the command line: their state, their rebuilding, their verification."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from projections.registry import REGISTRY
from tests.cli.conftest import ROOT
from tests.conftest import SECRET

NAMES = sorted(projection.name for projection in REGISTRY)
CAUGHT_UP = "SELECT count(*) = %s AND min(position) >= (SELECT max(position) FROM events) FROM checkpoints"


@pytest.fixture
def built(done, database_url):
    """A log with the sample, and read models that a worker has brought up to it."""
    done("import", "sample", "-")
    worker = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "work"],
        cwd=ROOT,
        env=os.environ | {"OPEN_IMPACT_DATABASE_URL": database_url, "OPEN_IMPACT_SECRET_KEY": SECRET},
        stderr=subprocess.DEVNULL,
    )
    try:
        with psycopg.connect(database_url, autocommit=True) as connection:
            deadline = time.monotonic() + 60
            while not connection.execute(CAUGHT_UP, [len(NAMES)]).fetchone()[0]:
                assert time.monotonic() < deadline, "the worker did not catch up"
                time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=15) == 0
    finally:
        worker.kill()
        worker.wait()


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
