"""How the organisations and their members follow the log."""

from collections.abc import Sequence
from pathlib import Path

from events.connections import Connection
from events.contracts import (
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationRegistered,
    OrganisationRevised,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent


class Organisations:
    """The organisations as a projection."""

    name = "organisations"
    version = 1
    tables = ("organisations", "members")
    types = frozenset(
        contract.__name__
        for contract in (
            OrganisationRegistered,
            OrganisationRevised,
            MemberAdded,
            MemberRoleChanged,
            MemberRemoved,
        )
    )
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Apply one event after the other: they are few, and each changes a row or two."""
        for event in events:
            await _apply(connection, event)


async def _apply(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case OrganisationRegistered() as registered:
            await connection.execute(
                statement(_HERE, "register"),
                registered.organisation_id,
                registered.name,
                registered.org_id,
                registered.website,
                registered.occurred_at,
                event.version,
                event.position,
            )
            return
        case OrganisationRevised(organisation_id=identifier, name=name, website=website):
            await connection.execute(statement(_HERE, "revise"), identifier, name, website)
        case MemberAdded() | MemberRoleChanged() as member:
            identifier = member.organisation_id
            await connection.execute(
                statement(_HERE, "save_member"),
                identifier,
                member.person_id,
                list(member.roles),
                member.occurred_at,
            )
        case MemberRemoved(organisation_id=identifier, person_id=person_id):
            await connection.execute(statement(_HERE, "remove_member"), identifier, person_id)
        case _:
            return
    await connection.execute(statement(_HERE, "move_on"), identifier, event.version, event.position)
