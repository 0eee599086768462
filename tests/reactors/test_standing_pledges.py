"""Mandates pledge by themselves: from their thresholds on, within their budget, once, through crashes, until vetoed."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from app.command_handling import Cause, Handler
from app.folding import folded
from app.funding.pledging import pledge, withdraw
from app.reactors.budgets import ABANDONED_AFTER, release_abandoned, release_ended
from app.reactors.standing_pledges import NAME, StandingPledges, standing_pledge_id
from app.reactors.turns import turn_of
from domain.pool import POOL
from domain.pool_gathering import WithdrawPledge
from events.contracts import OfferAccepted, PledgeConditions, PledgeMade, Thresholds
from events.streams import pool_stream
from projections.coverage import Coverages
from projections.fair_votes import FairVotes
from projections.funder_matches import FunderMatches
from projections.rebuild import rebuild
from tests.projections.examples import (
    AUTHOR,
    idea_id,
    joined,
    logged,
    opened,
    organisation_id,
    person_id,
    pounds,
    requests,
    vote,
)
from tests.projections.funding import need_added, offered, pool_opened, published
from tests.projections.spec import follow_to_the_end
from tests.reactors.funding import promise, reserved

pytestmark = pytest.mark.asyncio

HERE = Path(__file__).parent
NOW = datetime.now(UTC)
MODELS = (FunderMatches(), FairVotes(), Coverages())


def standing(number=1, **said):
    """Publish a mandate that pledges by itself, 100.00 to 500.00 at a time of 1,000.00."""
    window = {"opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=90)}
    return published(number, **{"mode": "pledge", **window, **said})


def a_pool(number=1, *, idea=1, **said):
    """Open a pool of 300.00 to 600.00 for an idea."""
    return pool_opened(number, idea=idea, **{"deadline": NOW + timedelta(days=30), **said})


class World:
    """A log, the read models that the reactor asks, and the reactor."""

    def __init__(self, pool, store):
        self.pool, self.store, self.reactor = pool, store, StandingPledges(pool, store)

    async def given(self, *events):
        """Append events and let the reactor act on them."""
        for answer in await self.store.append_many(requests(*events)):
            assert not isinstance(answer, Exception), answer
        return await self.react()

    async def show(self):
        """Let the read models show all that is recorded."""
        for model in MODELS:
            await follow_to_the_end(self.pool, self.store, model)

    async def react(self, reactor=None):
        """Let the read models show all that is recorded, and the reactor act on it."""
        await self.show()
        reached = await (reactor or self.reactor).react()
        await self.show()
        return reached

    async def again(self):
        """Begin again from the first event, as another worker."""
        await self.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = $1", NAME)
        await self.react(StandingPledges(self.pool, self.store))

    async def pledges(self, number=1):
        """List the pledges that were ever made to a pool."""
        events = (await folded(self.store, POOL, pool_stream(a_pool(number).pool_id))).events
        return [event.data for event in events if isinstance(event.data, PledgeMade)]

    async def amounts(self, number=1):
        """List what was ever pledged to a pool."""
        return [made.amount.amount_minor for made in await self.pledges(number)]


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world."""
    for model in MODELS:
        await rebuild(pool, store, model, holder="test")
    return World(pool, store)


async def test_a_pledge_is_made_when_its_thresholds_are_crossed(world):
    """Votes, coverage and a pool in turn: with the last of them the mandate pledges what is lacking, on its terms."""
    conditions = PledgeConditions(min_funders=2)
    thresholds = Thresholds(verified_votes=2, covered_percent=50, live_pool=True)
    mandate = standing(thresholds=thresholds, conditions=conditions, veto_hours=48)
    accepted = OfferAccepted(
        offer_id=offered().offer_id, idea_id=idea_id(1), accepted_by=AUTHOR, occurred_at=NOW
    )
    steps = (
        [opened(threshold=9), joined(1), joined(2), logged(), mandate],
        [a_pool()],
        [vote(1), need_added(1), need_added(2)],
        [offered(), accepted],
        [vote(2)],
    )
    for step in steps:
        assert await world.pledges() == []
        await world.given(*step)
    (made,) = await world.pledges()
    assert made.pledge_id == standing_pledge_id(mandate.mandate_id, a_pool().pool_id)
    assert (made.mandate_id, made.organisation_id, made.made_by) == (
        mandate.mandate_id,
        mandate.organisation_id,
        None,
    )
    assert (made.amount, made.conditions) == (pounds(amount_minor=50_000), conditions)
    assert made.vetoable_until - made.occurred_at < timedelta(hours=48, seconds=1)
    assert made.vetoable_until - made.occurred_at > timedelta(hours=47)
    assert await reserved(world.store, mandate.mandate_id) == {made.pledge_id: 50_000}


async def test_a_pledge_is_made_once(world):
    """However often the reactor begins again, and whatever changes, a mandate pledges to a pool once."""
    await world.given(opened(), logged(), standing(), a_pool())
    await world.again()
    await world.given(need_added())
    assert await world.amounts() == [50_000]


async def test_a_mandate_that_comes_later_finds_the_pools(world):
    """A mandate published when the pool is open already pledges at once."""
    await world.given(opened(), logged(), a_pool())
    await world.given(standing())
    assert await world.amounts() == [50_000]


async def test_only_what_is_lacking_is_pledged(world):
    """The second mandate gives what the first has left to be given, and the third nothing."""
    await world.given(opened(), logged(), a_pool())
    for number in (1, 2, 3):
        await world.given(standing(number, organisation_id=organisation_id(number)))
    assert await world.amounts() == [50_000, 10_000]


async def test_the_budget_is_never_exceeded(world):
    """Over several pools a mandate gives no more than its budget, and less than a ticket it does not give."""
    await world.given(opened(), *map(logged, range(4)), *(a_pool(number, idea=number) for number in range(4)))
    await world.given(standing(budget=pounds(amount_minor=105_000)))
    given = [amount for number in range(4) for amount in await world.amounts(number)]
    assert given == [50_000, 50_000]
    assert sum((await reserved(world.store, standing().mandate_id)).values()) == 100_000


@pytest.mark.parametrize(
    "said",
    [
        {"mode": "notify"},
        {"themes": ("AN103",)},
        {"opens_at": NOW + timedelta(days=1)},
        {"thresholds": Thresholds(verified_votes=1)},
        {"thresholds": Thresholds(covered_percent=1)},
        {"conditions": PledgeConditions(with_funders=(organisation_id(1),))},
    ],
)
async def test_a_mandate_does_not_pledge_beyond_what_it_says(world, said):
    """Not where it only wants to be told, to what does not fit, before its time, or on conditions that cannot hold."""
    await world.given(opened(), logged(), a_pool(), standing(**said))
    assert await world.amounts() == []
    assert await reserved(world.store, standing().mandate_id) == {}


async def test_who_pledged_by_hand_is_not_pledged_for(world):
    """An organisation that has pledged to a pool gives nothing more by a mandate of its own."""
    await world.given(opened(), logged(), a_pool())
    by_hand = promise(12_000, organisation_id(1))
    await pledge(
        Handler(world.store), a_pool().pool_id, by_hand, made_by=person_id(5), cause=Cause(actor=person_id(5))
    )
    await world.given(standing())
    assert await world.amounts() == [12_000]


async def test_what_was_vetoed_never_comes_back(world):
    """After a veto the money is free again, and nothing that happens makes the mandate pledge to this pool again."""
    await world.given(opened(), logged(), standing(), a_pool())
    (made,) = await world.pledges()
    command = WithdrawPledge(now=datetime.now(UTC), pledge_id=made.pledge_id, reason="Not this one.")
    handled = await withdraw(Handler(world.store), made.pool_id, command, Cause(actor=person_id(5)))
    assert handled.events[0].vetoed
    await release_ended(world.pool, world.store)
    await world.again()
    await world.given(need_added())
    assert await world.amounts() == [50_000]
    assert await reserved(world.store, made.mandate_id) == {}


async def test_one_worker_at_a_time_pledges(world):
    """While another worker has the turn nothing happens, and nothing is lost."""
    await world.given(opened(), logged())
    async with turn_of(world.pool, NAME):
        assert await world.given(standing(), a_pool()) is None
    assert await world.amounts() == []
    await world.react()
    assert await world.amounts() == [50_000]


async def killed_at(step, database_url):
    """Run the reactor in a process of its own until it is killed at a step."""
    environment = {
        **os.environ,
        "OPEN_IMPACT_DATABASE_URL": database_url,
        "PYTHONPATH": str(HERE.parents[1]),
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, HERE / "run_until_killed.py", step, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == -signal.SIGKILL, said.decode()


@pytest.mark.parametrize("step", ["before", "set aside", "pledged"])
async def test_a_kill_at_any_step_leaves_one_pledge(world, database_url, step):
    """Killed before, between and after its two steps, a pledge is there once and exactly set aside for."""
    await world.given(opened(), logged(), standing(budget=pounds(amount_minor=50_000)))
    await world.store.append(*requests(a_pool()))
    await world.show()
    await killed_at(step, database_url)
    await world.react()
    assert await world.amounts() == [50_000]
    (made,) = await world.pledges()
    assert await reserved(world.store, made.mandate_id) == {made.pledge_id: 50_000}
    await world.again()
    assert await world.amounts() == [50_000]


async def test_a_kill_that_nobody_sees_for_long_costs_nothing(world, database_url):
    """When what was set aside has been given up meanwhile, the pledge is made by another attempt, once."""
    await world.given(opened(), logged(), standing())
    await world.store.append(*requests(a_pool()))
    await world.show()
    await killed_at("set aside", database_url)
    mandate_id = standing().mandate_id
    assert list((await reserved(world.store, mandate_id)).values()) == [50_000]
    await release_abandoned(world.pool, world.store, datetime.now(UTC) + 2 * ABANDONED_AFTER)
    assert await reserved(world.store, mandate_id) == {}
    await world.react()
    await world.again()
    (made,) = await world.pledges()
    assert made.pledge_id == standing_pledge_id(mandate_id, a_pool().pool_id, 2)
    assert await reserved(world.store, mandate_id) == {made.pledge_id: 50_000}


async def test_a_kill_before_the_end_of_a_pool_leaves_nothing_set_aside(world, database_url):
    """When the idea no longer has what the mandate asks for, what was set aside before the kill is free again."""
    await world.given(opened(), logged(), standing(organisation_id=organisation_id(1)))
    await world.store.append(*requests(a_pool()))
    await world.show()
    await killed_at("set aside", database_url)
    by_hand = promise(12_000, organisation_id(1))
    await pledge(
        Handler(world.store), a_pool().pool_id, by_hand, made_by=person_id(5), cause=Cause(actor=person_id(5))
    )
    await world.react()
    assert await world.amounts() == [12_000]
    assert await reserved(world.store, standing().mandate_id) == {}
