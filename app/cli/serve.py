"""`open-impact serve`: one web process, for real deployments."""

from datetime import UTC, datetime

import click

from app.cli.database import database_url, opened, run, secret_key, settings_option
from app.importing.communities import ensure_commons
from app.settings import Settings
from events.connections import until_reachable

_LAST_PORT = 65_535
_DATABASE_SECONDS = 60.0
"""A database that recovers from a crash may take this long before it is worth giving up."""
_EXAMPLE = """\b
Example:
    OPEN_IMPACT_DATABASE_URL=postgresql://open_impact@db/open_impact open-impact serve --host 0.0.0.0
"""


@click.command(epilog=_EXAMPLE)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 means all."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, _LAST_PORT), help="The port.")
@settings_option
def serve(host: str, port: int, settings: Settings) -> None:
    """Run one web process until it is told to stop.

    Run as many as are wanted behind a load balancer; they share nothing but the database and Valkey.
    """
    from app.serve import serve as serve_pages  # noqa: PLC0415  # The web takes long to load; --help need not.

    database_url(settings)
    secret_key(settings)
    run(_open_commons(settings))
    serve_pages(settings, host, port)


async def _open_commons(settings: Settings) -> None:
    """See to it that there is a community for ideas that name none, once the database is there."""
    if settings.database_url is not None:
        await until_reachable(settings.database_url, seconds=_DATABASE_SECONDS)
    async with opened(settings) as (_, store):
        await ensure_commons(store, datetime.now(UTC))
