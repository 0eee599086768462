"""The rooms import each other in one direction only, and the domain reaches for nothing outside itself."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.purity import impurities
from tests.architecture.sources import ROOT, files, name, tree


def test_rooms_import_each_other_as_agreed(tmp_path):
    """Every contract about imports in pyproject.toml is kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(tmp_path)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize("file", files("domain"), ids=name)
def test_the_domain_is_pure(file):
    """Deciders know no clock, no chance, no file and no network."""
    assert impurities(tree(file)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.utcnow()",
        "from datetime import date\nx = date.today()",
        "from datetime import datetime\nclock = datetime.now",
        "from datetime import datetime as moment\nclock = moment.now",
        "import datetime\nclock = datetime.datetime.now",
        "def decide(clock):\n    return clock.now()",
        "import time",
        "from time import monotonic as tick",
        "import random",
        "from random import choice",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid4",
        "from uuid import uuid1 as fresh",
        "from uuid_utils.compat import uuid7",
        "from events.streams import new_id",
        "from events import streams\nx = streams.new_id()",
        "import secrets",
        "import os",
        "import os.path",
        "from os import environ",
        "from pathlib import Path",
        "import urllib.request",
        "import http.client",
        "import httpx",
        "import socket",
        "import asyncio",
        "import sys",
        "def decide():\n    import subprocess",
        "x = open('f')",
        "def decide(x=print):\n    pass",
        "x = eval('1')",
        "x = __import__('os')",
        "async def decide():\n    pass",
        "n = 0\ndef decide():\n    global n\n    n += 1",
    ],
)
def test_the_check_of_purity_catches_what_is_planted(planted):
    """The check finds each kind of reaching out, wherever it stands, with its line."""
    assert impurities(ast.parse("x = 1\n" + planted))


def test_the_check_of_purity_leaves_pure_code_alone():
    """Times and identifiers as values, and dictionaries with awkward names, are no reaching out."""
    pure = (
        "from datetime import datetime, timedelta, UTC\nfrom uuid import UUID, uuid5\n"
        "def decide(command, state):\n    later = command.now + timedelta(days=1)\n"
        "    return [uuid5(UUID(int=0), 'a'), {'print': later}, datetime(2026, 1, 1, tzinfo=UTC)]\n"
    )
    assert impurities(ast.parse(pure)) == []


def test_every_read_model_is_held_apart_from_the_others():
    """The contract that read models do not import each other names all of them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (apart,) = (contract["modules"] for contract in contracts if contract["type"] == "independence")
    folders = [file.parent.name for file in (ROOT / "projections").glob("*/__init__.py")]
    assert sorted(apart) == sorted(f"projections.{name}" for name in folders)
