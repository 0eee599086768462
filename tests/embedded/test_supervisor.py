"""The supervisor: order, restarts, giving up, stopping, and leaving nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded.child import Running, bound_log, run_to_end
from app.embedded.errors import DiskFullError, StartFailedError
from app.embedded.processes import FOLDER_VARIABLE, end, started_at, started_for
from app.embedded.supervisor import RestartPolicy, Supervisor

FAST = RestartPolicy(first_delay=0.001, longest_delay=0.01)
SLEEPS = "import time; time.sleep(1000)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(1000)"


@pytest.fixture
def supervisor():
    """A supervisor that does not wait between restarts."""
    reports = []
    one = Supervisor(report=reports.append, policy=FAST)
    one.reports = reports
    yield one
    one.stop(within=5)


def says(running, word):
    """Say whether the process has printed `word`."""
    return lambda: word in running.child.log.read_text()


def test_a_killed_child_is_started_again(supervisor, child, eventually):
    """A child that is killed comes back as another process, and the person watching is told."""
    supervisor.start(child(SLEEPS))
    first = supervisor.pids["stand-in"]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: supervisor.look() or supervisor.pids.get("stand-in", first) != first)
    assert "stand-in ended unexpectedly, by signal 9" in supervisor.reports[0]


def test_being_killed_is_not_failing(supervisor, child):
    """However often somebody kills a child, it comes back."""
    supervisor.start(child(SLEEPS))
    seen = set()
    while len(seen) < 7:
        supervisor.look()
        for pid in set(supervisor.pids.values()) - seen:
            seen.add(pid)
            os.kill(pid, signal.SIGKILL)


def test_a_child_that_keeps_failing_ends_the_watch(supervisor, child):
    """Five quick failures in a row end it, with the child's last words and the place of its log."""
    broken = child("raise SystemExit('Error: no such thing')", is_ready=lambda _: False)
    with pytest.raises(StartFailedError, match=r"ended 5 times in a row.*no such thing.*stand-in\.log"):
        supervisor.start(broken)


def test_a_child_that_ran_for_long_may_fail_again(child, folder):
    """Failures count only while they come quickly one after the other."""
    patient = RestartPolicy(quick=0.0, first_delay=0.001, most_quick_failures=2)
    supervisor = Supervisor(report=lambda _: None, policy=patient)
    counted = folder / "count"
    line = f"open({str(counted)!r}, 'a').write('x')"
    supervisor.start(child(line))
    supervisor.watch(lambda: not counted.exists() or len(counted.read_text()) < 4)
    supervisor.stop(within=5)


def test_a_child_that_never_gets_ready_is_an_error(supervisor, child):
    """Readiness has a deadline."""
    with pytest.raises(StartFailedError, match="was not ready within"):
        supervisor.start(child(SLEEPS, is_ready=lambda _: False, ready_seconds=0.1))


def test_a_full_disk_is_told_apart(supervisor, child):
    """When a child's last words are of a full disk, the error says to free some space."""
    with pytest.raises(DiskFullError, match="free some space"):
        supervisor.start(
            child("raise SystemExit('FATAL: No space left on device')", is_ready=lambda _: False)
        )


def test_starting_ends_early_when_asked_to(supervisor, child):
    """A stop that is asked for while a child gets ready ends the wait."""
    assert not supervisor.start(child(SLEEPS, is_ready=lambda _: False), go_on=lambda: False)


def test_all_are_stopped_in_the_reverse_order(child, folder, eventually):
    """The last kind started stops first, and children of one kind stop together."""
    ends = folder / "ends"
    line = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    open({ends!r}, 'a').write({name!r} + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(1000)"
    )
    supervisor = Supervisor(report=lambda _: None)
    for name, kind in (("database", "database"), ("one", "worker"), ("two", "worker"), ("web", "web")):
        log = folder / "logs" / f"{name}.log"
        supervisor.start(
            child(
                line.format(ends=str(ends), name=name),
                name=name,
                kind=kind,
                log=log,
                is_ready=lambda _, log=log: "up" in log.read_text(),
            )
        )
    supervisor.stop(within=8)
    order = ends.read_text().split()
    assert order[0] == "web"
    assert set(order[1:3]) == {"one", "two"}
    assert order[3] == "database"


def test_a_deaf_child_is_forced(child, eventually):
    """A child that does not listen is killed after its time."""
    running = Running(child(DEAF, stop_seconds=0.1))
    eventually(says(running, "deaf"))
    running.stop()
    assert running.poll() == -signal.SIGKILL


def test_deaf_processes_of_an_earlier_run_are_killed(child, folder, eventually):
    """Processes are known by the folder that they were started for, asked to end, and killed when they do not."""
    other, ours = folder / "other", folder / "ours"
    running = [
        Running(child(DEAF, log=folder / f"{place.name}.log", environment={FOLDER_VARIABLE: str(place)}))
        for place in (other, ours)
    ]
    for one in running:
        eventually(says(one, "deaf"))
    assert started_for(ours) == [running[1].pid]
    end(lambda: started_for(ours), gently=signal.SIGTERM, within=0.05)
    assert [one.poll() for one in running] == [None, -signal.SIGKILL]
    running[0].finish(0)


def test_what_a_child_started_goes_with_it(child, eventually):
    """When a child dies, the processes it started are ended too, so that they hold no port."""
    running = Running(
        child(
            "import subprocess, time; print(subprocess.Popen(['sleep', '1000']).pid, flush=True); time.sleep(1000)"
        )
    )
    below = int(eventually(lambda: running.child.log.read_text().strip()))
    os.kill(running.pid, signal.SIGKILL)
    running.finish(0)
    eventually(lambda: started_at(below) is None)


def test_children_end_when_their_parent_is_killed(folder, eventually):
    """A killed supervisor takes its children along, by the kernel's hand."""
    line = (
        "import sys, time, os\n"
        "from pathlib import Path\n"
        "from app.embedded.child import Child, Running\n"
        f"child = Child(name='c', kind='c', command=('/bin/sleep', '1000'), environment={{}}, log=Path({str(folder)!r}) / 'c.log')\n"
        "print(Running(child).pid, flush=True)\n"
        "time.sleep(1000)"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", line], stdout=subprocess.PIPE, cwd=root) as parent:
        below = int(parent.stdout.readline())
        assert started_at(below)
        parent.kill()
    eventually(lambda: started_at(below) is None)


def test_a_step_that_fails_says_why(child):
    """A program that should do one thing and end is an error when it fails or takes too long."""
    run_to_end(child("pass"), within=5)
    with pytest.raises(StartFailedError, match="failed, its last words: Error: not today"):
        run_to_end(child("raise SystemExit('Error: not today')"), within=5)
    with pytest.raises(StartFailedError, match="took longer"):
        run_to_end(child(SLEEPS), within=0.05)


def test_a_child_reads_what_we_say(child):
    """What a child is told arrives on its standard input, whose end it sees."""
    running = Running(child("print(input(), flush=True)", says=b"a word\n"))
    running.finish(float("inf"))
    assert running.child.log.read_text() == "a word\n"


def test_a_long_log_begins_anew(folder):
    """A log past its bound moves aside once, and those who hold it open go on writing at its new beginning."""
    log = folder / "long.log"
    with log.open("ab") as writer:
        writer.truncate(17 * 1024 * 1024)
        bound_log(log)
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert log.with_name("long.log.1").stat().st_size == 17 * 1024 * 1024
