"""A rebuild beside the live tables: readers see the old build whole, and then the new one whole."""

import asyncio

import pytest

from events.errors import LogUnavailableError
from projections import checkpoints, runner
from projections import rebuild as rebuilding
from projections.building import building
from projections.checkpoints import take_lease
from projections.idea_board import IdeaBoard
from projections.idea_board.queries import BoardFilter, BoardTotals, board_page, totals
from projections.rebuild import RebuildRunningError, rebuild, verify
from projections.registry import REGISTRY
from projections.state import states
from tests.projections.example_projections import HeldVotes, NextBoard, SeenVotes
from tests.projections.examples import NOON, logged, opened, vote, votes
from tests.projections.running import all_at, appended, live, running, seen
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Rebuild in small pages, and try again sooner than a service would."""
    monkeypatch.setattr(rebuilding, "PAGE_EVENTS", 40)
    monkeypatch.setattr(rebuilding, "_NEAR_EVENTS", 20)
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.05)


class Stopped(Exception):  # noqa: N818  # It stands in for a process that ends.
    """The process ended here."""


def stopping_after(position: int):
    """Make a progress that ends the rebuild once it has come so far."""

    def progress(reached: int, _head: int) -> None:
        if reached >= position:
            raise Stopped

    return progress


class BetweenPages:
    """A log whose readers are interrupted after each page."""

    def __init__(self, store, interruption) -> None:
        self._store = store
        self._interruption = interruption
        self.read_tail = store.read_tail

    async def head(self) -> int:
        """Interrupt, and tell the newest position."""
        await self._interruption()
        return await self._store.head()


async def rebuilt(pool, store, projection) -> None:
    """Rebuild, and apply the last events as a worker would."""
    await rebuild(pool, store, projection, holder="test")
    await follow_to_the_end(pool, store, projection)


async def schemas(pool) -> set[str]:
    """Name the schemas of all builds there are."""
    rows = await pool.fetch(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'idea_board%' OR nspname LIKE 'seen_votes%'"
    )
    return {row["nspname"] for row in rows}


async def test_a_rebuild_under_live_writes_loses_nothing(wide_pool, store, eventually):
    """With votes coming in all the while, readers see counts that only grow, positions that only grow,
    and in the end every vote."""
    board = IdeaBoard()
    await appended(store, opened(), logged(), *votes(200))
    counts, positions, done = [], [], asyncio.Event()

    async def write() -> None:
        for person in range(1_000, 1_400, 10):
            await appended(store, *[vote(number) for number in range(person, person + 10)])

    async def read() -> None:
        while not done.is_set():
            counts.append((await totals(wide_pool)).votes)
            positions.append((await live(wide_pool))["idea_board"].position)

    async with running(wide_pool, store, [board]):
        await eventually(lambda: all_at(wide_pool, ["idea_board"], 202))
        reader, writer = asyncio.create_task(read()), asyncio.create_task(write())
        for _ in range(3):
            await rebuild(wide_pool, store, board, holder="operator")
        await writer
        await eventually(lambda: all_at(wide_pool, ["idea_board"], 602))
        done.set()
        await reader
    assert counts[0] >= 200
    assert counts == sorted(counts)
    assert positions == sorted(positions)
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=600)
    assert await verify(wide_pool, store, board) == []
    assert await schemas(wide_pool) == {"idea_board"}


async def test_the_switch_waits_for_what_readers_have_seen(wide_pool, store):
    """What the live build applied while the new one was nearly there is in the new one too when it takes over."""
    await appended(store, opened(), logged(), *votes(10))
    await rebuilt(wide_pool, store, IdeaBoard())

    class LateNews(IdeaBoard):
        """Votes come in, and become visible, while its last page is applied."""

        late = False

        async def apply(self, connection, events) -> None:
            await super().apply(connection, events)
            if not self.late:
                self.late = True
                await appended(store, *[vote(person) for person in range(100, 110)])
                await follow_to_the_end(wide_pool, store, IdeaBoard())

    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=10)
    await rebuild(wide_pool, store, LateNews(), holder="test")
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=20)
    assert (await live(wide_pool))["idea_board"].position == 22
    assert await verify(wide_pool, store, IdeaBoard()) == []


async def test_a_new_version_is_built_by_itself(wide_pool, store, eventually):
    """A worker of the next release rebuilds beside the old tables, switches, and goes on from there."""
    await appended(store, opened(), logged(), *votes(100))
    async with running(wide_pool, store, [IdeaBoard()]):
        await eventually(lambda: all_at(wide_pool, ["idea_board"], 102))
    before = (await live(wide_pool))["idea_board"]

    async def switched() -> bool:
        return (await live(wide_pool))["idea_board"].version == NextBoard.version

    async with running(wide_pool, store, [NextBoard()], workers=3):
        await eventually(switched)
        last = (await appended(store, vote(500)))[-1]
        await eventually(lambda: all_at(wide_pool, ["idea_board"], last))
    assert before.version == IdeaBoard.version
    assert await wide_pool.fetchval("SELECT cheers FROM idea_board.ideas") == 7
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=101)
    assert await verify(wide_pool, store, NextBoard()) == []
    assert [state.generation for state in await states(wide_pool)] == ["live"]


async def test_old_and_new_release_side_by_side(wide_pool, store, eventually):
    """Workers of the old release keep the board live until the new one has built its own, and then stand aside."""
    await appended(store, opened(), logged(), *votes(100))
    async with running(wide_pool, store, [IdeaBoard()], workers=2):
        await eventually(lambda: all_at(wide_pool, ["idea_board"], 102))
        async with running(wide_pool, store, [NextBoard()], workers=2):
            last = 0
            for person in range(500, 520):
                last = (await appended(store, vote(person)))[-1]
                await asyncio.sleep(0.01)
            await eventually(lambda: all_at(wide_pool, ["idea_board"], last))

            async def switched() -> bool:
                return (await live(wide_pool))["idea_board"].version == NextBoard.version

            await eventually(switched)
            last = (await appended(store, vote(600)))[-1]
            await eventually(lambda: all_at(wide_pool, ["idea_board"], last))
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=121)
    assert await verify(wide_pool, store, NextBoard()) == []


async def test_readers_read_on_across_a_switch(wide_pool, store):
    """A connection that asked before a switch asks again after it and gets the new tables, one column more or not."""
    await appended(store, opened(), logged(), *votes(10))
    await rebuilt(wide_pool, store, IdeaBoard())
    async with wide_pool.acquire() as connection:
        for board in (IdeaBoard(), NextBoard(), NextBoard()):
            for _ in range(6):  # Often enough for a plan to be kept.
                page = await board_page(connection, BoardFilter(), limit=10, now=NOON)
                assert [item.votes for item in page.items] == [10]
                assert await totals(connection) == BoardTotals(ideas=1, votes=10)
            await rebuilt(wide_pool, store, board)


async def test_a_reader_in_the_old_tables_finishes_in_them(wide_pool, store):
    """A rebuild neither waits for a long reader nor takes the tables from under it."""
    await appended(store, opened(), logged(), *votes(10))
    await rebuilt(wide_pool, store, IdeaBoard())
    async with wide_pool.acquire() as reader, reader.transaction():
        assert await reader.fetchval("SELECT sum(votes) FROM idea_board.tallies") == 10
        await rebuilt(wide_pool, store, IdeaBoard())
        assert await reader.fetchval("SELECT sum(votes) FROM idea_board__retired.tallies") == 10
        assert await totals(wide_pool) == BoardTotals(ideas=1, votes=10)
    await rebuilt(wide_pool, store, IdeaBoard())
    assert await schemas(wide_pool) == {"idea_board"}


async def test_an_interrupted_rebuild_goes_on_where_it_was(wide_pool, store):
    """What was built before the interruption is not built again, and the end is the same."""
    positions = await appended(store, *votes(200))
    await rebuilt(wide_pool, store, SeenVotes())
    with pytest.raises(Stopped):
        await rebuild(wide_pool, store, SeenVotes(), holder="test", progress=stopping_after(100))
    assert await seen(wide_pool) == positions
    reports: list[int] = []
    await rebuild(
        wide_pool, store, SeenVotes(), holder="other", progress=lambda reached, _: reports.append(reached)
    )
    assert reports[0] > 120
    assert await seen(wide_pool) == positions
    assert await schemas(wide_pool) == {"seen_votes"}


async def test_a_cancelled_rebuild_can_be_taken_up_at_once(wide_pool, store):
    """A rebuild that is cancelled in the middle of a page gives its lease back and leaves half a page to nobody."""
    positions = await appended(store, *votes(100))
    held = HeldVotes(version=1)
    task = asyncio.create_task(rebuild(wide_pool, store, held, holder="first"))
    await held.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await rebuilt(wide_pool, store, SeenVotes())
    assert await seen(wide_pool) == positions


async def test_what_another_version_left_is_not_built_upon(wide_pool, store):
    """A rebuild that finds an unfinished one of another version begins anew."""
    positions = await appended(store, *votes(200))
    with pytest.raises(Stopped):
        await rebuild(wide_pool, store, SeenVotes(version=2), holder="test", progress=stopping_after(100))
    reports: list[int] = []
    await rebuild(
        wide_pool,
        store,
        SeenVotes(version=3),
        holder="test",
        progress=lambda reached, _: reports.append(reached),
    )
    assert reports[0] == 40
    assert await seen(wide_pool) == positions
    assert (await live(wide_pool))["seen_votes"].version == 3


async def test_one_rebuild_at_a_time(wide_pool, store):
    """While one is at it a second is refused in a sentence, and the first is not disturbed."""
    positions = await appended(store, *votes(100))
    held = HeldVotes()
    first = asyncio.create_task(rebuild(wide_pool, store, held, holder="first"))
    await held.begun.wait()
    with pytest.raises(RebuildRunningError, match="being rebuilt or verified already"):
        await rebuild(wide_pool, store, SeenVotes(), holder="second")
    held.let_go.set()
    await first
    await follow_to_the_end(wide_pool, store, SeenVotes())
    assert await seen(wide_pool) == positions


async def test_a_rebuild_whose_lease_was_taken_ends_without_a_switch(wide_pool, store, monkeypatch):
    """A rebuild that somebody took over cannot put its tables in place, and the other one can."""
    positions = await appended(store, *votes(100))
    await rebuilt(wide_pool, store, SeenVotes())
    monkeypatch.setattr(checkpoints, "LEASE_SECONDS", 0.0)

    async def rob() -> None:
        async with building(wide_pool, "seen_votes__next") as connection:
            assert await take_lease(connection, "seen_votes", "next", "thief") is not None

    with pytest.raises(checkpoints.LeaseLostError):
        await rebuild(wide_pool, BetweenPages(store, rob), SeenVotes(), holder="first")
    assert await seen(wide_pool) == positions
    await rebuilt(wide_pool, store, SeenVotes())
    assert await seen(wide_pool) == positions


async def test_a_rebuild_needs_no_live_build(wide_pool, store):
    """On a database where no worker ever ran, a rebuild makes the first live build."""
    positions = await appended(store, *votes(50))
    await rebuilt(wide_pool, store, SeenVotes())
    assert await seen(wide_pool) == positions


async def test_a_lost_database_is_told_as_such(wide_pool, store, database_url, postgres_server):
    """When PostgreSQL ends the connection the rebuild says so in the one error callers know, and can be taken up."""
    import psycopg

    positions = await appended(store, *votes(100))
    held = HeldVotes()
    task = asyncio.create_task(rebuild(wide_pool, store, held, holder="operator"))
    await held.begun.wait()
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND state = 'idle in transaction'",
            [database_url.rpartition("/")[2]],
        )
    held.let_go.set()
    with pytest.raises(LogUnavailableError):
        await task
    await rebuild(wide_pool, store, SeenVotes(), holder="operator")
    await follow_to_the_end(wide_pool, store, SeenVotes())
    assert await seen(wide_pool) == positions


async def test_all_read_models_come_out_the_same(wide_pool, store):
    """Each of the read models, rebuilt from zero beside itself, is what it was."""
    await appended(store, opened(), logged(1), logged(2), *votes(30), *votes(5, idea=2))
    for projection in REGISTRY:
        await rebuilt(wide_pool, store, projection)
        await rebuilt(wide_pool, store, projection)
        assert await verify(wide_pool, store, projection) == []
