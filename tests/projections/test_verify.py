"""Verifying a read model: what the log says, row by row."""

import asyncio

import pytest
import pytest_asyncio

from projections import rebuild as rebuilding
from projections.idea_board import IdeaBoard
from projections.rebuild import Difference, NothingToVerifyError, RebuildRunningError, rebuild, verify
from tests.projections.example_projections import HeldVotes, NextBoard, SeenVotes
from tests.projections.examples import logged, opened, vote, votes
from tests.projections.running import appended, running

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def board(wide_pool, store):
    """Give a live board with two ideas and their votes."""
    projection = IdeaBoard()
    await appended(store, opened(), logged(1), *votes(5, idea=1), logged(2), *votes(2, idea=2))
    await rebuild(wide_pool, store, projection, holder="test")
    return projection


async def test_an_honest_board_is_clean(wide_pool, store, board):
    """Nothing differs, nothing is changed, and nothing is left behind."""
    before = await wide_pool.fetch("SELECT position, epoch FROM checkpoints")
    assert await verify(wide_pool, store, board) == []
    assert await wide_pool.fetch("SELECT position, epoch FROM checkpoints") == before
    assert await wide_pool.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname ~ 'aside'") == 0


@pytest.mark.parametrize(
    ("tampering", "difference"),
    [
        ("UPDATE idea_board.tallies SET votes = votes + 1 WHERE votes = 5", ("tallies", 1, 1)),
        ("UPDATE idea_board.tallies SET momentum = momentum * 1.0000000001", ("tallies", 2, 2)),
        ("DELETE FROM idea_board.tallies WHERE votes = 2", ("tallies", 0, 1)),
        ("UPDATE idea_board.ideas SET title = 'Mine' WHERE title = 'Idea 1'", ("ideas", 1, 1)),
        ("UPDATE idea_board.ideas SET search = ''", ("ideas", 2, 2)),
        ("UPDATE idea_board.communities SET threshold = 1", ("communities", 1, 1)),
        (
            "INSERT INTO idea_board.communities VALUES (gen_random_uuid(), 'made-up', 1)",
            ("communities", 1, 0),
        ),
    ],
)
async def test_a_tampered_row_is_found(wide_pool, store, board, tampering, difference):
    """Whatever was changed by hand is named by its table, counted on both sides, and mended by a rebuild."""
    table, only_live, only_rebuilt = difference
    await wide_pool.execute(tampering)
    assert await verify(wide_pool, store, board) == [
        Difference(table=table, only_live=only_live, only_rebuilt=only_rebuilt)
    ]
    await rebuild(wide_pool, store, board, holder="operator")
    assert await verify(wide_pool, store, board) == []


async def test_a_row_twice_is_found(wide_pool, store):
    """Where a table may hold a row twice, one too many is a difference."""
    await appended(store, *votes(3))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    await wide_pool.execute("INSERT INTO seen_votes.seen VALUES (2)")
    assert await verify(wide_pool, store, SeenVotes()) == [
        Difference(table="seen", only_live=1, only_rebuilt=0)
    ]


async def test_a_board_at_work_is_verified(wide_pool, store, board, monkeypatch):
    """With votes coming in and a worker applying them, an honest board is clean."""
    monkeypatch.setattr(rebuilding, "PAGE_EVENTS", 20)
    monkeypatch.setattr(rebuilding, "_NEAR_EVENTS", 10)

    async def write() -> None:
        for person in range(100, 300, 5):
            await appended(store, *[vote(number) for number in range(person, person + 5)])

    async with running(wide_pool, store, [board]):
        writer = asyncio.create_task(write())
        while not writer.done():
            assert await verify(wide_pool, store, board) == []
        await writer


async def test_what_was_never_built_cannot_be_verified(wide_pool, store):
    """Without a live build, or with one of another version, there is a sentence that says what to do."""
    with pytest.raises(NothingToVerifyError, match="start a worker"):
        await verify(wide_pool, store, IdeaBoard())
    await rebuild(wide_pool, store, IdeaBoard(), holder="test")
    with pytest.raises(NothingToVerifyError, match="start a worker"):
        await verify(wide_pool, store, NextBoard())


async def test_one_verification_at_a_time(wide_pool, store):
    """A second one is refused instead of working in the first one's tables."""
    await appended(store, *votes(3))
    await rebuild(wide_pool, store, SeenVotes(), holder="test")
    held = HeldVotes()
    first = asyncio.create_task(verify(wide_pool, store, held))
    await held.begun.wait()
    with pytest.raises(RebuildRunningError):
        await verify(wide_pool, store, SeenVotes())
    held.let_go.set()
    assert await first == []
    assert await verify(wide_pool, store, SeenVotes()) == []
