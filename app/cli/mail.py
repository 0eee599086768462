"""`open-impact mail`: messages that have not left, and trying again what was given up."""

from uuid import UUID

import click

from app.cli.database import database_url, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.mail.given_up import LISTED_MAX, Unsent, unsent
from app.mail.given_up import retry as tried_again
from app.settings import Settings
from events.connections import open_pool


@click.group()
def mail() -> None:
    """See which messages have not left, and have those that were given up tried again."""


_LIST_EXAMPLE = """\b
Example:
    open-impact mail list
"""


@mail.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the messages that wait or were given up, with what went wrong; to whom they go stays sealed."""
    found = run(_listed(settings))
    if as_json:
        echo_json(found)
        return
    if not found:
        click.echo("Every message has left.")
        return
    headings = ("message", "state", "attempts", "posted", "given up", "error")
    echo_table(
        headings,
        [
            (one.message_id, one.state, one.attempts, one.posted_at, one.given_up_at, one.error)
            for one in found
        ],
    )
    if len(found) == LISTED_MAX:
        click.echo(f"There may be more; these are the first {LISTED_MAX:,}.", err=True)


async def _listed(settings: Settings) -> list[Unsent]:
    async with open_pool(database_url(settings), name="cli", size_max=1) as pool:
        return await unsent(pool)


_RETRY_EXAMPLE = """\b
Example:
    open-impact mail retry 0198c6f0-7d5e-7a3c-8f21-5b9f0a4f7c11
    open-impact mail retry --all
"""


@mail.command(epilog=_RETRY_EXAMPLE)
@click.argument("message_id", metavar="[ID]", type=click.UUID, required=False)
@click.option("--all", "every", is_flag=True, help="All that were given up.")
@settings_option
def retry(message_id: UUID | None, settings: Settings, *, every: bool) -> None:
    """Have a message that was given up tried again, at once and as often as a new one."""
    if (message_id is None) != every:
        raise click.UsageError("Name one message, or say --all.")
    done = run(_retried(settings, message_id))
    if message_id is not None and not done:
        raise CommandError(f"No message {message_id} was given up; see `open-impact mail list`.")
    click.echo(f"{done:,} {'message is' if done == 1 else 'messages are'} tried again at once.")


async def _retried(settings: Settings, message_id: UUID | None) -> int:
    async with open_pool(database_url(settings), name="cli", size_max=1) as pool:
        return await tried_again(pool, message_id)
