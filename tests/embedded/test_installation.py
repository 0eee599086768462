"""A whole installation with stand-ins for web and worker: start, failures, stop, and nothing left behind."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.embedded.data_folder import running_instance
from app.embedded.installation import address_of
from app.embedded.processes import started_at, started_for, working_in

RUN = (sys.executable, str(Path(__file__).with_name("run_stand_in.py")))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def place():
    """A folder that has its database already, for tests that do not mind."""
    folder = Path(tempfile.mkdtemp(prefix="open impact "))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def started(folder, *words, **variables):
    """Start an installation as a process and stop it at the end, in whatever way the test left it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")}
    paths = [str(ROOT), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | variables
    with subprocess.Popen(
        [*RUN, str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def left_behind(folder):
    """List the processes that belong to the folder."""
    data = folder.resolve()
    return [*started_for(data), *working_in(data / "postgres" / "data"), *working_in(data / "valkey")]


def web_process(instance):
    """Ask the web process for its number."""
    connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=2)
    try:
        connection.request("GET", "/")
        return int(connection.getresponse().read())
    except OSError:
        return None
    finally:
        connection.close()


def test_it_starts_heals_and_stops(folder, eventually):
    """The address comes when all is up; killed servers and web processes come back with the data whole; SIGTERM ends all."""
    with started(folder, "demo") as process:
        assert process.stdout.readline() == f"{running_instance(folder).address}\n"
        first = running_instance(folder)
        assert set(first.pids) == {"PostgreSQL", "Valkey", "worker 1", "worker 2", "web"}
        trace = eventually(
            lambda: (found := (folder / "trace").read_text().split()) and len(found) == 5 and found
        )
        assert trace[:2] == ["migrate", "import"]
        assert sorted(trace[2:]) == ["serve", "work", "work"]
        with psycopg.connect(first.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")

        for name in ("PostgreSQL", "Valkey", "web", "worker 2"):
            os.kill(first.pids[name], signal.SIGKILL)

        def healed():
            now = running_instance(folder).pids
            return len(now) == len(first.pids) and not set(now.values()) & {
                first.pids[name] for name in ("PostgreSQL", "Valkey", "web", "worker 2")
            }

        eventually(healed)
        eventually(lambda: web_process(first) == running_instance(folder).pids["web"])

        def answered():
            try:
                with psycopg.connect(first.database_url) as connection:
                    return connection.execute("SELECT n FROM kept").fetchone() == (1,)
            except psycopg.OperationalError:
                return False

        eventually(answered)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        assert process.returncode == 0
        assert left_behind(folder) == []
        assert running_instance(folder) is None


def test_after_a_kill_nothing_stays_and_it_starts_again(place, eventually):
    """kill -9 takes the children along, and the next start takes the folder over at once, with the other's data."""
    with started(place) as process:
        process.stdout.readline()
        before = running_instance(place)
        with psycopg.connect(before.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        process.kill()
    with started(place) as process:
        process.stdout.readline()
        after = running_instance(place)
        assert not any(started_at(pid) for pid in before.pids.values())
        with psycopg.connect(after.database_url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
        process.kill()
    eventually(lambda: left_behind(place) == [])


def test_a_second_start_is_refused(place):
    """Somebody who starts a second one on the folder hears who runs the first, which goes on."""
    with started(place) as process:
        process.stdout.readline()
        with started(place) as second:
            _, said = second.communicate(timeout=10)
        assert second.returncode == 1
        assert said.startswith("Error: `open-impact up` already runs on")
        assert f"process {process.pid}" in said
        assert process.poll() is None


def test_what_keeps_failing_ends_it_with_a_reason(place):
    """A step that cannot be done ends everything, with its last words."""
    with started(place, "demo", STAND_IN_FAILS="import") as process:
        printed, said = process.communicate(timeout=20)
    assert (process.returncode, printed) == (1, "")
    assert (
        "The import of the sample content failed, its last words: Error: the stand-in fails as told" in said
    )
    assert left_behind(place) == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),  # noqa: S104  # Shown, not listened on.
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("2001:db8::7", "http://[2001:db8::7]:8000"),
    ],
)
def test_the_address_is_one_a_person_can_open(host, address):
    """Listening everywhere is not an address; this machine is `localhost`."""
    assert address_of(host, 8000) == address
