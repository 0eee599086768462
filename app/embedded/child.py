"""One program that runs beside us: how it is started, known to be ready, stopped, and what it said last."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from app.embedded.account import Account
from app.embedded.errors import StartFailedError, disk_full, explained, free_room

_LAUNCH = Path(__file__).with_name("launch.py")
_LOOK_SECONDS = 0.02
_FORCE_SECONDS = 1.0
_LONGEST_LOG = 16 * 1024 * 1024
_TAIL = 16 * 1024
_LONGEST_WORDS = 300
_HARDLY_ANY_ROOM = 8 * 1024 * 1024
_COMPLAINTS = ("FATAL", "PANIC", "ERROR", "Error", "error:")


def _at_once(_: int) -> bool:
    return True


def _nothing() -> None:
    pass


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A program to run, as data.

    `kind` groups alike children, which are stopped together. `says` is what it reads as its standard input.
    `folder` is the working directory, None for ours. `is_ready` is asked with the process's number, for at most
    `ready_seconds`. `clear_away` ends what an earlier run of it left behind. `stop_signal` is also sent by the
    kernel when we are gone; `force_signal` follows after `stop_seconds`.
    """

    name: str
    kind: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    says: bytes = b""
    folder: Path | None = None
    account: Account | None = None
    is_ready: Callable[[int], bool] = _at_once
    ready_seconds: float = 60
    clear_away: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    force_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 2.0


class Running:
    """A child's process. Start it from a thread that lives as long as it should: the kernel ends it with that thread."""

    def __init__(self, child: Child) -> None:
        """Start the program. Raises DiskFullError or FolderUnusableError when its log cannot be written."""
        self.child = child
        child.clear_away()
        bound_log(child.log)
        with explained(child.log.parent), child.log.open("ab") as log:
            self._log_begin = log.tell()
            self._process = subprocess.Popen(  # noqa: S603  # Commands come from the code, as a list, without a shell.
                _command(child),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=child.folder,
                env=dict(child.environment),
                # A terminal's Ctrl-C goes to us alone, and whatever the program starts can be ended with it.
                start_new_session=True,
            )
        self.started = time.monotonic()
        if self._process.stdin:
            with suppress(BrokenPipeError), self._process.stdin as ear:
                ear.write(child.says)

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        """Give the exit code, negative for a signal, or None while it runs."""
        return self._process.poll()

    def is_ready(self) -> bool:
        return self.poll() is None and self.child.is_ready(self.pid)

    def wait_until_ready(self) -> None:
        """Wait until it is ready. Raises StartFailedError when it ends before, or takes longer than it may."""
        deadline = time.monotonic() + self.child.ready_seconds
        while not self.is_ready():
            if self.poll() is not None:
                raise failed(self.child, f"did not start, {self.last_words()}")
            if time.monotonic() > deadline:
                raise late(self.child, self.last_words())
            time.sleep(_LOOK_SECONDS)

    def request_stop(self) -> None:
        self._signal(self.child.stop_signal)

    def finish(self, deadline: float) -> None:
        """Wait for the end until `deadline` (monotonic), then force it; afterwards nothing of it is left."""
        if not self._ended_by(deadline):
            self._signal(self.child.force_signal)
            self._ended_by(time.monotonic() + _FORCE_SECONDS)
        self.sweep()
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(_FORCE_SECONDS) == 0:
                return
        self.child.clear_away()

    def stop(self) -> None:
        """Stop it within its time."""
        self.request_stop()
        self.finish(time.monotonic() + self.child.stop_seconds)

    def sweep(self) -> None:
        """Kill whatever it started and left behind in its session."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """Quote the line of its log that most likely says why it ended."""
        with suppress(OSError), self.child.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_begin if self._log_begin <= end else 0, end - _TAIL))
            lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
            complaints = [line for line in lines if any(word in line for word in _COMPLAINTS)]
            if said := (complaints or lines)[-1:]:
                return f"its last words: {said[0].strip()[:_LONGEST_WORDS]}"
        return "it said nothing"

    def _ended_by(self, deadline: float) -> bool:
        while self.poll() is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


def run_to_end(child: Child, *, within: float, go_on: Callable[[], bool] = lambda: True) -> None:
    """Run a child that does one thing and ends, for at most `within` seconds, or until `go_on` says no.

    Raises StartFailedError when it fails or takes longer.
    """
    running = Running(child)
    deadline = time.monotonic() + within
    try:
        while (code := running.poll()) is None and go_on():
            if time.monotonic() > deadline:
                raise failed(child, f"took longer than {within:.0f} seconds, {running.last_words()}")
            time.sleep(_LOOK_SECONDS)
    finally:
        running.stop()
    if code:
        raise failed(child, f"failed, {running.last_words()}")


def failed(child: Child, what: str) -> Exception:
    """Say that a child failed; a full disk is told apart, because it is mended differently."""
    free = free_room(child.log.parent)
    if "No space left on device" in what or (free is not None and free < _HARDLY_ANY_ROOM):
        return disk_full(child.log.parent.parent)
    return StartFailedError(f"{child.name} {what} (see {child.log}).")


def late(child: Child, last_words: str) -> Exception:
    return failed(child, f"was not ready within {child.ready_seconds:.0f} seconds, {last_words}")


def bound_log(log: Path) -> None:
    """Keep a log from growing without end: a long one moves to `….1` and starts anew.

    It is emptied in place, because the programs that write it hold it open for appending.
    """
    with explained(log.parent):
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            with suppress(OSError):
                shutil.copyfile(log, log.with_name(log.name + ".1"))
            os.truncate(log, 0)


def _command(child: Child) -> list[str]:
    uid, gid = (child.account.uid, child.account.gid) if child.account else (-1, -1)
    words = (os.getpid(), int(child.stop_signal), uid, gid)
    return [sys.executable, "-I", "-S", str(_LAUNCH), *(str(word) for word in words), *child.command]
