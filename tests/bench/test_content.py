"""What the benchmarks' logs hold: consistent with what appending would have left."""

from collections import Counter

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from events.contracts import IdeaLogged, VoteCast, VoteWithdrawn
from events.postgres import open_store
from events.sealing.keyring import MemoryKeyring
from ops.bench.content import SECRET, as_row, fill_log, idea_id, log_rows, vote_requests
from ops.bench.import_ import generated_file
from projections.idea_board import IdeaBoard
from projections.rebuild import rebuild

EVENTS, IDEAS = 3_000, 100


@pytest_asyncio.fixture(loop_scope="session")
async def filled(database_url):
    """Fill a log, and give the database's address."""
    await fill_log(database_url, EVENTS, IDEAS)
    with psycopg.connect(database_url) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO open_impact_service").format(name))
    return database_url


@pytest_asyncio.fixture(loop_scope="session")
async def store(filled):
    """Open the filled log, which was sealed with the benchmarks' key."""
    async with open_store(filled, name="tests", secret=SECRET) as opened:
        yield opened


@pytest.mark.asyncio
async def test_rows_are_gapless_and_their_versions_count_up():
    """Positions run from 1, and versions from 1 within each stream."""
    versions: Counter[str] = Counter()
    keys = await MemoryKeyring().made([idea_id(number) for number in range(IDEAS)])
    rows = list(log_rows(EVENTS, IDEAS, keys))

    assert [row[0] for row in rows] == list(range(1, EVENTS + 1))
    for row in rows:
        versions[row[1]] += 1
        assert row[2] == versions[row[1]]


@pytest.mark.asyncio
async def test_a_filled_log_reads_like_one_that_was_appended_to(filled, pool, store):
    """Every event decodes, the streams' versions agree, and appending goes on behind the last position."""
    page = await store.read_tail(0, limit=EVENTS + 1)
    kinds = Counter(type(event.data) for event in page.events)

    assert (page.reached, len(page.events)) == (EVENTS, EVENTS)
    assert kinds[IdeaLogged] == IDEAS
    assert 0 < kinds[VoteWithdrawn] < kinds[VoteCast]
    assert await pool.fetchval("SELECT sum(version) FROM streams") == EVENTS
    assert (await store.append(vote_requests(1)[0])).position == EVENTS + 1


@pytest.mark.asyncio
async def test_a_board_can_be_built_from_it(filled, pool, store):
    """No vote is for an idea that was not logged before, and none is withdrawn that was not cast."""
    await rebuild(pool, store, IdeaBoard(), holder="test")

    with psycopg.connect(filled) as connection:
        ideas, least = connection.execute("SELECT count(*), min(votes) FROM idea_board.tallies").fetchone()
    assert ideas == IDEAS
    assert least >= 0


def test_requests_and_rows_carry_the_same_bytes():
    """What a plain INSERT gets is what the log would write."""
    request = vote_requests(1)[0]
    stream, version, _, kind, data, metadata = as_row(request)

    assert (stream, version, kind) == (request.stream, 1, "VoteCast")
    assert str(request.events[0].person_id) in data
    assert '"command":"CastVote"' in metadata


def test_the_generated_file_is_as_large_as_the_real_one():
    """A generated budget has as many ballots as Łódź, and as many votes within a hundredth."""
    head, _, ballots = generated_file(1).partition("voting_method\n")
    votes = [line.split(";")[1].split(",") for line in ballots.splitlines()]

    assert "num_votes;66045" in head
    assert len(votes) == 66_045
    assert sum(map(len, votes)) == pytest.approx(249_712, rel=0.01)
