"""Which processes run, and ending those that an earlier `open-impact up` left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

FOLDER_VARIABLE = "OPEN_IMPACT_STARTED_FOR"
"""In the environment of every process that `up` starts: the data folder, by which orphans are known."""

_PR_SET_CHILD_SUBREAPER = 36
_PROC = Path("/proc")
_LOOK_SECONDS = 0.02
_KILL_SECONDS = 2.0


def started_at(pid: int) -> str | None:
    """Say when process `pid` began, in an opaque form that a later process of that number never has; None if gone."""
    if not _PROC.is_dir():
        return _started_at_by_ps(pid)
    try:
        status = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The second field is the program's name in brackets and may hold spaces; the third is the state.
    fields = status.rpartition(")")[2].split()
    if fields[0] in {"Z", "X"}:
        return None
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[19]}"


def working_in(folder: Path) -> list[int]:
    """List the processes whose working directory is `folder`: servers are known by it, whatever they call themselves.

    Empty where the system does not tell (other than Linux); the servers' own lock files must do there.
    """
    return [pid for pid in _pids() if _working_directory(pid) == str(folder)]


def started_for(data: Path) -> list[int]:
    """List the web and worker processes, and their children, that an `up` on the folder `data` has started."""
    mark = os.fsencode(f"{FOLDER_VARIABLE}={data}")
    return [pid for pid in _pids() if pid != os.getpid() and mark in _environment(pid)]


def end(find: Callable[[], Iterable[int]], *, gently: signal.Signals, within: float) -> None:
    """Ask all processes that `find` lists to end, and kill those that have not within that many seconds."""
    _signal(find(), gently)
    if not _gone(find, within):
        _signal(find(), signal.SIGKILL)
        _gone(find, _KILL_SECONDS)


def adopt_orphans() -> None:
    """Become the parent of what our children leave behind, on Linux: otherwise nobody may collect it in a container."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def collect_adopted(own: Collection[int]) -> None:
    """Collect adopted processes that have ended; those in `own` are left to whoever started them."""
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in own:
                return  # Those behind it show when its own parent has collected it.
            os.waitpid(ended.si_pid, os.WNOHANG)


def collect_all(within: float) -> None:
    """Wait, for at most `within` seconds, until no child or adopted process is left."""
    deadline = time.monotonic() + within
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(_LOOK_SECONDS)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _gone(find: Callable[[], Iterable[int]], within: float) -> bool:
    deadline = time.monotonic() + within
    while list(find()):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _pids() -> Iterator[int]:
    with suppress(OSError):
        yield from (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _working_directory(pid: int) -> str | None:
    with suppress(OSError):
        return str((_PROC / str(pid) / "cwd").readlink())
    return None


def _environment(pid: int) -> list[bytes]:
    with suppress(OSError):
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    return []


def _started_at_by_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603  # Commands of our own, never of a request.
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True, timeout=5
    )
    return answer.stdout.strip() or None
