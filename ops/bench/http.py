"""How many votes a web process takes over HTTP, beside a handler on it that answers without the log.

Method. One web process as `open-impact serve` runs it, one worker, and PostgreSQL, as deployed; 2,000
ideas on the board and 2,000 people with tokens. A process of its own (`load`) keeps 64 connections
busy with requests prepared before; every vote is that of another pair of person and idea. The bare
handler (`web`) is in the same process, behind the same envelope and guard.

Limits. Load, web process, worker and PostgreSQL share the machine's cores: on more of them, all figures
rise, and the vote's more than the bare handler's. Loopback, no TLS.
"""

from collections.abc import Iterator
from functools import partial
from itertools import count

from app.bootstrap import migrate
from events.connections import open_pool
from ops.bench.children import caught_up, require_running, worker
from ops.bench.content import fill_log, idea_id
from ops.bench.loops import WARM_UP
from ops.bench.machine import Others
from ops.bench.serving import bearers_of, loaded, until_ready, web
from ops.bench.session import Case, Measured, Session, percentiles

CONNECTIONS = 64
_PEOPLE = 2_000
_IDEAS = 2_000
_EVENTS = 20_000
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
            bearers = await bearers_of(pool, people)
            with worker(session, url) as running:
                await caught_up(pool, running, events, seconds=_CATCH_UP_SECONDS)
                with web(session, url) as (port, _):
                    await until_ready(port)
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
    await loaded(session, port, requests, session.seconds * WARM_UP, connections=CONNECTIONS)
    others = Others()
    seen = await loaded(session, port, requests, session.seconds, connections=CONNECTIONS)
    return Measured({name: len(seen.calls) / seen.seconds, **percentiles(name, seen.calls)}, others.share())


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
