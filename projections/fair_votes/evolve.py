"""How the tallies of verified votes follow the log."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from events.connections import Connection
from events.contracts import (
    IdeaLogged,
    PersonJoined,
    PersonVerified,
    QuarantineExtended,
    QuarantineLifted,
    SupportReached,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent
from projections.fair_votes.fold import Page, Quarantine, Voter
from projections.statements import statement

_HERE = Path(__file__).parent

_VOTE_COLUMNS = ("idea_id", "person_id", "position", "cast_at", "ended")

TYPES = frozenset(
    kind.__name__
    for kind in (
        IdeaLogged,
        PersonJoined,
        PersonVerified,
        VoteCast,
        VoteWithdrawn,
        VotesQuarantined,
        QuarantineExtended,
        QuarantineLifted,
        SupportReached,
    )
)
"""The events that decide which votes count, where an idea lives, and what was told of its support."""


class FairVotes:
    """The tallies of all, verified and set-aside votes as a projection."""

    name = "fair_votes"
    version = 4
    tables = (
        *("people", "votes", "ideas", "tallies", "community_tallies"),
        *("quarantines", "quarantined", "set_aside", "marks"),
    )
    types = TYPES
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Load whom and what the page is about, fold it in memory, and write what changed in a few statements."""
        page = await _before(connection, events)
        for event in events:
            page.apply(event)
        await _save_ideas(connection, events)
        await _save_votes(connection, page)
        await _save_people(connection, page)
        await _save_tallies(connection, page)
        await _save_quarantines(connection, page)
        await _save_marks(connection, events)


async def _before(connection: Connection, events: Sequence[RecordedEvent]) -> Page:
    voting: set[UUID] = set()
    moving: set[UUID] = set()
    named: set[UUID] = set()
    for event in events:
        match event.data:
            case VoteCast(person_id=person_id) | VoteWithdrawn(person_id=person_id):
                voting.add(person_id)
            case PersonJoined(person_id=person_id) | PersonVerified(person_id=person_id):
                moving.add(person_id)
            case VotesQuarantined() | QuarantineExtended() as event_data:
                moving.update(event_data.people)
                named.add(event_data.quarantine_id)
            case QuarantineLifted(quarantine_id=quarantine_id):
                named.add(quarantine_id)
            case _:
                pass
    quarantines: dict[UUID, Quarantine] = {}
    if named:
        for row in await connection.fetch(statement(_HERE, "load_quarantines"), list(named)):
            quarantines[row["quarantine_id"]] = Quarantine(people=set(row["people"]), stands=row["stands"])
            moving.update(row["people"])
    voters = {
        row["person_id"]: Voter(
            row["origin"], row["joined_at"], row["verified"], row["by_age"], set(row["aside"]), set()
        )
        for row in await connection.fetch(statement(_HERE, "load_people"), list(voting | moving))
    }
    if moving:
        for person_id, idea_id in await connection.fetch(statement(_HERE, "load_standing"), list(moving)):
            voters.setdefault(person_id, Voter(aside=set(), ideas=set())).ideas.add(idea_id)
    return Page(voters, quarantines)


async def _save_ideas(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    logged = [event.data for event in events if isinstance(event.data, IdeaLogged)]
    if logged:
        await connection.execute(
            statement(_HERE, "save_ideas"),
            [idea.idea_id for idea in logged],
            [idea.community_id for idea in logged],
        )


async def _save_votes(connection: Connection, page: Page) -> None:
    # What was withdrawn first, or a vote cast again in this page would be taken for the one that ended in it.
    if page.ended:
        await connection.execute(statement(_HERE, "end_votes"), *map(list, zip(*page.ended, strict=True)))
    cast = page.cast
    if cast.positions:
        await connection.copy_records_to_table(
            "votes",
            columns=_VOTE_COLUMNS,
            records=zip(
                cast.idea_ids, cast.person_ids, cast.positions, cast.cast_at, cast.ended, strict=True
            ),
        )


async def _save_people(connection: Connection, page: Page) -> None:
    if not page.changed:
        return
    ordered = sorted(page.changed.items())
    await connection.execute(
        statement(_HERE, "save_people"),
        [person_id for person_id, _ in ordered],
        [voter.origin for _, voter in ordered],
        [voter.joined_at for _, voter in ordered],
        [voter.verified for _, voter in ordered],
        [voter.by_age for _, voter in ordered],
        # An array of arrays must be a rectangle, so each goes as its text.
        ["{" + ",".join(sorted(map(str, voter.aside))) + "}" for _, voter in ordered],
    )


async def _save_tallies(connection: Connection, page: Page) -> None:
    if page.tallies:
        ordered = sorted(page.tallies.items())
        columns = (
            [idea_id for idea_id, _ in ordered],
            [change.votes for _, change in ordered],
            [change.verified_votes for _, change in ordered],
            [change.set_aside for _, change in ordered],
            [change.position for _, change in ordered],
        )
        await connection.execute(statement(_HERE, "save_tallies"), *columns)
        await connection.execute(statement(_HERE, "save_community_tallies"), *columns)
    if page.set_aside:
        kept = sorted(page.set_aside.items())
        await connection.execute(
            statement(_HERE, "save_set_aside"),
            [idea_id for (idea_id, _), _ in kept],
            [quarantine_id for (_, quarantine_id), _ in kept],
            [change for _, change in kept],
        )


async def _save_quarantines(connection: Connection, page: Page) -> None:
    for raised, position in page.raised:
        await connection.execute(
            statement(_HERE, "raise_quarantine"),
            raised.quarantine_id,
            raised.signal,
            raised.reason,
            list(raised.idea_ids),
            raised.since,
            raised.until,
            raised.occurred_at,
            position,
        )
    for quarantine_id, people, until in page.extended:
        await connection.execute(statement(_HERE, "extend_quarantine"), quarantine_id, people, until)
    if page.named:
        await connection.execute(
            statement(_HERE, "save_quarantined"), *map(list, zip(*page.named, strict=True))
        )
    for lifted, position in page.lifted:
        await connection.execute(
            statement(_HERE, "lift_quarantine"),
            lifted.quarantine_id,
            lifted.occurred_at,
            position,
            lifted.reason,
        )


async def _save_marks(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    # Of several of one idea in a page the last stands: marks only rise.
    marks = {
        event.data.idea_id: (event.data.verified_votes, event.version)
        for event in events
        if isinstance(event.data, SupportReached)
    }
    if marks:
        reached, versions = zip(*marks.values(), strict=True)
        await connection.execute(statement(_HERE, "save_marks"), list(marks), list(reached), list(versions))
