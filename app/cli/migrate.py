"""`open-impact migrate`: bring the schema up."""

import click

from app.bootstrap import migrate as bring_up
from app.cli.database import database_url, settings_option
from app.settings import Settings

_EXAMPLE = """\b
Example:
    OPEN_IMPACT_DATABASE_URL=postgresql://owner@db/open_impact open-impact migrate
"""


@click.command(epilog=_EXAMPLE)
@settings_option
def migrate(settings: Settings) -> None:
    """Bring the database's schema up to this release.

    Safe to run again, and from several machines at once. Read models are not migrated: workers build
    the new ones beside the old and switch.
    """
    bring_up(database_url(settings))
    click.echo("The schema is up to date.", err=True)
