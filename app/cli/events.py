"""`open-impact events`: read the log, verify it, take it elsewhere."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import click

from app.cli.database import opened, run, secret_key, settings_option
from app.cli.errors import CommandError
from app.cli.log_check import LogProblemError, LogSummary, check_log
from app.cli.log_lines import PAGE_EVENTS, Row, human_line, json_line, rows_after, rows_of_stream, unsealed
from app.cli.output import echo_json, json_option
from app.cli.progress import progress_bar
from app.settings import Settings
from events.contracts import CONTRACTS

_LAST_EVENTS = 20
_WAIT_SECONDS = 60.0
_KNOWN_TYPES = tuple(contract.__name__ for contract in CONTRACTS)


@click.group()
def events() -> None:
    """Read the log, verify it, and take it elsewhere."""


_TAIL_EXAMPLE = """\b
Example:
    open-impact events tail --follow
    open-impact events tail --after 0 --types IdeaLogged,IdeaRevised --json
"""


def _types(_ctx: click.Context, _parameter: click.Parameter, named: Sequence[str]) -> tuple[str, ...]:
    types = tuple(name for names in named for name in names.split(",") if name)
    for name in types:
        if name not in _KNOWN_TYPES:
            raise click.BadParameter(f"there is no event {name!r}; there are {', '.join(_KNOWN_TYPES)}.")
    return types


@events.command(epilog=_TAIL_EXAMPLE)
@click.option(
    "--after", type=click.IntRange(min=0), help="Begin after this position.  [default: the last 20 events]"
)
@click.option("--follow", is_flag=True, help="Go on as the log grows, until Ctrl-C.")
@click.option("--types", multiple=True, callback=_types, help="Only these types, with commas between them.")
@json_option
@settings_option
def tail(
    after: int | None, types: tuple[str, ...], settings: Settings, *, follow: bool, as_json: bool
) -> None:
    """Print events in order, one a line."""
    run(_tail(settings, after, types, json_line if as_json else human_line, follow=follow))


async def _tail(
    settings: Settings, after: int | None, types: Sequence[str], line: Callable[[Row], str], *, follow: bool
) -> None:
    async with opened(settings) as (pool, store):
        head = await store.head()
        cursor = max(0, head - _LAST_EVENTS) if after is None else after
        while True:
            while cursor < head:
                reached = min(cursor + PAGE_EVENTS, head)
                rows = await rows_after(pool, cursor, types, limit=reached - cursor)
                click.echo("".join(map(line, rows)), nl=False)
                cursor = reached
            if not follow:
                return
            await store.wait(cursor, seconds=_WAIT_SECONDS)
            head = await store.head()


_SHOW_EXAMPLE = """\b
Example:
    open-impact events show idea-0198c6f0-7d5e-7a3c-8f21-5b9f0a4f7c11 --open
"""


@events.command(epilog=_SHOW_EXAMPLE)
@click.argument("stream")
@click.option("--open", "is_open", is_flag=True, help="Open what is sealed; what was erased is empty.")
@json_option
@settings_option
def show(stream: str, settings: Settings, *, is_open: bool, as_json: bool) -> None:
    """Print all events of a stream, one a line. What is personal stays sealed unless you say --open."""
    if is_open:
        secret_key(settings)
    run(_show(settings, stream, json_line if as_json else human_line, is_open=is_open))


async def _show(settings: Settings, stream: str, line: Callable[[Row], str], *, is_open: bool) -> None:
    async with opened(settings) as (pool, store):
        rows = await rows_of_stream(pool, stream, 0)
        if not rows:
            raise CommandError(
                f"There is no stream {stream!r}; it is called like idea-UUID, see `open-impact events tail`."
            )
        while rows:
            shown = await unsealed(rows, store.keyring) if is_open else rows
            click.echo("".join(map(line, shown)), nl=False)
            rows = await rows_of_stream(pool, stream, rows[-1][2])


_VERIFY_EXAMPLE = """\b
Example:
    open-impact events verify && echo sound
"""


@events.command(epilog=_VERIFY_EXAMPLE)
@json_option
@settings_option
def verify(settings: Settings, *, as_json: bool) -> None:
    """Verify the whole log; fails at the first problem, and names it.

    Positions are gapless, versions contiguous in every stream, the table of streams agrees, every
    event can be read, none is there twice. The digest is the SHA-256 of what `events export` writes.
    """
    try:
        found = run(_verify(settings))
    except LogProblemError as error:
        raise CommandError(f"The log is not sound. {error} Restore it from a backup.") from error
    if as_json:
        echo_json(found)
    else:
        click.echo(
            f"The log is sound: {found.events:,} events in {found.streams:,} streams, head {found.head}."
        )
        click.echo(f"sha256 {found.sha256}")


async def _verify(settings: Settings) -> LogSummary:
    async with opened(settings) as (pool, _), pool.acquire() as connection:
        with progress_bar("Verifying the log", "events") as update:
            return await check_log(connection, update)


_EXPORT_EXAMPLE = """\b
Example:
    open-impact events export log.jsonl
    open-impact events export | sha256sum
"""


@events.command(epilog=_EXPORT_EXAMPLE)
@click.argument(
    "file", metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-"
)
@click.option(
    "--after", type=click.IntRange(min=0), default=0, show_default=True, help="Begin after this position."
)
@settings_option
def export(file: Path, after: int, settings: Settings) -> None:
    """Write the log as JSON Lines, to FILE or to the standard output.

    FILE appears when it is whole; an export that was interrupted leaves nothing under its name.
    """
    if str(file) == "-":
        with click.open_file("-", "wb") as output:
            run(_export(settings, after, output))
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as output:
            run(_export(settings, after, output))
        draft.replace(file)
    except (ConnectionError, TimeoutError):
        raise
    except OSError as error:
        raise CommandError(f"{file} cannot be written ({error.strerror}); choose another place.") from error
    finally:
        draft.unlink(missing_ok=True)


async def _export(settings: Settings, after: int, output: IO[bytes]) -> None:
    async with opened(settings) as (pool, store):
        head = await store.head()
        with progress_bar("Exporting", "events") as update:
            while after < head:
                reached = min(after + PAGE_EVENTS, head)
                rows = await rows_after(pool, after, limit=reached - after)
                output.write("".join(map(json_line, rows)).encode())
                after = reached
                update(after, head)
