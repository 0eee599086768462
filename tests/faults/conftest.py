"""Campaigns as the command runs them."""

import json
import os
import subprocess

import pytest

from tests.faults.reports import OPEN_IMPACT

LONGEST_SECONDS = 300


@pytest.fixture
def campaign(tmp_path):
    """Run a campaign to its end, and give its exit code, its report and the process."""

    def run(*words):
        file = tmp_path / "report.json"
        ended = subprocess.run(
            [*OPEN_IMPACT, "faults", *words, "--json", str(file)],
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            env={name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")},
        )
        assert file.exists(), ended.stderr
        return ended, json.loads(file.read_text())

    return run
