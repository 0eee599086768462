"""How many of an idea's votes are verified: put beside the votes wherever ideas are shown.

The votes come from one read model and the verified ones from another, which may be an event apart for a moment;
there are never more verified votes shown than votes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from app.http.parameters import POSITION_MAX, moment
from app.http.problems import MalformedError
from app.http.resources import Resources
from events.connections import Pool
from events.store import EventStore
from projections.fair_votes.queries import fair_tallies, tally_as_of
from projections.idea_board.queries import BoardItem, BoardRows
from projections.idea_detail.queries import IdeaDetail

T = TypeVar("T", BoardItem, IdeaDetail)


async def with_verified_votes(pool: Pool, ideas: Sequence[T]) -> list[T]:
    """Fill in how many of the votes are verified, for a page of ideas in one query.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    tallies = await fair_tallies(pool, [idea.idea_id for idea in ideas])
    return [
        replace(idea, verified_votes=min(idea.votes, tallies[idea.idea_id].verified_votes)) for idea in ideas
    ]


async def board_with_verified_votes(pool: Pool, rows: BoardRows) -> BoardRows:
    """Fill in how many of the votes are verified, for a page of the board.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    return replace(rows, items=await with_verified_votes(pool, rows.items))


async def verified_as_of(pool: Pool, idea_id: UUID, position: int) -> int:
    """Count an idea's verified votes as they stood at a position.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    return (await tally_as_of(pool, idea_id, position))[0].verified_votes


async def position_of(resources: Resources, as_of: str | None) -> int:
    """Read a point of the log: a position, or a time, which stands for the last event recorded by then.

    Nothing stands for the newest position.

    Raises:
        MalformedError: it is neither.
        LogUnavailableError: the database cannot be reached.
    """
    head = await resources.store.head()
    if as_of is None:
        return head
    if as_of.isascii() and as_of.isdigit():
        return min(int(as_of), head, POSITION_MAX)
    try:
        at = moment("as_of", as_of)
    except MalformedError as error:
        raise MalformedError.of(
            "as_of", "Give a position of the log, or a time with its offset, such as 2026-11-02T14:05:00Z."
        ) from error
    return head if at is None else await position_at(resources.store, at, head)


async def position_at(store: EventStore, at: datetime, head: int) -> int:
    """Find the last position recorded at a time or before: times grow with positions, so a few reads find it."""
    before, after = 0, head + 1
    while after - before > 1:
        middle = (before + after) // 2
        (event,) = await store.read_positions([middle])
        if event.recorded_at <= at:
            before = middle
        else:
            after = middle
    return before
