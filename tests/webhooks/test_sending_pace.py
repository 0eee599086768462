"""One endpoint does not hold up another, and none is sent more than it takes or agreed to."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from app.webhooks.endpoints import SQL
from app.webhooks.sending import FAILURES_MAX, LEASE
from app.webhooks.under_way import AT_ONCE_MAX, SOON_SECONDS
from events.contracts import EndpointVerified
from projections.statements import statement
from tests.projections.examples import NOON, logged, vote
from tests.webhooks.hooks import hook
from tests.webhooks.receiving import Reply, receiving
from tests.webhooks.sending_world import sending

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world with a community."""
    async with sending(pool, store) as made:
        yield made


async def test_one_that_never_answers_holds_up_nobody(world):
    """The others have all of theirs while it is still waited for, and few of its own are under way at once."""
    never = asyncio.Event()

    async def waiting(_got):
        await never.wait()
        return Reply()

    async with receiving(waiting) as slow, receiving() as quick:
        await world.endpoint(1, slow.url)
        await world.endpoint(2, quick.url)
        await world.given(*map(logged, range(100)))
        running = asyncio.create_task(world.sender.run(poll_seconds=0.02))
        async with asyncio.timeout(20):
            while await world.left(2):  # noqa: ASYNC110  # The database cannot set an event of ours.
                await asyncio.sleep(0.02)
        assert (len(quick.received), len(slow.received)) == (100, 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        never.set()
    assert slow.at_once_max == 2
    assert Counter(got.headers["webhook-id"] for got in quick.received).most_common(1)[0][1] == 1


async def test_many_that_fall_silent_hold_up_nobody(world):
    """Even where as many wait for an answer as are under way at once, what others want goes on before one of them ends."""
    never = asyncio.Event()

    async def waiting(_got):
        await never.wait()
        return Reply()

    async with AsyncExitStack() as held:
        silent = [await held.enter_async_context(receiving(waiting)) for _ in range(9)]
        quick = await held.enter_async_context(receiving())
        for number, receiver in enumerate(silent):
            await world.endpoint(number, receiver.url)
        await world.endpoint(10, quick.url, "VoteCast")
        await world.pool.execute("UPDATE webhook_endpoints SET at_once = 8")
        await world.given(*map(logged, range(8)))
        running = asyncio.create_task(world.sender.run(poll_seconds=0.02))
        async with asyncio.timeout(20):
            while sum(len(receiver.received) for receiver in silent) < AT_ONCE_MAX:  # noqa: ASYNC110  # As below.
                await asyncio.sleep(0.02)
            await world.given(*(vote(1, idea=number) for number in range(8)))
            while await world.left(10):  # noqa: ASYNC110  # The database cannot set an event of ours.
                await asyncio.sleep(0.02)
        assert await world.pool.fetchval("SELECT count(*) FROM webhook_attempts") == len(quick.received) == 8
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        never.set()


async def test_an_endpoint_is_sent_as_much_at_once_as_it_takes(world):
    """What it takes allows it more, up to a bound, what it refuses less, and silence one at a time."""

    async def at_once():
        return await world.pool.fetchval("SELECT at_once FROM webhook_endpoints")

    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        found = [await at_once()]
        for answer in (200, 200, 200, 500):
            receiver.answer = lambda _got, answer=answer: Reply(status=answer)
            await world.given(*(logged(len(found) * 10 + number) for number in range(found[-1])))
            await world.at(seconds=0)
            found.append(await at_once())
        assert found == [2, 4, 8, 8, 4]
        await world.pool.execute("UPDATE webhook_endpoints SET at_once = 8, rests_until = '-infinity'")
        world.outbound._deadline = SOON_SECONDS
        receiver.answer = lambda _got: asyncio.sleep(2 * SOON_SECONDS, Reply())
        await world.given(logged(1))
        await world.at(seconds=0)
        assert await at_once() == 1


async def test_one_that_fails_rests_and_is_tried_with_one(world):
    """After several failures in a row nothing is sent for a while, then one at a time, and all when it takes that."""
    async with receiving(lambda _got: Reply(status=500)) as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(*map(logged, range(20)))
        await world.at(seconds=0)
        assert FAILURES_MAX <= len(receiver.received) < 20
        assert await world.at(milliseconds=1) == 0
        before = len(receiver.received)
        receiver.answer = lambda _got: Reply()
        assert await world.at(minutes=20) == 20
        assert len(receiver.received) == before + 20
    assert await world.left() == []


async def test_no_more_is_sent_than_was_agreed(world):
    """An endpoint that agreed to sixty a minute gets one a second at most."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(
            EndpointVerified(endpoint_id=hook(1), proof="handshake", rate_per_minute=60, occurred_at=NOON)
        )
        await world.given(*map(logged, range(5)))
        sent = [await world.at(milliseconds=250) for _ in range(12)]
    assert sent == [1, 0, 0, 0] * 3
    assert len(receiver.received) == 3


async def test_workers_side_by_side_send_no_more_than_was_agreed(world):
    """While one takes the next event of an endpoint that set a rate, another takes none, and then finds that it rests."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(
            EndpointVerified(endpoint_id=hook(1), proof="handshake", rate_per_minute=60, occurred_at=NOON)
        )
        await world.given(*map(logged, range(5)))
        async with world.pool.acquire() as connection, connection.transaction():
            taken = await connection.fetch(
                statement(SQL, "take"), world.now, world.now + LEASE, 9, 9, [], [], [], FAILURES_MAX
            )
            assert len(taken) == 1
            assert await world.sender.step() == 0
        assert await world.sender.step() == 0
        assert await world.at(seconds=1) == 1
    assert len(receiver.received) == 1
