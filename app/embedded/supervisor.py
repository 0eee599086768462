"""Keeps a set of children running: starts them in order, restarts the fallen, stops all in the reverse order."""

import signal
import time
from collections.abc import Callable, Mapping
from itertools import groupby

import msgspec

from app.embedded.child import Child, Running, bound_log, failed, late
from app.embedded.processes import adopt_orphans, collect_adopted, collect_all

Report = Callable[[str], None]
_LOOK_SECONDS = 0.05
_COLLECT_SECONDS = 0.5
_BOUND_LOGS_EVERY = 5.0


class RestartPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """When a fallen child is started again, and when we give up; times in seconds."""

    quick: float = 10.0
    """A child that ran for less than this failed quickly."""
    most_quick_failures: int = 5
    first_delay: float = 0.1
    longest_delay: float = 5.0

    def delay(self, failures: int) -> float:
        """Wait longer after each quick failure in a row: 0.1, 0.4, 1.6, 5."""
        return min(self.longest_delay, self.first_delay * 4.0 ** (failures - 1))


class _Watched:
    """A child and how it fares."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.running: Running | None = None
        self.quick_failures = 0
        self.start_at = 0.0


class Supervisor:
    """Supervises children from one thread, which must live as long as they.

    `report` takes sentences for the person watching; `on_change` gets the names and numbers of the processes
    whenever one has begun or ended. `alone` says that this process starts no others, so that the supervisor may
    collect whatever its children leave behind.
    """

    def __init__(self, *, report: Report, policy: RestartPolicy | None = None, alone: bool = False) -> None:
        self.on_change: Callable[[Mapping[str, int]], None] = lambda _: None
        self._watched: list[_Watched] = []
        self._report = report
        self._policy = policy or RestartPolicy()
        self._alone = alone
        self._logs_bounded_at = time.monotonic()
        if alone:
            adopt_orphans()

    @property
    def pids(self) -> dict[str, int]:
        """Name the processes that run now."""
        return {watched.child.name: watched.running.pid for watched in self._watched if watched.running}

    def start(self, child: Child, *, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Start a child and watch over all until it is ready; False when `go_on` said no before.

        Raises StartFailedError when it keeps failing or takes longer than it may.
        """
        watched = _Watched(child)
        self._watched.append(watched)
        deadline = time.monotonic() + child.ready_seconds
        while go_on():
            self.look()
            if watched.running and watched.running.is_ready():
                return True
            if time.monotonic() > deadline:
                raise late(child, watched.running.last_words() if watched.running else "it is not running")
            time.sleep(_LOOK_SECONDS)
        return False

    def watch(self, go_on: Callable[[], bool]) -> None:
        """Watch over all until `go_on` says no. Raises StartFailedError when a child keeps failing."""
        while go_on():
            self.look()
            time.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """Look at every child once: note those that ended, start those whose time has come."""
        now = time.monotonic()
        if self._alone:
            collect_adopted(self.pids.values())
        for watched in self._watched:
            if watched.running and (code := watched.running.poll()) is not None:
                self._note_end(watched, watched.running, code, now)
            elif not watched.running and now >= watched.start_at:
                watched.running = Running(watched.child)
                self.on_change(self.pids)
        if now > self._logs_bounded_at + _BOUND_LOGS_EVERY:
            self._logs_bounded_at = now
            for watched in self._watched:
                bound_log(watched.child.log)

    def stop(self, within: float) -> None:
        """Stop all, last started first, children of one kind together, within that many seconds."""
        deadline = time.monotonic() + within
        for _, group in groupby(reversed(self._watched), key=lambda watched: watched.child.kind):
            alike = [watched.running for watched in group if watched.running]
            asked_at = time.monotonic()
            for running in alike:
                running.request_stop()
            for running in alike:
                running.finish(min(deadline, asked_at + running.child.stop_seconds))
        self._watched.clear()
        if self._alone:
            collect_all(_COLLECT_SECONDS)
        self.on_change(self.pids)

    def _note_end(self, watched: _Watched, running: Running, code: int, now: float) -> None:
        running.sweep()
        watched.running = None
        child, policy = watched.child, self._policy
        # Who is killed from outside has not failed; how often that happens is not for us to judge.
        failed_quickly = code != -signal.SIGKILL and now - running.started < policy.quick
        watched.quick_failures = watched.quick_failures + 1 if failed_quickly else 1
        if watched.quick_failures >= policy.most_quick_failures:
            raise failed(child, f"ended {watched.quick_failures} times in a row, {running.last_words()}")
        watched.start_at = now + policy.delay(watched.quick_failures)
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        self._report(f"{child.name} ended unexpectedly, {how}; starting it again.")
        self.on_change(self.pids)
