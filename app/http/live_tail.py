"""The live tail: one follower of the log in this process, for all who need to hear what happens.

Listeners are called with every page of events, before the tail's position moves on. Subscribers get
the events into a bounded queue of their own; whoever reads too slowly is cut off and comes back with
the position they had reached.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import structlog

from events.envelope import RecordedEvent
from events.errors import OperationalError
from events.store import EventStore

PAGE_EVENTS = 2_000
QUEUE_EVENTS = 2_000
FRESH_SECONDS = 2.0
"""A tail that has not heard from the log for longer than this no longer vouches for caches."""
BUSY_EVENTS = 4
GATHER_SECONDS = 0.02
"""While pages bring at least so many events, the next one is let grow so long before it is read."""
_RETRY_SECONDS = 0.5

_log = structlog.get_logger(__name__)

Listener: TypeAlias = Callable[[Sequence[RecordedEvent], int], None]
"""Called with a page of events in order and the position the page reaches; must be quick and not raise."""


class CutOffError(Exception):
    """A subscriber read too slowly, or the service is stopping; go on from the last position received."""


class Subscription:
    """The events of the log from the moment of subscribing on."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[RecordedEvent | None] = asyncio.Queue(QUEUE_EVENTS)
        self._ended = asyncio.Event()

    def offer(self, events: Sequence[RecordedEvent]) -> None:
        """Queue events, or cut off a reader whose queue has no room for them."""
        try:
            for event in events:
                self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Cut off: what is queued is not delivered any more, because something after it is missing."""
        self._ended.set()
        # Whoever waits for an event must wake up to see that there will be none.
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    async def next(self, *, seconds: float) -> RecordedEvent | None:
        """Wait for the next event, at most some seconds.

        Raises:
            CutOffError: there will be no more.
        """
        event: RecordedEvent | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                event = await self._queue.get()
        if self._ended.is_set():
            raise CutOffError
        return event


class LiveTail:
    """Follows the log, once for the whole process; see `following`."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._listeners: list[Listener] = []
        self._subscriptions: set[Subscription] = set()
        self._heard_at = 0.0
        self._stopping = False
        self.position = 0
        self.is_ending = False

    @property
    def subscribers(self) -> int:
        """Count those who are subscribed now."""
        return len(self._subscriptions)

    def is_fresh(self) -> bool:
        """Tell whether the log was read to its end a moment ago."""
        return asyncio.get_running_loop().time() - self._heard_at < FRESH_SECONDS

    def listen(self, listener: Listener) -> None:
        """Have a function called with every page of events from now on."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[Subscription]:
        """Subscribe to the events after the tail's present position."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        if self.is_ending:
            subscription.end()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def end_subscriptions(self) -> None:
        """Cut everybody off, now and from now on, so that the service can stop."""
        self.is_ending = True
        for subscription in self._subscriptions:
            subscription.end()

    @asynccontextmanager
    async def following(self, after: int) -> AsyncIterator["LiveTail"]:
        """Follow the log from a position on, for as long as the block runs; losing it is waited out."""
        self.position = after
        task = asyncio.create_task(self._follow(), name="live-tail")
        try:
            yield self
        finally:
            # A cancellation can get lost where it meets what the task was waiting for; the flag cannot.
            self._stopping = True
            self.end_subscriptions()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self) -> None:
        while not self._stopping:
            try:
                await self._read_on()
            except OperationalError as error:
                _log.warning("live_tail_interrupted", position=self.position, error=str(error))
            except Exception:  # noqa: BLE001  # See below.
                # An event that this release cannot read: the tail grows stale, readiness turns false,
                # and caches are no longer trusted; stopping here would hide that.
                _log.exception("live_tail_stuck", position=self.position)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _read_on(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            page = await self._store.read_tail(self.position, limit=PAGE_EVENTS)
            if page.events:
                for listener in self._listeners:
                    listener(page.events, page.reached)
                for subscription in list(self._subscriptions):
                    subscription.offer(page.events)
            self.position = page.reached
            if len(page.events) < PAGE_EVENTS:
                self._heard_at = loop.time()
                if len(page.events) >= BUSY_EVENTS:
                    await asyncio.sleep(GATHER_SECONDS)
                await self._store.wait(self.position, seconds=FRESH_SECONDS / 2)
