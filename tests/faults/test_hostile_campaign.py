"""A short run of the campaign in which one worker tells receivers that mean harm, and good ones."""

import json
import os
import subprocess
import sys

from ops.faults.hostile_receivers import HARMS

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
LONGEST_SECONDS = 200


def test_receivers_that_mean_harm_hold_up_nobody(tmp_path):
    """Good receivers hear of everything while others answer without end, too slowly, too much or not at all."""
    file = tmp_path / "report.json"
    ended = subprocess.run(
        [*OPEN_IMPACT, "faults", "hostile", "--seconds", "8", "--json", str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        env={name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")},
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = json.loads(file.read_text())
    assert all(item["checked"] and not item["broken"] for item in report["invariants"])
    assert report["figures"]["attempts at receivers that mean harm"] > len(HARMS)
