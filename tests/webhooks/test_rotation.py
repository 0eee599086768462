"""Keys are replaced while events are delivered: every message can be checked, and what signs nothing is not kept."""

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from app.webhooks.keys import forget_unneeded, keep_keys
from app.webhooks.signing import new_keys, public_key_of, secret_of
from app.workers.housekeeping import HouseKept, keep_house
from events.contracts import SecretRotated
from ops.faults.signature_check import holds_by_the_library, holds_v1a
from tests.projections.examples import AUTHOR, logged
from tests.webhooks.hooks import hook, registered
from tests.webhooks.receiving import receiving
from tests.webhooks.sending_world import KEYS, sending

pytestmark = pytest.mark.asyncio

OVERLAP = timedelta(days=7)
EVERY_HOURS = 12


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world with a community."""
    async with sending(pool, store) as made:
        yield made


async def rotated(world, number, *, at, overlap):
    """Give an endpoint a new set of keys at a moment, and leave the old ones for a while."""
    newer = new_keys()
    key_id = hook(number)
    await keep_keys(world.pool, world.store.keyring, hook(1), key_id, newer)
    await world.given(
        SecretRotated(
            endpoint_id=hook(1),
            rotated_by=AUTHOR,
            key_id=key_id,
            public_key=public_key_of(newer),
            old_until=at + overlap,
            occurred_at=at,
        )
    )
    return newer


async def test_every_message_can_be_checked_while_keys_change(world):
    """In seven days of overlap with deliveries, both keys sign each message; from its end on only the new one does."""
    began = world.now
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        await world.given(logged(1))
        assert await world.at(seconds=0) == 1
        newer = await rotated(world, 90, at=began, overlap=OVERLAP)
        sent_at = []
        for number in range(2, 20):
            await world.given(logged(number), logged(100 + number))
            assert await world.at(seconds=0) == 2
            sent_at += [world.now] * 2
            world.now += timedelta(hours=EVERY_HOURS)
    first, *rest = receiver.received
    assert holds_v1a(first.headers, first.body, public_key_of(KEYS))
    assert not holds_v1a(first.headers, first.body, public_key_of(newer))
    overlapping = [moment < began + OVERLAP for moment in sent_at]
    assert (overlapping.count(True), overlapping.count(False)) == (28, 8)
    for got, old_signs in zip(rest, overlapping, strict=True):
        assert holds_v1a(got.headers, got.body, public_key_of(newer))
        assert holds_v1a(got.headers, got.body, public_key_of(KEYS)) is old_signs
        signatures = got.headers["webhook-signature"].split(" ")
        assert len(signatures) == (4 if old_signs else 2)


async def test_receivers_with_one_secret_change_over_when_they_like(world):
    """The usual library takes each message with the old secret alone or the new one alone until the old one ends."""
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url)
        newer = await rotated(world, 90, at=world.now, overlap=timedelta(minutes=2))
        await world.given(logged(1))
        await world.at(seconds=0)
        await world.given(logged(2))
        await world.at(minutes=3)
    within, after = receiver.received
    for got, old_holds in ((within, True), (after, False)):
        assert holds_by_the_library(got.headers, got.body, secret_of(newer))
        assert holds_by_the_library(got.headers, got.body, secret_of(KEYS)) is old_holds


async def aged(world, days, *numbers):
    """Let sets of keys have been made days ago."""
    await world.pool.execute(
        "UPDATE webhook_keys SET made_at = now() - $1::interval WHERE key_id = ANY($2::uuid[])",
        timedelta(days=days),
        [hook(number) for number in numbers],
    )


async def kept(world):
    """List the sets of keys that are kept."""
    return {row["key_id"] for row in await world.pool.fetch("SELECT key_id FROM webhook_keys")}


async def test_keys_that_no_event_came_to_name_go_after_a_day(world):
    """Of a registration and a rotation that failed halfway nothing is kept; what signs stays, however old."""
    await world.endpoint(1, "https://hooks.example.org/1")
    await keep_keys(world.pool, world.store.keyring, hook(1), hook(91), new_keys())
    await keep_keys(world.pool, world.store.keyring, hook(2), hook(92), new_keys())
    await keep_keys(world.pool, world.store.keyring, hook(3), hook(93), new_keys())
    await aged(world, 2, 1, 91, 92)

    house = await keep_house(world.pool)

    assert house == HouseKept(partitions_made=house.partitions_made, keys_removed=0, signing_keys_removed=2)
    assert await kept(world) == {hook(1), hook(93)}


async def test_keys_that_were_replaced_go_a_day_after_their_end(world):
    """While old keys may sign they stay, and for a day more, because clocks differ; then only the newest is kept."""
    now = datetime.now(UTC)
    await world.endpoint(1, "https://hooks.example.org/1")
    await rotated(world, 90, at=now - timedelta(days=9), overlap=OVERLAP)
    await rotated(world, 91, at=now - timedelta(days=6), overlap=OVERLAP)
    await aged(world, 30, 1, 90, 91)

    assert await forget_unneeded(world.pool) == 1

    assert await kept(world) == {hook(90), hook(91)}
    assert await forget_unneeded(world.pool) == 0


async def test_keys_of_an_endpoint_the_dispatcher_does_not_know_yet_stay(world):
    """What the log names is kept, though the dispatcher has fallen behind."""
    await keep_keys(world.pool, world.store.keyring, hook(4), hook(4), new_keys())
    await world.given(registered(4))
    await world.pool.execute("DELETE FROM webhook_deliveries")
    await world.pool.execute("DELETE FROM webhook_endpoints")
    await aged(world, 30, 4)

    assert await forget_unneeded(world.pool) == 0
    assert await kept(world) == {hook(4)}
