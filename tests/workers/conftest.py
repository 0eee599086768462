"""What the tests of the worker share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]


@pytest.fixture
def worker() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start workers as processes, and end those that a test left."""
    started = []

    def start(**environment: str) -> "subprocess.Popen[str]":
        foreign = [name for name in os.environ if name.startswith("OPEN_IMPACT_")]
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "work"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in foreign}
            | {"OPEN_IMPACT_SECRET_KEY": SECRET}
            | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
