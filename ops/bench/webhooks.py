"""From committed to delivered: how long it takes until other programs are told of an event, and how much can be told.

Method. A worker in a process of its own does everything that it does when deployed: it keeps all read models, and notes,
signs and sends what is due. The receivers are one more process on this machine, at a port for each endpoint, which takes
everything at once and notes when it came. This process appends votes. All clocks are the machine's.

* `webhooks_50`: fifty events a second, at even distances, to ten endpoints; from the answer of the log until an event is
  there, for each endpoint.
* `webhooks_hole`: the same, with a further endpoint that takes connections and never answers; the ten others are measured.
* `webhooks_hole_shared`: the same, where all eleven are at one host and port, as with a host that receives for many.
* `webhooks_rate`: events for ten endpoints all at once, enough for a minute; how many deliveries a second come in until the
  last one is there.
* `webhooks_few`: events for five endpoints, with no others, and with 10,000 others that want something else; how long one
  event takes, in a stretch of many.

Limits. Receivers on loopback answer at once and cost processor time themselves, on the cores of the worker.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from app.bootstrap import migrate
from app.webhooks.keys import keep_keys
from app.webhooks.signing import new_keys
from events.connections import Pool, open_pool
from events.contracts import EndpointRegistered, EndpointRemoved, EndpointVerified
from events.envelope import Append, Metadata
from events.postgres import PostgresStore, open_store
from events.streams import endpoint_stream, new_id
from ops.bench.children import caught_up, receivers, worker
from ops.bench.content import SECRET, fill_log, vote_requests
from ops.bench.hook_receiver import Seen
from ops.bench.machine import Others
from ops.bench.session import Case, Measured, Session, percentiles

_EVENTS, _IDEAS = 10_000, 2_000
_ENDPOINTS, _FEW, _OTHERS = 10, 5, 10_000
_RATE = 50
_MANY = 2_000
_SUSTAINED = 4_200
"""As many as keep one worker busy for a minute with ten endpoints, at more than the rate that is aimed at."""
_APPENDED_AT_ONCE = 200
_PATIENCE_SECONDS = 600.0
_LOOK_SECONDS = 0.1
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_WANTED, _UNWANTED = "VoteCast", "PoolCancelled"

_decode = msgspec.json.Decoder(list[Seen]).decode


class _World(Struct, frozen=True, kw_only=True):
    """The log, and where the receivers are."""

    pool: Pool
    store: PostgresStore
    client: httpx.AsyncClient
    addresses: list[str]

    async def endpoints(self, count: int, *, hole: bool = False, shared: bool = False) -> list[UUID]:
        """Register endpoints that have agreed, each at an address of its own or all at one, and if wanted a hole."""
        urls = [f"{self.addresses[0 if shared else number]}/hook/{number}" for number in range(count)]
        if hole:
            urls.append(self.addresses[0 if shared else count] + "/hole")
        made = []
        for url in urls:
            endpoint_id = new_id()
            await keep_keys(self.pool, self.store.keyring, endpoint_id, endpoint_id, new_keys())
            await self._append_all([self._registered(endpoint_id, url, _WANTED), self._agreed(endpoint_id)])
            made.append(endpoint_id)
        return made

    async def many(self, count: int) -> None:
        """Register endpoints that want something that does not happen; they need no keys."""
        events = [
            event
            for endpoint_id in [new_id() for _ in range(count)]
            for event in (
                self._registered(endpoint_id, f"{self.addresses[0]}/hook/0", _UNWANTED),
                self._agreed(endpoint_id),
            )
        ]
        await self._append_all(events)

    async def removed(self, endpoints: Sequence[UUID]) -> None:
        """Remove endpoints."""
        await self._append_all(
            [EndpointRemoved(endpoint_id=one, removed_by=one, occurred_at=_BEGAN) for one in endpoints]
        )

    async def seen(self) -> list[Seen]:
        """Give what came in since the last time."""
        return _decode((await self.client.get(f"{self.addresses[0]}/seen")).content)

    @staticmethod
    def _registered(endpoint_id: UUID, url: str, types: str) -> EndpointRegistered:
        return EndpointRegistered(
            endpoint_id=endpoint_id,
            registered_by=endpoint_id,
            url=url,
            types=(types,),
            key_id=endpoint_id,
            public_key="whpk_",
            occurred_at=_BEGAN,
        )

    @staticmethod
    def _agreed(endpoint_id: UUID) -> EndpointVerified:
        return EndpointVerified(endpoint_id=endpoint_id, proof="handshake", occurred_at=_BEGAN)

    async def _append_all(self, events: Sequence[Any]) -> None:
        requests = [
            Append(
                stream=endpoint_stream(event.endpoint_id), events=[event], metadata=Metadata(command="Bench")
            )
            for event in events
        ]
        for start in range(0, len(requests), _APPENDED_AT_ONCE):
            await self.store.append_many(requests[start : start + _APPENDED_AT_ONCE])


async def run(session: Session) -> None:
    """Measure every case of `webhooks` and add what was found to the report."""
    ideas = session.sized(_IDEAS, least=100)
    with session.database() as url:
        migrate(url)
        await fill_log(url, session.sized(_EVENTS, least=1_000), ideas, say=session.say)
        async with _running(session, url) as world:
            await session.in_rounds(
                [
                    Case("webhooks_50", partial(_lag, session, world, ideas, "webhooks_50")),
                    Case("webhooks_hole", partial(_lag, session, world, ideas, "webhooks_hole", hole=True)),
                    Case(
                        "webhooks_hole_shared",
                        partial(_lag, session, world, ideas, "webhooks_hole_shared", hole=True, shared=True),
                    ),
                    Case("webhooks_rate", partial(_rate, session, world, ideas)),
                    Case("webhooks_few", partial(_few, session, world, ideas, "webhooks_few")),
                ]
            )
            others = session.sized(_OTHERS, least=100)
            session.say(f"registering {others:,} endpoints that want something else")
            await world.many(others)
            await _dispatched(world)
            await session.in_rounds(
                [
                    Case(
                        "webhooks_few_of_many",
                        partial(_few, session, world, ideas, "webhooks_few_of_many"),
                    )
                ]
            )


@asynccontextmanager
async def _running(session: Session, url: str) -> AsyncIterator[_World]:
    async with AsyncExitStack() as held:
        pool = await held.enter_async_context(open_pool(url, name="bench"))
        store = await held.enter_async_context(open_store(url, name="bench", pool=pool, secret=SECRET))
        addresses = await held.enter_async_context(receivers(_ENDPOINTS + 1))
        client = await held.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=60.0))
        running = held.enter_context(worker(session, url))
        session.say("the worker catches up")
        await caught_up(pool, running, await store.head(), seconds=_PATIENCE_SECONDS)
        yield _World(pool=pool, store=store, client=client, addresses=addresses)


async def _lag(
    session: Session, world: _World, ideas: int, name: str, *, hole: bool = False, shared: bool = False
) -> Measured:
    endpoints = await world.endpoints(_ENDPOINTS, hole=hole, shared=shared)
    await _dispatched(world)
    requests = vote_requests(max(20, round(_RATE * session.seconds)), ideas)
    others, committed = Others(), await _appended_at_rate(world.store, requests)
    seen = await _arrived(world, len(requests) * _ENDPOINTS)
    share = others.share()
    await world.removed(endpoints)
    lags = [max(0.0, one.at - committed[one.position]) for one in seen if one.position in committed]
    return Measured(percentiles(name, lags), share)


async def _appended_at_rate(store: PostgresStore, requests: Sequence[Append]) -> dict[int, float]:
    committed: dict[int, float] = {}

    async def append(request: Append) -> None:
        appended = await store.append(request)
        committed[appended.position] = time.monotonic()

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number, request in enumerate(requests):
            if (early := began + number / _RATE - time.monotonic()) > 0:
                await asyncio.sleep(early)
            tasks.create_task(append(request))
    return committed


async def _rate(session: Session, world: _World, ideas: int) -> Measured:
    endpoints = await world.endpoints(_ENDPOINTS)
    await _dispatched(world)
    events = session.sized(_SUSTAINED, least=50)
    others = Others()
    seen = await _all_at_once(world, events, ideas, _ENDPOINTS)
    share = others.share()
    await world.removed(endpoints)
    moments = sorted(one.at for one in seen)
    return Measured({"webhooks_rate": (len(moments) - 1) / (moments[-1] - moments[0])}, share)


async def _few(session: Session, world: _World, ideas: int, name: str) -> Measured:
    endpoints = await world.endpoints(_FEW)
    await _dispatched(world)
    events = session.sized(_MANY, least=20)
    others, began = Others(), time.monotonic()
    seen = await _all_at_once(world, events, ideas, _FEW)
    share = others.share()
    await world.removed(endpoints)
    return Measured({name: 1e3 * (max(one.at for one in seen) - began) / events}, share)


async def _all_at_once(world: _World, events: int, ideas: int, endpoints: int) -> list[Seen]:
    requests = vote_requests(events, ideas)
    for start in range(0, len(requests), _APPENDED_AT_ONCE):
        await world.store.append_many(requests[start : start + _APPENDED_AT_ONCE])
    return await _arrived(world, events * endpoints)


async def _arrived(world: _World, count: int) -> list[Seen]:
    """Wait until so many deliveries have come in, and give them.

    Raises:
        TimeoutError: they did not.
    """
    seen: list[Seen] = []
    async with asyncio.timeout(_PATIENCE_SECONDS + count / 50):
        while len({(one.endpoint, one.position) for one in seen}) < count:
            await asyncio.sleep(_LOOK_SECONDS)
            seen += await world.seen()
    return seen


async def _dispatched(world: _World) -> None:
    """Wait until the dispatcher has seen everything and nobody is behind, and forget what came in before."""
    head = await world.store.head()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await world.pool.fetchval(_IS_DISPATCHED, head):  # noqa: ASYNC110  # The database cannot set an event of ours.
            await asyncio.sleep(_LOOK_SECONDS)
    await world.seen()


_IS_DISPATCHED = """
SELECT position >= $1 AND NOT EXISTS (
         SELECT FROM webhook_endpoints WHERE behind_at IS NOT NULL AND is_verified AND pause_cause IS NULL)
  FROM reactors
 WHERE reactor = 'webhooks'
"""
