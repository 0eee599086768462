"""How far a long command is, on the standard error stream: a bar on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINE_SECONDS = 5.0

Update = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@contextmanager
def progress_bar(label: str, unit: str) -> Iterator[Update]:
    """Show progress until left; `unit` is what is counted, in the plural."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(label, unit)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(label: str, unit: str) -> Update:
    told_at = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if monotonic() - told_at >= LINE_SECONDS:
            told_at = monotonic()
            click.echo(f"{label}: {done:,} of {total:,} {unit}.", err=True)

    return tell
