"""Several writers on one log, and readers in other processes: nothing is lost, reordered or slept through."""

import asyncio
import random

import asyncpg
import pytest

from events.envelope import Appended
from events.errors import WrongVersionError
from events.postgres import open_store
from events.subscription import follow
from tests.conftest import SECRET
from tests.events.examples import key, request, vote, votes
from tests.events.waiting import PATIENCE, kill, listening, until

pytestmark = pytest.mark.asyncio

WRITING_SECONDS = 2.0


async def test_a_tailing_reader_misses_nothing(database_url, owner):
    """Under three writers, killed at random and beside a stranger's open transaction, a reader sees all in order."""
    rng = random.Random(3)
    loop = asyncio.get_running_loop()
    end = loop.time() + WRITING_SECONDS
    numbers = iter(range(1, 1_000_000))

    async def write(store, stream: str) -> list[tuple[int, list]]:
        done = []
        while loop.time() < end:
            events = [vote(next(numbers)) for _ in range(rng.randint(1, 5))]
            done.append(((await store.append(request(stream, *events))).position, events))
        return done

    async def read(store) -> list:
        seen = []
        async for page in follow(store, 0, limit=50):
            seen.extend(page.events)
            if seen[-1].stream == "idea-last":
                break
        return seen

    async def disturb() -> None:
        while loop.time() < end:
            await asyncio.sleep(0.1 + rng.random() * 0.2)
            await kill(owner)

    foreign = await asyncpg.connect(database_url)
    await foreign.execute("BEGIN; CREATE TABLE half_way (n integer)")
    async with (
        open_store(database_url, secret=SECRET) as one,
        open_store(database_url, secret=SECRET) as two,
        open_store(database_url, secret=SECRET) as three,
        open_store(database_url, secret=SECRET) as reader,
    ):
        reading = asyncio.create_task(read(reader))
        disturbing = asyncio.create_task(disturb())
        written = await asyncio.gather(
            *(write(store, f"idea-{n}-{m}") for n, store in enumerate((one, two, three)) for m in range(4))
        )
        await disturbing
        await one.append(request("idea-last", vote(next(numbers))))
        seen = await asyncio.wait_for(reading, PATIENCE)
        head = await one.head()
    await foreign.close()

    assert [event.position for event in seen] == list(range(1, head + 1))
    assert len({event.data.person_id for event in seen}) == len(seen)
    for done in written:
        for position, events in done:
            assert [event.data for event in seen[position - len(events) : position]] == events
    assert sum(len(events) for done in written for _, events in done) == len(seen) - 1


async def test_one_wins_across_processes(database_url):
    """Of writers in several processes at the same version of a stream exactly one wins each round."""
    async with open_store(database_url, secret=SECRET) as one, open_store(database_url, secret=SECRET) as two:
        for version in range(30):
            answers = await asyncio.gather(
                one.append(request("idea-a", vote(1), expected=version)),
                two.append(request("idea-a", *votes(1), expected=version)),
                two.append(request("idea-a", vote(3), expected=version)),
                return_exceptions=True,
            )
            assert sorted(type(answer).__name__ for answer in answers) == [
                "Appended",
                "WrongVersionError",
                "WrongVersionError",
            ]
            assert {a.actual for a in answers if isinstance(a, WrongVersionError)} == {version + 1}
        assert await one.head() == await two.head() == 30


async def test_a_key_counts_across_processes(database_url):
    """The same key sent to several processes at once is done once."""
    async with open_store(database_url, secret=SECRET) as one, open_store(database_url, secret=SECRET) as two:
        answers = await asyncio.gather(
            *(store.append(request("idea-a", under=key())) for store in (one, two) * 20)
        )
        assert [answer.repeated for answer in answers].count(False) == 1
        assert {(answer.position, answer.version) for answer in answers} == {(1, 1)}
        assert await one.head() == 1


@pytest.mark.parametrize("size", [1, 2])
async def test_a_reader_hears_of_appends_elsewhere(database_url, store, owner, monkeypatch, size):
    """A process that waits is woken by an append in another one, also after its connection was lost."""
    monkeypatch.setattr("events.wakeup.POLL_SECONDS", 10 * PATIENCE)

    async def is_listened() -> bool:
        listening = """SELECT count(*) FROM pg_stat_activity
                        WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database()"""
        return await owner.fetchval(listening) == 2

    async with open_store(database_url, secret=SECRET) as elsewhere:
        await until(is_listened)
        assert await kill(owner) == 2
        await until(is_listened)
        waiting = asyncio.create_task(store.wait(0, seconds=10 * PATIENCE))
        await asyncio.sleep(0)

        asked = request("idea-a", *votes(size))
        assert await elsewhere.append(asked) == Appended(position=size, version=size)

        await asyncio.wait_for(waiting, PATIENCE)


async def test_a_lost_notification_delays_and_loses_nothing(database_url, store, owner):
    """A follower whose process hears nothing at all still gets everything, by looking for itself."""
    async with open_store(database_url, secret=SECRET) as deaf:
        await listening(deaf)
        await deaf._writer._connection._connection.execute("UNLISTEN *")
        reading = asyncio.create_task(anext(follow(deaf, 0)))
        await asyncio.sleep(0.01)
        await store.append(request("idea-a"))
        assert (await asyncio.wait_for(reading, PATIENCE)).reached == 1
