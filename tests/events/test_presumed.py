"""A writer that presumes where the log ends: quick when it is right, and refused without a trace when it is not."""

import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from events.envelope import Appended
from events.errors import WrongVersionError
from events.postgres import open_store
from tests.conftest import SECRET
from tests.events.examples import key, request, vote, votes
from tests.events.waiting import kill, listening, until

pytestmark = pytest.mark.asyncio

LOOKING = (
    "FUNCTION append_group(text[], integer[], integer[], integer[], integer[], integer[], text[], uuid[], text[],"
    " text[], text[], integer[], uuid[], bytea[], text[], boolean)"
)


async def forbid_to_look(owner):
    """Take the function away that looks where the log and its streams end."""
    await owner.execute(f"REVOKE EXECUTE ON {LOOKING} FROM open_impact_service")


async def test_a_writer_that_knows_the_end_does_not_look(store, owner):
    """After its first append a writer begins and continues streams, alone and in a group, by plain insertion."""
    await store.append(request("idea-a"))
    await forbid_to_look(owner)

    assert await store.append(request("idea-b", expected=0)) == Appended(position=2, version=1)
    assert await store.append(request("idea-b", vote(2), expected=1)) == Appended(position=3, version=2)
    group = [request(f"idea-{n}", *votes(n), expected=0) for n in (1, 2, 3)]
    assert await store.append_many(group) == [
        Appended(position=4, version=1),
        Appended(position=6, version=2),
        Appended(position=9, version=3),
    ]
    events = (await store.read_tail(3, limit=10)).events
    assert [(e.position, e.stream, e.version) for e in events] == [
        (4, "idea-1", 1),
        *((5, "idea-2", 1), (6, "idea-2", 2)),
        *((7, "idea-3", 1), (8, "idea-3", 2), (9, "idea-3", 3)),
    ]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store.append(request("idea-c", expected=0, under=key()))


async def test_a_writer_hears_where_others_ended(database_url, store, owner):
    """What another process appended is heard of, so that the next position is presumed rightly."""
    await store.append(request("idea-a"))
    async with open_store(database_url, secret=SECRET) as other:
        await other.append_many([request(f"idea-{n}") for n in range(5)])
    await forbid_to_look(owner)

    async def is_heard() -> bool:
        return store._writer._connection._head == 6

    await until(is_heard)
    assert (await store.append(request("idea-b", expected=0))).position == 7


@pytest.mark.parametrize("expected", [0, 1])
async def test_who_presumes_wrongly_looks_and_appends_all_the_same(database_url, store, expected):
    """A writer that heard nothing of others is refused by a key, looks, and leaves no gap."""
    await store.append(request("idea-a"))
    await store._writer._connection._connection.execute("UNLISTEN *")
    async with open_store(database_url, secret=SECRET) as other:
        await other.append_many([request(f"idea-{n}") for n in range(5)])

    stream = "idea-a" if expected else "idea-b"
    assert await store.append(request(stream, vote(2), expected=expected)) == Appended(
        position=7, version=expected + 1
    )
    assert [e.position for e in (await store.read_tail(0, limit=10)).events] == list(range(1, 8))


async def test_a_group_with_one_wrong_presumption_is_answered_one_by_one(store):
    """A stream that exists already is refused by itself; its neighbours are appended."""
    await store.append(request("idea-2"))
    answers = await store.append_many([request(f"idea-{n}", expected=0) for n in (1, 2, 3)])

    assert [type(answer) for answer in answers] == [Appended, WrongVersionError, Appended]
    assert answers[1].actual == 1
    assert [e.stream for e in (await store.read_tail(1, limit=10)).events] == ["idea-1", "idea-3"]


async def test_a_request_without_events_begins_no_stream(store):
    """Nothing to append is appended at once with what begins a stream, and the stream it names can still begin."""
    await store.append(request("idea-a"))
    nothing = replace(request("idea-b", expected=0), events=[])
    assert await store.append(nothing) == Appended(position=1, version=0)
    assert await store.append_many([nothing, request("idea-c", expected=0)]) == [
        Appended(position=1, version=0),
        Appended(position=2, version=1),
    ]
    assert await store.append(request("idea-b", expected=0)) == Appended(position=3, version=1)


@pytest.mark.parametrize("claimed", [0, 1, 3, 2**31 - 1, 2**40])
async def test_a_wrong_version_is_told_and_appends_nothing(store, claimed):
    """A lone request at another version than its stream's is refused with the version there is."""
    await store.append(request("idea-a", *votes(2)))
    with pytest.raises(WrongVersionError) as refused:
        await store.append(request("idea-a", vote(3), expected=claimed))

    assert refused.value.actual == 2
    assert await store.head() == 2


async def test_nothing_is_presumed_on_a_new_connection(store, owner):
    """Where the log ends is forgotten with the connection: the server behind the next may be another."""
    await store.append(request("idea-a"))
    assert await kill(owner) == 1

    async def is_new() -> bool:
        await listening(store)
        return store._writer._connection._head is None

    await until(is_new)
    await forbid_to_look(owner)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store.append(request("idea-b", expected=0))


async def test_two_writers_who_both_presume_leave_no_gap(database_url, store):
    """Two processes that begin streams at the same time number all events without a gap, each exactly once."""
    async with open_store(database_url, secret=SECRET) as other:
        writers = [(store, "a"), (other, "b")]
        answers = await asyncio.gather(
            *(
                writer.append(request(f"idea-{name}-{n}", *votes(1 + n % 3), expected=0))
                for n in range(150)
                for writer, name in writers
            )
        )
    events = (await store.read_tail(0, limit=1_000)).events
    assert [e.position for e in events] == list(range(1, len(events) + 1)) != []
    assert len({e.stream for e in events}) == len(answers) == 300
    assert {answer.position for answer in answers} <= {e.position for e in events}
