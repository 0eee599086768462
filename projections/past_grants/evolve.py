"""How the past grants follow the log."""

from collections.abc import Sequence
from pathlib import Path

from events.connections import Connection
from events.contracts import PastGrantRecorded
from events.envelope import RecordedEvent
from projections.past_grants.guessing import themes_in
from projections.statements import statement

_HERE = Path(__file__).parent
_COLUMNS = (
    *(
        "grant_id",
        "funder_id",
        "identifier",
        "title",
        "description",
        "amount_minor",
        "currency",
        "awarded_at",
    ),
    *("recipient_id", "recipient_name", "to_individual", "themes", "places", "position"),
)


class PastGrants:
    """The past grants as a projection."""

    name = "past_grants"
    version = 1
    tables = ("funders", "grants")
    types = frozenset({PastGrantRecorded.__name__})
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Write all grants of a page at once, and each of its funders."""
        grants = [
            (event.data, event.position) for event in events if isinstance(event.data, PastGrantRecorded)
        ]
        await connection.copy_records_to_table(
            "grants", columns=_COLUMNS, records=[_row(grant, position) for grant, position in grants]
        )
        funders = {grant.funder_id: (grant.funder_org_id, grant.funder_name) for grant, _ in grants}
        await connection.executemany(
            statement(_HERE, "save_funders"),
            [(funder_id, *told) for funder_id, told in sorted(funders.items())],
        )


def _row(grant: PastGrantRecorded, position: int) -> tuple[object, ...]:
    return (
        *(grant.grant_id, grant.funder_id, grant.identifier, grant.title, grant.description),
        *(grant.amount.amount_minor, grant.amount.currency, grant.occurred_at),
        *(grant.recipient_id, grant.recipient_name, grant.to_individual),
        *(list(themes_in(grant.title, grant.description)), list(grant.places), position),
    )
