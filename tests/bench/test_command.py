"""`open-impact bench`: every bench runs, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop
from click.testing import CliRunner

from ops.bench import lighthouse
from ops.bench.catalogue import BENCHES, BY_THEMSELVES
from ops.bench.command import bench, cancelled_when_told

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
SHORT = ("--rounds", "1", "--seconds", "0.3", "--scale", "0.005", "--again", "0", "--patience", "0")
PATIENCE_SECONDS = 10
ONLY_AT_FULL_SIZE = {"lodz"}
WITH_THE_PEER = {"eventsourcing_16"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a place for temporary folders that servers on another account may pass through."""
    with tempfile.TemporaryDirectory(prefix="open-impact-tests-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def processes_in(folder: Path) -> list[str]:
    """List the processes that speak of a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.parametrize("name", sorted(BENCHES.keys() - BY_THEMSELVES))
def test_every_bench_runs_and_leaves_nothing_behind(name, folder):
    """A short run measures all cases, writes them down, and ends its servers and removes their folder."""
    figures = folder / "figures.json"
    servers = folder / "servers"
    servers.mkdir(mode=0o755)
    run = subprocess.run(
        [*OPEN_IMPACT, "bench", name, *SHORT, "--json", str(figures)],
        env=os.environ | {"TMPDIR": str(servers)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    found = json.loads(figures.read_text())
    cases = {case["name"]: case for case in found["cases"]}
    left_out = ONLY_AT_FULL_SIZE | (WITH_THE_PEER if "was left out" in str(found["notes"]) else set())
    assert BENCHES[name].cases.keys() - left_out <= cases.keys()
    assert all(case["median"] >= 0 and len(case["rounds"]) >= 1 for case in cases.values())
    assert found["machine"]["postgresql"].startswith("18")
    assert found["machine"]["settings"]["fsync"] == "on"
    assert f"bench {name}" in run.stdout
    assert list(servers.iterdir()) == []
    assert processes_in(servers) == []


def test_a_bench_that_is_told_to_end_leaves_nothing_behind(folder):
    """SIGTERM in the middle of a measurement stops the server and removes the folder."""
    running = subprocess.Popen(
        [*OPEN_IMPACT, "bench", "read", *SHORT, "--rounds", "99"],
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running, running.stderr as said:
        while "round 1" not in said.readline():
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        try:
            assert running.wait(timeout=60) != 0
        finally:
            running.kill()

    assert list(folder.iterdir()) == []
    assert processes_in(folder) == []


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_what_waits_is_cancelled_where_it_waits(told):
    """Who is told to end hears of it at a place of waiting, not in the middle of the loop's work, and answers as before after."""
    heard = []

    def before(_number, _frame):
        """Take what comes when nobody waits, which would end the tests."""

    async def waits():
        os.kill(os.getpid(), told)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.append(told)
            raise

    outside = signal.signal(told, before)
    try:
        with pytest.raises(KeyboardInterrupt):
            uvloop.run(cancelled_when_told(waits()))
        assert (heard, signal.getsignal(told)) == ([told], before)
    finally:
        signal.signal(told, outside)


@pytest.mark.asyncio
async def test_what_a_bench_needs_is_said_where_it_is_missing(monkeypatch):
    """Without a browser nothing is looked at, and the refusal names the commands that install what is needed."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(lighthouse.LighthouseMissingError, match="ops/dev lighthouse"):
        await lighthouse.run(None)


def test_help_lists_cases_and_ratios_with_an_example():
    """Whoever reads the help finds every name that the figures carry."""
    said = CliRunner().invoke(bench, ["--help"]).output

    assert "open-impact bench append" in said
    for described in BENCHES.values():
        for name in (*described.cases, *described.ratios):
            assert name in said
