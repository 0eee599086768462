"""A short run of the campaign in which workers that tell other programs of events are killed."""

import json
import os
import subprocess
import sys

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
LONGEST_SECONDS = 300


def test_nothing_is_left_untold_when_workers_are_killed(tmp_path):
    """Every event comes to every endpoint, in order where that is wanted, and few come twice."""
    file = tmp_path / "report.json"
    ended = subprocess.run(
        [*OPEN_IMPACT, "faults", "webhooks", "--kills", "3", "--json", str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        env={name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")},
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = json.loads(file.read_text())
    assert all(item["checked"] and not item["broken"] for item in report["invariants"])
    assert report["figures"]["events"] > 0
