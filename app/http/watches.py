"""What open pages watch: the ideas, pools and other things they show, and what has become of them since.

One listener on the live tail serves every page that is open in this process. A page hears of a thing at most once in a
while, however much happens, and keeps no queue: what it has not heard yet is a set of the things it watches.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from events.contracts import VoteCast, VoteWithdrawn
from events.envelope import RecordedEvent

WATCHED_MAX = 60
"""How many things a page may watch: a board shows 24 ideas."""
_SETTLED_SECONDS = 1.0
_PAGES_KEPT_MAX = 1_000
_NAMES = ("idea_id", "pool_id", "offer_id", "mandate_id")


class Watch:
    """What one page watches; `votes` and `changed` are what it has not heard of yet."""

    def __init__(self, things: Collection[UUID]) -> None:
        self.things = frozenset(things)
        self.votes: set[UUID] = set()
        self.changed: set[UUID] = set()
        self.is_ended = False
        self._happened = asyncio.Event()

    def note(self, event: RecordedEvent) -> None:
        """Note an event, if it is about something that is watched."""
        about = about_what(event) & self.things
        if not about:
            return
        if isinstance(event.data, VoteCast | VoteWithdrawn):
            self.votes |= about
        else:
            self.changed |= about
        self._happened.set()

    def note_all(self) -> None:
        """Note that anything may have changed."""
        self.changed |= self.things
        self._happened.set()

    def end(self) -> None:
        """Let nobody wait any longer: the service is stopping."""
        self.is_ended = True
        self._happened.set()

    async def happened(self, *, seconds: float) -> bool:
        """Wait until something happens, at most some seconds; tell whether it did."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._happened.wait()
        return self._happened.is_set()

    def taken(self) -> tuple[set[UUID], set[UUID]]:
        """Give what is new, the ideas with other votes and what else changed, and begin anew."""
        votes, changed = self.votes, self.changed
        self.votes, self.changed = set(), set()
        self._happened.clear()
        return votes, changed


class Watches:
    """All pages that are open in this process, by what they watch."""

    def __init__(self) -> None:
        self._by_thing: dict[UUID, set[Watch]] = {}
        self._open: set[Watch] = set()
        self._heard: deque[tuple[float, int]] = deque(maxlen=_PAGES_KEPT_MAX)
        self._settled = 0

    @property
    def open(self) -> int:
        """Count the pages that are open now."""
        return len(self._open)

    def heard(self, events: Sequence[RecordedEvent], reached: int) -> None:
        """Let every page know what happened to what it watches."""
        self._heard.append((asyncio.get_running_loop().time(), reached))
        if not self._by_thing:
            return
        for event in events:
            concerned = set().union(*(self._by_thing.get(thing, ()) for thing in about_what(event)))
            for watch in concerned:
                watch.note(event)

    def settled(self, begin: int) -> int:
        """Give a position that every read model is sure to have passed; before anything was heard it is `begin`.

        A page is rendered from read models, which are a few milliseconds behind the log. One that asks what happened
        since this position hears too much rather than too little.
        """
        before = asyncio.get_running_loop().time() - _SETTLED_SECONDS
        while self._heard and self._heard[0][0] <= before:
            self._settled = self._heard.popleft()[1]
        return self._settled or begin

    @contextmanager
    def watching(self, things: Collection[UUID]) -> Iterator[Watch]:
        """Watch some things for as long as the block runs."""
        watch = Watch(things)
        self._open.add(watch)
        for thing in watch.things:
            self._by_thing.setdefault(thing, set()).add(watch)
        try:
            yield watch
        finally:
            self._open.discard(watch)
            for thing in watch.things:
                watching = self._by_thing[thing]
                watching.discard(watch)
                if not watching:
                    del self._by_thing[thing]

    def end(self) -> None:
        """Let every page go, so that the service can stop."""
        for watch in self._open:
            watch.end()


def about_what(event: RecordedEvent) -> frozenset[UUID]:
    """Name the things that an event is about: what its stream is of, and what it refers to."""
    if isinstance(event.data, VoteCast | VoteWithdrawn):
        # Its stream is of one person's vote, which nobody watches.
        return frozenset({event.data.idea_id})
    found = {getattr(event.data, name, None) for name in _NAMES}
    return frozenset(thing for thing in found if isinstance(thing, UUID))
