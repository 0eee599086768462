"""Short runs of the campaign in which other people's libraries check what a worker really sends."""

import json
import os
import subprocess
import sys

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
LONGEST_SECONDS = 300


def run(file, *words):
    """Run the campaign to its end; give the process and the report."""
    ended = subprocess.run(
        [*OPEN_IMPACT, "faults", "signatures", *words, "--json", str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        env={name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")},
    )
    assert file.exists(), ended.stdout + ended.stderr
    return ended, json.loads(file.read_text())


def test_the_libraries_of_others_take_what_is_sent_and_refuse_what_was_changed(tmp_path):
    """From PyPI and npm, in every way of writing, for events of every type, by the published schema, log and keys."""
    ended, report = run(tmp_path / "report.json", "--deliveries", "300")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert all(item["checked"] and not item["broken"] for item in report["invariants"])
    figures = report["figures"]
    assert figures["deliveries checked"] >= 300
    assert figures["copies tampered with"] == 6 * figures["deliveries checked"]


def test_one_letter_that_is_changed_on_the_way_is_noticed(tmp_path):
    """With a body that is not as it was sent, every check of a signature says so, and the campaign fails."""
    ended, report = run(tmp_path / "report.json", "--deliveries", "30", "--planted")
    assert ended.returncode == 1
    assert "broken promise" in ended.stderr
    broken = {item["name"] for item in report["invariants"] if item["broken"]}
    assert {name for name in broken if name.endswith("takes every message")} == {
        "standardwebhooks from PyPI takes every message",
        "standardwebhooks from npm takes every message",
        "a check of v1 with nothing but HMAC takes every message",
        "a check of v1a with the public key takes every message",
    }
