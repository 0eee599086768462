"""A web process as deployed, people with tokens, and load on it: what benchmarks over HTTP share."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

import msgspec

from app.access import accounts, tokens
from app.embedded.child import Running
from app.embedded.ports import LOOPBACK, free_port
from events.connections import Pool
from ops.bench.children import ChildFailedError, answer_of, child, require_running
from ops.bench.load import Load
from ops.bench.session import Session

_RATE_MAX = 30_000
_READY_SECONDS = 60.0
_AT_ONCE = 8


@contextmanager
def web(session: Session, url: str) -> Iterator[tuple[int, Running]]:
    """Run a web process, and give its port and itself."""
    port = free_port(session.folder)
    with child(session, "web", ["-m", "ops.bench.web", str(port)], url) as running:
        yield port, running
        require_running(running)


async def until_ready(port: int) -> None:
    """Ask until the web process says that it can serve."""
    request = b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    async with asyncio.timeout(_READY_SECONDS):
        while True:
            try:
                reader, writer = await asyncio.open_connection(LOOPBACK, port)
                writer.write(request)
                status = await reader.read(12)
                writer.close()
            except OSError:
                status = b""
            if status.endswith(b"200"):
                return
            await asyncio.sleep(0.1)


async def loaded(
    session: Session, port: int, requests: Iterator[bytes], seconds: float, *, connections: int
) -> Load:
    """Send prepared requests to the web process for a while; every answer must be 200."""
    file = session.folder / "requests"
    file.write_bytes(
        msgspec.msgpack.encode(list(islice(requests, max(connections, int(_RATE_MAX * seconds)))))
    )
    arguments = ("-m", "ops.bench.load", LOOPBACK, str(port), str(connections), str(seconds), str(file))
    seen = await answer_of(arguments, Load)
    if set(seen.statuses) != {"200"}:
        raise ChildFailedError(f"Not every answer was 200: {seen.statuses}.")
    return seen


async def bearers_of(pool: Pool, people: int) -> list[str]:
    """Make accounts and a token for each, a few at once."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def make(number: int) -> str:
        async with gate:
            person: UUID = await accounts.add(
                pool, email=f"person-{number}@example.org", name=f"Sample person {number}"
            )
            return await tokens.create(pool, person_id=person, scopes=["read", "votes:write"])

    return await asyncio.gather(*map(make, range(people)))
