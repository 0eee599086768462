"""`open-impact up` as people meet it: real processes on a data folder with a space in its name."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.embedded.data_folder import running_instance
from app.embedded.ports import free_port
from app.embedded.processes import started_for, working_in

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
ROOT = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS = 120, 10
LISTENING = "0A"  # In /proc/net/tcp.
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


@pytest.fixture(scope="module")
def folder():
    """One data folder for all tests of this file: each leaves it as a person would, with its data."""
    place = Path(tempfile.mkdtemp(prefix="open impact "))
    yield place / "the data"
    shutil.rmtree(place)


@pytest.fixture
def eventually():
    """Wait until something holds, and fail when it does not within a while."""

    def wait(holds, within=60.0):
        deadline = time.monotonic() + within
        while not (found := holds()):
            assert time.monotonic() < deadline, "this did not come to hold"
            time.sleep(0.05)
        return found

    return wait


def environment():
    """Give a process the environment of a person who has set nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")}


@contextmanager
def up(folder, *words):
    """Run `open-impact up` and give it once it has printed its address; it is stopped at the end."""
    port = str(free_port(folder))
    command = [*OPEN_IMPACT, "up", "--data", str(folder), "--port", port, *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    ) as process:
        try:
            address = process.stdout.readline()
            assert address == f"http://localhost:{port}\n", process.communicate(timeout=START_SECONDS)[1]
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=START_SECONDS)


def open_impact(folder, *words):
    """Run another command on the folder."""
    return subprocess.run(
        [*OPEN_IMPACT, *words, "--data", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=START_SECONDS,
    )


def status(folder, path):
    """Ask for a page and give the status; None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", running_instance(folder).port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def count_events(folder):
    """Count what the log holds; None while the database does not answer."""
    try:
        with psycopg.connect(running_instance(folder).database_url) as connection:
            return connection.execute("SELECT count(*) FROM events").fetchone()[0]
    except psycopg.OperationalError:
        return None


def processes_of(folder):
    """List every process that belongs to the folder."""
    data = folder.resolve()
    servers = [pid for place in ("postgres/data", "postgres", "valkey") for pid in working_in(data / place)]
    return [*started_for(data), *servers]


def open_addresses(pids):
    """List the addresses on which any of these processes listens."""
    sockets = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            if (target := str(handle.readlink())).startswith("socket:["):
                sockets.add(target[len("socket:[") : -1])
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in sockets:
                found.add(fields[1].rpartition(":")[0])
    return found


def test_a_new_installation_opens_with_its_sample_content(folder):
    """From nothing to a board with ideas on it, found by other commands, reachable from this machine only."""
    with up(folder, "--demo", "--workers", "2") as process:
        assert status(folder, "/health/ready") == 200
        assert status(folder, "/") == 200
        assert count_events(folder) > 0
        assert open_impact(folder, "events", "verify").returncode == 0
        assert set(running_instance(folder).pids) == {"PostgreSQL", "Valkey", "web", "worker 1", "worker 2"}
        assert open_addresses([process.pid, *processes_of(folder)]) <= LOOPBACK


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_in_time(folder, number):
    """SIGTERM and Ctrl-C end `up` with 0 within ten seconds, and no process of the folder is left."""
    with up(folder) as process:
        assert processes_of(folder)
        process.send_signal(number)
        process.communicate(timeout=STOP_SECONDS)
        assert process.returncode == 0
    assert processes_of(folder) == []
    assert running_instance(folder) is None


@pytest.mark.parametrize("name", ["PostgreSQL", "Valkey", "web", "worker 1"])
def test_a_killed_process_comes_back_with_the_data_whole(folder, name, eventually):
    """Kill -9 of any process of a running installation heals by itself, and the log is as long as before."""
    with up(folder):
        before, victim = count_events(folder), running_instance(folder).pids[name]
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: running_instance(folder).pids.get(name, victim) != victim)
        eventually(lambda: count_events(folder) == before)
        eventually(lambda: status(folder, "/health/ready") == 200)


def test_a_killed_installation_starts_again_with_the_data_whole(folder):
    """After kill -9 of `up` the next start takes the folder over at once; adding the sample again adds nothing."""
    with up(folder, "--demo") as process:
        before, pids = count_events(folder), set(processes_of(folder))
        process.kill()
        process.communicate(timeout=STOP_SECONDS)
    with up(folder, "--demo"):
        assert not pids & set(processes_of(folder))
        assert count_events(folder) == before
        assert open_impact(folder, "projections", "verify", "idea_board").returncode == 0


def test_a_killed_installation_leaves_no_process(folder, eventually):
    """After kill -9 of `up` its servers and processes end by themselves."""
    with up(folder) as process:
        process.kill()
        process.communicate(timeout=STOP_SECONDS)
    eventually(lambda: processes_of(folder) == [])
    assert running_instance(folder) is None


def test_a_second_start_on_the_folder_is_refused(folder):
    """The sentence names the process that runs there and what to do; the first goes on."""
    with up(folder) as first:
        second = open_impact(folder, "up")
        assert second.returncode == 1
        assert second.stderr.startswith("Error: `open-impact up` already runs on")
        assert f"process {first.pid}" in second.stderr
        assert second.stdout == ""
        assert status(folder, "/health/ready") == 200


def test_a_port_in_use_is_said_before_anything_starts(folder):
    """A taken port ends the start with one sentence, and no server was started for it."""
    with up(folder) as first:
        port = running_instance(folder).port
        other = open_impact(folder.with_name("another"), "up", "--port", str(port))
        assert other.returncode == 1
        assert f"Port {port} is in use" in other.stderr
        assert not (folder.with_name("another") / "postgres").exists()
        assert first.poll() is None
