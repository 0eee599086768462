"""How quickly pages come, how much of them is sent, and how soon open pages hear of votes.

Method. One web process as `open-impact serve` runs it, one worker, and PostgreSQL, as deployed; 10,000 ideas and a million
votes. Pages are asked for over two kept connections by a process of its own (`load`); what is measured is a whole answer.
Then a process of its own (`live_pages`) opens 200 pages that all show the same 24 ideas, votes for these at 50 a second, and
measures from the answer to a vote until each page has heard of it. Memory is what the web process has more with the pages
open than without.

Limits. Load, web process, worker and PostgreSQL share the machine's cores. Loopback, no TLS. A browser's own time is not in
it.
"""

import asyncio
import re
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path

import msgspec
from msgspec import Struct

from app.bootstrap import migrate
from app.embedded.child import Running
from app.embedded.ports import LOOPBACK
from events.connections import open_pool
from ops.bench.children import answer_of, caught_up, require_running, worker
from ops.bench.content import fill_log, idea_id
from ops.bench.live_pages import Heard, Work
from ops.bench.loops import WARM_UP
from ops.bench.machine import Others
from ops.bench.serving import bearers_of, loaded, until_ready, web
from ops.bench.session import Case, Measured, Session, percentiles

IDEAS, VOTES = 10_000, 1_000_000
PAGES, VOTES_A_SECOND, SHOWN = 200, 50.0, 24
CONNECTIONS = 2
_PEOPLE = 500
_CATCH_UP_SECONDS = 1_800.0
_KIB = 1024
_USUAL = 0.95
_PAGE_BYTES = 4096
_ASKED_FOR = re.compile(
    rb'(?:<link rel="(?:stylesheet|icon|modulepreload)"[^>]* href|<script[^>]* src)="(/[^"]+)"'
)
_FONTS = (".woff2",)


class Site(Struct, frozen=True, kw_only=True):
    """An instance with its ideas and votes: where it listens, its web process, and people who can vote."""

    port: int
    serving: Running
    bearers: list[str]
    ideas: int


async def run(session: Session) -> None:
    """Measure every case of `site` and add what was found to the report."""
    async with serving_site(session) as site:
        await session.in_rounds(_cases(session, site))


@asynccontextmanager
async def serving_site(
    session: Session, *, also: Callable[[str], Awaitable[None]] | None = None
) -> AsyncIterator[Site]:
    """Run an instance with ideas and votes, and with what `also` adds to the log at a database's address."""
    ideas = session.sized(IDEAS, least=200)
    events = ideas + session.sized(VOTES, least=2_000)
    with session.database() as url:
        migrate(url)
        await fill_log(url, events, ideas, say=session.say)
        if also is not None:
            await also(url)
        async with open_pool(url, name="bench", size_max=8) as pool:
            bearers = await bearers_of(pool, session.sized(_PEOPLE, least=100))
            with worker(session, url) as working:
                session.say("waiting until the read models show everything")
                await caught_up(pool, working, events, seconds=_CATCH_UP_SECONDS)
                with web(session, url) as (port, serving):
                    await until_ready(port)
                    yield Site(port=port, serving=serving, bearers=bearers, ideas=ideas)
                    require_running(working)


def _cases(session: Session, site: Site) -> list[Case]:
    port = site.port
    pages: dict[str, Callable[[int], str]] = {
        "site_board": lambda _: "/",
        "site_search": lambda _: "/?q=care&sort=votes",
        "site_idea": lambda number: f"/ideas/{idea_id(number % site.ideas)}",
    }
    votes = _votes(site.bearers)
    return [
        Case("site_board_kib", partial(_weigh, port)),
        *(Case(name, partial(_pages, session, port, name, path)) for name, path in pages.items()),
        Case("site_live", partial(_live, session, port, site.serving, votes)),
    ]


class _Part(Struct):
    """A part of a page: as it is read, and how many bytes were sent for it."""

    content: bytes
    sent: int


async def _weigh(port: int) -> Measured:
    """Weigh what a newcomer's first view of the board takes, packed as it is sent, fonts left out."""
    html = await asyncio.to_thread(_fetched, port, "/")
    paths = {found.decode() for found in _ASKED_FOR.findall(html.content)}
    wanted = sorted(path for path in paths if not path.partition("?")[0].endswith(_FONTS))
    parts = [html, *[await asyncio.to_thread(_fetched, port, path) for path in wanted]]
    return Measured({"site_board_kib": sum(part.sent for part in parts) / _KIB})


def _fetched(port: int, path: str) -> _Part:
    """Fetch something twice: packed, to be weighed, and plain, to be read."""
    address = f"http://{LOOPBACK}:{port}{path}"
    packed = urllib.request.Request(address, headers={"accept-encoding": "gzip"})  # Our own server.
    with urllib.request.urlopen(packed) as answer:  # noqa: S310  # As above.
        sent = len(answer.read())
    with urllib.request.urlopen(address) as answer:  # As above.
        return _Part(answer.read(), sent)


async def _pages(session: Session, port: int, name: str, path: Callable[[int], str]) -> Measured:
    requests = (_get(path(number)) for number in count())
    await loaded(session, port, requests, session.seconds * WARM_UP, connections=CONNECTIONS)
    others = Others()
    seen = await loaded(session, port, requests, session.seconds, connections=CONNECTIONS)
    ordered = sorted(seen.calls)
    usual = ordered[int(len(ordered) * _USUAL)] * 1e3
    return Measured({f"{name}_p95_ms": usual, **percentiles(name, ordered)}, others.share())


async def _live(session: Session, port: int, serving: Running, votes: Iterator[bytes]) -> Measured:
    pages = session.sized(PAGES, least=20)
    file = session.folder / "live pages"
    wanted = list(islice(votes, round(VOTES_A_SECOND * session.seconds * 4)))
    work = Work(ideas=[str(idea_id(number)) for number in range(SHOWN)], votes=wanted)
    file.write_bytes(msgspec.msgpack.encode(work))
    before = _memory(serving.pid)
    arguments = (
        "-m",
        "ops.bench.live_pages",
        LOOPBACK,
        str(port),
        str(pages),
        str(VOTES_A_SECOND),
        str(file),
    )
    others = Others()
    following = asyncio.create_task(answer_of(arguments, Heard))
    most = before
    while not following.done():
        await asyncio.wait({following}, timeout=0.1)
        most = max(most, _memory(serving.pid))
    heard = following.result()
    values = {
        **percentiles("site_live", heard.delays),
        "site_live_frames": heard.frames / heard.seconds,
        "site_live_page_kib": max(0, most - before) / pages / _KIB,
    }
    return Measured(values, others.share())


def _votes(bearers: list[str]) -> Iterator[bytes]:
    """Give votes of every person for every idea that is shown, once; neighbours differ in both."""
    for step in range(SHOWN):
        for number, bearer in enumerate(bearers):
            path = f"/api/v1/ideas/{idea_id((number + step) % SHOWN)}/vote"
            head = f"PUT {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {bearer}\r\n"
            yield f"{head}content-length: 0\r\n\r\n".encode()


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\naccept-encoding: gzip\r\n\r\n".encode()


def _memory(pid: int) -> int:
    """Tell how much memory a process holds, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
