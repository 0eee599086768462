"""Workers wake one another over Valkey, and lose nothing but a moment where it is away or wiped."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import redis.asyncio as redis

from app.embedded.valkey import embedded_valkey
from app.outbound.client import Outbound
from app.outbound.rules import Rules
from app.workers import wake_ups
from app.workers.wake_ups import CHANNEL, WakeUps
from tests.projections.examples import logged, opened
from tests.webhooks.receiving import receiving
from tests.webhooks.sending_world import World
from tests.workers.waiting import eventually_so

pytestmark = pytest.mark.asyncio
NEVER = 3600.0
"""How often a sender looks that has to be woken."""


@asynccontextmanager
async def running(*coroutines):
    """Run something until left."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def listening(redis_url, count):
    """Tell whether so many workers listen."""
    async with redis.Redis.from_url(redis_url) as client:
        return (await client.pubsub_numsub(CHANNEL))[0][1] == count


async def test_a_worker_wakes_the_others_and_not_itself(redis_url):
    """Whoever listens is woken; who told it is not, for it knows."""
    woken = []
    one, other = (WakeUps(redis_url, lambda name=name: woken.append(name)) for name in ("one", "other"))
    async with running(one.run(), other.run()):
        await eventually_so(lambda: listening(redis_url, 2))
        one.tell()

        async def heard():
            return woken

        await eventually_so(heard)
        other.tell()

        async def both_heard():
            return len(woken) == 2

        await eventually_so(both_heard)
    assert woken == ["other", "one"]


async def test_what_another_worker_noted_is_sent_at_once(pool, store, redis_url):
    """A sender that would not look for an hour sends what another worker's dispatcher has noted."""
    async with Outbound(Rules(loopback=True)).opened() as outbound, receiving() as receiver:
        world = World(pool, store, outbound)
        await world.given(opened())
        await world.endpoint(1, receiver.url)
        wake = asyncio.Event()
        world.sender._wake = wake
        noting, sending = WakeUps(redis_url, lambda: None), WakeUps(redis_url, wake.set)
        async with running(noting.run(), sending.run(), world.sender.run(poll_seconds=NEVER)):
            await eventually_so(lambda: listening(redis_url, 2))
            await world.given(logged(1))
            noting.tell()

            async def sent():
                return receiver.received

            await eventually_so(sent)


async def test_without_valkey_what_is_due_is_found_by_looking(pool, store, servers_folder, monkeypatch):
    """It goes on while Valkey is away, and workers wake one another again when it is back and empty."""
    monkeypatch.setattr(wake_ups, "_RECONNECT_SECONDS", 0.1)
    place = servers_folder / "away"
    with embedded_valkey(place) as server:
        url = server.url
    woken = []
    one, other = WakeUps(url, lambda: None), WakeUps(url, lambda: woken.append(1))
    async with Outbound(Rules(loopback=True)).opened() as outbound, receiving() as receiver:
        world = World(pool, store, outbound)
        await world.given(opened())
        await world.endpoint(1, receiver.url)
        async with running(one.run(), other.run(), world.sender.run(poll_seconds=0.05)) as tasks:
            await world.given(logged(1))
            one.tell()

            async def sent():
                return receiver.received

            await eventually_so(sent)
            assert (woken, [task.done() for task in tasks]) == ([], [False] * 3)
            # Its address and password belong to the folder, so it comes back where it was.
            with embedded_valkey(place) as server:
                if server.url != url:
                    pytest.skip("the port was taken by another program meanwhile")
                await eventually_so(lambda: listening(url, 2))
                one.tell()

                async def heard():
                    return woken

                await eventually_so(heard)
