"""A worker of its own: runs the read models and a slow test projection until somebody kills it."""

import asyncio
import sys

from events.connections import open_pool
from events.postgres import open_store
from projections import checkpoints, runner
from projections.registry import REGISTRY
from projections.runner import Runner
from tests.conftest import SECRET
from tests.projections.example_projections import SlowVotes


async def run(url: str) -> None:
    """Run in small pages, and with short leases, so that there is a middle to be killed in."""
    runner.PAGE_EVENTS = 20
    checkpoints.LEASE_SECONDS = 0.5
    async with (
        open_pool(url, name="killed", size_max=2 * len(REGISTRY) + 4) as pool,
        open_store(url, name="killed", pool=pool, secret=SECRET) as store,
    ):
        await Runner(pool, store, [*REGISTRY, SlowVotes(seconds=0.005)]).run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
