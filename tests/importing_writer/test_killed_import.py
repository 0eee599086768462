"""An import that is killed in the middle, and started again, ends complete and exactly once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.conftest import SECRET

PROJECTS = 20
BALLOTS = 4_000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def budget(tmp_path):
    """Write a participatory budget large enough to be caught in the middle of."""
    ballots = [
        f"v{voter};{','.join(f'p{(voter + step) % PROJECTS}' for step in range(5))}"
        for voter in range(BALLOTS)
    ]
    projects = [f"p{number};1000;{BALLOTS * 5 // PROJECTS};Project {number}" for number in range(PROJECTS)]
    text = f"""META
key;value
description;Sample budget of Exampleton
country;Poland
unit;Exampleton
instance;2024
num_projects;{PROJECTS}
num_votes;{BALLOTS}
vote_type;approval
date_begin;18.09.2024
date_end;25.09.2024
PROJECTS
project_id;cost;votes;name
{os.linesep.join(projects)}
VOTES
voter_id;vote
{os.linesep.join(ballots)}
"""
    path = tmp_path / "exampleton.pb"
    path.write_text(text, encoding="utf-8")
    return path


def importing(database_url, file):
    """Start an import as people do."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "import", "pabulib", str(file)],
        cwd=ROOT,
        env=os.environ | {"OPEN_IMPACT_DATABASE_URL": database_url, "OPEN_IMPACT_SECRET_KEY": SECRET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_killing_an_import_loses_and_doubles_nothing(database_url, budget):
    """Killed twice on its way, the import leaves every person and vote in the log exactly once."""
    people_and_votes = BALLOTS + BALLOTS * 5
    with psycopg.connect(database_url, autocommit=True) as connection:

        def count():
            return connection.execute("SELECT count(*) FROM events").fetchone()[0]

        for stop_at in (people_and_votes // 5, people_and_votes // 2):
            process = importing(database_url, budget)
            while count() < stop_at and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
        interrupted_at = count()
        process = importing(database_url, budget)
        _, errors = process.communicate(timeout=120)

        assert (process.returncode, interrupted_at < people_and_votes) == (0, True), errors.decode()
        assert (
            count() == people_and_votes + PROJECTS + 2
        )  # … the community, and the pseudonym that logs the ideas.
        assert connection.execute("SELECT count(*) FROM streams").fetchone()[0] == count()
        by_type = dict(connection.execute("SELECT type, count(*) FROM events GROUP BY type").fetchall())
        assert by_type == {
            "CommunityOpened": 1,
            "IdeaLogged": PROJECTS,
            "PersonJoined": BALLOTS + 1,
            "VoteCast": BALLOTS * 5,
        }
