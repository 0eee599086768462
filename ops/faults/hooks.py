"""What campaigns about webhooks share: endpoints that have agreed, votes to tell of, workers, and what came in."""

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
from msgspec import Struct, field

from app.settings import variable_of
from app.webhooks.keys import keep_keys
from app.webhooks.signing import new_keys
from events.connections import Pool
from events.contracts import EndpointRegistered, EndpointVerified, VoteCast
from events.envelope import Append, Metadata
from events.postgres import PostgresStore
from events.streams import endpoint_stream, new_id, vote_stream

SECRET = "a campaign's secret key that opens nothing else"  # noqa: S105  # It is used for an empty database.
IDEAS = 20
_CAUSE = Metadata(command="Campaign")
_TAKEN = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"


class _Body(Struct):
    id: str
    position: int
    stream: str


class Inbox(Struct):
    """What came in: for each endpoint and event the moments, and for each endpoint and stream the positions in order."""

    moments: defaultdict[tuple[int, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    firsts: defaultdict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take everything that comes over one connection; an endpoint's number is the path of its address."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head, body = await read_request(reader)
                self._note(int(head.split(b" ", 2)[1][1:]), msgspec.json.decode(body, type=_Body))
                writer.write(_TAKEN)
                await writer.drain()
        writer.close()

    def _note(self, endpoint: int, body: _Body) -> None:
        moments = self.moments[endpoint, body.id]
        if not moments:
            self.firsts[endpoint, body.stream].append(body.position)
        moments.append(time.monotonic())


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read a request: its head and its body.

    Raises:
        IncompleteReadError, ConnectionError: the other side left.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    lines = {name.lower(): value for name, _, value in (x.partition(b":") for x in head.split(b"\r\n"))}
    return head, await reader.readexactly(int(lines[b"content-length"]))


async def begin_endpoint(
    pool: Pool, store: PostgresStore, number: int, url: str, *, ordered: bool = False
) -> UUID:
    """Register an endpoint for votes that has agreed already."""
    identifier, now = UUID(int=number + 1), datetime.now(UTC)
    await keep_keys(pool, store.keyring, identifier, identifier, new_keys())
    registered = EndpointRegistered(
        endpoint_id=identifier,
        registered_by=identifier,
        url=url,
        types=("VoteCast",),
        key_id=identifier,
        public_key="",
        ordered=ordered,
        occurred_at=now,
    )
    agreed = EndpointVerified(endpoint_id=identifier, proof="handshake", occurred_at=now)
    await store.append(
        Append(stream=endpoint_stream(identifier), events=[registered, agreed], metadata=_CAUSE)
    )
    return identifier


async def cast_votes(store: PostgresStore, chance: random.Random, *, a_second: float) -> None:
    """Cast votes at a rate until cancelled, all of one idea in one stream, so that there is an order to keep."""
    while True:
        idea = UUID(int=chance.randrange(IDEAS) + 1)
        vote = VoteCast(idea_id=idea, person_id=new_id(), occurred_at=datetime.now(UTC))
        await store.append(Append(stream=vote_stream(idea, idea), events=[vote], metadata=_CAUSE))
        await asyncio.sleep(1 / a_second)


async def votes_cast(store: PostgresStore) -> set[str]:
    """Give the identifiers of all votes in the log."""
    known: set[str] = set()
    position = 0
    while (page := await store.read_tail(position, limit=1_000, types=["VoteCast"])).reached > position:
        known |= {str(event.event_id) for event in page.events}
        position = page.reached
    return known


async def begin_worker(url: str, **settings: str) -> asyncio.subprocess.Process:
    """Start a worker that does nothing but webhooks, on a database, with further settings by their names."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.faults.hook_worker"),
        start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
        env=environment(url, **settings),
    )


def environment(url: str, **settings: str) -> dict[str, str]:
    """Give the environment of processes on a database, with further settings by their names."""
    said = {"database_url": url, "secret_key": SECRET, **settings}
    return os.environ | {variable_of(name): value for name, value in said.items()}


async def kill(worker: asyncio.subprocess.Process) -> None:
    """End a worker without a word."""
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()
