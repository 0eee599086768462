"""`open-impact organisations`: legal bodies and who is in charge of them, set up by an operator."""

from datetime import UTC, datetime
from uuid import UUID

import click
from msgspec import Struct

from app.access import accounts
from app.access.accounts import Account
from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.command_handling import Cause, Handler
from app.http.organisation_bodies import NewOrganisation, registration
from app.settings import Settings
from domain.organisation import (
    ORGANISATION,
    AddMember,
    AppointAdministrator,
    OrganisationCommand,
    OrganisationRegisteredBeforeError,
    Registered,
)
from events.connections import Pool
from events.contracts import OrganisationRole
from events.store import EventStore
from events.streams import organisation_stream

_LISTED_MAX = 10_000


class Listed(Struct, frozen=True, kw_only=True):
    """An organisation as the log has it."""

    organisation_id: UUID
    name: str
    org_id: str | None
    website: str | None
    members: int
    registered_at: datetime


@click.group()
def organisations() -> None:
    """Register and list organisations, and put somebody in charge of them."""


_ADD_EXAMPLE = """\b
Example:
    open-impact organisations add --name "Dale Trust" --owner ada@example.org --org-id GB-CHC-1164883 --role funder
"""


@organisations.command(epilog=_ADD_EXAMPLE)
@click.option("--name", required=True, help="What people call it.")
@click.option(
    "--owner", required=True, help="The e-mail address of its first administrator, who needs an account."
)
@click.option("--org-id", help="Its identifier in a public register, such as GB-CHC-1164883.")
@click.option("--website", help="Its website.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(("funder", "offers")),
    help="What the owner may do besides administer it; repeat it.",
)
@json_option
@settings_option
def add(
    *,
    name: str,
    owner: str,
    org_id: str | None,
    website: str | None,
    roles: tuple[OrganisationRole, ...],
    settings: Settings,
    as_json: bool,
) -> None:
    """Register an organisation, and print its identifier alone; the same org-id and owner again change nothing."""
    body = NewOrganisation(name=name, org_id=org_id, website=website, roles=list(dict.fromkeys(roles)))
    if faults := list(body.faults()):
        raise CommandError(" ".join(f"--{fault.path.replace('_', '-')}: {fault.message}" for fault in faults))
    identifier = run(_add(settings, body, owner))
    if as_json:
        echo_json({"organisation_id": identifier})
    else:
        click.echo(identifier)


async def _add(settings: Settings, body: NewOrganisation, owner: str) -> UUID:
    async with opened(settings) as (pool, store):
        account = await _account(pool, owner)
        command = registration(body, person_id=account.person_id, now=datetime.now(UTC))
        identifier = command.organisation_id
        try:
            await _handle(store, command)
        except OrganisationRegisteredBeforeError as error:
            raise CommandError(
                f"{command.org_id} is registered already, as {identifier}; if it belongs to {account.email}, run "
                f"open-impact organisations appoint {identifier} --email {account.email}"
            ) from error
        # What was asked for on top of an earlier call, the owner's roles first of all.
        more = AddMember(
            organisation_id=identifier,
            person_id=account.person_id,
            roles=tuple(body.roles),
            invited_by=account.person_id,
            now=command.now,
        )
        await _handle(store, more)
        return identifier


_APPOINT_EXAMPLE = """\b
Example:
    open-impact organisations appoint 4c1f3b1e-6a55-5d0c-8f0e-9a1d2c3b4e5f --email ada@example.org
"""


@organisations.command(epilog=_APPOINT_EXAMPLE)
@click.argument("organisation_id", type=click.UUID)
@click.option("--email", required=True, help="The address of who shall administer it; they need an account.")
@settings_option
def appoint(organisation_id: UUID, email: str, settings: Settings) -> None:
    """Put somebody in charge of an organisation, who can then change and remove its other members.

    For an organisation whose administrators are gone, or that was registered by somebody to whom it does not belong.
    """
    click.echo("Done." if run(_appoint(settings, organisation_id, email)) else "It is so already.", err=True)


async def _appoint(settings: Settings, organisation_id: UUID, email: str) -> bool:
    async with opened(settings) as (pool, store):
        account = await _account(pool, email)
        command = AppointAdministrator(
            organisation_id=organisation_id, person_id=account.person_id, now=datetime.now(UTC)
        )
        return await _handle(store, command)


_LIST_EXAMPLE = """\b
Example:
    open-impact organisations list --json
"""


@organisations.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List all organisations by name."""
    found = run(_list(settings))
    if as_json:
        echo_json(found)
        return
    headings = ("organisation_id", "name", "org_id", "members", "registered_at")
    echo_table(headings, [[getattr(each, heading) for heading in headings] for each in found])


async def _list(settings: Settings) -> list[Listed]:
    async with opened(settings) as (pool, store):
        return await _listed(pool, store)


async def _listed(pool: Pool, store: EventStore) -> list[Listed]:
    """Read every organisation from the log itself, so that this works before any read model does."""
    rows = await pool.fetch(
        "SELECT stream FROM streams WHERE stream > 'organisation-' AND stream < 'organisation.' LIMIT $1",
        _LISTED_MAX,
    )
    found = await store.read_streams([row["stream"] for row in rows])
    listed = []
    for events in found.values():
        state = ORGANISATION.fold([event.data for event in events])  # type: ignore[misc]  # Of this category.
        if isinstance(state, Registered):
            listed.append(
                Listed(
                    organisation_id=state.organisation_id,
                    name=state.name,
                    org_id=state.org_id,
                    website=state.website,
                    members=len(state.members),
                    registered_at=events[0].data.occurred_at,
                )
            )
    return sorted(listed, key=lambda each: (each.name.lower(), each.organisation_id))


async def _account(pool: Pool, email: str) -> Account:
    account = await accounts.by_email(pool, email)
    if account is None:
        raise CommandError(
            f"Nobody has an account with {email}; add them first: open-impact people add --email {email} --name …"
        )
    return account


async def _handle(store: EventStore, command: OrganisationCommand) -> bool:
    """Handle a command, and tell whether it changed anything."""
    stream = organisation_stream(command.organisation_id)
    return bool((await Handler(store).handle(ORGANISATION, stream, command, cause=Cause())).events)
