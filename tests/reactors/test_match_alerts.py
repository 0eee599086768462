"""Funders are told of what fits, once a mandate and idea, whatever else happens and whoever tells."""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest
import pytest_asyncio

from app.reactors import match_alerts
from app.reactors.match_alerts import NAME, MatchAlerts
from app.reactors.turns import turn_of
from events.connections import open_pool
from events.contracts import MandateMatched, MandatePaused
from projections.funder_matches import FunderMatches
from projections.rebuild import rebuild
from projections.runner import Runner
from tests.projections.examples import NOON, days, idea_id, logged, opened, requests, revised, vote
from tests.projections.funding import pool_opened, published
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio


class World:
    """A log, the read model of what fits, and those who tell funders."""

    def __init__(self, pool, store):
        self.pool, self.store, self.alerts = pool, store, MatchAlerts(pool, store)

    async def given(self, *events):
        """Append events and let the read model show them."""
        for answer in await self.store.append_many(requests(*events)):
            assert not isinstance(answer, Exception), answer
        await follow_to_the_end(self.pool, self.store, FunderMatches())

    async def react(self, at=NOON, alerts=None):
        """Tell funders of what is new, and let the read model know of it."""
        reached = await (alerts or self.alerts).react(at)
        await follow_to_the_end(self.pool, self.store, FunderMatches())
        return reached

    async def told(self):
        """List what funders were told, as it stands in the log."""
        tail = await self.store.read_tail(0, limit=50_000, types=["MandateMatched"])
        return [event.data for event in tail.events if isinstance(event.data, MandateMatched)]


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world."""
    await rebuild(pool, store, FunderMatches(), holder="test")
    return World(pool, store)


async def test_a_funder_is_told_when_an_idea_comes_to_fit(world):
    """An idea that is logged, revised or voted into a stage is told to whom it fits, with the parts of its score."""
    await world.given(
        opened(threshold=1),
        published(1, themes=("HE",)),
        published(2, stages=("supported",)),
        published(3, themes=("ED",)),
    )
    await world.react()
    assert await world.told() == []
    await world.given(logged(1, themes=("HE205",)))
    await world.react()
    (alert,) = await world.told()
    assert (alert.mandate_id, alert.idea_id, alert.revision) == (published(1).mandate_id, idea_id(1), 1)
    assert alert.score == sum(reason.points for reason in alert.reasons) == 20 + 10 + 10 + 4 + 5
    await world.given(vote(1))
    await world.react()
    await world.given(revised(1, themes=("ED106",)))
    await world.react()
    assert [alert.mandate_id for alert in await world.told()] == [
        published(number).mandate_id for number in (1, 2, 3)
    ]


async def test_nobody_is_told_twice(world):
    """Whatever changes later, and whoever begins again from the first event, each match is told once."""
    await world.given(opened(), published(1), published(2), logged(1), logged(2))
    await world.react()
    await world.given(revised(1), pool_opened())
    await world.react()
    await world.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = $1", NAME)
    await world.react(alerts=MatchAlerts(world.pool, world.store))
    told = Counter((alert.mandate_id, alert.idea_id) for alert in await world.told())
    assert (len(told), set(told.values())) == (4, {1})


async def test_telling_again_before_the_read_model_knows_changes_nothing(world):
    """A crash between the telling and the checkpoint leaves each match told once."""
    await world.given(opened(), published(1), logged(1))
    for _ in range(2):
        await world.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = $1", NAME)
        head = await world.store.head()
        # The read model is said to be as far as the log, and has not seen what was told.
        await world.pool.execute("UPDATE checkpoints SET position = $1", head)
        await MatchAlerts(world.pool, world.store).react(NOON)
    assert len(await world.told()) == 1


async def test_a_published_mandate_is_told_of_the_best_that_is_there(world, monkeypatch):
    """Of many ideas that were there before, the best are told; another one is when it changes."""
    monkeypatch.setattr(match_alerts, "TOLD_AT_ONCE", 2)
    await world.given(opened(), *(logged(number, themes=("HE",) * (number in {2, 4})) for number in range(5)))
    await world.react()
    await world.given(published(themes=()), published(2, themes=("HE",)))
    await world.react()
    assert Counter(alert.mandate_id for alert in await world.told()) == {
        published(1).mandate_id: 2,
        published(2).mandate_id: 2,
    }
    fresh = {idea_id(number) for number in range(5)} - {
        alert.idea_id for alert in await world.told() if alert.mandate_id == published(1).mandate_id
    }
    number = next(one for one in range(5) if idea_id(one) in fresh)
    await world.given(revised(number))
    await world.react()
    assert (await world.told())[-1].idea_id == idea_id(number)


async def test_a_mandate_that_opens_by_itself_is_noticed(world):
    """A window that was announced begins without any event, and its funder is told then."""
    await world.given(opened(), logged(), published(opens_at=NOON + days(1), closes_at=NOON + days(9)))
    await world.react(NOON)
    await world.react(NOON + days(1) - days(0.001))
    assert await world.told() == []
    await world.react(NOON + days(1))
    assert [alert.idea_id for alert in await world.told()] == [idea_id(1)]


async def test_a_paused_or_closed_mandate_is_told_of_nothing(world):
    """Only who is open to something now is told of it."""
    paused = MandatePaused(mandate_id=published().mandate_id, occurred_at=NOON)
    await world.given(opened(), published(), paused, logged(), published(2, closes_at=NOON))
    await world.react()
    assert await world.told() == []


async def test_one_worker_at_a_time_tells(world):
    """While another worker has the turn, nothing is told twice, and nothing is lost."""
    await world.given(opened(), published(), logged())
    async with turn_of(world.pool, NAME) as turn:
        assert turn is not None
        assert await world.alerts.react(NOON) is None
    assert await world.react() is not None
    assert len(await world.told()) == 1


@pytest_asyncio.fixture
async def wide_pool(database_url):
    """Open a pool with room for several workers."""
    async with open_pool(database_url, name="workers", size_max=20) as opened_pool:
        yield opened_pool


async def test_workers_side_by_side_tell_each_match_once(wide_pool, store):
    """Three workers that tell at the same time, with events coming in, tell each match exactly once and in a while."""
    await rebuild(wide_pool, store, FunderMatches(), holder="test")
    tasks = [asyncio.create_task(Runner(wide_pool, store, [FunderMatches()]).run())]
    tasks += [asyncio.create_task(MatchAlerts(wide_pool, store).run()) for _ in range(3)]
    world = World(wide_pool, store)
    events = [opened(), *(published(number, themes=("HE",)) for number in range(3))]
    events += [logged(number, themes=("HE",)) for number in range(30)]
    try:
        for event in events:
            await store.append(*requests(event))
        async with asyncio.timeout(20):
            while len(await world.told()) < 90:  # noqa: ASYNC110  # What is waited for happens in PostgreSQL.
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        told = Counter((alert.mandate_id, alert.idea_id) for alert in await world.told())
        assert (len(told), set(told.values())) == (90, {1})
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
