"""The `signatures` campaign: what a worker really sends is checked with the libraries of other people, and so are copies.

Endpoints for each way of writing are registered over the API, and agree. Then events of every type happen, and whatever
comes in is verified with the secret that was shown, the key, the schema and the log that are published, and nothing else.
Copies that were tampered with must be refused by everybody.
"""

import asyncio
import math
import random
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import uvloop
from msgspec import Struct

from app.bootstrap import migrate
from app.cli.progress import Update
from app.embedded.ports import LOOPBACK
from app.embedded.postgres import embedded_postgres
from app.logs import configure_logging
from app.webhooks.keys import kept_keys
from app.webhooks.signing import EndpointKeys
from events.connections import Pool, open_pool
from events.contracts import CONTRACTS, EndpointFormat
from events.contracts.endpoint import EndpointEvent
from events.envelope import Append, Metadata
from events.postgres import PostgresStore, open_store
from ops.faults.contract_reader import ContractReader, Registered, contract_reader
from ops.faults.drawn_events import drawn_event, stream_of
from ops.faults.hooks import SECRET, begin_worker, kill
from ops.faults.message_check import MessageCheck
from ops.faults.node import node
from ops.faults.npm_reader import npm_reader
from ops.faults.received import Box, Received, with_another_body
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import came_true, temporary_folder

FORMATS: tuple[EndpointFormat, ...] = get_args(EndpointFormat)
EVENTS_AT_ONCE = 200
_AGREED_SECONDS = 60.0
_ARRIVED_SECONDS = 120.0
_DRAWN = [contract for contract in CONTRACTS if contract not in get_args(EndpointEvent)]
"""What happens to endpoints is not drawn, but happens to one: the worker would take it for true."""


def run_signatures(*, deliveries: int, seed: int, planted: bool, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own; `planted` changes what came in on its way to the check.

    Raises:
        CommandError: Node.js or packages for it are not installed.
    """
    node()
    configure_logging("error", as_json=False)
    with temporary_folder() as folder, embedded_postgres(folder) as server:
        migrate(server.url)
        campaign = SignaturesCampaign(server.url, deliveries, seed, advance, planted=planted)
        return uvloop.run(campaign.run(folder))


class _World(Struct, frozen=True, kw_only=True):
    """What there is to work with: the log, who reads what is published, and where the receiver is."""

    pool: Pool
    store: PostgresStore
    reader: ContractReader
    source: str
    address: str

    async def endpoints(self) -> list[Registered]:
        """Register an endpoint for each way of writing, the first with two keys, and wait until they have agreed."""
        made = [
            await self.reader.registered(f"{self.address}/{number}", written_as)
            for number, written_as in enumerate(FORMATS)
        ]
        await self.reader.rotate(made[0])

        async def agreed() -> bool:
            return all([await self.reader.has_agreed(endpoint) for endpoint in made])

        if not await came_true(agreed, _AGREED_SECONDS):
            raise RuntimeError("The endpoints were not asked, or are said not to have agreed.")
        return made

    async def keys(self, endpoint: Registered) -> list[EndpointKeys]:
        """Open the keys of an endpoint, for copies that are signed rightly, and too long ago."""
        key_ids = [UUID(key_id) for key_id in endpoint.secrets]
        kept = await kept_keys(self.pool, self.store.keyring, UUID(endpoint.id), key_ids)
        return list(kept.values())


class SignaturesCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, deliveries: int, seed: int, advance: Update, *, planted: bool) -> None:
        self._url = url
        self._deliveries = deliveries
        self._seed = seed
        self._advance = advance
        self._planted = planted
        self._random = random.Random(seed)
        self._box = Box()
        self._log: dict[str, Any] = {}
        self._comes = Breaches("every event has come to every endpoint")
        self._nothing_else = Breaches("nothing came that did not happen")
        self._checked = self._events = 0

    async def run(self, folder: Path) -> Report:
        """Register endpoints, let events happen, and check what comes in."""
        server = await asyncio.start_server(self._box.serve, LOOPBACK, 0)
        address = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
        async with (
            npm_reader() as npm,
            open_pool(self._url, name="campaign", size_max=4) as pool,
            open_store(self._url, name="campaign", pool=pool, secret=SECRET) as store,
            contract_reader(self._url, pool, folder) as (reader, source),
        ):
            world = _World(pool=pool, store=store, reader=reader, source=source, address=address)
            worker = await begin_worker(self._url, public_url=source)
            try:
                endpoints = await world.endpoints()
                check = MessageCheck(
                    endpoints,
                    [await world.keys(endpoint) for endpoint in endpoints],
                    schemas=await reader.schemas(),
                    npm=npm,
                    source=source,
                    chance=self._random,
                )
                await reader.whole_life(f"{address}/{len(FORMATS)}")
                while self._checked < self._deliveries and await self._round(world, check):
                    self._advance(min(self._checked, self._deliveries), self._deliveries)
            finally:
                await kill(worker)
                server.close()
        return self._report(check)

    async def _round(self, world: _World, check: MessageCheck) -> bool:
        """Let events happen, and check what came in before more happen; tell whether anything came."""
        begun = await world.store.head()
        await self._append(world.store, min(EVENTS_AT_ONCE, self._left()))
        head = await world.store.head()
        self._log |= await world.reader.log(len(self._log), head)
        wanted = {event_id for event_id, event in self._log.items() if event["position"] > begun}
        pairs = {(number, event_id) for event_id in wanted for number in range(len(FORMATS))}

        async def all_there() -> bool:
            return pairs <= self._box.seen

        await came_true(all_there, _ARRIVED_SECONDS)
        for number, event_id in sorted(pairs):
            self._comes.expect((number, event_id) in self._box.seen, f"{event_id} to endpoint {number}")
        came = [got for got in self._box.take() if got.endpoint < len(FORMATS)]
        for got in came:
            self._nothing_else.expect(got.id in self._log, f"{got.id} to endpoint {got.endpoint}")
        known = [got for got in came if got.id in self._log]
        await check.check(self._as_planted(known), self._log)
        self._checked += len(known)
        return bool(known)

    def _left(self) -> int:
        return math.ceil((self._deliveries - self._checked) / len(FORMATS))

    async def _append(self, store: PostgresStore, count: int) -> None:
        """Let events happen, every type in its turn."""
        cause = Metadata(command="Campaign")
        requests = []
        for number in range(self._events, self._events + count):
            event = drawn_event(_DRAWN[number % len(_DRAWN)], self._random)
            requests.append(Append(stream=stream_of(event), events=[event], metadata=cause))
        for answer in await store.append_many(requests):
            if isinstance(answer, Exception):
                raise answer
        self._events += count

    def _as_planted(self, came: list[Received]) -> list[Received]:
        if not (self._planted and came):
            return came
        return [with_another_body(came[0], self._random), *came[1:]]

    def _report(self, check: MessageCheck) -> Report:
        told = {self._log[event_id]["type"] for _, event_id in self._box.seen if event_id in self._log}
        every = Breaches("events of every type that happened were told")
        for name in {event["type"] for event in self._log.values()}:
            every.expect(name in told, name)
        return Report(
            campaign="signatures",
            seed=self._seed,
            figures={
                "deliveries checked": self._checked,
                "copies tampered with": check.copies,
                "events": len(self._log),
                "types of events": len(told),
            },
            invariants=(
                self._comes.invariant(),
                self._nothing_else.invariant(),
                every.invariant(),
                *check.invariants(),
            ),
        )
