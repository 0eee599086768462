"""The facts besides votes that decide a stage, kept for the ideas to which any of them happened.

A read model that shows stages has a table `facts` for it, each its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from events.connections import Connection
from events.envelope import RecordedEvent
from projections.stage import Facts, turning
from projections.statements import statement
from projections.tally import Tally

_HERE = Path(__file__).parent


async def load_facts(
    connection: Connection, events: Sequence[RecordedEvent], tallies: Mapping[UUID, Tally]
) -> set[UUID]:
    """Put the facts beside the tallies of ideas for which one changes, and tell which those are; votes read none."""
    turned = turning(events)
    if turned:
        for row in await connection.fetch(statement(_HERE, "load_facts"), list(turned)):
            idea_id, ended, launched, committed, open_pools, accepted_offers = row
            tallies[idea_id].facts = Facts(
                ended=ended,
                launched=launched,
                committed=committed,
                open_pools=frozenset(open_pools),
                accepted_offers=frozenset(accepted_offers),
            )
    return turned


async def save_facts(connection: Connection, tallies: Mapping[UUID, Tally], turned: set[UUID]) -> None:
    """Write the facts that changed."""
    rows = [
        (
            idea_id,
            facts.ended,
            facts.launched,
            facts.committed,
            sorted(facts.open_pools),
            sorted(facts.accepted_offers),
        )
        for idea_id in sorted(turned)
        if (facts := tallies[idea_id].facts) is not None
    ]
    if rows:
        await connection.executemany(statement(_HERE, "save_facts"), rows)
