"""What is not answered soon takes no place from others, and is bounded all the same."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from app.webhooks.under_way import AT_ONCE_MAX, OPEN_MAX, SOON_SECONDS, UnderWay
from tests.webhooks.hooks import hook

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def sending():
    """Give a sender's attempts by a clock that is set by hand, and a way to begin some that are never answered."""
    now = [0.0]
    under_way = UnderWay(clock=lambda: now[0])

    def begin(number, count):
        for _ in range(count):
            under_way.add(asyncio.create_task(asyncio.Event().wait()), hook(number))

    def later(seconds):
        now[0] += seconds

    yield under_way, begin, later
    for task in under_way.tasks:
        task.cancel()
    await asyncio.gather(*under_way.tasks, return_exceptions=True)


async def test_what_is_not_answered_soon_leaves_its_place():
    """There is room again after a second, though not without end."""
    async with sending() as (under_way, begin, later):
        assert under_way.room() == AT_ONCE_MAX
        begin(1, AT_ONCE_MAX)
        assert under_way.room() == 0
        later(SOON_SECONDS)
        assert under_way.room() == AT_ONCE_MAX
        begin(2, AT_ONCE_MAX)
        later(SOON_SECONDS)
        assert under_way.room() == OPEN_MAX - 2 * AT_ONCE_MAX
        begin(3, OPEN_MAX - 2 * AT_ONCE_MAX)
        later(SOON_SECONDS)
        assert under_way.room() == 0


async def test_of_one_that_is_slow_one_at_a_time_comes_beside():
    """Who answers may have whatever it is allowed, and where much is held already the slow ones have no more."""
    async with sending() as (under_way, begin, later):
        begin(1, 3)
        later(SOON_SECONDS)
        begin(2, 2)
        assert under_way.by_endpoint() == ([hook(1), hook(2)], [3, 2], [4, OPEN_MAX])
        begin(3, AT_ONCE_MAX)
        later(SOON_SECONDS)
        begin(4, 1)
        assert under_way.by_endpoint()[2] == [3, 2, AT_ONCE_MAX, OPEN_MAX]


async def test_what_has_ended_is_given_once():
    """Its place is free at once."""
    async with sending() as (under_way, begin, _):
        begin(1, 1)

        async def answered():
            return "an answer"

        under_way.add(asyncio.create_task(answered()), hook(2))
        await asyncio.wait(under_way.tasks, return_when=asyncio.FIRST_COMPLETED)
        assert under_way.ended() == ["an answer"]
        assert under_way.ended() == []
        assert under_way.by_endpoint()[0] == [hook(1)]
