"""`open-impact up`: everything on one machine with one command."""

import os
from contextlib import suppress
from pathlib import Path

import click

from app.embedded.installation import Installation
from app.embedded.ports import LOOPBACK
from app.embedded.stopping import StopRequest
from app.settings import Settings, variable_of
from app.web.built_files import built_files

_MOST_WORKERS = 32
_LAST_PORT = 65_535
_EXAMPLE = """\b
Example:
    open-impact up --demo
    open-impact up --port 8080 --data ~/open-impact-data --workers 2
"""


@click.command(epilog=_EXAMPLE)
@click.option(
    "--host", default=LOOPBACK, show_default=True, help="The address to listen on; 0.0.0.0 means all."
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, _LAST_PORT),
    help="The port; 0 means any free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for all data, made if it is not there.  [default: OPEN_IMPACT_DATA, or .open-impact]",
)
@click.option("--demo", is_flag=True, help="Add the sample content, if it is not there yet.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, _MOST_WORKERS),
    help="How many worker processes.",
)
def up(host: str, port: int, data: Path | None, *, demo: bool, workers: int) -> None:
    """Start PostgreSQL, Valkey, the web process and workers, and keep them running.

    Prints the address when people can open it. Ctrl-C or SIGTERM stops everything; the data stays in its folder.
    With OPEN_IMPACT_DATABASE_URL or OPEN_IMPACT_REDIS_URL set, those servers are used instead of own ones.
    """
    built_files()
    stop = StopRequest()
    environment = os.environ | ({variable_of("data"): str(data)} if data else {})
    installation = Installation(
        settings=Settings.from_environment(environment),
        host=host,
        port=port,
        workers=workers,
        demo=demo,
        migrate=_migrate,
        announce=click.echo,
        report=_report,
    )
    with stop.listening():
        installation.run(stop)


def _migrate(database_url: str) -> None:
    from app.bootstrap import migrate  # noqa: PLC0415  # The migration tool takes long to load; --help need not.

    migrate(database_url)


def _report(sentence: str) -> None:
    # Whoever was watching may have closed their terminal; that is no reason to stop.
    with suppress(OSError):
        click.echo(sentence, err=True)
