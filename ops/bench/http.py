"""How many votes a web process takes over HTTP, beside a handler on it that answers without the log.

Method. One web process as `open-impact serve` runs it, one worker, and PostgreSQL, as deployed; 2,000
ideas on the board and 2,000 people with tokens. A process of its own (`load`) keeps 64 connections
busy with requests prepared before; every vote is that of another pair of person and idea. The bare
handler (`web`) is in the same process, behind the same envelope and guard.

Limits. Load, web process, worker and PostgreSQL share the machine's cores: on more of them, all figures
rise, and the vote's more than the bare handler's. Loopback, no TLS.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from uuid import UUID

import msgspec

from app.access import accounts, tokens
from app.bootstrap import migrate
from app.embedded.ports import LOOPBACK, free_port
from events.connections import Pool, open_pool
from ops.bench.children import ChildFailedError, answer_of, caught_up, child, require_running, worker
from ops.bench.content import fill_log, idea_id
from ops.bench.load import Load
from ops.bench.loops import WARM_UP
from ops.bench.machine import Others
from ops.bench.session import Case, Measured, Session, percentiles

CONNECTIONS = 64
_PEOPLE = 2_000
_IDEAS = 2_000
_EVENTS = 20_000
_RATE_MAX = 30_000
_READY_SECONDS = 60.0
_CATCH_UP_SECONDS = 300.0
_AT_ONCE = 8


async def run(session: Session) -> None:
    """Measure every case of `http` and add what was found to the report."""
    people, ideas = session.sized(_PEOPLE, least=50), session.sized(_IDEAS, least=200)
    with session.database() as url:
        migrate(url)
        events = session.sized(_EVENTS, least=2 * ideas)
        await fill_log(url, events, ideas, say=session.say)
        async with open_pool(url, name="bench", size_max=_AT_ONCE) as pool:
            session.say(f"making tokens for {people:,} people")
            bearers = await _bearers(pool, people)
            with worker(session, url) as running:
                await caught_up(pool, running, events, seconds=_CATCH_UP_SECONDS)
                with _web(session, url) as port:
                    await _until_ready(port)
                    await session.in_rounds(_cases(session, port, bearers, ideas))
                    require_running(running)


def _cases(session: Session, port: int, bearers: list[str], ideas: int) -> list[Case]:
    votes = _pairs("/api/v1/ideas/{}/vote", bearers, ideas)
    bare = _pairs("/bench/bare/{}/vote", bearers, ideas)
    plain = _pairs("/bench/plain/{}/vote", bearers, ideas)
    pages = (_request("GET", "/api/v1/ideas", bearer) for _ in count() for bearer in bearers)
    cases = {"vote": votes, "bare_handler": bare, "bare_without_envelope": plain, "board_page": pages}
    return [Case(name, partial(_measure, session, port, name, requests)) for name, requests in cases.items()]


async def _measure(session: Session, port: int, name: str, requests: Iterator[bytes]) -> Measured:
    """Load the web process for a window, after a short one that warms up."""
    await _load(session, port, requests, session.seconds * WARM_UP)
    others = Others()
    seen = await _load(session, port, requests, session.seconds)
    return Measured({name: len(seen.calls) / seen.seconds, **percentiles(name, seen.calls)}, others.share())


async def _load(session: Session, port: int, requests: Iterator[bytes], seconds: float) -> Load:
    file = session.folder / "requests"
    file.write_bytes(
        msgspec.msgpack.encode(list(islice(requests, max(CONNECTIONS, int(_RATE_MAX * seconds)))))
    )
    arguments = ("-m", "ops.bench.load", LOOPBACK, str(port), str(CONNECTIONS), str(seconds), str(file))
    seen = await answer_of(arguments, Load)
    if set(seen.statuses) != {"200"}:
        raise ChildFailedError(f"Not every answer was 200: {seen.statuses}.")
    return seen


def _pairs(path: str, bearers: list[str], ideas: int) -> Iterator[bytes]:
    """Give requests of every pair of person and idea once; neighbours differ in both."""
    for step in range(ideas):
        for number, bearer in enumerate(bearers):
            yield _request("PUT", path.format(idea_id((number + step) % ideas)), bearer)


def _request(method: str, path: str, bearer: str) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {bearer}\r\n"
        f"{'' if method == 'GET' else 'content-length: 0' + chr(13) + chr(10)}\r\n"
    ).encode()


async def _bearers(pool: Pool, people: int) -> list[str]:
    """Make accounts and a token for each, a few at once."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def make(number: int) -> str:
        async with gate:
            person: UUID = await accounts.add(
                pool, email=f"person-{number}@example.org", name=f"Sample person {number}"
            )
            return await tokens.create(pool, person_id=person, scopes=["read", "votes:write"])

    return await asyncio.gather(*map(make, range(people)))


@contextmanager
def _web(session: Session, url: str) -> Iterator[int]:
    port = free_port(session.folder)
    with child(session, "web", ["-m", "ops.bench.web", str(port)], url) as running:
        yield port
        require_running(running)


async def _until_ready(port: int) -> None:
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
