"""The log grows into partitions: room is made ahead, and no reader notices a border."""

import asyncio

import asyncpg
import pytest
import pytest_asyncio

from events.errors import LogUnavailableError
from tests.events.examples import idea, request, vote, votes, withdrawn

pytestmark = pytest.mark.asyncio

SIZE = 10


@pytest_asyncio.fixture
async def tiny(owner):
    """Exchange the empty log's partitions for two of ten positions each."""
    await owner.execute("DROP TABLE events_000000, events_000001")
    assert await owner.fetchval("SELECT extend_log(1, $1)", SIZE) == 2
    return owner


async def tables(connection) -> list[str]:
    """List the partitions of the log."""
    rows = await connection.fetch("SELECT relid::text AS name FROM pg_partition_tree('events') WHERE isleaf")
    return [row["name"] for row in rows]


async def test_room_is_made_ahead(tiny, store, pool):
    """The service keeps one partition ahead of the newest position, and asking again makes no more."""
    assert await tables(tiny) == ["events_000000", "events_000001"]
    assert await pool.fetchval("SELECT extend_log(1, $1)", SIZE) == 0
    await store.append(request("idea-a", *votes(SIZE)))
    assert await pool.fetchval("SELECT extend_log(1, $1)", SIZE) == 1
    assert await pool.fetchval("SELECT extend_log(1, $1)", SIZE) == 0
    assert await tables(tiny) == ["events_000000", "events_000001", "events_000002"]


async def test_several_may_ask_for_room_at_once(tiny, pool):
    """Processes that ask at the same time make each partition once."""
    made = await asyncio.gather(*(pool.fetchval("SELECT extend_log(4, $1)", SIZE) for _ in range(4)))
    assert sorted(made) == [0, 0, 0, 3]


async def test_no_reader_notices_a_border(tiny, store, pool):
    """Requests, streams, pages and selections go across partitions as if there were none."""
    await pool.fetchval("SELECT extend_log(4, $1)", SIZE)
    await store.append(request("idea-a", idea(), *votes(6)))
    await store.append(request("idea-b", *votes(16)))
    for number in range(20):
        await store.append(request("idea-a", vote(number), expected=7 + number))
    await store.append(request("idea-a", withdrawn(), expected=27))

    head = await store.head()
    assert head == 7 + 16 + 20 + 1
    assert [event.position for event in (await store.read_tail(0, limit=100)).events] == [*range(1, head + 1)]
    assert [event.position for event in (await store.read_tail(8, limit=15)).events] == [*range(9, 24)]
    assert [event.version for event in await store.read_stream("idea-a")] == [*range(1, 29)]
    assert [event.version for event in await store.read_stream("idea-b", after=1, limit=9)] == [*range(2, 11)]
    found = await store.read_streams(["idea-a", "idea-b"])
    assert {name: len(events) for name, events in found.items()} == {"idea-a": 28, "idea-b": 16}
    some = await store.read_tail(0, limit=100, types=["IdeaLogged", "IdeaWithdrawn"])
    assert ([event.position for event in some.events], some.reached) == ([1, head], head)
    assert [event.position for event in await store.read_positions([9, 10, 11, 19, 20])] == [
        9,
        10,
        11,
        19,
        20,
    ]


COPY = "INSERT INTO events SELECT 29, {}, {}, {}, type, data, metadata, now() FROM events WHERE position = 21"


async def test_a_new_partition_is_as_safe_as_the_first(tiny, store, pool):
    """Partitions made later refuse changes, and hold stream, version and identifier to be unique."""
    await pool.fetchval("SELECT extend_log(2, $1)", SIZE)
    await store.append(request("idea-a", *votes(25)))
    for partition in ("events_000001", "events_000002"):
        for change in ("UPDATE {} SET version = version", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed or deleted"):
                await tiny.execute(change.format(partition))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(change.format(partition))
    with pytest.raises(asyncpg.UniqueViolationError, match="stream_version"):
        await tiny.execute(COPY.format("stream", "version", "gen_random_uuid()"))
    with pytest.raises(asyncpg.UniqueViolationError, match="event_id"):
        await tiny.execute(COPY.format("'idea-b'", "1", "event_id"))
    with pytest.raises(asyncpg.UniqueViolationError, match=r"pkey|position"):
        await tiny.execute(COPY.format("'idea-b'", "1", "gen_random_uuid()").replace("29", "21"))


async def test_a_log_without_room_is_unavailable_until_there_is_some(tiny, store, pool):
    """Without room an append is refused as a whole, and succeeds when somebody has made some."""
    await store.append(request("idea-a", *votes(15)))
    with pytest.raises(LogUnavailableError):
        await store.append(request("idea-a", *votes(10), expected=15))
    with pytest.raises(LogUnavailableError):
        await asyncio.gather(*(store.append(request(f"idea-{n}")) for n in range(10)))
    assert await pool.fetchval("SELECT extend_log(3, $1)", SIZE) > 0
    before = await store.head()
    assert (await store.append(request("idea-a", *votes(10), expected=15))).position == before + 10


async def test_room_is_made_while_somebody_reads(tiny, store, pool, database_url):
    """A transaction left open on the log holds up neither new partitions nor, behind them, everybody else."""
    await store.append(request("idea-a", *votes(SIZE)))
    foreign = await asyncpg.connect(database_url)
    await foreign.execute("BEGIN; SELECT count(*) FROM events")

    assert await pool.fetchval("SELECT extend_log(2, $1)", SIZE, timeout=3) == 2

    assert (await store.append(request("idea-a", *votes(SIZE)))).position == 2 * SIZE
    await foreign.close()
