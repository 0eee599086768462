"""`open-impact work`: one worker, for real deployments."""

import click

from app.cli.database import database_url, secret_key, settings_option
from app.settings import Settings

_EXAMPLE = """\b
Example:
    OPEN_IMPACT_DATABASE_URL=postgresql://open_impact@db/open_impact open-impact work
"""


@click.command(epilog=_EXAMPLE)
@settings_option
def work(settings: Settings) -> None:
    """Run one worker until it is told to stop: it keeps the read models up to date and does the housekeeping.

    Run as many as are wanted; each read model is held by one of them at a time.
    """
    from app.workers.process import run_worker  # noqa: PLC0415  # Takes long to load; --help need not.

    run_worker(settings, database_url(settings), secret_key(settings))
