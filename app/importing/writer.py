"""From the rows of a reader to events: the same commands and deciders as everywhere, in batches.

Every identifier is derived from the collection, so the same file leads to the same streams wherever
and however often it is read: importing again adds nothing, and an import that was killed goes on.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import unquote
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.importing.batches import BatchWriter, Intent
from app.importing.communities import ensure_commons, ensure_community, slug_of
from app.importing.rows import Collection, ImportedIdea, Reader
from domain.community import COMMUNITY, Open, voting_is_running
from domain.decider import Decider
from domain.idea import IDEA, IdeaTexts, LogIdea, NotLogged, current
from domain.idea import Open as OpenIdea
from domain.person import PERSON, JoinPerson
from domain.vote import VOTE, Ballot, CastVote, WithdrawVote
from events.contracts import IdeaLogged, Money, Source
from events.envelope import Metadata, RecordedEvent
from events.store import EventStore
from events.streams import community_stream, derived_id, idea_stream, person_stream, vote_stream

__all__ = ["ImportRefusedError", "ImportReport", "ensure_commons", "import_collection", "joining", "slug_for"]

_IDEAS_A_READ = 1_000
_VOTERS_REMEMBERED = 10_000
_JOINED = Metadata(command=JoinPerson.__name__)

_S = TypeVar("_S")
_Ballots: TypeAlias = dict[str, tuple[UUID, Ballot]]


class ImportRefusedError(Exception):
    """The collection cannot be brought in as things are; the message says what to do."""


class ImportReport(Struct, frozen=True, kw_only=True):
    """What a collection holds, and how many events that made: none for what was in the log already."""

    community: str
    ideas: int
    voters: int
    votes: int
    withdrawals: int
    appended: int = 0
    unchanged: int = 0


async def import_collection(
    store: EventStore,
    reader: Reader,
    *,
    community_slug: str | None = None,
    community_name: str | None = None,
    now: datetime,
    advance: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Bring everything that a reader emits into the log, as events at their original times.

    Without `community_slug` the ideas go where an earlier import of the collection put them, or to
    a community of their own named after it. `advance` hears how many rows were settled; their
    number is about `ideas + ballots + votes` of the collection.

    Raises:
        BadRow: something in the file is wrong; nothing of it was appended.
        ImportRefusedError: the community does not take these votes; nothing was appended.
        LogUnavailableError, LogBusyError: see the store; importing again goes on where this stopped.
    """
    reader.check()
    collection = reader.collection
    slug, name = await _community_of(store, reader, community_slug, community_name)
    await _require_voting(store, reader, slug)
    community_id, community = await ensure_community(store, slug, name, now=now)
    writer = BatchWriter(store, advance)
    await writer.write(_idea_intents(reader, community_id, now))
    votes = _VoteIntents(collection, await _ballots(store, reader), community)
    await writer.write(votes.of(reader))
    return ImportReport(
        community=slug,
        ideas=collection.ideas,
        voters=collection.ballots,
        votes=votes.cast,
        withdrawals=votes.withdrawn,
        appended=writer.written.appended,
        unchanged=writer.written.unchanged,
    )


def joining(person_id: UUID, origin: Literal["import", "sample"], now: datetime) -> Intent:
    """Make somebody known."""
    command = JoinPerson(person_id=person_id, origin=origin, now=now)
    return Intent(person_stream(person_id), 1, PERSON, command, _JOINED)


async def _community_of(
    store: EventStore, reader: Reader, slug: str | None, name: str | None
) -> tuple[str, str]:
    """Find where the ideas belong: where they are already, where the caller says, or in a place of their own."""
    collection = reader.collection
    present = await _present_community(store, reader)
    if present is not None and slug not in {None, present}:
        raise ImportRefusedError(
            f"This collection was imported into the community {present!r} before and its ideas stay there; "
            "leave --community out, or name that one."
        )
    return present or slug or slug_for(collection), name or collection.title


def slug_for(collection: Collection) -> str:
    """Make the short name of the community that a collection has where nobody names one."""
    return slug_of(f"{collection.source.system} {unquote(collection.identity)}")


async def _present_community(store: EventStore, reader: Reader) -> str | None:
    for idea in islice(reader.ideas(), 1):
        logged = await store.read_stream(idea_stream(_idea_id(reader.collection, idea)), limit=1)
        if logged and isinstance(logged[0].data, IdeaLogged):
            opened = await store.read_stream(community_stream(logged[0].data.community_id))
            state = _folded(COMMUNITY, opened)
            return state.slug if isinstance(state, Open) else None
    return None


async def _require_voting(store: EventStore, reader: Reader, slug: str) -> None:
    """Refuse before anything is appended what a vote's own decision would refuse half-way."""
    events = await store.read_stream(community_stream(derived_id("community", slug)))
    community = _folded(COMMUNITY, events)
    if not isinstance(community, Open):
        return
    if community.paused:
        raise ImportRefusedError(
            f"Voting in the community {slug!r} is paused; let it go on with "
            f"`open-impact communities resume {slug}`, or import into another with --community."
        )
    if community.rules.opens_at is None and community.rules.closes_at is None:
        return
    for vote in reader.votes():
        if not voting_is_running(community, vote.at):
            raise ImportRefusedError(
                f"The vote on line {vote.line}, of {vote.at:%Y-%m-%d}, lies outside the voting period of the "
                f"community {slug!r}; change its rules, or import into another with --community."
            )


def _idea_id(collection: Collection, idea: ImportedIdea) -> UUID:
    return derived_id("idea", collection.source.system, collection.identity, idea.source_id)


def _author_id(collection: Collection) -> UUID:
    """Give the one pseudonym that logs a collection's ideas, so that no voter is an author."""
    return derived_id("collection", collection.source.system, collection.identity)


def _idea_intents(reader: Reader, community_id: UUID, now: datetime) -> Iterator[Intent]:
    collection = reader.collection
    author_id = _author_id(collection)
    metadata = Metadata(command=LogIdea.__name__, actor=author_id)
    first = True
    for idea in reader.ideas():
        if first:
            yield joining(author_id, "import", now)
            first = False
        command = LogIdea(
            idea_id=_idea_id(collection, idea),
            community_id=community_id,
            author_id=author_id,
            texts=_texts(idea),
            source=Source(
                system=collection.source.system, collection=collection.source.collection, id=idea.source_id
            ),
            now=idea.logged_at,
        )
        yield Intent(idea_stream(command.idea_id), 1, IDEA, command, metadata)


def _texts(idea: ImportedIdea) -> IdeaTexts:
    """Take over the one text that other systems have: there it says what is wrong and what to do alike."""
    priced = idea.cost_minor is not None and idea.currency is not None
    return IdeaTexts(
        title=idea.title,
        problem=idea.text,
        proposal="",
        beneficiaries="",
        themes=idea.themes,
        places=idea.places,
        ask=Money(amount_minor=idea.cost_minor or 0, currency=idea.currency or "") if priced else None,
    )


async def _ballots(store: EventStore, reader: Reader) -> _Ballots:
    """Read what decides whether each idea can be voted on, by its id in the file."""
    ballots: _Ballots = {}
    ideas = reader.ideas()
    while some := {
        idea.source_id: _idea_id(reader.collection, idea) for idea in islice(ideas, _IDEAS_A_READ)
    }:
        found = await store.read_streams([idea_stream(idea_id) for idea_id in some.values()])
        for source_id, idea_id in some.items():
            state = _folded(IDEA, found[idea_stream(idea_id)])
            if isinstance(state, NotLogged):
                raise TypeError(f"The idea {idea_id} is not there after it was logged.")
            idea = current(state)
            ballots[source_id] = (
                idea_id,
                Ballot(
                    author_id=idea.author_id,
                    idea_is_open=isinstance(state, OpenIdea),
                    voting_is_running=True,
                ),
            )
    return ballots


def _folded(decider: Decider[Any, _S, Any], events: list[RecordedEvent]) -> _S:
    return decider.fold([event.data for event in events])


class _VoteIntents:
    """Turns votes and withdrawals into intents, each voter's joining before their first."""

    def __init__(self, collection: Collection, ballots: _Ballots, community: Open) -> None:
        self.cast = 0
        self.withdrawn = 0
        self._collection = collection
        self._ballots = ballots
        self._community = community
        self._voters: dict[str, tuple[UUID, Metadata]] = {}
        self._withdrawals: dict[str, int] = {}

    def of(self, reader: Reader) -> Iterator[Intent]:
        """Emit the intents of all votes.

        Casting and withdrawing alternate in a stream, so its version after a row follows from the
        number of withdrawals before it.
        """
        at, running = None, True
        for row in reader.votes():
            voter = self._voters.get(row.voter_id)
            if voter is None:
                voter = self._remember(row.voter_id)
                yield joining(voter[0], "import", row.at)
            person_id, metadata = voter
            idea_id, ballot = self._ballots[row.source_id]
            if row.at != at:
                at, running = row.at, voting_is_running(self._community, row.at)
            if not running:
                ballot = replace(ballot, voting_is_running=False)
            stream = vote_stream(idea_id, person_id)
            turns = self._withdrawals.get(stream, 0)
            if row.supports:
                self.cast += 1
                command = CastVote(idea_id=idea_id, person_id=person_id, ballot=ballot, now=row.at)
                yield Intent(stream, 2 * turns + 1, VOTE, command, metadata)
            else:
                self.withdrawn += 1
                self._withdrawals[stream] = turns + 1
                withdraw = WithdrawVote(idea_id=idea_id, person_id=person_id, ballot=ballot, now=row.at)
                meant = Metadata(command=WithdrawVote.__name__, actor=person_id)
                yield Intent(stream, 2 * turns + 2, VOTE, withdraw, meant)

    def _remember(self, voter_id: str) -> tuple[UUID, Metadata]:
        """Work out who a voter is; somebody forgotten in between is told to join again, which does nothing."""
        if len(self._voters) == _VOTERS_REMEMBERED:
            del self._voters[next(iter(self._voters))]
        collection = self._collection
        person_id = derived_id("person", collection.source.system, collection.identity, voter_id)
        voter = (person_id, Metadata(command=CastVote.__name__, actor=person_id))
        self._voters[voter_id] = voter
        return voter
