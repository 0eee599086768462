"""What the tests of the command line share: running a command in this process, or as people do."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.main import cli
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]
FOREIGN = ("OPEN_IMPACT_DATABASE_URL", "OPEN_IMPACT_REDIS_URL", "OPEN_IMPACT_DATA", "OPEN_IMPACT_SECRET_KEY")

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def kept_logging() -> Iterator[None]:
    """Put the log's handlers back, which a command sets up for its own process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command where nothing is installed and nothing runs."""
    for variable in FOREIGN:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("OPEN_IMPACT_DATA", str(tmp_path / "no installation"))

    def run(*arguments: object, **more: object) -> Result:
        return CliRunner().invoke(cli, [str(one) for one in arguments], prog_name="open-impact", **more)

    return run


@pytest.fixture
def open_impact(alone: Run, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """Run a command on a fresh migrated database."""
    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", database_url)
    monkeypatch.setenv("OPEN_IMPACT_SECRET_KEY", SECRET)
    return alone


@pytest.fixture
def done(open_impact: Run) -> Callable[..., str]:
    """Run a command that must succeed, and give what it printed on the standard output."""

    def run(*arguments: object) -> str:
        result = open_impact(*arguments)
        assert result.exit_code == 0, result.output + repr(result.exception)
        return result.stdout

    return run


@pytest.fixture
def told(done: Callable[..., str]) -> Callable[..., object]:
    """Run a command with --json, and give what it tells."""
    return lambda *arguments: json.loads(done(*arguments, "--json"))


@pytest.fixture
def process(database_url: str) -> Callable[..., "subprocess.Popen[str]"]:
    """Start a command as a process of its own, on the same database as `open_impact`."""

    def start(*arguments: object, **more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ
            | {"OPEN_IMPACT_DATABASE_URL": database_url, "OPEN_IMPACT_SECRET_KEY": SECRET}
            | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
