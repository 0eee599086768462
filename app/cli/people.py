"""`open-impact people`: accounts of people, set up by an operator."""

import getpass
from datetime import UTC, datetime
from uuid import UUID

import click
import structlog

from app.access import accounts
from app.access.accounts import ROLES, Account, AccountExistsError, Role
from app.access.recovery import Recovered
from app.access.recovery import recover as take_away
from app.cli.database import opened, run, secret_key, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.command_handling import Cause, Handler
from app.logs import configure_logging
from app.mail.outbox import Outbox
from app.settings import Settings
from domain.person import PERSON, JoinPerson
from events.connections import Pool
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey
from events.store import EventStore
from events.streams import person_stream

_LISTED_MAX = 10_000

_log = structlog.get_logger(__name__)


@click.group()
def people() -> None:
    """Add and list people with an account, and help those who lost their passkeys."""


_ADD_EXAMPLE = """\b
Example:
    open-impact people add --email ada@example.org --name "Ada Example"
"""


@people.command(epilog=_ADD_EXAMPLE)
@click.option("--email", required=True, help="Their e-mail address.")
@click.option("--name", required=True, help="Their name as others see it.")
@click.option(
    "--role", type=click.Choice(ROLES), default="member", show_default=True, help="What they may do."
)
@json_option
@settings_option
def add(email: str, name: str, role: Role, settings: Settings, *, as_json: bool) -> None:
    """Add a person, and print their identifier alone."""
    person_id = run(_add(settings, email, name, role))
    if as_json:
        echo_json(
            {"person_id": person_id, "email": accounts.normalised_email(email), "name": name, "role": role}
        )
    else:
        click.echo(person_id)


async def _add(settings: Settings, email: str, name: str, role: Role) -> UUID:
    async with opened(settings) as (pool, store):
        try:
            person_id = await accounts.add(pool, email=email, name=name, role=role)
        except AccountExistsError as error:
            existing = await accounts.by_email(pool, email)
            if existing is None:
                raise
            # Should an earlier call have ended between the account and the event, this makes up for it.
            await _join(store, existing.person_id, existing.name)
            raise CommandError(
                f"{existing.email} has an account already, {existing.person_id}; use that one, or another address."
            ) from error
        await _join(store, person_id, name)
        return person_id


async def _join(store: EventStore, person_id: UUID, name: str) -> None:
    command = JoinPerson(person_id=person_id, origin="account", name=name, now=datetime.now(UTC))
    await Handler(store).handle(PERSON, person_stream(person_id), command, cause=Cause())


_LIST_EXAMPLE = """\b
Example:
    open-impact people list --json
"""


@people.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List everybody with an account, the newest first."""
    found = run(_list(settings))
    if as_json:
        echo_json(found)
    else:
        headings = ("person_id", "email", "name", "role", "created_at")
        echo_table(headings, [[person[heading] for heading in headings] for person in found])


async def _list(settings: Settings) -> list[dict[str, object]]:
    async with opened(settings) as (pool, _):
        return await _accounts(pool)


async def _accounts(pool: Pool) -> list[dict[str, object]]:
    rows = await pool.fetch(
        "SELECT person_id, email, name, role, created_at FROM accounts ORDER BY created_at DESC, person_id LIMIT $1",
        _LISTED_MAX,
    )
    return [dict(row) for row in rows]


_RECOVER_EXAMPLE = """\b
Example:
    open-impact people recover --email ada@example.org --sign-out
"""


@people.command(epilog=_RECOVER_EXAMPLE)
@click.option("--email", required=True, help="Whose passkeys are lost.")
@click.option("--sign-out", is_flag=True, help="End all their sessions too: somebody else may have a device.")
@click.option("--end-tokens", is_flag=True, help="Revoke all their tokens too.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
@settings_option
def recover(
    *, email: str, sign_out: bool, end_tokens: bool, yes: bool, settings: Settings, as_json: bool
) -> None:
    """Remove all passkeys of somebody who lost them, tell them by mail, and say what was done.

    Make sure first that it is them who ask, and not by e-mail alone: whoever reads their mail can then sign in and
    add a passkey.
    """
    secret = secret_key(settings)
    account = run(_account(settings, email))
    if not yes:
        click.confirm(f"Remove all passkeys of {account.name} ({account.email})?", abort=True, err=True)
    done = run(_recover(settings, secret, account, sign_out=sign_out, end_tokens=end_tokens))
    configure_logging("info", as_json=True)
    _log.info(
        "passkeys_removed",
        person_id=account.person_id,
        by=getpass.getuser(),
        passkeys=done.passkeys,
        sessions=done.sessions,
        tokens=done.tokens,
    )
    if as_json:
        echo_json(done)
        return
    taken = (
        f"passkeys removed: {done.passkeys}, sessions ended: {done.sessions}, tokens revoked: {done.tokens}"
    )
    click.echo(f"{account.email}: {taken}")
    if done.passkeys or done.sessions or done.tokens:
        click.echo("They are told by mail, and can sign in by e-mail and add a new passkey.")
    else:
        click.echo("There was nothing to take away, so no mail is sent.")


async def _account(settings: Settings, email: str) -> Account:
    async with opened(settings) as (pool, _):
        account = await accounts.by_email(pool, email)
    if account is None:
        raise CommandError(f"Nobody has an account with {email}; see `open-impact people list`.")
    return account


async def _recover(
    settings: Settings, secret: str, account: Account, *, sign_out: bool, end_tokens: bool
) -> Recovered:
    async with opened(settings) as (pool, _):
        installation = await PostgresKeyring(pool, SecretKey(secret)).begin()
        return await take_away(
            pool,
            Outbox(installation.derived("mail")),
            account,
            public_url=settings.public_url,
            sign_out=sign_out,
            end_tokens=end_tokens,
        )
