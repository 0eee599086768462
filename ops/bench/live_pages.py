"""Open pages that follow the votes of the same ideas, and people who vote for these: how soon the pages hear of it.

Run as `python -m ops.bench.live_pages HOST PORT PAGES RATE FILE`, with FILE a MessagePack map of the ideas' identifiers and
the votes' requests. Opens all pages, votes at the rate until the requests are used up, and prints what it saw as JSON.
"""

import asyncio
import re
import sys
import time
from bisect import bisect_left
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from msgspec import Struct, field

_PATIENCE_SECONDS = 30.0
_OPEN_AT_ONCE = 20
_VOTED = re.compile(rb'"votes":(\d+)')
_IDEA = re.compile(rb"/ideas/([0-9a-f-]{36})/vote")


class Work(Struct):
    """What to do: the ideas that every page shows, and a request for each vote."""

    ideas: list[str]
    votes: list[bytes]


class Heard(Struct, frozen=True, kw_only=True):
    """What came of it: seconds from each vote's answer until each page heard of it, and frames received."""

    delays: list[float]
    frames: int
    seconds: float


class _Votes(Struct):
    votes: int


class _News(Struct):
    votes: dict[str, _Votes] = {}


class _Page(Struct):
    """One page: when it heard which count of which idea, in order."""

    moments: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    frames: int = 0

    async def follow(self, host: str, port: int, path: str, opened: asyncio.Future[None]) -> None:
        """Follow until cancelled."""
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self._note(msgspec.json.decode(line[6:], type=_News), time.perf_counter())
                    if not opened.done():
                        opened.set_result(None)
        finally:
            writer.close()

    def _note(self, news: _News, at: float) -> None:
        self.frames += 1
        for idea, said in news.votes.items():
            self.moments[idea].append(at)
            self.counts[idea].append(said.votes)

    def heard_at(self, idea: str, votes: int) -> float | None:
        """Tell when the page heard of so many votes, or of more."""
        place = bisect_left(self.counts[idea], votes)
        return self.moments[idea][place] if place < len(self.counts[idea]) else None


async def follow(host: str, port: int, pages: int, rate: float, work: Work) -> Heard:
    """Open the pages, vote, and wait until every page has heard of every vote."""
    path = f"/live?votes={','.join(work.ideas)}"
    opened = [_Page() for _ in range(pages)]
    tasks = []
    for first in range(0, pages, _OPEN_AT_ONCE):
        ready = []
        for page in opened[first : first + _OPEN_AT_ONCE]:
            ready.append(asyncio.get_running_loop().create_future())
            tasks.append(asyncio.create_task(page.follow(host, port, path, ready[-1])))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await asyncio.gather(*ready)
    began = time.perf_counter()
    cast = await _vote(host, port, rate, work.votes)
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while any(page.heard_at(idea, votes) is None for idea, votes, _ in cast for page in opened):  # noqa: ASYNC110  # Pages set no event.
            await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    delays = [
        max(0.0, heard - answered)
        for idea, votes, answered in cast
        for page in opened
        if (heard := page.heard_at(idea, votes)) is not None
    ]
    return Heard(delays=delays, frames=sum(page.frames for page in opened), seconds=seconds)


async def _vote(host: str, port: int, rate: float, votes: list[bytes]) -> list[tuple[str, int, float]]:
    """Vote at even distances over one connection: the idea, its votes with this one, and when that was answered."""
    reader, writer = await asyncio.open_connection(host, port)
    cast = []
    began = time.perf_counter()
    for number, request in enumerate(votes):
        if (early := began + number / rate - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        idea, voted = _IDEA.search(request), _VOTED.search(body)
        if not head.startswith(b"HTTP/1.1 200") or idea is None or voted is None:
            raise ValueError(f"A vote was answered with {head[:100]!r} {body[:200]!r}.")
        cast.append((idea[1].decode(), int(voted[1]), time.perf_counter()))
    writer.close()
    return cast


def _main(host: str, port: str, pages: str, rate: str, file: str) -> Any:
    work = msgspec.msgpack.decode(Path(file).read_bytes(), type=Work)
    return uvloop.run(follow(host, int(port), int(pages), float(rate), work))


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_main(*sys.argv[1:])))
