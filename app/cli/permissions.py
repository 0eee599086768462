"""`open-impact permissions`: who may do what, as this release has it."""

import click

from app.asgi import create_app
from app.cli.output import echo_json, echo_table, json_option
from app.http.permissions import permissions as listed
from app.settings import Settings

_NOWHERE = "postgresql://nowhere/none"
"""The table is the same in every installation, so nothing is opened for it."""

_EXAMPLE = """\b
Example:
    open-impact permissions --json
"""


@click.command(epilog=_EXAMPLE)
@json_option
def permissions(*, as_json: bool) -> None:
    """List every operation with who may do it, the scope a token needs, and whether a fresh proof is asked for."""
    found = listed(create_app(Settings(database_url=_NOWHERE)))
    if as_json:
        echo_json(found)
        return
    headings = ("subject", "operation", "who", "scope", "fresh proof", "address")
    echo_table(
        headings,
        [
            (each.subject, each.operation, each.who, each.scope, each.fresh, f"{each.method} {each.path}")
            for each in found
        ],
    )
