"""What is due where is noted once, in order and without a gap, whatever happens to an endpoint meanwhile."""

import asyncio

import pytest
import pytest_asyncio

from app.http.public_log import PublicLog
from app.reactors.turns import turn_of
from app.webhooks import dispatching
from app.webhooks.dispatching import Dispatcher
from tests.projections.examples import logged, opened, revised, vote
from tests.webhooks.hooks import agreed, changed, happened, hook, paused, registered, removed, resumed

pytestmark = pytest.mark.asyncio


class World:
    """A log, a dispatcher, and what it noted."""

    def __init__(self, pool, store):
        self.pool, self.store, self.dispatcher = pool, store, Dispatcher(pool, store, PublicLog(b"secret"))

    async def given(self, *events):
        """Append events and let the dispatcher note what is due; tell the last position."""
        position = await happened(self.store, *events)
        assert await self.dispatcher.react() == position
        return position

    async def turn(self):
        """Let the dispatcher take one turn, after which nobody is behind."""
        async with turn_of(self.pool, dispatching.NAME) as turn:
            await self.dispatcher._take(turn)
        assert not await self.pool.fetchval(
            "SELECT count(*) FROM webhook_endpoints WHERE behind_at IS NOT NULL"
        )

    async def due(self, number=1):
        """List the positions that wait for an endpoint, in order."""
        rows = await self.pool.fetch(
            "SELECT position FROM webhook_deliveries WHERE endpoint_id = $1 AND ended_at IS NULL ORDER BY delivery_id",
            hook(number),
        )
        return [row["position"] for row in rows]

    async def delivered(self, number=1, *, up_to=10**9):
        """Let everything that waits for an endpoint be delivered."""
        await self.pool.execute(
            "UPDATE webhook_deliveries SET ended_at = now(), outcome = 'delivered'"
            " WHERE endpoint_id = $1 AND ended_at IS NULL AND position <= $2",
            hook(number),
            up_to,
        )


@pytest_asyncio.fixture
async def world(pool, store):
    """Give an empty world."""
    return World(pool, store)


async def test_an_endpoint_is_told_of_what_comes_after_it(world):
    """It has what it asked for, from its registration on, as soon as it has agreed, and in order."""
    await world.given(opened(), logged(1))
    await world.given(registered(1, "Idea*"), logged(2), vote(1, idea=2))
    assert await world.due() == []
    await world.given(logged(3), agreed(), logged(4))
    assert await world.due() == [4, 6, 8]
    await world.given(vote(2, idea=2), revised(2))
    assert await world.due() == [4, 6, 8, 10]


async def test_a_change_of_an_endpoint_counts_from_the_next_event_on(world):
    """Of events that are read together with a change, those before it are looked at as it was before."""
    await world.given(opened(), registered(1, "IdeaLogged"), agreed())
    await world.given(logged(1), changed(1, "VoteCast"), logged(2), vote(1))
    assert await world.due() == [4, 7]


async def test_each_endpoint_has_its_own(world):
    """Who asks for other types has other deliveries, and who is told of all is told of changes of endpoints, too."""
    await world.given(
        opened(),
        registered(1, "Idea*"),
        registered(2, "VoteCast", "VoteW*"),
        registered(3),
        *map(agreed, (1, 2, 3)),
    )
    await world.given(logged(1), vote(1))
    assert [await world.due(number) for number in (1, 2, 3)] == [[8], [9], [5, 6, 7, 8, 9]]


async def test_nothing_is_noted_twice(world):
    """Several dispatchers side by side note what one would, and one that begins again notes nothing more."""
    await world.given(opened(), registered(1, "IdeaLogged"), agreed())
    await happened(world.store, *map(logged, range(20)))
    several = [Dispatcher(world.pool, world.store, PublicLog(b"secret")) for _ in range(4)]
    await asyncio.gather(*(one.react() for one in several))
    await world.dispatcher.react()
    assert await world.due() == list(range(4, 24))


async def test_what_was_noted_goes_with_the_checkpoint(world, monkeypatch):
    """A dispatcher that ends in the middle of its turn has noted nothing, and the next one notes all."""
    await world.given(opened(), registered(), agreed())
    before = await world.due()
    await happened(world.store, logged(1))

    async def ends(*_: object) -> None:
        raise RuntimeError("It ended here.")

    with monkeypatch.context() as patched:
        patched.setattr("app.reactors.turns.Turn.done", ends)
        with pytest.raises(RuntimeError):
            await world.dispatcher.react()
    assert await world.due() == before
    await world.dispatcher.react()
    assert await world.due() == [*before, 4]


async def test_a_paused_endpoint_misses_nothing(world):
    """It is told nothing while it is paused, and everything it had not been told when it goes on, in order."""
    await world.given(opened(), registered(1, "Idea*"), agreed(), logged(1), logged(2))
    await world.delivered(up_to=4)
    await world.given(paused(after=4), logged(3))
    assert await world.due() == [5]
    await world.given(resumed(after=4), logged(4))
    assert await world.due() == [5, 7, 9]


async def test_an_endpoint_goes_on_where_it_wants(world):
    """What it leaves out is not sent, and what was delivered is not sent again."""
    await world.given(opened(), registered(1, "Idea*"), agreed(), logged(1), logged(2), logged(3))
    await world.delivered(up_to=4)
    await world.given(paused(after=4), resumed(after=5))
    assert await world.due() == [6]
    await world.given(paused(after=5), resumed(after=0))
    assert await world.due() == [5, 6]


async def test_another_address_agrees_before_it_is_told_anything(world):
    """What happens before it agrees waits in the log."""
    await world.given(opened(), registered(1, "Idea*"), agreed(), logged(1))
    await world.given(changed(1, "Idea*", to="https://elsewhere.example.org/"), logged(2))
    assert await world.due() == [4]
    await world.given(agreed(), logged(3))
    assert await world.due() == [4, 6, 8]


async def test_a_removed_endpoint_is_told_nothing(world):
    """What happens after its removal is not for it."""
    await world.given(opened(), registered(1, "Idea*"), agreed(), logged(1))
    await world.given(removed(), logged(2))
    assert await world.due() == [4]


async def test_a_long_queue_is_held_back_and_nothing_is_left_out(world, monkeypatch):
    """Who takes nothing gets no more rows than there is room for; when it takes them, the rest comes in order."""
    monkeypatch.setattr(dispatching, "WAITING_MAX", 3)
    monkeypatch.setattr(dispatching, "_ROOM", 2)
    monkeypatch.setattr(dispatching, "_PAGE", 2)
    monkeypatch.setattr(dispatching, "_COUNT_SECONDS", 0.0)
    await world.given(opened(), registered(1, "Idea*"), agreed())
    for number in range(12):
        await world.given(logged(number))
    assert len(await world.due()) <= 3 + 2
    seen = []
    while due := await world.due():
        seen += due
        assert len(due) <= 3 + 2
        await world.delivered()
        await world.dispatcher.react()
    assert seen == list(range(4, 16))
    await world.given(logged(12))
    assert await world.due() == [16]


async def test_what_a_beginning_means_grows_with_the_catalogue(world, monkeypatch):
    """After a release with new types, a beginning with a star means them, too."""
    monkeypatch.setattr("app.webhooks.subscriptions.NAMES", ("IdeaWithdrawn",))
    await world.given(opened(), registered(1, "Idea*"), agreed(), logged(1))
    assert await world.due() == []
    monkeypatch.undo()
    await happened(world.store, logged(2))
    await Dispatcher(world.pool, world.store, PublicLog(b"secret")).react()
    assert await world.due() == [5]


async def test_a_stretch_of_the_log_is_noted_once_more(world, monkeypatch):
    """What was asked for again comes in order and completely, beside what is new, and as far as there is room."""
    monkeypatch.setattr(dispatching, "_PAGE", 2)
    await world.given(opened(), registered(1, "IdeaLogged"), agreed(), *map(logged, range(5)), vote(1))
    await world.delivered()
    await world.pool.execute(
        "INSERT INTO webhook_replays (endpoint_id, reached, until) VALUES ($1, 4, 7)", hook()
    )
    await world.given(logged(6))
    assert sorted(await world.due()) == [5, 6, 7, 10]
    again = await world.pool.fetch(
        "SELECT position FROM webhook_deliveries WHERE repetition > 0 ORDER BY delivery_id"
    )
    assert [row["position"] for row in again] == [5, 6, 7]
    await world.delivered()
    await world.given(logged(7))
    assert await world.due() == [11]


async def test_of_what_was_asked_for_only_what_meets_the_condition_is_due(world):
    """The condition is the one of the moment, also for who catches up and for what is wanted once more."""
    about_two = f'{{"all":[{{"field":"idea_id","how":"is","value":"{logged(2).idea_id}"}}]}}'
    await world.given(opened(), registered(1, "Idea*", filter=about_two), logged(1), logged(2), agreed())
    assert await world.due() == [4]
    await world.given(revised(1), revised(2))
    assert await world.due() == [4, 7]
    await world.given(changed(1, "Idea*"), revised(1))
    assert await world.due() == [4, 7, 9]


async def test_many_who_are_behind_are_brought_up_in_one_turn(world):
    """However many agree at once, or stand apart on a page of the log, the next turn brings all of them up."""
    many = range(1, 61)
    await happened(world.store, opened(), *(registered(number, "Idea*") for number in many))
    await happened(world.store, logged(1), *map(agreed, many))
    await world.turn()
    assert [number for number in many if await world.due(number) != [62]] == []
    await happened(world.store, *map(paused, many), *(resumed(number, after=number) for number in many))
    await world.pool.execute(
        "UPDATE webhook_endpoints SET behind_at = 2 + abs(hashtext(endpoint_id::text)) % 50"
    )
    await world.pool.execute("DELETE FROM webhook_deliveries")
    await world.turn()
    assert [number for number in many if await world.due(number) != [62]] == []


async def test_who_stands_at_different_places_is_brought_up_from_each(world, monkeypatch):
    """Pages are read where somebody stands, nobody gets what was before, and nobody waits for who is far behind."""
    monkeypatch.setattr(dispatching, "_PAGE", 3)
    monkeypatch.setattr(dispatching, "_STOPS_A_TURN", 2)
    await world.given(opened(), *(registered(number, "IdeaLogged") for number in (1, 2, 3, 4)))
    for number in (1, 2, 3):
        await world.given(*(logged(10 * number + each) for each in range(4)), agreed(number))
    assert [await world.due(number) for number in (1, 2, 3)] == [
        [*range(6, 10), *range(11, 15), *range(16, 20)]
    ] * 3
    await world.given(agreed(4))
    assert await world.due(4) == await world.due(1)
    for number in (1, 2, 3, 4):
        await world.delivered(number)
    wishes = {1: 0, 2: 18, 3: 8, 4: 16}
    await world.pool.execute("DELETE FROM webhook_deliveries")
    await world.given(
        *(event for number in wishes for event in (paused(number), resumed(number, after=wishes[number])))
    )
    assert [await world.due(number) for number in wishes] == [
        [*range(6, 10), *range(11, 15), *range(16, 20)],
        [19],
        [9, *range(11, 15), *range(16, 20)],
        [*range(16 + 1, 20)],
    ]


async def test_what_does_not_fit_into_one_statement_comes_next(world, monkeypatch):
    """A page that has much for many is noted in parts, and completely."""
    monkeypatch.setattr(dispatching, "_NOTED_AT_ONCE", 3)
    many = range(1, 8)
    await world.given(opened(), *(registered(number, "IdeaLogged") for number in many))
    await world.given(*map(logged, range(5)))
    await world.given(*map(agreed, many), logged(5))
    assert {tuple(await world.due(number)) for number in many} == {(9, 10, 11, 12, 13, 21)}
