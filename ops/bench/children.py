"""The product's own processes beside a benchmark: a worker, a web process, and small programs that answer in JSON."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from app.embedded.child import Child, Running
from app.settings import variable_of
from events.connections import Pool
from ops.bench.content import SECRET
from ops.bench.session import Session
from projections.registry import REGISTRY

T = TypeVar("T")

OPEN_IMPACT = ("-m", "app.cli.main")
_ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.02
_START_SECONDS = 30.0
_ANSWER_SECONDS = 3600.0


class ChildFailedError(Exception):
    """A process of a benchmark ended in error; the message has its last words."""


@contextmanager
def child(session: Session, name: str, arguments: Sequence[str], database_url: str) -> Iterator[Running]:
    """Run a Python program of ours while the context lasts; it ends with us, however we end."""
    running = Running(
        Child(
            name=name,
            kind=name,
            command=(sys.executable, *arguments),
            environment=_environment(database_url),
            log=session.folder / "logs" / f"{name}.log",
            stop_signal=signal.SIGTERM,
            stop_seconds=12.0,
        )
    )
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def worker(session: Session, database_url: str) -> Iterator[Running]:
    """Run `open-impact work`: all projections, as in a real installation without Valkey."""
    with child(session, "worker", [*OPEN_IMPACT, "work"], database_url) as running:
        yield running


@asynccontextmanager
async def receivers(number: int) -> AsyncIterator[list[str]]:
    """Run receivers of webhooks (`hook_receiver`) and give their addresses; they end with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ops.bench.hook_receiver",
        str(number),
        stdout=asyncio.subprocess.PIPE,
        env=_environment(""),
    )
    try:
        assert process.stdout is not None  # It is a pipe.
        async with asyncio.timeout(_START_SECONDS):
            ports = (await process.stdout.readline()).decode().split()
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        process.terminate()
        await process.wait()


async def caught_up(
    pool: Pool, running: Running, position: int, *, seconds: float, names: Sequence[str] = ()
) -> None:
    """Wait until live projections, all if none are named, have reached a position.

    Raises:
        ChildFailedError: the worker has ended.
        TimeoutError: it took longer than that.
    """
    wanted = list(names) or [projection.name for projection in REGISTRY]
    until = time.monotonic() + seconds
    while True:
        behind = await pool.fetchval(
            "SELECT $2 - count(*) FROM checkpoints WHERE generation = 'live' AND projection = ANY($1::text[]) AND position >= $3",
            wanted,
            len(wanted),
            position,
        )
        if behind == 0:
            return
        require_running(running)
        if time.monotonic() > until:
            raise TimeoutError(
                f"{behind} of {', '.join(wanted)} did not reach {position} in {seconds:.0f} s."
            )
        await asyncio.sleep(_LOOK_SECONDS)


def require_running(running: Running) -> None:
    """Make sure that a process is still there.

    Raises:
        ChildFailedError: it is not.
    """
    if (code := running.poll()) is not None:
        raise ChildFailedError(f"The {running.child.name} ended with {code}; {running.last_words()}.")


async def answer_of(
    arguments: Sequence[str], kind: type[T], database_url: str = "", *, program: str = sys.executable
) -> T:
    """Run a program of ours, in Python if nothing else is said, to its end and read the one JSON value that it prints.

    Raises:
        ChildFailedError: it failed.
    """
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(database_url),
    )
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise ChildFailedError(
            f"{' '.join(arguments[:2])} failed: {complained.decode(errors='replace')[-2000:]}"
        )
    return msgspec.json.decode(said, type=kind)


def _environment(database_url: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPEN_IMPACT_")},
        "PYTHONPATH": str(_ROOT),
        variable_of("database_url"): database_url,
        variable_of("log_level"): "warning",
        variable_of("limits_factor"): "1000000",
        variable_of("secret_key"): SECRET,
    }
