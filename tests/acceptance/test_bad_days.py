"""Bad days of a running installation: its database, its Valkey, or all of it is suddenly gone."""

import asyncio
import os
import signal
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import redis.asyncio

from ops.faults.aftermath import board, cast_votes, newest_position, verified
from ops.faults.instance import running
from ops.faults.population import populate
from ops.faults.surroundings import came_true
from ops.faults.vote_check import check_board, check_votes
from ops.faults.voting import Voting

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 30
SOME_VOTES = 40
LISTEN_SECONDS = 0.01


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def installation():
    """Run `open-impact up` on a new folder, empty but for people with tokens and ideas to vote for."""
    with tempfile.TemporaryDirectory(prefix="open impact ", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder)) as instance:
            yield instance


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def population(installation):
    """Make them once for all tests here."""
    return await populate(installation.database_url(), installation.secret_key(), people=60, ideas=40)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def web(installation):
    """Ask the installation, on a new connection each time, because its web process may be another one by now."""
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=f"http://localhost:{installation.port}", timeout=20, limits=limits
    ) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def voting(installation, population):
    """Remember all votes of these tests, so that the last one can look for every one of them."""
    return Voting(installation.port, population, votes_a_second=300.0)


@asynccontextmanager
async def going_on(voting):
    """Have people vote while the block runs."""
    load = asyncio.create_task(voting.run())
    try:
        yield
    finally:
        load.cancel()
        with suppress(asyncio.CancelledError):
            await load


async def all_is_well(installation):
    """Begin each test with an installation that can be used."""
    assert await installation.becomes_ready(PATIENCE_SECONDS), installation.log()


async def test_without_its_database_it_says_so_and_recovers_by_itself(installation, population, web):
    """While PostgreSQL is away, readiness is false and a vote gets 503 with Retry-After; then all is well again."""
    await all_is_well(installation)
    voter, idea = population.voters[0], population.ideas[-1]  # Nobody else gets that far here.
    address = f"/api/v1/ideas/{idea}/vote"
    headers = {"Authorization": f"Bearer {voter.token}", "Idempotency-Key": "the-bad-day"}
    answers = {"ready": [], "vote": []}
    os.kill(installation.part("PostgreSQL"), signal.SIGKILL)

    async def both_said_so():
        answers["ready"].append(await web.get("/health/ready"))
        answers["vote"].append(await web.put(address, headers=headers))
        return all(503 in {answer.status_code for answer in given} for given in answers.values())

    assert await came_true(both_said_so, PATIENCE_SECONDS, every=LISTEN_SECONDS)
    for given in answers.values():
        away = next(answer for answer in given if answer.status_code == 503)
        assert int(away.headers["retry-after"]) > 0
    problem = next(answer for answer in answers["vote"] if answer.status_code == 503)
    assert problem.headers["content-type"] == "application/problem+json"
    assert (await web.get("/health/live")).status_code == 200

    await all_is_well(installation)
    again = await web.put(address, headers=headers)
    assert (again.status_code, again.json()["votes"]) == (200, 1)


async def test_without_valkey_votes_and_board_go_on(installation, voting, web):
    """With Valkey killed, stopped in its tracks or flushed, people vote and read as ever."""
    await all_is_well(installation)

    async def all_goes_on():
        assert await voting.grows(SOME_VOTES, within=PATIENCE_SECONDS)
        assert (await web.get("/")).status_code == 200
        assert (await web.get("/api/v1/ideas")).status_code == 200

    async with going_on(voting):
        os.kill(installation.part("Valkey"), signal.SIGKILL)
        await all_goes_on()
        assert await came_true(lambda: is_there(installation, "Valkey"), PATIENCE_SECONDS)
        pid = installation.part("Valkey")
        os.kill(pid, signal.SIGSTOP)
        try:
            await all_goes_on()
        finally:
            os.kill(pid, signal.SIGCONT)
        async with redis.asyncio.Redis.from_url(installation.redis_url()) as client:
            await client.flushall()
        await all_goes_on()


async def is_there(installation, name):
    """Tell whether a part runs."""
    return installation.part(name) is not None


async def test_after_the_end_of_everything_every_acknowledged_vote_is_there(installation, voting):
    """All processes are killed under load and started anew: every vote is there once, and the board agrees."""
    await all_is_well(installation)
    async with going_on(voting):
        assert await voting.grows(SOME_VOTES, within=PATIENCE_SECONDS)
        parts = installation.left_behind()
        installation.kill()
        for pid in parts:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        installation.start()
        assert await voting.grows(SOME_VOTES, within=PATIENCE_SECONDS), installation.log()

    await all_is_well(installation)
    url = installation.database_url()
    cast = [(pair, position) for pair, position in await cast_votes(url) if pair in voting.asked]
    shown = await board(installation.port, min_position=await newest_position(url))
    everybody = [pair for pair, _ in await cast_votes(url)]
    found = [
        *check_votes(cast, asked=voting.asked, acknowledged=voting.acknowledged),
        check_board(shown, everybody, voting.population.ideas),
        *await verified(installation),
    ]
    assert [invariant for invariant in found if not invariant.holds] == []
    assert voting.unexpected == []


async def test_asked_to_stop_it_leaves_no_process_behind(installation):
    """SIGTERM ends everything with exit code 0, and afterwards nothing of it runs any more."""
    await all_is_well(installation)
    assert len(installation.left_behind()) >= 4
    assert installation.stop() == 0, installation.log()
    assert installation.stays_behind() == []
