"""The `hostile` campaign: one worker tells five good receivers and nine that mean harm of the same events.

The good ones must hear of everything. No attempt may last longer than its deadline, the worker's memory must stay flat,
and whoever means harm must not hold more than a few connections.
"""

import asyncio
import random
import statistics
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from app.cli.progress import Update
from app.outbound.client import AT_ONCE_PER_ORIGIN_MAX, DEADLINE_SECONDS
from events.connections import Pool, open_pool
from events.postgres import PostgresStore, open_store
from ops.faults.hooks import SECRET, Inbox, begin_endpoint, begin_worker, cast_votes, kill, votes_cast
from ops.faults.hostile_receivers import Hostile, hostile_receivers
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import came_true, on_a_database

GOOD = 5
VOTES_A_SECOND = 20.0
MEMORY_MB_MAX = 32.0
"""How much more memory the worker may hold at the end than when it had warmed up."""
_LATE_SECONDS = 2.0
"""How much later than its deadline an attempt may be seen to end on a busy machine."""
_WARM = 100
"""After how many deliveries the worker has warmed up."""
_LOOK_SECONDS = 0.5
_DRAIN_SECONDS = 60.0
_PAGE_BYTES = 4096


def run_hostile(*, seconds: float, seed: int, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own."""
    return on_a_database(lambda url: HostileCampaign(url, seconds, seed, advance).run())


class HostileCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, seconds: float, seed: int, advance: Update) -> None:
        self._url = url
        self._seconds = seconds
        self._seed = seed
        self._advance = advance
        self._inbox = Inbox()
        self._memory: list[float] = []

    async def run(self) -> Report:
        """Tell everybody for a time, let the good ones hear the rest, and check everything."""
        server = await asyncio.start_server(self._inbox.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            hostile_receivers() as hostile,
            open_pool(self._url, name="campaign", size_max=4) as pool,
            open_store(self._url, name="campaign", pool=pool, secret=SECRET) as store,
        ):
            for number in range(GOOD):
                await begin_endpoint(pool, store, number, f"http://127.0.0.1:{port}/{number}")
            for number, one in enumerate(hostile, GOOD):
                await begin_endpoint(pool, store, number, one.url)
            worker = await begin_worker(self._url)
            chance = random.Random(self._seed)
            load = asyncio.create_task(cast_votes(store, chance, a_second=VOTES_A_SECOND))
            try:
                await self._watch(worker.pid)
                load.cancel()
                await asyncio.gather(load, return_exceptions=True)
                known = await votes_cast(store)
                heard = await came_true(lambda: self._all_heard(known), _DRAIN_SECONDS)
                return await self._report(pool, store, hostile, known, heard=heard)
            finally:
                load.cancel()
                await kill(worker)
                server.close()

    async def _watch(self, pid: int) -> None:
        """Look at the worker's memory until the time is over."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self._seconds:
            await asyncio.sleep(_LOOK_SECONDS)
            if len(self._inbox.moments) > _WARM:
                self._memory.append(_memory_mb(pid))
            self._advance(min(round(passed), round(self._seconds)), round(self._seconds))

    async def _all_heard(self, known: set[str]) -> bool:
        return len(self._inbox.moments) >= len(known) * GOOD

    async def _report(
        self, pool: Pool, store: PostgresStore, hostile: list[Hostile], known: set[str], *, heard: bool
    ) -> Report:
        attempts = await _attempts(pool)
        delays = await self._delays(store)
        return Report(
            campaign="hostile",
            seed=self._seed,
            figures={
                "events": len(known),
                "attempts at receivers that mean harm": sum(row["attempts"] for row in attempts),
                "longest attempt, seconds": max((row["longest"] for row in attempts), default=0) / 1000,
                "from event to good receiver, seconds, median": round(statistics.median(delays), 3),
                "from event to good receiver, seconds, longest": round(max(delays), 3),
                "worker's memory warmed up, MB": round(min(self._memory, default=0.0), 1),
                "worker's memory at the most, MB": round(max(self._memory, default=0.0), 1),
            },
            invariants=(
                self._hears(known, heard=heard).invariant(),
                _in_time(attempts).invariant(),
                _tried(attempts, hostile).invariant(),
                _few_connections(hostile).invariant(),
                self._flat().invariant(),
            ),
        )

    def _hears(self, known: set[str], *, heard: bool) -> Breaches:
        check = Breaches("every good receiver hears of every event, once")
        check.expect(heard, "something had not come in the end")
        for number in range(GOOD):
            for event_id in known:
                times = len(self._inbox.moments.get((number, event_id), ()))
                check.expect(times == 1, f"{event_id} came to {number} {times} times")
        return check

    def _flat(self) -> Breaches:
        check = Breaches(f"the worker's memory grows by {MEMORY_MB_MAX:.0f} MB at most")
        grown = max(self._memory) - self._memory[0] if self._memory else float("inf")
        check.expect(grown <= MEMORY_MB_MAX, f"it grew by {grown:.1f} MB")
        return check

    async def _delays(self, store: PostgresStore) -> list[float]:
        """Give the seconds from each event's commit to when a good receiver had it."""
        here = time.time() - time.monotonic()
        recorded: dict[str, float] = {}
        position = 0
        while (page := await store.read_tail(position, limit=1_000, types=["VoteCast"])).reached > position:
            recorded |= {str(event.event_id): event.recorded_at.timestamp() for event in page.events}
            position = page.reached
        return [here + moments[0] - recorded[key] for (_, key), moments in self._inbox.moments.items()]


async def _attempts(pool: Pool) -> list[asyncpg.Record]:
    """Give for each receiver that means harm how often it was tried, and the longest attempt in milliseconds."""
    rows: list[asyncpg.Record] = await pool.fetch(
        "SELECT endpoint_id, count(*)::integer AS attempts, max(milliseconds) AS longest"
        "  FROM webhook_attempts JOIN webhook_deliveries USING (delivery_id)"
        " WHERE endpoint_id <> ALL($1::uuid[]) GROUP BY endpoint_id",
        [UUID(int=number + 1) for number in range(GOOD)],
    )
    return rows


def _in_time(attempts: list[asyncpg.Record]) -> Breaches:
    check = Breaches(f"no attempt lasts longer than {DEADLINE_SECONDS:.0f} s")
    for row in attempts:
        longest = row["longest"] / 1000
        check.expect(longest <= DEADLINE_SECONDS + _LATE_SECONDS, f"{row['endpoint_id']}: {longest} s")
    return check


def _tried(attempts: list[asyncpg.Record], hostile: list[Hostile]) -> Breaches:
    """Check that each was connected to, so that the other checks say something."""
    check = Breaches("everybody who means harm was told something")
    for one in hostile:
        check.expect(one.connections > 0, one.harm)
    check.expect(len(attempts) > 0, "no attempt has ended")
    return check


def _few_connections(hostile: list[Hostile]) -> Breaches:
    # Those that seldom write notice late that a connection was closed, so they may count more than the sender has open.
    check = Breaches(f"a receiver that means harm holds {AT_ONCE_PER_ORIGIN_MAX} connections at most")
    for one in hostile:
        check.expect(one.most_open <= AT_ONCE_PER_ORIGIN_MAX, f"{one.harm}: {one.most_open}")
    return check


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE_BYTES / 1e6
