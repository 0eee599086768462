"""What is due is sent, signed, in time and again."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest
import pytest_asyncio

from app.webhooks.deliveries import forget_old
from app.webhooks.keys import keep_keys
from app.webhooks.schedule import ATTEMPTS_MAX, GAPS
from app.webhooks.sending import LEASE
from app.webhooks.signing import new_keys, public_key_of, secret_of
from events.codec import Codec
from events.contracts import CONTRACTS, SecretRotated
from events.postgres import PostgresStore
from events.sealing.codec import SealingCodec
from events.streams import new_id
from ops.faults.signature_check import holds_by_the_library, holds_v1a
from tests.projections.examples import AUTHOR, NOON, logged, revised
from tests.webhooks.hooks import changed, hook, removed, resumed
from tests.webhooks.receiving import Reply, receiving
from tests.webhooks.sending_world import KEYS, sending

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world with a community."""
    async with sending(pool, store) as made:
        yield made


async def test_an_event_is_sent_signed(world):
    """The receiver can tell with its library and without a secret that it is ours, and what it is."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        assert await world.sender.send_due() == 1
    (got,) = receiver.received
    assert holds_by_the_library(got.headers, got.body, secret_of(KEYS))
    assert holds_v1a(got.headers, got.body, public_key_of(KEYS))
    body = msgspec.json.decode(got.body)
    event = (await world.store.read_positions([4]))[0]
    assert (body["type"], body["position"], got.headers["webhook-id"]) == (
        "IdeaLogged",
        4,
        str(event.event_id),
    )
    assert got.headers["webhook-request-origin"] == "impact.example.org"
    assert await world.left() == []
    row = await world.pool.fetchrow("SELECT status, error, attempt FROM webhook_attempts")
    assert tuple(row) == (204, "", 1)


async def test_attempts_come_as_the_schedule_says(world):
    """Over eight days there are fifteen; then the endpoint is paused, and what it missed comes when it goes on."""
    times = []

    def failing(_got):
        times.append(world.now)
        return Reply(status=500, body=b"Out of order.")

    async with receiving(failing) as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1), logged(2))
        await world.pool.execute("DELETE FROM webhook_deliveries WHERE position = 5")
        while not await world.pauses():
            await world.at(seconds=0)
            ((_, wait),) = await world.left()
            world.now += timedelta(seconds=max(wait, 0.001))
            await world.pool.execute("UPDATE webhook_endpoints SET rests_until = '-infinity'")
        gaps = [after - before for before, after in pairwise(times)]
        assert len(times) == ATTEMPTS_MAX
        for gap, scheduled in zip(gaps, GAPS[1:], strict=True):
            assert scheduled <= gap <= scheduled * 1.2 + timedelta(seconds=0.01)
        assert await world.pauses() == [("exhausted", 3)]
        await world.dispatcher.react()
        assert await world.at(days=30) == 0
        receiver.answer = lambda _got: Reply()
        await world.given(resumed(1, after=3))
        await world.at(seconds=1)
    assert [msgspec.json.decode(got.body)["position"] for got in receiver.received[ATTEMPTS_MAX:]] == [4, 5]


async def test_an_attempt_is_never_early(world):
    """Until its moment nothing is sent, and a receiver that asks for an hour has it."""
    async with receiving(lambda _got: Reply(status=503, headers={"Retry-After": "3600"})) as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        await world.at(seconds=0)
        assert await world.at(minutes=59) == 0
        ((_, wait),) = await world.left()
        assert wait >= 60
        assert await world.at(minutes=13) == 1
    assert len(receiver.received) == 2


async def test_an_endpoint_that_is_gone_is_sent_nothing_more(world):
    """After a 410 it is paused at the first event it did not take."""
    async with receiving(lambda _got: Reply(status=410)) as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        await world.at(seconds=0)
        await world.given(logged(2))
        assert await world.at(days=1) == 0
    assert len(receiver.received) == 1
    assert await world.pauses() == [("gone", 3)]


async def test_a_receiver_can_stop_us(world):
    """It takes this one and wants no more, or gives one up and takes the next."""
    async with receiving(lambda _got: Reply(headers={"webhook-delivery": "disable"})) as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        await world.at(seconds=0)
        assert await world.pauses() == [("receiver", 4)]
        assert await world.left() == []
    async with receiving(lambda _got: Reply(status=422, headers={"webhook-delivery": "abort"})) as receiver:
        await world.endpoint(2, receiver.url)
        await world.given(logged(2), logged(3))
        await world.at(seconds=0)
        assert await world.left(2) == []
    assert len(receiver.received) == 2


async def test_nobody_is_followed_elsewhere(world):
    """A redirect is a failure; where it points to is never asked."""
    async with receiving() as elsewhere:
        moved = Reply(status=307, headers={"Location": elsewhere.url})
        async with receiving(lambda _got: moved) as receiver:
            await world.endpoint(1, receiver.url)
            await world.given(logged(1))
            await world.at(seconds=0)
            assert [round(wait, 3) for _, wait in await world.left()] == [5.5]
    assert (len(receiver.received), elsewhere.received) == (1, [])


async def test_events_of_a_stream_wait_for_one_another_where_that_is_wanted(world):
    """Of one idea the second waits until the first has arrived; other ideas do not wait."""
    refused = {4}

    def choosy(got):
        position = msgspec.json.decode(got.body)["position"]
        return Reply(status=500 if position in refused else 200)

    async with receiving(choosy) as receiver:
        await world.endpoint(1, receiver.url, "Idea*", ordered=True)
        await world.given(logged(1), revised(1), logged(2))
        await world.at(seconds=0)
        assert [position for position, _ in await world.left()] == [4, 5]
        refused.clear()
        await world.at(seconds=6)
    arrived = [msgspec.json.decode(got.body)["position"] for got in receiver.received]
    assert sorted(arrived[:2]) == [4, 6], "two ideas are told at once, in no order"
    assert arrived[2:] == [4, 5]


async def test_a_worker_that_comes_late_changes_nothing(world):
    """Another one has taken over what was not heard of in time, and its word counts."""
    answers = asyncio.Queue()

    async def held(_got):
        return await answers.get()

    async with receiving(held) as receiver:

        async def heard(requests):
            while len(receiver.received) < requests:  # noqa: ASYNC110  # It has no event to wait for.
                await asyncio.sleep(0.01)

        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        assert await world.sender.step() == 1
        await heard(1)
        world.now += LEASE + timedelta(seconds=1)
        other = world.another_sender()
        assert await other.step() == 1
        await heard(2)
        answers.put_nowait(Reply(status=500))
        await asyncio.wait(world.sender._under_way.tasks)
        await world.sender.step()
        assert [position for position, _ in await world.left()] == [4]
        answers.put_nowait(Reply())
        await asyncio.wait(other._under_way.tasks)
        await other.step()
    assert await world.left() == []
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    attempts = await world.pool.fetch("SELECT attempt, status FROM webhook_attempts")
    assert [tuple(row) for row in attempts] == [(2, 200)]


async def test_old_keys_sign_beside_the_new_one_until_they_end(world):
    """Within the overlap both receivers can check; after it the old key signs nothing."""
    newer, key_id = new_keys(), new_id()
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await keep_keys(world.pool, world.store.keyring, hook(1), key_id, newer)
        await world.given(
            SecretRotated(
                endpoint_id=hook(1),
                rotated_by=AUTHOR,
                key_id=key_id,
                public_key=public_key_of(newer),
                old_until=world.now + timedelta(days=1),
                occurred_at=NOON,
            ),
            logged(1),
        )
        await world.at(hours=1)
        await world.given(logged(2))
        await world.at(hours=24)
    first, second = receiver.received
    for got, old_signs in ((first, True), (second, False)):
        assert holds_v1a(got.headers, got.body, public_key_of(newer))
        assert holds_v1a(got.headers, got.body, public_key_of(KEYS)) is old_signs


async def test_a_change_of_an_endpoint_counts_at_once(world):
    """What is due is sent as the endpoint is now: in another format, or not at all after its removal."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        await world.at(seconds=0)
        await world.given(changed(1, "IdeaLogged", to=receiver.url), logged(2))
        await world.at(seconds=0)
        await world.given(logged(3), removed(1))
        assert await world.at(seconds=0) == 0
    assert len(receiver.received) == 2


async def test_nothing_is_sent_that_could_not_be_checked(world):
    """An endpoint whose keys are gone is sent nothing, and its owner reads why."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.pool.execute("DELETE FROM webhook_keys")
        await world.given(logged(1))
        await world.at(seconds=0)
    assert receiver.received == []
    said = await world.pool.fetchval("SELECT error FROM webhook_attempts")
    assert said.startswith("The keys of this endpoint are gone")


async def test_an_event_that_cannot_be_read_holds_up_no_other(world):
    """It fails by itself, with the reason in the log of deliveries, the endpoint does not rest, and a newer worker sends it."""
    older = [contract for contract in CONTRACTS if contract.__name__ != "IdeaRevised"]
    store = PostgresStore(
        world.pool, world.store._writer, world.store._wakeup, world.store.keyring, SealingCodec(Codec(older))
    )
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url, "Idea*")
        await world.given(*map(logged, range(4)), revised(1), *map(logged, range(4, 7)), revised(2))
        assert await world.another_sender(store).send_due() == 9
        assert len(receiver.received) == 7
        left = await world.left()
        assert [position for position, _ in left] == [8, 12]
        assert {wait for _, wait in left} == {5.5}
        said = await world.pool.fetch("SELECT error FROM webhook_attempts WHERE error <> ''")
        assert {row["error"].partition(";")[0] for row in said} == {
            "It could not be sent: this release cannot read the event"
        }
        assert await world.pool.fetchval("SELECT failures FROM webhook_endpoints") == 0
        assert await world.at(seconds=6) == 2
    assert await world.left() == []


async def test_a_failure_of_ours_does_not_end_the_sending(world, monkeypatch):
    """Whatever goes wrong in a round, the next one sends what is due."""
    rounds = iter([RuntimeError("It broke here.")])
    step = world.sender.step

    async def breaking():
        for error in rounds:
            raise error
        return await step()

    monkeypatch.setattr(world.sender, "step", breaking)
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        running = asyncio.create_task(world.sender.run(poll_seconds=0.01))
        async with asyncio.timeout(20):
            while await world.left():  # noqa: ASYNC110  # The database cannot set an event of ours.
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert len(receiver.received) == 1


async def test_what_was_long_ago_is_forgotten(world):
    """Deliveries go after 30 days, and everything about an endpoint that was removed; the rest stays."""
    async with receiving() as receiver:
        for number in (1, 2):
            await world.endpoint(number, receiver.url)
        await world.given(logged(1), logged(2))
        await world.at(seconds=0)
        await world.pool.execute(
            "INSERT INTO webhook_replays (endpoint_id, reached, until) VALUES ($1, 0, 9)", hook(2)
        )
        await world.pool.execute(
            "UPDATE webhook_deliveries SET ended_at = now() - interval '31 days' WHERE position = 6 AND endpoint_id = $1",
            hook(1),
        )
        await world.given(removed(2))
    assert await forget_old(world.pool) == 3
    assert await forget_old(world.pool) == 0
    for table, left in (("webhook_endpoints", 1), ("webhook_keys", 1), ("webhook_replays", 0)):
        assert await world.pool.fetchval(f"SELECT count(*) FROM {table}") == left  # noqa: S608  # Our own names.
    assert await world.pool.fetchval("SELECT count(*) FROM webhook_deliveries") == 1
    assert await world.pool.fetchval("SELECT count(*) FROM webhook_attempts") == 1
