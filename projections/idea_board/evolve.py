"""How the board follows the log."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from pathlib import Path
from uuid import UUID

from events.codes import places, themes
from events.connections import Connection
from events.contracts import CommunityOpened, CommunityRulesSet, IdeaLogged, IdeaRevised
from events.envelope import RecordedEvent
from projections.facts import load_facts, save_facts
from projections.idea_board.prospects import follow_prospects
from projections.statements import statement
from projections.tally import TYPES, Tally, fold, ideas_in

_HERE = Path(__file__).parent


class IdeaBoard:
    """The board as a projection."""

    name = "idea_board"
    version = 3
    tables = ("communities", "ideas", "words", "tallies", "facts", "needs", "offers", "money", "prospects")
    types = TYPES
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Fold the page in memory and write what changed in a few statements."""
        start = 0
        for index, event in enumerate(events):
            # New rules move many ideas at once: what comes before must stand in the tables by then.
            if isinstance(event.data, CommunityOpened | CommunityRulesSet):
                await _fold(connection, events[start:index])
                await _set_rules(connection, event.data)
                start = index + 1
        await _fold(connection, events[start:])


async def _set_rules(connection: Connection, event: CommunityOpened | CommunityRulesSet) -> None:
    identifier, threshold = event.community_id, event.rules.support_threshold
    if isinstance(event, CommunityOpened):
        await connection.execute(statement(_HERE, "open_community"), identifier, event.slug, threshold)
    else:
        await connection.execute(statement(_HERE, "set_threshold"), identifier, threshold)
        await connection.execute(statement(_HERE, "restage"), identifier, threshold, event.occurred_at)


async def _fold(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    if not events:
        return
    logged = [event.data for event in events if isinstance(event.data, IdeaLogged)]
    if logged:
        await connection.executemany(statement(_HERE, "save_idea"), [_row(idea) for idea in logged])
        await _learn_words(connection, logged)
        await connection.execute(
            statement(_HERE, "save_tallies"),
            [idea.idea_id for idea in logged],
            [0] * len(logged),
            [-inf] * len(logged),
            [0] * len(logged),
        )
    tallies = await _load(connection, ideas_in(events))
    turned = await load_facts(connection, events, tallies)
    # With the moment: an idea that left its stage and came back within a page is in it since then.
    stages = {idea_id: (tally.stage, tally.since) for idea_id, tally in tallies.items()}
    fold(tallies, events)
    await _save(connection, tallies, stages)
    await save_facts(connection, tallies, turned)
    revised = {event.data.idea_id: event.data for event in events if isinstance(event.data, IdeaRevised)}
    if revised:
        await connection.executemany(
            statement(_HERE, "revise_idea"), [_revision(revision) for revision in revised.values()]
        )
        # Of every revision, also those that were revised again within the page: where a page ends must not matter.
        await _learn_words(
            connection, [event.data for event in events if isinstance(event.data, IdeaRevised)]
        )
    await follow_prospects(connection, events)


async def _learn_words(connection: Connection, texts: Sequence[IdeaLogged | IdeaRevised]) -> None:
    await connection.execute(
        statement(_HERE, "save_words"), [f"{text.title} {_names(text)}" for text in texts]
    )


async def _load(connection: Connection, idea_ids: set[UUID]) -> dict[UUID, Tally]:
    rows = await connection.fetch(statement(_HERE, "load"), list(idea_ids))
    return {row[0]: Tally(*row[1:]) for row in rows}


async def _save(
    connection: Connection, tallies: dict[UUID, Tally], stages: dict[UUID, tuple[str, datetime]]
) -> None:
    # In the order of their keys, so that two builds write alike and pages of an index stay close.
    ordered = sorted(tallies.items())
    await connection.execute(
        statement(_HERE, "save_tallies"),
        [idea_id for idea_id, _ in ordered],
        [tally.votes for _, tally in ordered],
        [tally.momentum for _, tally in ordered],
        [tally.position for _, tally in ordered],
    )
    moved = [(idea_id, tally) for idea_id, tally in ordered if (tally.stage, tally.since) != stages[idea_id]]
    if moved:
        await connection.execute(
            statement(_HERE, "save_stages"),
            [idea_id for idea_id, _ in moved],
            [tally.stage for _, tally in moved],
            [tally.since for _, tally in moved],
        )


def _row(idea: IdeaLogged) -> tuple[object, ...]:
    source = idea.source
    return (
        idea.idea_id,
        idea.community_id,
        idea.author_id,
        *_texts(idea),
        source and source.system,
        source and source.collection,
        source and source.id,
        idea.occurred_at,
        _names(idea),
    )


def _revision(revision: IdeaRevised) -> tuple[object, ...]:
    return (revision.idea_id, *_texts(revision), _names(revision))


def _texts(idea: IdeaLogged | IdeaRevised) -> tuple[object, ...]:
    return (
        idea.title,
        idea.problem,
        idea.proposal,
        idea.beneficiaries,
        list(idea.themes),
        list(idea.places),
        _filed_under(idea),
        idea.ask and idea.ask.amount_minor,
        idea.ask and idea.ask.currency,
    )


def _filed_under(idea: IdeaLogged | IdeaRevised) -> list[str]:
    """List the idea's codes with all that contain them, so that one lookup answers any level."""
    codes = [code for theme in idea.themes for code in themes.with_ancestors(theme)]
    codes += [code for place in idea.places for code in places.with_ancestors(place)]
    return sorted(set(codes))


def _names(idea: IdeaLogged | IdeaRevised) -> str:
    """Spell out themes and places, so that a search for "Leeds" or "carers" finds what is filed there."""
    names = [themes.name_of(theme) for theme in idea.themes] + [
        places.name_of(place) for place in idea.places
    ]
    return " ".join(names)
