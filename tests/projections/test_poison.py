"""An event that cannot be read or applied stops the projections that want it, at that event, and no other."""

import asyncio

import asyncpg
import psycopg
import pytest
from psycopg import sql

from events.streams import new_id
from projections import runner
from projections.building import PoisonedError
from projections.idea_board.queries import BoardTotals, totals
from projections.rebuild import rebuild
from projections.registry import REGISTRY
from projections.state import states
from tests.projections.example_projections import FailingAtFirst, SeenVotes
from tests.projections.examples import joined, logged, opened, vote, votes
from tests.projections.running import all_at, appended, live, running, seen

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Try again sooner than a service would."""
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.05)


@pytest.fixture
def smuggled_in(database_url):
    """Put an event into the log that no service would: of any type, with any data, as the database's owner."""

    def insert(type_name: str, data: str) -> int:
        with psycopg.connect(database_url, autocommit=True) as owner:
            row = owner.execute(
                sql.SQL(
                    """
                    INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
                    SELECT coalesce(max(position), 0) + 1, %s, 1, %s, %s, %s, '{"command": "Smuggle"}', now() FROM events
                    RETURNING position
                    """
                ),
                [f"smuggled-{new_id()}", new_id(), type_name, data],
            ).fetchone()
        assert row is not None
        return row[0]

    return insert


async def poisoned(pool, name: str) -> bool:
    """Tell whether a live build has stopped at an event."""
    found = await live(pool)
    return name in found and found[name].poisoned_at is not None


@pytest.mark.parametrize("number", [1, 7, 20])
async def test_a_poisoned_event_stops_its_projection_alone(wide_pool, store, eventually, number):
    """Wherever in a page the event is, all before it counts, the checkpoint names it, and the others go on."""
    positions = await appended(store, opened(), logged(), *votes(20))
    spoilt = positions[1 + number]
    projections = [*REGISTRY, SeenVotes("spoilt", by=[number]), SeenVotes("sound")]
    async with running(wide_pool, store, projections, workers=2):
        others = [one.name for one in projections if one.name != "spoilt"]
        await eventually(lambda: poisoned(wide_pool, "spoilt"))
        positions += await appended(store, vote(21))
        await eventually(lambda: all_at(wide_pool, others, positions[-1]))
    found = await live(wide_pool)
    stopped = found.pop("spoilt")
    assert (stopped.position, stopped.poisoned_at, stopped.holder) == (spoilt - 1, spoilt, None)
    assert stopped.poisoned_by is not None
    assert stopped.poisoned_by.startswith("VoteCast in vote-")
    assert "a vote that cannot be counted" in stopped.poisoned_by
    assert stopped.lag == positions[-1] - stopped.position
    assert await seen(wide_pool, "spoilt") == positions[2 : 1 + number]
    assert await seen(wide_pool, "sound") == positions[2:]
    assert {state.poisoned_at for state in found.values()} == {None}
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=21)


async def test_a_mended_projection_is_rebuilt_past_the_event(wide_pool, store, eventually):
    """Once the code is mended a rebuild takes the projection past the event, and a runner goes on from there."""
    positions = await appended(store, *votes(20))
    async with running(wide_pool, store, [SeenVotes(by=[7])]):
        await eventually(lambda: poisoned(wide_pool, "seen_votes"))
    await rebuild(wide_pool, store, SeenVotes(), holder="operator")
    assert not await poisoned(wide_pool, "seen_votes")
    async with running(wide_pool, store, [SeenVotes()]):
        positions += await appended(store, vote(21))
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], positions[-1]))
    assert await seen(wide_pool) == positions


async def test_an_event_that_cannot_be_read_stops_who_wants_it(wide_pool, store, eventually, smuggled_in):
    """Data of no known shape stops every projection of that type before it, by name; the others go on."""
    await appended(store, opened(), logged(), *votes(5))
    spoilt = smuggled_in("VoteCast", '{"nonsense": true}')
    last = (await appended(store, vote(9), joined()))[-1]
    people = SeenVotes("people")
    people.types = frozenset({"PersonJoined"})
    wanting = {one.name for one in REGISTRY if one.types is None or "VoteCast" in one.types}
    async with running(wide_pool, store, [*REGISTRY, people]):
        for name in wanting:
            await eventually(lambda name=name: poisoned(wide_pool, name))
        await eventually(lambda: all_at(wide_pool, ["people"], last))
    found = await live(wide_pool)
    assert (found["people"].poisoned_at, await seen(wide_pool, "people")) == (None, [last])
    assert len(wanting) >= 4
    for state in (found[name] for name in wanting):
        assert (state.position, state.poisoned_at) == (spoilt - 1, spoilt)
        assert state.poisoned_by is not None
        assert f"VoteCast at position {spoilt} cannot be read" in state.poisoned_by
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=5)


async def test_an_unknown_type_stops_the_history_and_nobody_else(wide_pool, store, eventually, smuggled_in):
    """A history that left something out would be none; who asks for certain types goes past what is not theirs."""
    await appended(store, opened(), logged(), *votes(5))
    spoilt = smuggled_in("SomethingFromTomorrow", "{}")
    last = (await appended(store, vote(9)))[-1]
    async with running(wide_pool, store, REGISTRY):
        await eventually(lambda: poisoned(wide_pool, "audit_history"))
        await eventually(lambda: all_at(wide_pool, ["idea_board", "idea_detail"], last))
    history = (await live(wide_pool))["audit_history"]
    assert (history.position, history.poisoned_at) == (spoilt - 1, spoilt)
    assert history.poisoned_by is not None
    assert "this release does not know the type" in history.poisoned_by
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=6)


async def test_a_rebuild_that_meets_a_poisoned_event_leaves_the_live_build(wide_pool, store):
    """The rebuild says which event it was and stops; readers keep what they had, and trying again tries again."""
    positions = await appended(store, *votes(20))
    await rebuild(wide_pool, store, SeenVotes(), holder="operator")
    for _ in range(2):
        with pytest.raises(
            PoisonedError, match=f"seen_votes stopped before position {positions[6]}"
        ) as stopped:
            await rebuild(wide_pool, store, SeenVotes(version=2, by=[7]), holder="operator")
        assert stopped.value.position == positions[6]
    builds = {state.generation: state for state in await states(wide_pool)}
    assert (builds["live"].version, builds["live"].poisoned_at) == (1, None)
    assert (builds["next"].version, builds["next"].poisoned_at) == (2, positions[6])
    assert await seen(wide_pool) == positions
    assert await seen(wide_pool, "seen_votes__next") == positions[:6]


async def test_a_release_that_cannot_rebuild_stops_nobody_else(wide_pool, store, eventually):
    """When the new version of one projection meets a poisoned event, the workers keep all others up to date,
    try no more, and the next version mends it."""
    positions = await appended(store, *votes(20))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")

    async def given_up() -> bool:
        return any(state.poisoned_at == positions[6] for state in await states(wide_pool))

    async with running(wide_pool, store, [SeenVotes(version=2, by=[7]), SeenVotes("sound")], workers=2):
        await eventually(given_up)
        epoch = await wide_pool.fetchval("SELECT epoch FROM checkpoints WHERE generation = 'next'")
        positions += await appended(store, vote(21))
        await eventually(lambda: all_at(wide_pool, ["sound"], positions[-1]))
        await asyncio.sleep(0.2)  # Long enough to try again, were it to.
    assert await wide_pool.fetchval("SELECT epoch FROM checkpoints WHERE generation = 'next'") == epoch
    assert await seen(wide_pool) == positions[:20]
    async with running(wide_pool, store, [SeenVotes(version=3), SeenVotes("sound")]):
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], positions[-1]))
    assert await seen(wide_pool) == positions
    assert {state.generation for state in await states(wide_pool)} == {"live"}


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError,
        asyncpg.DiskFullError,
        asyncpg.QueryCanceledError,
        asyncpg.ConnectionDoesNotExistError,
        ConnectionResetError,
        TimeoutError,
    ],
)
async def test_what_passes_is_no_poison(wide_pool, store, eventually, error):
    """Trouble that says nothing about the event is waited out, and nothing is counted twice or left out."""
    positions = await appended(store, *votes(3))
    async with running(wide_pool, store, [FailingAtFirst(error)]):
        await eventually(lambda: all_at(wide_pool, ["seen_votes"], positions[-1]))
    assert await seen(wide_pool) == positions
    assert not await poisoned(wide_pool, "seen_votes")
