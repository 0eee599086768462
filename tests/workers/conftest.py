"""What the tests of the worker share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database_url(database_url: str) -> str:
    """Grant the service what migrations grant it: rights on a database are not copied with it."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = sql.Identifier(database_url.rpartition("/")[2])
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO open_impact_service").format(name))
    return database_url


@pytest.fixture
def worker() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start workers as processes, and end those that a test left."""
    started = []

    def start(**environment: str) -> "subprocess.Popen[str]":
        foreign = [name for name in os.environ if name.startswith("OPEN_IMPACT_")]
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "work"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in foreign} | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
