"""`open-impact bench`: measure this release on this machine, and say which targets it meets."""

import asyncio
import importlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
import msgspec
import uvloop
from rich.console import Console

from app.embedded.errors import EmbeddedError
from app.embedded.postgres import embedded_postgres
from app.logs import configure_logging
from ops.bench.catalogue import BENCHES, BY_THEMSELVES, Bench
from ops.bench.lighthouse import LighthouseMissingError
from ops.bench.machine import described
from ops.bench.report import Report
from ops.bench.session import Session

ALL = "all"
_PAPER_WIDTH = 150
_TOLD_TO_END = (signal.SIGTERM, signal.SIGHUP)
_MODULES = {name: f"ops.bench.{name}" for name in BENCHES} | {"import": "ops.bench.import_"}
_EXAMPLE = """\b
Example:
    open-impact bench append
    open-impact bench all --json figures.json --check
"""


def _listed(name: str, bench: Bench) -> Iterator[str]:
    """Describe a bench for `--help`; the mark in front keeps lines as they are."""
    yield f"\b\n{name}: {bench.about}"
    for case, (unit, meaning) in bench.cases.items():
        yield f"    {case} ({unit}): {meaning}"
    for ratio, said in bench.ratios.items():
        yield f"    ratio {ratio} = {said.over} / {said.under}"
    for target, bound in bench.targets.items():
        wanted = (
            f"at least {bound.at_least:g}" if bound.at_least is not None else f"at most {bound.at_most:g}"
        )
        yield f"    target {target}: {wanted}"


_CATALOGUE = "\n\n".join("\n".join(_listed(name, bench)) for name, bench in BENCHES.items())


@click.command(epilog=f"{_EXAMPLE}\n{_CATALOGUE}")
@click.argument("name", type=click.Choice([*BENCHES, ALL]))
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures into this file as well.",
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 99), help="How many rounds.")
@click.option(
    "--seconds",
    default=2.5,
    show_default=True,
    type=click.FloatRange(0.1, 600),
    help="How long a window lasts.",
)
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.001, 1),
    help="The part of the full sizes of logs and boards to make; targets are meant for 1.",
)
@click.option(
    "--again",
    default=2,
    show_default=True,
    type=click.IntRange(0, 20),
    help="How often a window is measured again when other programs used the machine meanwhile.",
)
@click.option(
    "--patience",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0, 3600),
    help="How many seconds a window may wait for other programs to leave the machine alone.",
)
@click.option("--check", is_flag=True, help="Exit with 1 when a target is missed.")
def bench(name: str, json_file: Path | None, *, check: bool, **options: Any) -> None:
    """Measure NAME on an embedded PostgreSQL of its own, in a temporary folder that is removed afterwards.

    Prints a table, and progress on stderr. Nothing else should use the machine meanwhile.
    """
    configure_logging("warning")
    names = [one for one in BENCHES if one not in BY_THEMSELVES] if name == ALL else [name]
    report = Report(name, [BENCHES[one] for one in names], {})
    if options["scale"] < 1:
        report.note(f"Made at {options['scale']:g} of the full sizes: targets are meant for 1.")
    with _ending_tidily():
        for one in names:
            try:
                _run(one, report, options)
            except (EmbeddedError, LighthouseMissingError) as error:
                raise click.ClickException(str(error)) from error
    Console(width=None if sys.stdout.isatty() else _PAPER_WIDTH).print(report.as_table())
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(report.as_json())) + b"\n")
    if check and report.missed:
        raise click.ClickException(f"These targets are missed: {', '.join(report.missed)}.")


def _run(name: str, report: Report, options: Mapping[str, Any]) -> None:
    say = _progress(name)
    with tempfile.TemporaryDirectory(prefix="open-impact-bench-", ignore_cleanup_errors=True) as folder:
        say("starting PostgreSQL")
        with embedded_postgres(Path(folder)) as postgres:
            if not report.machine:
                report.machine |= described(postgres.url)
            session = Session(
                postgres=postgres,
                folder=Path(folder),
                report=report,
                say=say,
                **options,
            )
            uvloop.run(cancelled_when_told(importlib.import_module(_MODULES[name]).run(session)))


async def cancelled_when_told(running: Coroutine[Any, Any, None]) -> None:
    """Run a measurement, and cancel it where it waits when somebody wishes us to end.

    An exception in the middle of whatever the loop is doing would leave connections that never close.

    Raises:
        KeyboardInterrupt: it was cancelled.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    before = {number: signal.getsignal(number) for number in _TOLD_TO_END}
    for number in _TOLD_TO_END:
        loop.add_signal_handler(number, task.cancel)
    try:
        await running
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _progress(name: str) -> Callable[[str], None]:
    began = time.monotonic()

    def say(sentence: str) -> None:
        click.echo(f"{time.monotonic() - began:5.0f} s  {name}: {sentence}", err=True)

    return say


@contextmanager
def _ending_tidily() -> Iterator[None]:
    """Treat a wish to end like Ctrl-C, so that servers are stopped and the folder is removed."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _TOLD_TO_END}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
