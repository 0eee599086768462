"""The `webhooks` campaign: events are told to other programs while the workers that tell them are killed without a word.

Two workers send side by side, and one after another is killed and replaced. At the end everything must have come to every
endpoint: at least once, and more than once only as often as something was under way when a worker was killed.
"""

import asyncio
import random

from app.cli.progress import Update
from app.webhooks.under_way import OPEN_MAX
from events.connections import Pool, open_pool
from events.postgres import PostgresStore, open_store
from ops.faults.hooks import SECRET, Inbox, begin_endpoint, begin_worker, cast_votes, kill, votes_cast
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import came_true, on_a_database

WORKERS, ENDPOINTS = 2, 5
VOTES_A_SECOND = 40.0
AGAIN_SECONDS = 60.0
"""Within this time after a worker was killed, what it had under way is tried again."""
_NEXT_SECONDS = (0.2, 1.2)
_DRAIN_SECONDS = 240.0
_ORDERED = 0
"""The endpoint that wants the events of a stream one after another."""


def run_webhooks(*, kills: int, seed: int, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own."""
    return on_a_database(lambda url: WebhooksCampaign(url, kills, seed, advance).run())


class WebhooksCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, kills: int, seed: int, advance: Update) -> None:
        self._url = url
        self._kills = kills
        self._advance = advance
        self._seed = seed
        self._random = random.Random(seed)
        self._inbox = Inbox()

    async def run(self) -> Report:
        """Kill workers under load, let what is due arrive, and check everything."""
        server = await asyncio.start_server(self._inbox.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            open_pool(self._url, name="campaign", size_max=6) as pool,
            open_store(self._url, name="campaign", pool=pool, secret=SECRET) as store,
        ):
            for number in range(ENDPOINTS):
                url = f"http://127.0.0.1:{port}/{number}"
                await begin_endpoint(pool, store, number, url, ordered=number == _ORDERED)
            workers = [await begin_worker(self._url) for _ in range(WORKERS)]
            load = asyncio.create_task(cast_votes(store, self._random, a_second=VOTES_A_SECOND))
            try:
                await self._disturb(workers)
                load.cancel()
                await asyncio.gather(load, return_exceptions=True)
                arrived = await came_true(lambda: self._all_told(pool, store), _DRAIN_SECONDS)
                return await self._report(pool, store, arrived=arrived)
            finally:
                load.cancel()
                for worker in workers:
                    await kill(worker)
                server.close()

    async def _disturb(self, workers: list[asyncio.subprocess.Process]) -> None:
        for number in range(1, self._kills + 1):
            await asyncio.sleep(self._random.uniform(*_NEXT_SECONDS))
            victim = self._random.randrange(WORKERS)
            await kill(workers[victim])
            workers[victim] = await begin_worker(self._url)
            self._advance(number, self._kills)

    async def _all_told(self, pool: Pool, store: PostgresStore) -> bool:
        noted = await pool.fetchval("SELECT position FROM reactors WHERE reactor = 'webhooks'")
        waiting = await pool.fetchval("SELECT count(*) FROM webhook_deliveries WHERE ended_at IS NULL")
        return bool(noted == await store.head() and waiting == 0)

    async def _report(self, pool: Pool, store: PostgresStore, *, arrived: bool) -> Report:
        comes = Breaches("every event has come to every endpoint")
        drained = Breaches("everything is said to be delivered in the end")
        drained.expect(arrived, "something is still due")
        known = await votes_cast(store)
        for number in range(ENDPOINTS):
            for event_id in known:
                comes.expect((number, event_id) in self._inbox.moments, f"{event_id} to endpoint {number}")
        return Report(
            campaign="webhooks",
            seed=self._seed,
            figures={
                "workers killed": self._kills,
                "events": len(known),
                "deliveries": len(self._inbox.moments),
                "deliveries more than once": self._more_than_once(),
                "longest until once more, seconds": round(self._longest_again(), 1),
            },
            invariants=(
                comes.invariant(),
                drained.invariant(),
                self._nothing_else(known).invariant(),
                self._seldom_twice().invariant(),
                self._soon_again().invariant(),
                self._in_order().invariant(),
                (await self._noted_once(pool, len(known))).invariant(),
            ),
        )

    def _nothing_else(self, known: set[str]) -> Breaches:
        check = Breaches("nothing came that did not happen")
        for number, event_id in self._inbox.moments:
            check.expect(event_id in known, f"{event_id} to endpoint {number}")
        return check

    def _seldom_twice(self) -> Breaches:
        check = Breaches("no more came twice than was under way when workers were killed")
        most = self._kills * OPEN_MAX
        check.expect(
            self._more_than_once() <= most, f"{self._more_than_once()}, with at most {most} under way"
        )
        return check

    def _soon_again(self) -> Breaches:
        check = Breaches(f"what a killed worker had under way comes again within {AGAIN_SECONDS:.0f} s")
        for (number, event_id), moments in self._inbox.moments.items():
            check.expect(moments[-1] - moments[0] <= AGAIN_SECONDS * len(moments), f"{event_id} to {number}")
        return check

    def _in_order(self) -> Breaches:
        check = Breaches("an endpoint that wants it gets the events of a stream in order")
        for (number, stream), positions in self._inbox.firsts.items():
            if number == _ORDERED:
                check.expect(positions == sorted(positions), f"{stream}: {positions[:20]}")
        return check

    @staticmethod
    async def _noted_once(pool: Pool, events: int) -> Breaches:
        check = Breaches("there is one delivery for each event and endpoint, with one outcome")
        rows = await pool.fetch(
            "SELECT endpoint_id, count(*) AS noted, count(*) FILTER (WHERE outcome = 'delivered') AS delivered"
            " FROM webhook_deliveries GROUP BY endpoint_id"
        )
        check.expect(len(rows) == ENDPOINTS, f"{len(rows)} endpoints have deliveries")
        for row in rows:
            same = row["noted"] == row["delivered"] == events
            check.expect(same, f"{row['noted']} noted and {row['delivered']} delivered of {events}")
        return check

    def _more_than_once(self) -> int:
        return sum(len(moments) - 1 for moments in self._inbox.moments.values())

    def _longest_again(self) -> float:
        return max((moments[-1] - moments[0] for moments in self._inbox.moments.values()), default=0.0)
