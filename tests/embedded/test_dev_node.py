"""`ops/dev node` finds the machine's own Node.js, and says what to do where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEV = Path(__file__).parents[2] / "ops" / "dev"
NODE = Path(sys.prefix) / "bin" / "node"


@pytest.fixture
def project(tmp_path):
    """Make a folder with the script and an environment that has nothing in it yet."""
    (tmp_path / "ops").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "own").mkdir()
    shutil.copy(DEV, tmp_path / "ops" / "dev")
    return tmp_path


def own(project, version):
    """Put npm and a Node.js that says it is of a version on the machine's path."""
    pretend = (
        f'Object.defineProperty(process.versions, "node", {{ value: "{version}" }}); eval(process.argv[2])'
    )
    scripts = {"node": f"exec '{NODE}' -e '{pretend}' -- \"$@\"", "npm": "exit 0"}
    for name, script in scripts.items():
        file = project / "own" / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)


def asked(project):
    """Run `ops/dev node` with the machine's programs, Node.js aside, and those of the test."""
    for program in ("bash", "dirname", "ln", "rm", "sh"):
        (project / "own" / program).symlink_to(shutil.which(program))
    environment = os.environ | {"PATH": str(project / "own")}
    return subprocess.run(
        [project / "ops" / "dev", "node"], env=environment, check=False, capture_output=True, text=True
    )


def test_the_machines_own_is_linked_without_a_word(project):
    """A new enough Node.js with npm is what the project uses, and nothing is said."""
    own(project, "20.0.0")
    done = asked(project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for name in ("node", "npm"):
        assert (project / ".venv" / "bin" / name).readlink() == project / "own" / name


def test_an_old_one_is_not_used(project):
    """Where the machine's own is too old and no wheel can be installed, a sentence says what to do."""
    own(project, "18.20.1")
    done = asked(project)
    assert done.returncode == 1
    assert "Node.js 20 or newer with npm is needed" in done.stderr
    assert not any((project / ".venv" / "bin" / name).exists() for name in ("node", "npm"))
