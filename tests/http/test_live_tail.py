"""The live tail: every event to every listener and subscriber, in order, through passing trouble."""

import asyncio

import pytest

from app.http import live_tail
from app.http.live_tail import CutOffError, LiveTail
from events.contracts import PersonJoined
from events.envelope import Append, Metadata
from events.errors import LogUnavailableError
from events.memory import MemoryStore
from events.streams import new_id, person_stream
from tests.http.waiting import NOW, until

pytestmark = pytest.mark.asyncio


async def join(store, count=1):
    """Append events of people who joined."""
    for _ in range(count):
        person_id = new_id()
        event = PersonJoined(person_id=person_id, origin="account", occurred_at=NOW)
        await store.append(
            Append(stream=person_stream(person_id), events=[event], metadata=Metadata(command="JoinPerson"))
        )


async def reached(tail, position):
    """Wait until a tail is at a position."""
    await until(lambda: tail.position >= position)


async def test_listeners_hear_everything_from_a_position_on():
    """A listener gets every event after the position to begin at, once and in order."""
    store, heard, tail_positions = MemoryStore(), [], []
    await join(store, 5)
    tail = LiveTail(store)
    tail.listen(lambda events, _reached: heard.extend(event.position for event in events))
    tail.listen(lambda _events, reached: tail_positions.append((tail.position, reached)))
    async with tail.following(after=2):
        await join(store, 3)
        await reached(tail, 8)
        assert tail.is_fresh()
    assert heard == [3, 4, 5, 6, 7, 8]
    # Listeners hear of a page before the tail is where the page ends.
    assert all(before < after for before, after in tail_positions)


async def test_a_subscriber_gets_what_comes_after_subscribing():
    """A subscription delivers the events after the tail's position at that moment."""
    store = MemoryStore()
    tail = LiveTail(store)
    async with tail.following(after=0):
        await join(store, 2)
        await reached(tail, 2)
        async with tail.subscribed() as subscription:
            await join(store, 2)
            assert [(await subscription.next(seconds=5)).position for _ in range(2)] == [3, 4]
            assert await subscription.next(seconds=0.01) is None
        assert tail.subscribers == 0


async def test_a_subscriber_without_room_is_cut_off(monkeypatch):
    """A subscription whose queue is full ends; it never skips."""
    monkeypatch.setattr(live_tail, "QUEUE_EVENTS", 2)
    store = MemoryStore()
    tail = LiveTail(store)
    async with tail.following(after=0), tail.subscribed() as subscription:
        await join(store, 5)
        await reached(tail, 5)
        with pytest.raises(CutOffError):
            await subscription.next(seconds=5)


async def test_stopping_wakes_those_who_wait():
    """When the service stops, a subscriber that waits for the next event is told at once."""
    tail = LiveTail(MemoryStore())
    async with tail.following(after=0), tail.subscribed() as subscription:
        waiting = asyncio.create_task(subscription.next(seconds=60))
        await asyncio.sleep(0.01)
        tail.end_subscriptions()
        with pytest.raises(CutOffError):
            await waiting


class Flickering(MemoryStore):
    """A log that can be away."""

    away = False

    async def read_tail(self, after, *, limit, types=None):
        if self.away:
            raise LogUnavailableError("Away.")
        return await super().read_tail(after, limit=limit, types=types)


async def test_the_tail_goes_on_after_the_log_was_away(monkeypatch):
    """While the log is away the tail grows stale; afterwards it goes on where it was."""
    monkeypatch.setattr(live_tail, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(live_tail, "FRESH_SECONDS", 0.2)
    store, heard = Flickering(), []
    tail = LiveTail(store)
    tail.listen(lambda events, _reached: heard.extend(event.position for event in events))
    async with tail.following(after=0):
        await join(store)
        await reached(tail, 1)
        store.away = True
        await until(lambda: not tail.is_fresh())
        store.away = False
        await join(store)
        await reached(tail, 2)
    assert heard == [1, 2]
