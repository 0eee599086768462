"""The `webhooks` campaign: events are told to other programs while the workers that tell them are killed without a word.

Two workers send side by side, and one after another is killed and replaced. At the end everything must have come to every
endpoint: at least once, and more than once only as often as something was under way when a worker was killed.
"""

import asyncio
import os
import random
import sys
import time
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import uvloop
from msgspec import Struct, field

from app.bootstrap import migrate
from app.cli.progress import Update
from app.embedded.postgres import embedded_postgres
from app.logs import configure_logging
from app.settings import variable_of
from app.webhooks.keys import keep_keys
from app.webhooks.sending import AT_ONCE_MAX
from app.webhooks.signing import new_keys
from events.connections import Pool, open_pool
from events.contracts import EndpointRegistered, EndpointVerified, VoteCast
from events.envelope import Append, Metadata
from events.postgres import PostgresStore, open_store
from events.streams import endpoint_stream, new_id, vote_stream
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import came_true, temporary_folder

WORKERS, ENDPOINTS, IDEAS = 2, 5, 20
VOTES_A_SECOND = 40.0
AGAIN_SECONDS = 60.0
"""Within this time after a worker was killed, what it had under way is tried again."""
_NEXT_SECONDS = (0.2, 1.2)
_DRAIN_SECONDS = 240.0
_ORDERED = 0
"""The endpoint that wants the events of a stream one after another."""
_SECRET = "a campaign's secret key that opens nothing else"  # noqa: S105  # It is used for an empty database.
_TAKEN = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"


def run_webhooks(*, kills: int, seed: int, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own."""
    configure_logging("error", as_json=False)
    with temporary_folder() as folder, embedded_postgres(folder) as server:
        migrate(server.url)
        return uvloop.run(WebhooksCampaign(server.url, kills, seed, advance).run())


class _Body(Struct):
    id: str
    position: int
    stream: str


class _Inbox(Struct):
    """What came in: for each endpoint and event the moments, and for each endpoint and stream the positions in order."""

    moments: defaultdict[tuple[int, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    firsts: defaultdict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take everything that comes over one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = {
                    name.lower(): value for name, _, value in (x.partition(b":") for x in head.split(b"\r\n"))
                }
                body = await reader.readexactly(int(lines[b"content-length"]))
                self._note(int(head.split(b" ", 2)[1][1:]), msgspec.json.decode(body, type=_Body))
                writer.write(_TAKEN)
                await writer.drain()
        writer.close()

    def _note(self, endpoint: int, body: _Body) -> None:
        moments = self.moments[endpoint, body.id]
        if not moments:
            self.firsts[endpoint, body.stream].append(body.position)
        moments.append(time.monotonic())


class WebhooksCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, kills: int, seed: int, advance: Update) -> None:
        self._url = url
        self._kills = kills
        self._advance = advance
        self._seed = seed
        self._random = random.Random(seed)
        self._inbox = _Inbox()

    async def run(self) -> Report:
        """Kill workers under load, let what is due arrive, and check everything."""
        server = await asyncio.start_server(self._inbox.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            open_pool(self._url, name="campaign", size_max=6) as pool,
            open_store(self._url, name="campaign", pool=pool, secret=_SECRET) as store,
        ):
            for number in range(ENDPOINTS):
                await self._endpoint(pool, store, number, f"http://127.0.0.1:{port}/{number}")
            workers = [await self._worker() for _ in range(WORKERS)]
            load = asyncio.create_task(self._load(store))
            try:
                await self._disturb(workers)
                load.cancel()
                await asyncio.gather(load, return_exceptions=True)
                arrived = await came_true(lambda: self._all_told(pool, store), _DRAIN_SECONDS)
                return await self._report(pool, store, arrived=arrived)
            finally:
                load.cancel()
                for worker in workers:
                    await _killed(worker)
                server.close()

    async def _endpoint(self, pool: Pool, store: PostgresStore, number: int, url: str) -> None:
        identifier, now = UUID(int=number + 1), datetime.now(UTC)
        await keep_keys(pool, store.keyring, identifier, identifier, new_keys())
        registered = EndpointRegistered(
            endpoint_id=identifier,
            registered_by=identifier,
            url=url,
            types=("VoteCast",),
            key_id=identifier,
            public_key="",
            ordered=number == _ORDERED,
            occurred_at=now,
        )
        agreed = EndpointVerified(endpoint_id=identifier, proof="handshake", occurred_at=now)
        cause = Metadata(command="Campaign")
        await store.append(
            Append(stream=endpoint_stream(identifier), events=[registered, agreed], metadata=cause)
        )

    async def _load(self, store: PostgresStore) -> None:
        """Cast votes at a rate, all of one idea in one stream, so that there is an order to keep."""
        cause = Metadata(command="Campaign")
        while True:
            idea = UUID(int=self._random.randrange(IDEAS) + 1)
            vote = VoteCast(idea_id=idea, person_id=new_id(), occurred_at=datetime.now(UTC))
            await store.append(Append(stream=vote_stream(idea, idea), events=[vote], metadata=cause))
            await asyncio.sleep(1 / VOTES_A_SECOND)

    async def _disturb(self, workers: list[asyncio.subprocess.Process]) -> None:
        for number in range(1, self._kills + 1):
            await asyncio.sleep(self._random.uniform(*_NEXT_SECONDS))
            victim = self._random.randrange(WORKERS)
            await _killed(workers[victim])
            workers[victim] = await self._worker()
            self._advance(number, self._kills)

    async def _worker(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ops.faults.hook_worker"),
            start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
            env=os.environ | {variable_of("database_url"): self._url, variable_of("secret_key"): _SECRET},
        )

    async def _all_told(self, pool: Pool, store: PostgresStore) -> bool:
        noted = await pool.fetchval("SELECT position FROM reactors WHERE reactor = 'webhooks'")
        waiting = await pool.fetchval("SELECT count(*) FROM webhook_deliveries WHERE ended_at IS NULL")
        return bool(noted == await store.head() and waiting == 0)

    async def _report(self, pool: Pool, store: PostgresStore, *, arrived: bool) -> Report:
        comes = Breaches("every event has come to every endpoint")
        drained = Breaches("everything is said to be delivered in the end")
        drained.expect(arrived, "something is still due")
        known: set[str] = set()
        position = 0
        while (page := await store.read_tail(position, limit=1_000, types=["VoteCast"])).reached > position:
            known |= {str(event.event_id) for event in page.events}
            position = page.reached
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
        most = self._kills * AT_ONCE_MAX
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


async def _killed(worker: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()
