"""How commands find the database."""

import os

import msgspec
import pytest

from app.embedded.data_folder import DataFolder, RunningInstance
from app.embedded.processes import started_at

COMMANDS = [
    ("people", "list"),
    ("projections",),
    ("events", "verify"),
    ("migrate",),
    ("work",),
    ("serve",),
    ("import", "sample", "-"),
]


@pytest.fixture
def running(tmp_path, database_url):
    """A data folder on which this very process runs an installation, as far as anybody can see."""
    folder = tmp_path / "my data"
    folder.mkdir()
    instance = RunningInstance(
        pid=os.getpid(),
        started=started_at(os.getpid()),
        port=8000,
        address="http://localhost:8000",
        database_url=database_url,
        redis_url=None,
        pids={},
    )
    DataFolder.at(folder).run_file.write_bytes(msgspec.json.encode(instance))
    return folder


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_an_installation_a_command_says_how_to_start_one(alone, tmp_path, command):
    """One sentence names the folder that was looked at, and both ways out."""
    result = alone(*command)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: No running Open Impact found in {tmp_path / 'no installation'}; "
        "start it with `open-impact up` or set OPEN_IMPACT_DATABASE_URL.\n"
    )


@pytest.mark.parametrize(
    "place",
    [
        lambda folder: ("--data", folder, "people", "list", "--json"),
        lambda folder: ("people", "list", "--json", "--data", folder),
        lambda folder: ("projections", "--data", folder, "list", "--json"),
    ],
    ids=["before", "after", "in the middle"],
)
def test_a_running_installation_is_found_through_its_folder(alone, running, place):
    """`--data` is understood wherever it stands."""
    result = alone(*place(running))

    assert (result.exit_code, result.stdout.strip()) == (0, "[]")


def test_the_folder_of_the_environment_is_looked_at(alone, running, monkeypatch):
    """OPEN_IMPACT_DATA names the folder where no option does."""
    monkeypatch.setenv("OPEN_IMPACT_DATA", str(running))
    assert alone("people", "list", "--json").exit_code == 0


def test_a_setting_that_cannot_be_meant_is_named(alone, monkeypatch):
    """A malformed address is an error of its own, not a missing database."""
    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", "mysql://nope")
    result = alone("people", "list")

    assert result.exit_code == 1
    assert "OPEN_IMPACT_DATABASE_URL must start with postgresql://" in result.stderr


def test_a_database_that_is_away_is_one_sentence(alone, monkeypatch):
    """Nothing listens there: one sentence, no traceback."""
    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    result = alone("people", "list")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "cannot be reached" in result.stderr


def test_a_database_without_schema_says_to_migrate(alone, empty_database_url, monkeypatch):
    """Commands on an empty database point to `open-impact migrate`, which then mends it."""
    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", empty_database_url)
    before = alone("people", "list")
    migrated = alone("migrate")
    after = alone("people", "list", "--json")

    assert before.exit_code == 1
    assert "run `open-impact migrate`" in before.stderr
    assert (migrated.exit_code, after.exit_code) == (0, 0)
    assert alone("migrate").exit_code == 0
