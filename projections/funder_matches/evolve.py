"""How what decides about matches follows the log.

A match is not kept but asked for: it is a question about one row of `ideas` and one of `mandates`, which an index
answers. So a change of either is the change of one row, however many matches come and go with it.
"""

from collections.abc import Sequence
from math import inf
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from events.codes import places, themes
from events.connections import Connection
from events.contracts import (
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    IdeaRevised,
    MandateMatched,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolOpened,
    PoolRevised,
    VoteCast,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent
from projections.facts import load_facts, save_facts
from projections.funder_matches.mandates import MANDATE_TYPES, apply_to_mandates
from projections.statements import statement
from projections.tally import TYPES, Tally, fold, ideas_in

_HERE = Path(__file__).parent

_VOTES = (VoteCast, VoteWithdrawn)


class FunderMatches:
    """What decides about matches, as a projection."""

    name = "funder_matches"
    version = 2
    tables = ("communities", "ideas", "tallies", "facts", "mandates", "alerts")
    types = TYPES | MANDATE_TYPES
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Fold the page in memory and write what changed in a few statements."""
        start = 0
        for index, event in enumerate(events):
            # New rules move many ideas at once: what comes before must stand in the tables by then.
            if isinstance(event.data, CommunityOpened | CommunityRulesSet):
                await _fold(connection, events[start:index])
                await _set_rules(connection, event.data, event.position)
                start = index + 1
        await _fold(connection, events[start:])
        await apply_to_mandates(connection, events)


async def _set_rules(
    connection: Connection, event: CommunityOpened | CommunityRulesSet, position: int
) -> None:
    identifier, threshold = event.community_id, event.rules.support_threshold
    await connection.execute(statement(_HERE, "set_threshold"), identifier, threshold)
    if isinstance(event, CommunityRulesSet):
        await connection.execute(
            statement(_HERE, "restage"), identifier, threshold, event.occurred_at, position
        )


class _Standing(Struct):
    """What may change of an idea while a page is folded."""

    pool_id: UUID | None
    pool_currency: str | None
    changed: int


async def _fold(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    about = [event for event in events if getattr(event.data, "idea_id", None) is not None]
    about = [event for event in about if not isinstance(event.data, MandateMatched)]
    if not about:
        return
    logged = [event for event in about if isinstance(event.data, IdeaLogged)]
    if logged:
        await connection.executemany(statement(_HERE, "save_idea"), [_row(event) for event in logged])
        await connection.execute(
            statement(_HERE, "save_tallies"),
            [event.data.idea_id for event in logged],  # type: ignore[union-attr]  # Logged ideas, as picked above.
            [0] * len(logged),
        )
    tallies: dict[UUID, Tally] = {}
    before: dict[UUID, tuple[object, ...]] = {}
    standings: dict[UUID, _Standing] = {}
    for row in await connection.fetch(statement(_HERE, "load"), list(ideas_in(about))):
        idea_id = row["idea_id"]
        tallies[idea_id] = Tally(row["threshold"], row["votes"], -inf, row["stage"], row["since"], 0)
        standings[idea_id] = _Standing(row["pool_id"], row["pool_currency"], row["changed"])
        before[idea_id] = _of(tallies[idea_id], standings[idea_id])
    turned = await load_facts(connection, about, tallies)
    moved = {move.position for move in fold(tallies, about)}
    for event in about:
        idea_id = event.data.idea_id  # type: ignore[union-attr]  # Those about an idea, as picked above.
        _note(standings[idea_id], event, moved=event.position in moved)
    await save_facts(connection, tallies, turned)
    await _save(connection, tallies, standings, before)
    revised = {event.data.idea_id: event.data for event in about if isinstance(event.data, IdeaRevised)}
    if revised:
        await connection.executemany(
            statement(_HERE, "revise_idea"), [(idea_id, *_texts(data)) for idea_id, data in revised.items()]
        )


def _note(standing: _Standing, event: RecordedEvent, *, moved: bool) -> None:
    if moved or not isinstance(event.data, _VOTES):
        standing.changed = event.position
    match event.data:
        case PoolOpened(pool_id=pool_id, target=target):
            standing.pool_id, standing.pool_currency = pool_id, target.currency
        case PoolRevised(pool_id=standing.pool_id, target=target):
            standing.pool_currency = target.currency
        case PoolCommitted(pool_id=pool_id) | PoolLapsed(pool_id=pool_id) | PoolCancelled(pool_id=pool_id):
            if pool_id == standing.pool_id:
                standing.pool_id = standing.pool_currency = None
        case _:
            pass


def _of(tally: Tally, standing: _Standing) -> tuple[object, ...]:
    return tally.stage, tally.since, standing.pool_id, standing.pool_currency, standing.changed


async def _save(
    connection: Connection,
    tallies: dict[UUID, Tally],
    standings: dict[UUID, _Standing],
    before: dict[UUID, tuple[object, ...]],
) -> None:
    # In the order of their keys, so that two builds write alike and pages of an index stay close.
    ordered = sorted(tallies.items())
    await connection.execute(
        statement(_HERE, "save_tallies"),
        [idea_id for idea_id, _ in ordered],
        [tally.votes for _, tally in ordered],
    )
    moved = [
        (idea_id, *after)
        for idea_id, tally in ordered
        if (after := _of(tally, standings[idea_id])) != before[idea_id]
    ]
    if moved:
        await connection.execute(
            statement(_HERE, "save_standings"), *(list(column) for column in zip(*moved, strict=True))
        )


def _row(event: RecordedEvent) -> tuple[object, ...]:
    idea = event.data
    assert isinstance(idea, IdeaLogged)  # noqa: S101  # Picked by the caller.
    return (idea.idea_id, idea.community_id, *_texts(idea), idea.occurred_at, event.position)


def _texts(idea: IdeaLogged | IdeaRevised) -> tuple[object, ...]:
    ways = [themes.with_ancestors(theme) for theme in idea.themes]
    return (
        list(idea.themes),
        sorted({wider for way in ways for wider in way[1:2]}),
        sorted({code for way in ways for code in way}),
        list(idea.places),
        sorted({code for place in idea.places for code in places.with_ancestors(place)}),
        idea.ask and idea.ask.amount_minor,
        idea.ask and idea.ask.currency,
    )
