"""What the tests of the embedded engine share: folders, and children that stand in for servers."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

from app.embedded.child import Child

EMBEDDED = Path(__file__).parent
PYTHON = sys.executable


@pytest.fixture
def folder():
    """A folder with spaces in its name, which servers on another account may reach; pytest closes its own to them."""
    place = Path(tempfile.mkdtemp(prefix="open impact "))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def child(folder):
    """Make a child that runs a line of Python."""

    def make(line, **more):
        facts = {
            "name": "stand-in",
            "kind": "stand-in",
            "command": (PYTHON, "-I", "-S", "-c", line),
            "environment": dict(os.environ),
            "log": folder / "logs" / "stand-in.log",
        }
        return Child(**(facts | more))

    return make


@pytest.fixture
def eventually():
    """Wait until something holds, and fail when it does not within a while."""

    def wait(holds, within=10.0):
        deadline = time.monotonic() + within
        while not (found := holds()):
            assert time.monotonic() < deadline, "this did not come to hold"
            time.sleep(0.02)
        return found

    return wait
