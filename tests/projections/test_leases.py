"""Who may write a build: one holder at a time, and never one that comes too late."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest
import pytest_asyncio

from projections import checkpoints
from projections.building import apply_page, building, give_back
from projections.checkpoints import LeaseLostError, release, renew, take_lease
from projections.rebuild import rebuild
from tests.projections.example_projections import HeldVotes, SeenVotes
from tests.projections.examples import votes
from tests.projections.running import appended, live, seen

pytestmark = pytest.mark.asyncio

NAME = "seen_votes"


@pytest_asyncio.fixture
async def built(wide_pool, store):
    """Give a projection with empty live tables and two votes in the log that it has not seen."""
    projection = SeenVotes()
    await rebuild(wide_pool, store, projection, holder="test")
    await appended(store, *votes(2))
    return projection


async def test_one_holder_at_a_time(wide_pool, built):
    """While somebody holds a build nobody else gets it; given back it is free at once."""
    async with building(wide_pool, NAME) as connection:
        first = await take_lease(connection, NAME, "live", "first")
        assert first is not None
        assert await take_lease(connection, NAME, "live", "second") is None
        assert (await live(wide_pool))[NAME].holder == "first"
        await release(connection, first)
        assert (await live(wide_pool))[NAME].holder is None
        second = await take_lease(connection, NAME, "live", "second")
        assert second is not None
        assert second.epoch > first.epoch


async def test_a_lease_that_ran_out_is_free(wide_pool, built, monkeypatch):
    """A holder that went silent loses the build to the next, and writes nothing when it comes back."""
    monkeypatch.setattr(checkpoints, "LEASE_SECONDS", 0.0)
    async with building(wide_pool, NAME) as connection:
        silent = await take_lease(connection, NAME, "live", "silent")
        following = await take_lease(connection, NAME, "live", "next")
        with pytest.raises(LeaseLostError):
            await apply_page(connection, built, silent, [], 1)
        with pytest.raises(LeaseLostError):
            await renew(connection, silent)
        await release(connection, silent)
        await apply_page(connection, built, following, [], 1)
    assert (await live(wide_pool))[NAME].position == 1


async def test_a_stolen_lease_writes_nothing(wide_pool, store, built):
    """When the epoch has moved on, a holder's page is refused whole: no row, no checkpoint."""
    page = await store.read_tail(0, limit=10)
    async with building(wide_pool, NAME) as connection:
        lease = await take_lease(connection, NAME, "live", "holder")
        await wide_pool.execute("UPDATE checkpoints SET epoch = epoch + 1")
        with pytest.raises(LeaseLostError):
            await apply_page(connection, built, lease, page.events, page.reached)
    assert await seen(wide_pool) == []
    assert (await live(wide_pool))[NAME].position == lease.position == 0


async def test_a_page_is_applied_from_where_the_checkpoint_is(wide_pool, store, built):
    """A page that was applied already is refused, so that no event counts twice."""
    page = await store.read_tail(0, limit=10)
    async with building(wide_pool, NAME) as connection:
        lease = await take_lease(connection, NAME, "live", "holder")
        await apply_page(connection, built, lease, page.events, page.reached)
        lease.position = 0
        with pytest.raises(LeaseLostError):
            await apply_page(connection, built, lease, page.events, page.reached)
    assert await seen(wide_pool) == [1, 2]


async def test_a_long_page_is_not_taken_over(wide_pool, store, built, monkeypatch):
    """However long a page takes, the build stays with whoever applies it, and others are told so at once."""
    monkeypatch.setattr(checkpoints, "LEASE_SECONDS", 0.0)
    page, slow = await store.read_tail(0, limit=10), HeldVotes()
    async with building(wide_pool, NAME) as connection, building(wide_pool, NAME) as other:
        lease = await take_lease(connection, NAME, "live", "holder")
        applying = asyncio.create_task(apply_page(connection, slow, lease, page.events, page.reached))
        await slow.begun.wait()
        assert await take_lease(other, NAME, "live", "other") is None
        slow.let_go.set()
        await applying
    assert await seen(wide_pool) == [1, 2]


async def test_a_lease_is_given_back_whatever_was_going_on(wide_pool, store, built):
    """A holder that was cancelled with a transaction open, or broken, gives back its lease and none of its page."""
    for unfinished in ("SELECT 1", "UPDATE checkpoints SET position = 99", "SELECT 1 / 0"):
        async with building(wide_pool, NAME) as connection:
            lease = await take_lease(connection, NAME, "live", "holder")
            await connection.execute("BEGIN")
            with suppress(asyncpg.DivisionByZeroError):
                await connection.execute(unfinished)
            await give_back(connection, lease)
        state = (await live(wide_pool))[NAME]
        assert (state.holder, state.position) == (None, 0), unfinished


async def test_a_build_of_another_version_is_not_taken(wide_pool, built):
    """Whoever asks for a version gets no other."""
    async with building(wide_pool, NAME) as connection:
        assert await take_lease(connection, NAME, "live", "holder", version=2) is None
        assert await take_lease(connection, NAME, "live", "holder", version=1) is not None


async def test_epochs_grow_over_rebuilds(wide_pool, store, built):
    """No lease of an earlier build ever looks like one of a later, live or on its way."""
    epochs = [await wide_pool.fetchval("SELECT epoch FROM checkpoints")]
    for _ in range(3):
        await rebuild(wide_pool, store, built, holder="test")
        epochs.append(await wide_pool.fetchval("SELECT epoch FROM checkpoints"))
        async with building(wide_pool, NAME) as connection:
            lease = await take_lease(connection, NAME, "live", "holder")
            await release(connection, lease)
            epochs.append(lease.epoch)
    assert epochs == sorted(set(epochs))
