"""How the details of ideas follow the log."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date
from math import inf
from pathlib import Path
from uuid import UUID

from msgspec.structs import astuple

from events.connections import Connection
from events.contracts import (
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    VoteCast,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
)
from events.envelope import RecordedEvent
from projections.facts import load_facts, save_facts
from projections.idea_detail.changes import follow_ideas, texts_of
from projections.stage import LOGGED
from projections.statements import statement
from projections.tally import TYPES, Tally, fold, ideas_in

_HERE = Path(__file__).parent


class IdeaDetails:
    """The details of ideas as a projection."""

    name = "idea_detail"
    version = 3
    tables = ("communities", "ideas", "tallies", "days", "community_days", "facts", "stages", "needs")
    types = TYPES | {VotingPaused.__name__, VotingResumed.__name__}
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Fold the page in memory and write what changed in a few statements."""
        start = 0
        for index, event in enumerate(events):
            # New rules move many ideas at once: what comes before must stand in the tables by then.
            if isinstance(event.data, CommunityOpened | CommunityRulesSet | VotingPaused | VotingResumed):
                await _fold(connection, events[start:index])
                await _change_community(connection, event.data, event.position)
                start = index + 1
        await _fold(connection, events[start:])


async def _change_community(
    connection: Connection,
    event: CommunityOpened | CommunityRulesSet | VotingPaused | VotingResumed,
    position: int,
) -> None:
    identifier = event.community_id
    match event:
        case CommunityOpened(rules=rules):
            await connection.execute(
                statement(_HERE, "open_community"),
                identifier,
                event.slug,
                event.name,
                rules.support_threshold,
                rules.opens_at,
                rules.closes_at,
            )
        case CommunityRulesSet(rules=rules, occurred_at=at):
            await connection.execute(
                statement(_HERE, "set_rules"),
                identifier,
                rules.support_threshold,
                rules.opens_at,
                rules.closes_at,
            )
            await connection.execute(
                statement(_HERE, "restage"),
                identifier,
                rules.support_threshold,
                at,
                position,
                event.reason or None,
            )
        case VotingPaused() | VotingResumed():
            paused = isinstance(event, VotingPaused)
            await connection.execute(statement(_HERE, "set_paused"), identifier, paused)


async def _fold(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    if not events:
        return
    await _save_logged(connection, [event for event in events if isinstance(event.data, IdeaLogged)])
    rows = await connection.fetch(statement(_HERE, "load"), list(ideas_in(events)))
    tallies = {row[0]: Tally(*row[1:]) for row in rows}
    turned = await load_facts(connection, events, tallies)
    moves = fold(tallies, events)
    await _save_tallies(connection, tallies)
    await save_facts(connection, tallies, turned)
    if moves:
        await connection.executemany(statement(_HERE, "save_moves"), [astuple(move) for move in moves])
    await _save_days(connection, events)
    await _save_community_days(connection, events)
    await follow_ideas(connection, events)


async def _save_logged(connection: Connection, logged: Sequence[RecordedEvent]) -> None:
    rows = []
    tallies: dict[UUID, Tally] = {}
    communities: Counter[UUID] = Counter()
    for event in logged:
        idea = event.data
        if not isinstance(idea, IdeaLogged):
            continue
        source = idea.source
        rows.append(
            (
                idea.idea_id,
                idea.community_id,
                idea.author_id,
                *texts_of(idea),
                source and source.system,
                source and source.collection,
                source and source.id,
                idea.occurred_at,
                event.version,
            )
        )
        tallies[idea.idea_id] = Tally(0, 0, -inf, LOGGED, idea.occurred_at, event.position)
        communities[idea.community_id] += 1
    if rows:
        await connection.executemany(statement(_HERE, "save_idea"), rows)
        await connection.executemany(statement(_HERE, "count_idea"), sorted(communities.items()))
        await _save_tallies(connection, tallies)


async def _save_tallies(connection: Connection, tallies: dict[UUID, Tally]) -> None:
    ordered = sorted(tallies.items())
    await connection.execute(
        statement(_HERE, "save_tallies"),
        [idea_id for idea_id, _ in ordered],
        [tally.votes for _, tally in ordered],
        [tally.stage for _, tally in ordered],
        [tally.since for _, tally in ordered],
        [tally.position for _, tally in ordered],
    )


async def _save_days(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    changes: Counter[tuple[UUID, date]] = Counter()
    for event in events:
        match event.data:
            case VoteCast(idea_id=idea_id, occurred_at=at):
                changes[idea_id, at.astimezone(UTC).date()] += 1
            case VoteWithdrawn(idea_id=idea_id, occurred_at=at):
                changes[idea_id, at.astimezone(UTC).date()] -= 1
            case _:
                pass
    if changes:
        ordered = sorted(changes.items())
        await connection.execute(
            statement(_HERE, "save_days"),
            [idea_id for (idea_id, _), _ in ordered],
            [day for (_, day), _ in ordered],
            [change for _, change in ordered],
        )


async def _save_community_days(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    logged: Counter[tuple[UUID, date]] = Counter()
    cast: Counter[tuple[UUID, date]] = Counter()
    for event in events:
        match event.data:
            case IdeaLogged(idea_id=idea_id, occurred_at=at):
                logged[idea_id, at.astimezone(UTC).date()] += 1
            case VoteCast(idea_id=idea_id, occurred_at=at):
                cast[idea_id, at.astimezone(UTC).date()] += 1
            case _:
                pass
    if ordered := sorted(logged.keys() | cast.keys()):
        await connection.execute(
            statement(_HERE, "save_community_days"),
            [idea_id for idea_id, _ in ordered],
            [day for _, day in ordered],
            [logged[key] for key in ordered],
            [cast[key] for key in ordered],
        )
