"""`open-impact tokens`: bearer tokens for programs, made by an operator."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import click
from msgspec import Struct

from app.access import accounts
from app.access import tokens as bearer_tokens
from app.access.scopes import SCOPES, Scope
from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.settings import Settings

_DAYS_MAX = 3_650
_LISTED_MAX = 10_000


@click.group()
def tokens() -> None:
    """Make, list and revoke the tokens with which programs act for a person."""


_CREATE_EXAMPLE = """\b
Example:
    open-impact tokens create --email ada@example.org --scope ideas:write --scope votes:write
"""


@tokens.command(epilog=_CREATE_EXAMPLE)
@click.option("--email", required=True, help="Whose token it is; they need an account.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it is good for; repeat it.",
)
@click.argument("more_scopes", metavar="[SCOPE]...", nargs=-1, type=click.Choice(SCOPES))
@click.option("--expires-in-days", type=click.IntRange(1, _DAYS_MAX), help="When it ends.  [default: never]")
@click.option("--label", default="", help="What it is for, to know it again in the list.")
@json_option
@settings_option
def create(
    *,
    email: str,
    scopes: tuple[Scope, ...],
    more_scopes: tuple[Scope, ...],
    expires_in_days: int | None,
    label: str,
    settings: Settings,
    as_json: bool,
) -> None:
    """Make a token, and print it alone; it is shown this once."""
    expires_at = None if expires_in_days is None else datetime.now(UTC) + timedelta(days=expires_in_days)
    granted = tuple(dict.fromkeys((*scopes, *more_scopes)))
    token = run(_create(settings, email, granted, expires_at, label))
    if as_json:
        echo_json(
            {"token": token, "email": email, "scopes": granted, "expires_at": expires_at, "label": label}
        )
    else:
        click.echo(token)


async def _create(
    settings: Settings, email: str, scopes: tuple[Scope, ...], expires_at: datetime | None, label: str
) -> str:
    async with opened(settings) as (pool, _):
        account = await accounts.by_email(pool, email)
        if account is None:
            raise CommandError(
                f"Nobody has an account with {email}; add them first: open-impact people add --email {email} --name …"
            )
        return await bearer_tokens.create(
            pool, person_id=account.person_id, scopes=scopes, expires_at=expires_at, label=label
        )


_LIST_EXAMPLE = """\b
Example:
    open-impact tokens list
"""


@tokens.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List all tokens, the newest first; the tokens themselves are nowhere kept."""
    found = run(_list(settings))
    if as_json:
        echo_json(found)
    else:
        headings = (
            "token_id",
            "email",
            "scopes",
            "label",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        )
        rows = [[_shown(token[heading]) for heading in headings] for token in found]
        echo_table(headings, rows)


def _shown(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value


async def _list(settings: Settings) -> list[dict[str, object]]:
    async with opened(settings) as (pool, _):
        rows = await pool.fetch(
            "SELECT t.token_id, a.email, t.scopes, t.label, t.created_at, t.expires_at, t.last_used_at, t.revoked_at"
            " FROM tokens t JOIN accounts a USING (person_id) ORDER BY t.created_at DESC, t.token_id LIMIT $1",
            _LISTED_MAX,
        )
    return [dict(row) for row in rows]


_REVOKE_EXAMPLE = """\b
Example:
    open-impact tokens revoke 0198c6f0-7d5e-7a3c-8f21-5b9f0a4f7c11
"""


@tokens.command(epilog=_REVOKE_EXAMPLE)
@click.argument("token", metavar="TOKEN")
@settings_option
def revoke(token: str, settings: Settings) -> None:
    """End a token at once, and say when it was last used; TOKEN is its token_id from the list, or the token itself."""
    ended = run(_revoke(settings, token))
    if ended is None:
        raise CommandError("No token in force is called that; see `open-impact tokens list`.")
    used = ended.last_used_at
    told = "It was never used." if used is None else f"It was last used at {used:%Y-%m-%d %H:%M} UTC."
    click.echo(f"The token has ended. {told}", err=True)


class _Ended(Struct, frozen=True):
    last_used_at: datetime | None


async def _revoke(settings: Settings, token: str) -> _Ended | None:
    digest, token_id = None, None
    if bearer_tokens.is_well_formed(token):
        digest = bearer_tokens.digest_of(token)
    else:
        try:
            token_id = UUID(token)
        except ValueError:
            return None
    async with opened(settings) as (pool, _):
        row = await pool.fetchrow(
            "UPDATE tokens SET revoked_at = now() WHERE (digest = $1 OR token_id = $2) AND revoked_at IS NULL"
            " RETURNING last_used_at",
            digest,
            token_id,
        )
    return None if row is None else _Ended(row["last_used_at"])
