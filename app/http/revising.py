"""Revisions of what may change meanwhile: what is left out of a request is taken from the version that is revised."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from events.errors import WrongVersionError

T = TypeVar("T")

ROUNDS_MAX = 5


async def on_the_latest(revise: Callable[[], Awaitable[T]]) -> T:
    """Revise what stands now, and look again when somebody was faster.

    Each round reads, checks `If-Match` against what it read, and appends to exactly that version; so whoever named a
    version that is gone by then is told so by the next round.

    Raises:
        WrongVersionError: somebody was faster five times.
    """
    for rounds_left in reversed(range(ROUNDS_MAX)):
        try:
            return await revise()
        except WrongVersionError:
            if not rounds_left:
                raise
    raise AssertionError("The last round returns or raises.")
