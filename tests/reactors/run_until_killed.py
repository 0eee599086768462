"""Lets mandates pledge by themselves in a process of its own, which kills itself at a step of the first pledge.

Run as `python run_until_killed.py STEP`, where a step is `set aside`, `pledged` or `before`; the database is in
OPEN_IMPACT_DATABASE_URL.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from app.reactors.standing_pledges import StandingPledges
from events.connections import open_pool
from events.envelope import Append, Appended
from events.postgres import PostgresStore, open_store
from tests.conftest import SECRET


def die() -> None:
    """End at once, as if the machine had lost its power."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A log that passes everything on, and kills the process at a step."""

    def __init__(self, store: PostgresStore, step: str) -> None:
        self._store, self._step = store, step

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def append(self, request: Append) -> Appended:
        """Append, unless it is the step before, and die at the step."""
        types: Sequence[str] = [type(event).__name__ for event in request.events]
        if self._step == "before" and "BudgetReserved" in types:
            die()
        answer = await self._store.append(request)
        if (self._step, types[0]) in {("set aside", "BudgetReserved"), ("pledged", "PledgeMade")}:
            die()
        return answer


async def run(step: str) -> None:
    """Pledge once through, if that is survived."""
    url = os.environ["OPEN_IMPACT_DATABASE_URL"]
    async with (
        open_pool(url, name="doomed", size_max=5) as pool,
        open_store(url, name="doomed", pool=pool, secret=SECRET) as store,
    ):
        await StandingPledges(pool, Deadly(store, step)).react()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
