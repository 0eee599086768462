"""An idea reaches 50 verified votes, a pool its minimum: a program receives one message of each, from what people do."""

import asyncio
from contextlib import suppress

import msgspec
import pytest
import pytest_asyncio

from app.command_handling import Cause, Handler
from app.funding.pledging import pledge, withdraw
from app.reactors.support import NAME, react
from domain.pool import POOL
from domain.pool_gathering import MakePledge, WithdrawPledge
from events.contracts import PledgeMade, PoolCommitted, PoolReachedMinimum
from events.errors import WrongVersionError
from events.streams import pool_stream
from projections.fair_votes import FairVotes
from projections.rebuild import rebuild
from projections.state import Positions
from tests.projections.examples import joined, logged, vote, vote_withdrawn
from tests.projections.spec import follow_to_the_end
from tests.reactors.funding import AUTHOR, NOW, pool_of, promise
from tests.webhooks.receiving import receiving
from tests.webhooks.sending_world import sending

pytestmark = pytest.mark.asyncio

AT_50 = '{"all":[{"field":"verified_votes","how":"reaches","value":50}]}'
ME = Cause(actor=AUTHOR)


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world with a community, in which verified votes are counted."""
    await rebuild(pool, store, FairVotes(), holder="test")
    async with sending(pool, store) as made:
        yield made


async def sent(world, receiver, *events):
    """Let something happen and all that follows from it, and list what was received so far."""
    await world.given(*events)
    await follow_to_the_end(world.pool, world.store, FairVotes())
    await react(world.pool, world.store, Positions(world.pool))
    await follow_to_the_end(world.pool, world.store, FairVotes())
    await world.given()
    await world.at(seconds=1)
    return [msgspec.json.decode(got.body) for got in receiver.received]


async def test_that_an_idea_reaches_a_number_of_votes_is_received_once(world):
    """Of all that happens to two ideas, the event with the 50th vote of one is sent, and not when votes come again."""
    async with receiving() as receiver:
        everybody = [joined(number) for number in range(1, 54)]
        await world.endpoint(1, receiver.url, "*", filter=AT_50)
        await sent(world, receiver, logged(1), logged(2), *everybody)
        under = [vote(number) for number in range(1, 50)]
        assert await sent(world, receiver, *under, vote(1, idea=2)) == []
        (message,) = await sent(world, receiver, *(vote(number) for number in range(50, 53)))
        assert message["type"] == "SupportReached"
        said = {name: message["data"][name] for name in ("idea_id", "before", "verified_votes")}
        assert said == {"idea_id": str(logged(1).idea_id), "before": 45, "verified_votes": 50}
        await sent(world, receiver, *(vote_withdrawn(number) for number in range(45, 53)))
        again = [vote(number) for number in range(45, 54)]
        assert await sent(world, receiver, *again) == [message]
        # As after a kill between what was told and the note that it was.
        await world.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = $1", NAME)
        assert await sent(world, receiver) == [message]
    assert await world.left() == []


async def test_that_a_pool_reaches_its_minimum_is_received_once(world):
    """The pledge after which another counts brings the pool there; a withdrawal, a return and the target add nothing."""
    handler, pool_id = Handler(world.store), await pool_of(world.store, minimum=60, target=100)

    async def pledged(one):
        await pledge(handler, pool_id, one, made_by=AUTHOR, cause=ME)

    async with receiving() as receiver:
        await world.endpoint(1, receiver.url, "PoolReachedMinimum")
        await pledged(promise(60, min_funders=2))
        assert await sent(world, receiver) == []
        second = promise(5)
        await pledged(second)
        (message,) = await sent(world, receiver)
        assert message["data"]["pool_id"] == str(pool_id)
        assert message["data"]["resolved_total"] == {"amount_minor": 65, "currency": "GBP"}
        assert message["data"]["minimum"] == {"amount_minor": 60, "currency": "GBP"}
        await withdraw(handler, pool_id, WithdrawPledge(now=NOW, pledge_id=second.pledge_id), ME)
        await pledged(promise(5))
        await pledged(promise(50))
        assert await sent(world, receiver) == [message]
    assert await world.left() == []
    *_, last = events = [event.data for event in await world.store.read_stream(pool_stream(pool_id))]
    assert isinstance(last, PoolCommitted)
    assert sum(isinstance(event, PoolReachedMinimum) for event in events) == 1


async def test_a_pool_that_is_told_of_stands_in_order(world):
    """To who wants every event of a pool, the minimum comes after its pledge and before the commitment by it."""
    pool_id = await pool_of(world.store, minimum=60, target=100)
    async with receiving() as receiver:
        await world.endpoint(1, receiver.url, "Pool*", "Pledge*", ordered=True)
        await pledge(Handler(world.store), pool_id, promise(100), made_by=AUTHOR, cause=ME)
        for _ in range(3):
            messages = await sent(world, receiver)
    kinds = [message["type"] for message in messages]
    assert kinds == [kind.__name__ for kind in (PledgeMade, PoolReachedMinimum, PoolCommitted)]
    assert [message["version"] for message in messages] == [2, 3, 4]


async def test_pledges_that_meet_tell_it_once(world):
    """Whoever is slower decides again on what the others did, so one of them alone brings the pool to its minimum."""
    pool_id = await pool_of(world.store, minimum=60, target=1_000)

    async def pledged():
        making = MakePledge(now=NOW, promise=promise(20), made_by=AUTHOR)
        while True:
            with suppress(WrongVersionError):
                return await Handler(world.store).handle(POOL, pool_stream(pool_id), making, cause=ME)

    await asyncio.gather(*(pledged() for _ in range(8)))
    _, *events = [event.data for event in await world.store.read_stream(pool_stream(pool_id))]
    assert [type(event) for event in events] == [*[PledgeMade] * 3, PoolReachedMinimum, *[PledgeMade] * 5]
    assert events[3].resolved_total == events[3].minimum
