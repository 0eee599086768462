"""A worker that is killed leaves nothing half done, and the next one goes on exactly there."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from projections import runner
from projections.idea_board.queries import BoardTotals, totals
from projections.rebuild import verify
from projections.registry import REGISTRY
from projections.runner import Runner
from tests.projections.example_projections import SeenVotes
from tests.projections.examples import logged, opened, vote, votes
from tests.projections.running import all_at, appended, ended, live, seen

pytestmark = pytest.mark.asyncio

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
VOTES = 2_000


async def test_a_killed_worker_is_followed_by_another(
    wide_pool, store, database_url, eventually, monkeypatch
):
    """Two workers are killed in the middle of a backlog, one after the other, with votes coming in; a third
    finishes, and every vote counts exactly once in every read model."""
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.1)
    positions = (await appended(store, opened(), logged(), *votes(VOTES)))[2:]
    for beyond in (100, 500):
        killed = await asyncio.create_subprocess_exec(
            sys.executable,
            HERE / "run_until_killed.py",
            database_url,
            cwd=PROJECT,
            env={"PYTHONPATH": str(PROJECT)},
        )
        try:
            await eventually(lambda beyond=beyond: all_at(wide_pool, ["seen_votes"], beyond), within=30)
        finally:
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
        left = (await live(wide_pool))["seen_votes"]
        assert beyond <= left.position < positions[-1], "it was to be killed in the middle"
        positions += await appended(store, vote(VOTES + beyond))
    worker = asyncio.create_task(Runner(wide_pool, store, [*REGISTRY, SeenVotes()]).run())
    names = [projection.name for projection in REGISTRY]
    await eventually(lambda: all_at(wide_pool, [*names, "seen_votes"], positions[-1]), within=30)
    await ended(worker)
    assert await seen(wide_pool) == positions
    assert await totals(wide_pool) == BoardTotals(ideas=1, votes=VOTES + 2)
    for projection in REGISTRY:
        assert await verify(wide_pool, store, projection) == []
