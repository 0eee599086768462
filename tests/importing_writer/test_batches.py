"""Commands in batches: in order, each event once, however often and by however many they are tried."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing import batches
from app.importing.batches import BatchWriter, Intent
from domain.person import PERSON, JoinPerson
from domain.vote import VOTE, Ballot, CastVote, VotingNotRunningError, WithdrawVote
from events.envelope import Metadata
from events.errors import WrongVersionError
from events.memory import MemoryStore
from events.streams import derived_id, person_stream, vote_stream
from tests.importing_writer.examples import at

pytestmark = pytest.mark.asyncio

AUTHOR = derived_id("author")
OPEN = Ballot(author_id=AUTHOR, idea_is_open=True, voting_is_running=True)
CLOSED = Ballot(author_id=AUTHOR, idea_is_open=True, voting_is_running=False)
META = Metadata(command="Test")


def join(number):
    """Intend that a person joins."""
    person = derived_id("person", str(number))
    return Intent(
        person_stream(person), 1, PERSON, JoinPerson(person_id=person, origin="import", now=at(0)), META
    )


def turn(number, idea="a", voter="v", ballot=OPEN):
    """Intend the n-th change of a vote: odd ones cast it, even ones withdraw it."""
    idea_id, person_id = derived_id("idea", idea), derived_id("person", voter)
    kind = CastVote if number % 2 else WithdrawVote
    command = kind(idea_id=idea_id, person_id=person_id, ballot=ballot, now=at(number))
    return Intent(vote_stream(idea_id, person_id), number, VOTE, command, META)


async def written(store, intents):
    """Write intents and tell (appended, unchanged)."""
    writer = BatchWriter(store, lambda _: None)
    await writer.write(intents)
    return writer.written.appended, writer.written.unchanged


async def types(store):
    """List the log as (type, version)."""
    return [(event.type, event.version) for event in (await store.read_tail(0, limit=10_000)).events]


async def test_what_was_written_is_not_written_again(log):
    """The second time nothing is appended, and all of it counts as unchanged."""
    intents = [*map(join, range(3)), turn(1), turn(2), turn(3)]

    assert await written(log, intents) == (6, 0)
    assert await written(log, intents) == (0, 6)
    assert await log.head() == 6


async def test_an_interrupted_import_goes_on_where_it_stopped(log):
    """A part that is there already is passed over, also in the middle of a stream's turns."""
    intents = [join(1), turn(1), turn(2), join(2), turn(3)]
    await written(log, intents[:3])

    assert await written(log, intents) == (2, 3)
    assert await types(log) == [
        ("PersonJoined", 1),
        ("VoteCast", 1),
        ("VoteWithdrawn", 2),
        ("PersonJoined", 1),
        ("VoteCast", 3),
    ]


async def test_turns_of_one_stream_follow_each_other_in_one_write(log):
    """A vote cast, withdrawn and cast again in direct succession ends as cast, at version 3."""
    await written(log, [turn(1), turn(2), turn(3), turn(1, voter="w")])

    assert await types(log) == [("VoteCast", 1), ("VoteWithdrawn", 2), ("VoteCast", 3), ("VoteCast", 1)]


async def test_events_stand_in_the_order_of_the_intents(store, monkeypatch):
    """Though several batches are on their way at once, nobody reads an effect before its cause."""
    monkeypatch.setattr(batches, "BATCH_MAX", 3)
    intents = [join(number) for number in range(20)]
    await written(store, intents)

    page = await store.read_tail(0, limit=100)
    assert [event.stream for event in page.events] == [intent.stream for intent in intents]


async def test_a_forbidden_command_raises_and_its_batch_is_not_written(log):
    """A rule that forbids one intent stops the writing there."""
    with pytest.raises(VotingNotRunningError):
        await written(log, [join(1), turn(1, ballot=CLOSED)])
    assert await log.head() == 0


async def test_a_rule_that_changed_since_does_not_touch_what_is_in_the_log(log):
    """A vote that is there already stays, though voting has closed meanwhile."""
    await written(log, [turn(1)])

    assert await written(log, [turn(1, ballot=CLOSED), join(1)]) == (1, 1)


async def test_a_turn_without_the_turn_before_it_is_an_error(log):
    """A withdrawal of a vote that nobody cast says that its stream is not there yet."""
    third = turn(3)
    with pytest.raises(WrongVersionError):
        await written(log, [third])
    assert await log.head() == 0


async def test_two_at_once_write_everything_once(log):
    """Two imports of the same rows at the same time share the work and double nothing."""
    intents = [*map(join, range(50)), *(turn(1, voter=str(voter)) for voter in range(50))]
    first, second = await asyncio.gather(written(log, intents), written(log, intents))

    assert first[0] + second[0] == 100
    assert await log.head() == 100


async def test_every_intent_is_counted_once_for_the_progress(log):
    """What `advance` hears adds up to the number of intents, written or not."""
    heard = []
    writer = BatchWriter(log, heard.append)
    await writer.write([join(1), join(2)])
    await writer.write([join(1), join(2), join(3), turn(1), turn(2)])

    assert sum(heard) == 7
    assert (writer.written.appended, writer.written.unchanged) == (5, 2)


@given(cuts=st.lists(st.integers(0, 30), max_size=4), size=st.integers(1, 7))
@settings(max_examples=60, deadline=None)
async def test_any_prefixes_written_before_lead_to_the_same_log(cuts, size):
    """Wherever earlier attempts stopped and however batches fall, the log ends the same."""
    intents = [
        intent
        for voter in "abcde"
        for intent in (
            join(voter),
            turn(1, voter=voter),
            turn(2, voter=voter),
            turn(1, "b", voter),
            turn(3, voter=voter),
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_MAX", size)
        store = MemoryStore()
        for cut in sorted(cuts):
            await written(store, intents[:cut])
        await written(store, intents)

    page = await store.read_tail(0, limit=100)
    assert sorted((event.stream, event.version) for event in page.events) == sorted(
        (intent.stream, intent.version) for intent in intents
    )
