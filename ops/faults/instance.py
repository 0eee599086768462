"""A whole Open Impact in a folder of its own, started as people start it, to be killed in parts and looked at."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from app.embedded.child import Child, Running
from app.embedded.data_folder import DataFolder, RunningInstance, running_instance
from app.embedded.ports import free_port
from app.embedded.processes import end, started_for, working_in
from app.settings import PREFIX
from ops.faults.http_line import OK, HttpLine, NoAnswerError
from ops.faults.surroundings import came_true

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
READY_SECONDS = 60.0
COMMAND_SECONDS = 300.0
_STOP_SECONDS = 12.0
_ASK_SECONDS = 3.0
_END_SECONDS = 5.0
_GONE_SECONDS = 2.0


class Said(NamedTuple):
    """What a command said and how it ended; the code is negative for a signal."""

    code: int
    output: str
    errors: str


class Instance:
    """One installation: its folder, its port, and its first process when it runs; `settings` are further ones."""

    def __init__(self, folder: Path, *words: str, settings: Mapping[str, str] | None = None) -> None:
        self.data = DataFolder.at(folder / "data")
        self.port = free_port(self.data.path)
        self._log = folder / "up.log"
        self._words = words
        self._settings = settings or {}
        self._up: Running | None = None

    @property
    def pid(self) -> int:
        """Give the number of `open-impact up`."""
        return self._running_up().pid

    def start(self) -> None:
        """Start `open-impact up`; the kernel ends it should this process end first."""
        self._up = Running(
            Child(
                name="open-impact up",
                kind="up",
                command=(*OPEN_IMPACT, "up", "--port", str(self.port), *self._words),
                environment=self.environment(),
                log=self._log,
                stop_seconds=_STOP_SECONDS,
            )
        )

    def environment(self) -> dict[str, str]:
        """Give the environment of its commands: ours, without any settings but its own, and with no limits met."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        ours = {f"{PREFIX}DATA": str(self.data.path), f"{PREFIX}LIMITS_FACTOR": "1000000"}
        return kept | ours | {f"{PREFIX}{name.upper()}": value for name, value in self._settings.items()}

    def has_ended(self) -> bool:
        """Tell whether `open-impact up` has ended."""
        return self._running_up().poll() is not None

    def parts(self) -> RunningInstance | None:
        """Say what runs, as `run.json` has it; nothing while it starts or after it was killed."""
        return running_instance(self.data.path)

    def part(self, name: str) -> int | None:
        """Give the number of the process called `name`, such as `web` or `PostgreSQL`, if it runs."""
        parts = self.parts()
        return parts.pids.get(name) if parts else None

    def database_url(self) -> str:
        """Give the address of the running database, as its owner."""
        parts = self.parts()
        if parts is None or parts.database_url is None:
            raise RuntimeError(f"Nothing runs on {self.data.path}; see {self._log}.")
        return parts.database_url

    def secret_key(self) -> str:
        """Give the secret key that was drawn for it."""
        return self.data.kept_secret_key()

    def redis_url(self) -> str:
        """Give the address of the running Valkey."""
        parts = self.parts()
        if parts is None or parts.redis_url is None:
            raise RuntimeError(f"Nothing runs on {self.data.path}; see {self._log}.")
        return parts.redis_url

    async def is_ready(self) -> bool:
        """Ask whether people can use it."""
        line = HttpLine(self.port, seconds=_ASK_SECONDS)
        try:
            return (await line.ask("GET", "/health/ready")).status == OK
        except NoAnswerError:
            return False
        finally:
            line.close()

    async def becomes_ready(self, within: float = READY_SECONDS) -> bool:
        """Wait until people can use it; tell whether that came true in time."""

        async def ready_or_over() -> bool:
            return self.has_ended() or await self.is_ready()

        return await came_true(ready_or_over, within) and not self.has_ended()

    async def command(self, *words: str, within: float = COMMAND_SECONDS) -> Said:
        """Run `open-impact WORDS…` on this folder to its end, killing it when it takes longer than `within`."""
        process = await asyncio.create_subprocess_exec(
            *(*OPEN_IMPACT, *words),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.environment(),
        )
        try:
            async with asyncio.timeout(within):
                output, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Said(process.returncode or 0, output.decode(), errors.decode())

    def kill(self) -> None:
        """Kill `open-impact up` itself, without a word."""
        running = self._running_up()
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
        while running.poll() is None:
            time.sleep(0.01)

    def stop(self) -> int | None:
        """Ask it to stop as a service manager does, and give its exit code; None when it had to be forced."""
        running = self._running_up()
        running.request_stop()
        deadline = time.monotonic() + _STOP_SECONDS
        while running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return running.poll()

    def left_behind(self) -> list[int]:
        """List the processes of this installation that still run, its first one aside."""
        servers = (self.data.postgres / "data", self.data.valkey)
        return [*started_for(self.data.path), *(pid for folder in servers for pid in working_in(folder))]

    def stays_behind(self) -> list[int]:
        """List what still runs after the moment that a process needs to disappear."""
        deadline = time.monotonic() + _GONE_SECONDS
        while (left := self.left_behind()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left

    def sweep(self) -> None:
        """End all that is left of it, however badly things went."""
        if self._up is not None:
            self._up.stop()
        end(self.left_behind, gently=signal.SIGTERM, within=_END_SECONDS)

    def log(self) -> str:
        """Give what `open-impact up` has said."""
        return self._log.read_text() if self._log.exists() else ""

    def _running_up(self) -> Running:
        if self._up is None:
            raise RuntimeError("It was not started.")
        return self._up


@asynccontextmanager
async def running(
    folder: Path, *words: str, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Instance]:
    """Run an installation in `folder`, with words for `open-impact up` and settings, and leave nothing behind.

    Raises RuntimeError with what it said when it does not become ready.
    """
    instance = Instance(folder, *words, settings=settings)
    try:
        instance.start()
        if not await instance.becomes_ready():
            raise RuntimeError(f"It did not start: {instance.log().strip()[-500:]}")
        yield instance
    finally:
        instance.sweep()
