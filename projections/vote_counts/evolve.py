"""The tally in memory: load it, feed it pages of the tail, wait for a position."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from events.connections import Pool, unavailable_when_lost
from events.contracts import VoteCast, VoteWithdrawn
from events.envelope import RecordedEvent

_CHUNK_ROWS = 5_000
_HOLD_OFF_A_SWITCH = """
SELECT true FROM checkpoints WHERE projection = 'idea_board' AND generation = 'live' FOR KEY SHARE
"""
_POSITION_AND_COUNTS = """
SELECT c.position, t.idea_id, t.votes
  FROM checkpoints c LEFT JOIN idea_board.tallies t ON true
 WHERE c.projection = 'idea_board' AND c.generation = 'live'
"""


class VoteCounts:
    """Votes by idea as of `reached`, the last position that was fed in.

    Whoever follows the tail feeds every page in order; a page that was seen before changes nothing. What
    this process appended itself is counted at once (`own`), and taken out again when the tail brings it.
    """

    def __init__(self, counts: dict[UUID, int] | None = None, reached: int = 0) -> None:
        self._counts = {} if counts is None else counts
        self._own: dict[int, tuple[UUID, int]] = {}
        self._ahead: dict[UUID, int] = {}
        self._waiting: dict[asyncio.Future[None], int] = {}
        self.reached = reached

    def apply(self, events: Sequence[RecordedEvent], reached: int) -> None:
        """Count a page of events that ends at a position."""
        counts = self._counts
        for event in events:
            if event.position <= self.reached:
                continue
            if (own := self._own.pop(event.position, None)) is not None:
                self._take_back(*own)
            match event.data:
                case VoteCast(idea_id=idea_id):
                    counts[idea_id] = counts.get(idea_id, 0) + 1
                case VoteWithdrawn(idea_id=idea_id):
                    counts[idea_id] = counts.get(idea_id, 0) - 1
                case _:
                    pass
        self.reached = max(self.reached, reached)
        for waiting, position in list(self._waiting.items()):
            if position <= self.reached and not waiting.done():
                waiting.set_result(None)

    def votes(self, idea_id: UUID) -> int:
        """Tell an idea's votes as far as they are counted now."""
        return self._counts.get(idea_id, 0) + self._ahead.get(idea_id, 0)

    def own(self, idea_id: UUID, position: int, change: int) -> int:
        """Count a vote (or minus one) that this process has just appended, and tell the idea's votes.

        Votes that others cast before it, but of which the tail has not told yet, may be missing.
        """
        if position > self.reached:
            self._own[position] = (idea_id, change)
            self._ahead[idea_id] = self._ahead.get(idea_id, 0) + change
        return self.votes(idea_id)

    def _take_back(self, idea_id: UUID, change: int) -> None:
        ahead = self._ahead.pop(idea_id) - change
        if ahead:
            self._ahead[idea_id] = ahead

    async def at_least(self, idea_id: UUID, position: int, *, seconds: float = 5.0) -> int:
        """Tell an idea's votes once everything up to a position is counted.

        When the tail does not get there in time, the count so far is the answer: the vote itself
        is safe in the log.
        """
        if position > self.reached:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting[waiting] = position
            try:
                async with asyncio.timeout(seconds):
                    await waiting
            except TimeoutError:
                pass
            finally:
                del self._waiting[waiting]
        return self.votes(idea_id)


async def load_vote_counts(pool: Pool) -> VoteCounts:
    """Take over the live board's counts and the position they are from."""
    counts: dict[UUID, int] = {}
    reached = 0
    async with unavailable_when_lost(), pool.acquire() as connection, connection.transaction():
        # The lock holds off a switch to another build, and nothing else: the name of the tables means
        # the same ones until all is read. Position and counts come from one statement, so they agree.
        if not await connection.fetchval(_HOLD_OFF_A_SWITCH):
            return VoteCounts()
        async for row in connection.cursor(_POSITION_AND_COUNTS, prefetch=_CHUNK_ROWS):
            reached = row["position"]
            if row["idea_id"] is not None:
                counts[row["idea_id"]] = row["votes"]
    return VoteCounts(counts, reached)
