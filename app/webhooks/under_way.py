"""What one sender has under way, and how much more it may begin, so that one that does not answer holds up nobody.

Whatever is not answered soon is *held*: it takes no place among those that are under way at once, of which there are few,
but one among those that may be held, of which there are more. While something of an endpoint is held it gets no more than
one at a time beside, and none where much is held.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar
from uuid import UUID

AT_ONCE_MAX = 64
"""How much is under way at once that may still be answered soon."""
OPEN_MAX = 192
"""How much is under way at once in all; the way out has room for some more."""
SOON_SECONDS = 1.0
_HELD_MANY = 64

T = TypeVar("T")


class UnderWay(Generic[T]):
    """The attempts of one sender that have not been reported yet."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._attempts: dict[asyncio.Task[T], tuple[UUID, float]] = {}

    @property
    def tasks(self) -> list[asyncio.Task[T]]:
        """List them."""
        return list(self._attempts)

    def add(self, task: asyncio.Task[T], endpoint_id: UUID) -> None:
        """Take an attempt in that begins now."""
        self._attempts[task] = (endpoint_id, self._clock())

    def ended(self) -> list[T]:
        """Give what came of those that have ended, and let go of them."""
        done = [task for task in self._attempts if task.done()]
        for task in done:
            del self._attempts[task]
        return [task.result() for task in done]

    def room(self) -> int:
        """Tell how much more may begin."""
        held = self._held().total()
        return max(0, min(AT_ONCE_MAX + held, OPEN_MAX) - len(self._attempts))

    def by_endpoint(self) -> tuple[list[UUID], list[int], list[int]]:
        """List endpoints of which something is under way, how much, and how much may be where something is held."""
        busy, held = Counter(endpoint for endpoint, _ in self._attempts.values()), self._held()
        beside = 1 if held.total() < _HELD_MANY else 0
        most = [held[one] + beside if held[one] else OPEN_MAX for one in busy]
        return list(busy), list(busy.values()), most

    def _held(self) -> Counter[UUID]:
        before = self._clock() - SOON_SECONDS
        return Counter(endpoint for endpoint, began in self._attempts.values() if began <= before)
