"""Writes the sample content into the log: the same commands and deciders as everywhere, set in the past.

Identifiers are derived from the sample's keys, so it is written once. Whoever changes what an idea
of the sample says should give it a new key; what is in a log already stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from app.importing.batches import BatchWriter, Intent
from app.importing.communities import COMMONS, ensure_commons
from app.importing.sample import (
    SOURCE_COLLECTION,
    SOURCE_SYSTEM,
    SampleContent,
    SampleIdea,
    SampleTurn,
    SampleVote,
    read_sample,
    sample_votes,
)
from app.importing.sample.funders import read_sample_funders
from app.importing.sample.offers import read_sample_offers
from app.importing.sample.pools import read_sample_pools
from app.importing.sample_funders import funder_intents
from app.importing.sample_offers import offer_intents
from app.importing.sample_pools import pool_intents
from app.importing.writer import ImportReport, joining
from domain.idea import IDEA, IdeaCommand, IdeaTexts, LogIdea, ReopenIdea, ReviseIdea, WithdrawIdea
from domain.vote import VOTE, Ballot, CastVote, WithdrawVote
from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, Source
from events.envelope import Metadata
from events.store import EventStore
from events.streams import derived_id, idea_stream, vote_stream

SAMPLE_STEPS = 9_800
"""About how many steps the sample takes, for telling how far its writing is."""

_SEED = 1


class _IdeaStep(Struct, frozen=True, kw_only=True):
    """What an author does to an idea at a moment."""

    idea: SampleIdea
    version: int
    command: IdeaCommand

    @property
    def at(self) -> datetime:
        return self.command.now


async def import_sample(
    store: EventStore, *, now: datetime, advance: Callable[[int], None] = lambda _: None
) -> ImportReport:
    """Write the sample into the community `commons`, ending at `now`; what is there already stays as it is.

    Raises:
        LogUnavailableError, LogBusyError: see the store; writing it again goes on where this stopped.
    """
    content = read_sample()
    votes = list(sample_votes(content, now, _SEED))
    oldest = max(idea.days_ago for idea in content.ideas)
    commons = await ensure_commons(store, now - timedelta(days=oldest + 1))
    intents = list(_intents(content, votes, commons, now))
    ideas = {idea.key: idea for idea in content.ideas}
    steps = {key: sum(1 for _ in _idea_steps(idea, commons, now)) for key, idea in ideas.items()}
    intents += offer_intents(read_sample_offers(), ideas, steps, now)
    funders = read_sample_funders()
    intents += funder_intents(funders, now)
    intents += pool_intents(read_sample_pools(), ideas, funders.funders, now)
    intents.sort(key=lambda intent: intent.command.now)
    writer = BatchWriter(store, advance)
    if not await _is_done(store, intents[-1]):
        await writer.write(intents)
    withdrawals = sum(not vote.supports for vote in votes)
    return ImportReport(
        community=COMMONS,
        ideas=len(content.ideas),
        voters=len({vote.voter_key for vote in votes}),
        votes=len(votes) - withdrawals,
        withdrawals=withdrawals,
        appended=writer.written.appended,
        unchanged=len(intents) - writer.written.appended,
    )


async def add_sample_accounts(pool: Pool) -> None:
    """Give the authors accounts, so that their names show; nobody can receive mail at the addresses (RFC 2606).

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    authors = read_sample().authors
    async with unavailable_when_lost():
        await pool.execute(
            "INSERT INTO accounts (person_id, email, name, role)"
            " SELECT person_id, email, name, 'member' FROM unnest($1::uuid[], $2::text[], $3::text[])"
            " x(person_id, email, name) ON CONFLICT DO NOTHING",
            [_person_id(author.key) for author in authors],
            [f"{author.key}@sample.invalid" for author in authors],
            [author.name for author in authors],
        )


async def _is_done(store: EventStore, intent: Intent) -> bool:
    """Tell whether an intent is in the log; everything is written in order, so the last one stands for all."""
    return len(await store.read_stream(intent.stream, limit=intent.version)) >= intent.version


def _person_id(key: str) -> UUID:
    return derived_id("person", SOURCE_SYSTEM, SOURCE_COLLECTION, key)


def _idea_id(key: str) -> UUID:
    return derived_id("idea", SOURCE_SYSTEM, SOURCE_COLLECTION, key)


def _intents(
    content: SampleContent, votes: Sequence[SampleVote], commons: UUID, now: datetime
) -> Iterator[Intent]:
    """Put everything that everybody does in the order of time, each person's joining before it."""
    steps = [step for idea in content.ideas for step in _idea_steps(idea, commons, now)]
    rows: list[_IdeaStep | SampleVote] = [*steps, *votes]
    authors = {idea.key: idea.author for idea in content.ideas}
    known: set[str] = set()
    withdrawn: set[str] = set()
    turns: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: row.at):
        who = row.idea.author if isinstance(row, _IdeaStep) else row.voter_key
        if who not in known:
            known.add(who)
            yield joining(_person_id(who), "sample", row.at)
        if isinstance(row, _IdeaStep):
            if isinstance(row.command, WithdrawIdea):
                withdrawn.add(row.idea.key)
            if isinstance(row.command, ReopenIdea):
                withdrawn.discard(row.idea.key)
            yield _idea_intent(row)
        else:
            ballot = Ballot(
                author_id=_person_id(authors[row.idea_key]),
                idea_is_open=row.idea_key not in withdrawn,
                voting_is_running=True,  # The sample's times lie in the past of a community without a window.
            )
            yield _vote_intent(row, ballot, turns)


def _idea_steps(idea: SampleIdea, commons: UUID, now: datetime) -> Iterator[_IdeaStep]:
    """Work out the life of an idea, from its logging on."""
    idea_id, person_id = _idea_id(idea.key), _person_id(idea.author)

    def moment(days_ago: float) -> datetime:
        return now - timedelta(days=days_ago)

    yield _IdeaStep(
        idea=idea,
        version=1,
        command=LogIdea(
            idea_id=idea_id,
            community_id=commons,
            author_id=person_id,
            texts=_texts(idea),
            source=Source(system=SOURCE_SYSTEM, collection=SOURCE_COLLECTION, id=idea.key),
            now=moment(idea.days_ago),
        ),
    )
    turns: list[tuple[SampleTurn, type[WithdrawIdea | ReopenIdea]]] = []
    if idea.withdrawn is not None:
        turns.append((idea.withdrawn, WithdrawIdea))
    if idea.reopened is not None:
        turns.append((idea.reopened, ReopenIdea))
    later: list[IdeaCommand] = [
        kind(idea_id=idea_id, person_id=person_id, reason=turn.reason, now=moment(turn.days_ago))
        for turn, kind in turns
    ]
    revised = idea
    for revision in idea.revisions:
        revised = revised.revised(revision)
        later.append(
            ReviseIdea(
                idea_id=idea_id,
                person_id=person_id,
                texts=_texts(revised),
                reason=revision.reason,
                now=moment(revision.days_ago),
            )
        )
    later.sort(key=lambda command: command.now)
    for version, command in enumerate(later, start=2):
        yield _IdeaStep(idea=idea, version=version, command=command)


def _texts(idea: SampleIdea) -> IdeaTexts:
    return IdeaTexts(
        title=idea.title,
        problem=idea.problem,
        proposal=idea.proposal,
        beneficiaries=idea.beneficiaries,
        themes=idea.themes,
        places=idea.places,
        ask=None if idea.ask is None else Money(amount_minor=idea.ask, currency="GBP"),
    )


def _idea_intent(step: _IdeaStep) -> Intent:
    metadata = Metadata(command=type(step.command).__name__, actor=_person_id(step.idea.author))
    return Intent(idea_stream(_idea_id(step.idea.key)), step.version, IDEA, step.command, metadata)


def _vote_intent(vote: SampleVote, ballot: Ballot, turns: Counter[str]) -> Intent:
    idea_id, person_id = _idea_id(vote.idea_key), _person_id(vote.voter_key)
    kind = CastVote if vote.supports else WithdrawVote
    command = kind(idea_id=idea_id, person_id=person_id, ballot=ballot, now=vote.at)
    stream = vote_stream(idea_id, person_id)
    turns[stream] += 1
    return Intent(stream, turns[stream], VOTE, command, Metadata(command=kind.__name__, actor=person_id))
