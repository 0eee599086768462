"""Connections break, PostgreSQL refuses or is away: what was acknowledged is there, once, and callers are told."""

import asyncio
import os
import random
import signal
from contextlib import suppress

import asyncpg
import pytest

from app.bootstrap import migrate
from app.embedded.postgres import embedded_postgres
from events.envelope import Appended
from events.errors import LogBusyError, LogUnavailableError
from events.postgres import open_store
from tests.conftest import SECRET
from tests.events.examples import idea, key, request, vote, votes
from tests.events.waiting import PATIENCE, kill, until, writers_held_up

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    "asked",
    [
        request("idea-a"),
        request("idea-a", expected=0),
        request("idea-a", *votes(3), expected=0),
        request("idea-a", under=key()),
        request("idea-a", *votes(3), expected=0, under=key()),
    ],
    ids=["one", "expecting", "several", "one under a key", "several under a key"],
)
async def test_an_append_whose_answer_was_lost_is_done_once(store, owner, asked):
    """An append sent again because its answer was lost is not repeated, and is answered as the first time."""
    async with writers_held_up(owner) as waiting:
        appending = asyncio.create_task(store.append(asked))
        await waiting(1)
        store._writer._connection.terminate()  # The server does not notice, and goes on when it can.
        await waiting(2)
    answer = await asyncio.wait_for(appending, PATIENCE)

    size = len(asked.events)
    assert answer == Appended(position=size, version=size)
    assert [event.data for event in (await store.read_tail(0, limit=10)).events] == list(asked.events)
    assert await store.append(request("idea-a")) == Appended(position=size + 1, version=size + 1)


async def test_a_group_whose_answer_was_lost_is_done_once(store, owner):
    """A whole group is sent again with the same outcome for each of its requests."""
    await store.append(request("idea-1"))
    group = [request(f"idea-{n}", *votes(n % 3 + 1), expected=0) for n in range(20)]
    async with writers_held_up(owner) as waiting:
        appending = [asyncio.create_task(store.append(asked)) for asked in group]
        await waiting(1)
        store._writer._connection.terminate()
        await waiting(2)
    answers = await asyncio.wait_for(asyncio.gather(*appending, return_exceptions=True), PATIENCE)

    assert [n for n, answer in enumerate(answers) if not isinstance(answer, Appended)] == [1]
    events = (await store.read_tail(1, limit=100)).events
    assert [event.position for event in events] == [*range(2, 1 + len(events) + 1)]
    assert [(event.stream, event.data) for event in events] == [
        (asked.stream, event) for asked in group if asked.stream != "idea-1" for event in asked.events
    ]


async def test_nothing_is_lost_or_doubled_while_connections_break(store, owner):
    """With its connections killed again and again, a writer appends every acknowledged event exactly once."""
    rng = random.Random(7)
    numbers = iter(range(1, 100_000))
    acknowledged = asyncio.Semaphore(0)

    async def write(writer: int) -> dict[int, list]:
        done = {}
        for turn in range(12):
            events = [vote(next(numbers)) for _ in range(rng.randint(1, 3))]
            under = key(1_000 * writer + turn) if turn % 2 else None
            done[(await store.append(request(f"idea-{writer}", *events, under=under))).position] = events
            acknowledged.release()
            await asyncio.sleep(rng.random() * 0.05)
        return done

    async def break_connections() -> int:
        broken = 0
        for _ in range(20):
            # After every few acknowledgements rather than by the clock, so that a slow machine gets on as well.
            for _ in range(8):
                await asyncio.wait_for(acknowledged.acquire(), PATIENCE)
            broken += await kill(owner)
        return broken

    writers = [asyncio.create_task(write(n)) for n in range(1, 17)]
    breaking = asyncio.create_task(break_connections())
    done = [await writing for writing in writers]

    assert await breaking > 5
    log = (await store.read_tail(0, limit=10_000)).events
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    assert len({event.data.person_id for event in log}) == len(log)
    for by_position in done:
        for position, events in by_position.items():
            assert [event.data for event in log[position - len(events) : position]] == events
    assert len(log) == sum(len(events) for by_position in done for events in by_position.values())


async def test_a_caller_is_told_when_the_deadline_passes(store, owner, monkeypatch):
    """An append that takes too long is given up with a clear word, and the same key then tells its fate."""
    monkeypatch.setattr("events.group_commit.DEADLINE_SECONDS", 0.2)
    async with writers_held_up(owner):
        with pytest.raises(LogUnavailableError, match="Send it again under the same key"):
            await asyncio.wait_for(store.append(request("idea-a", under=key())), PATIENCE)
    monkeypatch.undo()

    assert (await asyncio.wait_for(store.append(request("idea-a", under=key())), PATIENCE)).version == 1
    assert await store.head() == 1


async def test_more_than_the_queue_holds_is_refused_at_once(store, owner, monkeypatch):
    """A full queue refuses more, and what was queued is appended when the way is free."""
    monkeypatch.setattr("events.group_commit.QUEUE_REQUESTS_MAX", 3)
    async with writers_held_up(owner) as waiting:
        appending = [asyncio.create_task(store.append(request("idea-first")))]
        await waiting(1)
        appending += [asyncio.create_task(store.append(request(f"idea-{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        assert store.queued == 3
        with pytest.raises(LogBusyError, match="try again"):
            await store.append(request("idea-last"))
    answers = await asyncio.wait_for(asyncio.gather(*appending), PATIENCE)
    assert [answer.position for answer in answers] == [1, 2, 3, 4]


async def test_many_bytes_fill_the_queue_too(store, owner, monkeypatch):
    """The queue is bounded by size as well as by number, and empties again."""
    monkeypatch.setattr("events.group_commit.QUEUE_BYTES_MAX", 5_000)
    async with writers_held_up(owner) as waiting:
        appending = [asyncio.create_task(store.append(request("idea-first")))]
        await waiting(1)
        appending.append(asyncio.create_task(store.append(request("idea-long", idea("x" * 5_000)))))

        async def is_queued() -> bool:
            return store.queued == 1

        await until(is_queued)
        with pytest.raises(LogBusyError):
            await store.append(request("idea-last"))
    await asyncio.wait_for(asyncio.gather(*appending), PATIENCE)
    assert (await store.append(request("idea-last"))).position == 3


async def test_a_caller_who_leaves_on_the_way_disturbs_nobody(store, owner):
    """A caller cancelled while their append is being written leaves the rest of its group as it is."""
    async with writers_held_up(owner) as waiting:
        appending = [asyncio.create_task(store.append(request(f"idea-{n}", vote(n)))) for n in range(9)]
        await waiting(1)
        appending[4].cancel()
    answers = await asyncio.wait_for(asyncio.gather(*appending, return_exceptions=True), PATIENCE)

    assert isinstance(answers[4], asyncio.CancelledError)
    log = (await store.read_tail(0, limit=100)).events
    assert [event.data for event in log] == [vote(n) for n in range(9)]  # It was written all the same.
    assert [answer.position for n, answer in enumerate(answers) if n != 4] == [1, 2, 3, 4, 6, 7, 8, 9]


async def test_one_bad_request_spoils_nothing_for_its_neighbours(store):
    """What PostgreSQL or its driver refuses fails alone; others of its group are appended, and so are later ones."""
    bad = [request(f"idea-bad-{n}", under=key(n, answer=text)) for n, text in ((1, "\ud800"), (2, "\x00"))]
    good = [request(f"idea-{n}", under=key(n)) for n in range(10, 15)]
    mixed = [*good[:2], bad[0], *good[2:4], bad[1], good[4]]

    appending = asyncio.gather(*(store.append(asked) for asked in mixed), return_exceptions=True)
    answers = await asyncio.wait_for(appending, PATIENCE)

    assert [n for n, answer in enumerate(answers) if isinstance(answer, Exception)] == [2, 5]
    assert [event.stream for event in (await store.read_tail(0, limit=10)).events] == [
        asked.stream for asked in good
    ]
    assert (await store.append(request("idea-later"))).position == 6


async def test_a_refusal_that_passes_is_unavailability(store, owner):
    """A PostgreSQL that is there but takes no writes gives the error that means: later. Reading goes on."""
    await store.append(request("idea-a"))
    database = await owner.fetchval("SELECT current_database()")
    await owner.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await kill(owner)

    with pytest.raises(LogUnavailableError):
        await store.append(request("idea-a"))
    refused = await asyncio.gather(
        *(store.append(request("idea-a")) for _ in range(3)), return_exceptions=True
    )
    assert {type(answer) for answer in refused} == {LogUnavailableError}
    assert len(await store.read_stream("idea-a")) == 1

    await owner.execute("SET default_transaction_read_only = off")
    await owner.execute(f"ALTER DATABASE {database} RESET default_transaction_read_only")
    await kill(owner)
    assert await store.append(request("idea-a")) == Appended(position=2, version=2)


async def test_a_stranger_s_open_transaction_holds_nobody_up(store, owner, database_url):
    """Readers and writers go on while somebody else's transaction, old snapshot and all, is left open."""
    await store.append(request("idea-a"))
    foreign = await asyncpg.connect(database_url)
    await foreign.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TABLE half_way (n integer)")
    await foreign.fetch("SELECT pg_current_xact_id(), (SELECT max(position) FROM events)")

    for number in range(2, 12):
        await store.append(request(f"idea-{number}", expected=0))
        assert [event.position for event in (await store.read_tail(number - 1, limit=5)).events] == [number]
    assert await foreign.fetchval("SELECT max(position) FROM events") == 1
    await foreign.close()


async def test_a_closed_log_says_so(database_url):
    """After the log was closed nobody waits for an answer that cannot come."""
    async with open_store(database_url, secret=SECRET) as store:
        await store.append(request("idea-a"))
    with pytest.raises(LogUnavailableError):
        await asyncio.wait_for(store.append(request("idea-a")), PATIENCE)
    with pytest.raises(LogUnavailableError):
        await asyncio.wait_for(store.append_many([request("idea-a")]), PATIENCE)
    with pytest.raises(LogUnavailableError):
        await store.head()


async def test_those_who_wait_are_told_when_the_log_closes(database_url, owner):
    """Closing the log answers everybody in the queue and on the way."""
    others = asyncio.all_tasks()
    async with open_store(database_url, secret=SECRET) as store, writers_held_up(owner) as waiting:
        (writer,) = (task for task in asyncio.all_tasks() - others if task.get_coro().__name__ == "run")
        appending = [asyncio.create_task(store.append(request(f"idea-{n}", *votes(400)))) for n in range(5)]
        await waiting(1)
        writer.cancel()
        answers = await asyncio.wait_for(asyncio.gather(*appending, return_exceptions=True), PATIENCE)
        assert {type(answer) for answer in answers} == {LogUnavailableError}


async def test_the_log_outlives_its_server(servers_folder, monkeypatch):
    """Killed outright, PostgreSQL comes back with all that was acknowledged, and the store finds it by itself."""
    folder = servers_folder / "killed"
    with embedded_postgres(folder) as server:
        migrate(server.url)
        async with open_store(server.url, secret=SECRET) as store:
            acknowledged = await asyncio.gather(*(store.append(request(f"idea-{n}")) for n in range(200)))
            monkeypatch.setattr("events.group_commit.DEADLINE_SECONDS", 0.3)
            os.kill(server.pid, signal.SIGKILL)
            with suppress(LogUnavailableError):
                while True:  # Its children may serve a little longer.
                    acknowledged.append(await store.append(request(f"idea-{len(acknowledged)}")))
            with suppress(LogUnavailableError):
                while True:
                    await store.head()
    monkeypatch.undo()
    with embedded_postgres(folder) as server:
        async with open_store(server.url, secret=SECRET) as store:
            events = (await store.read_tail(0, limit=1_000)).events
            assert [event.position for event in events] == list(range(1, len(events) + 1))
            # The one append whose outcome was unknown may be there as well.
            assert {event.stream for event in events} >= {f"idea-{n}" for n in range(len(acknowledged))}
            assert len({event.stream for event in events}) == len(events) <= len(acknowledged) + 1
            assert (await store.append(request("idea-a"))).position == len(events) + 1
