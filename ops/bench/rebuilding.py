"""A rebuild in a process of its own, which prints how fast it was and what memory it held.

Run as `python -m ops.bench.rebuilding [PROJECTION]`, idea_board unless another is named; the database is in OPEN_IMPACT_DATABASE_URL.
"""

import os
import sys
import time
from pathlib import Path

import msgspec
import uvloop
from msgspec import Struct

from app.settings import variable_of
from events.connections import open_pool
from events.postgres import open_store
from ops.bench.content import SECRET
from projections.projection import Projection
from projections.rebuild import rebuild
from projections.registry import projection_named

_PART = 0.2
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


class Rebuilt(Struct, frozen=True, kw_only=True):
    """How a rebuild went; memory in MB."""

    events: int
    seconds: float
    rss_at_20_percent: float
    rss_at_end: float


class _Memory:
    """Looks at the memory held with every page of the log."""

    def __init__(self) -> None:
        self.at_20_percent = self.last = resident_mb()
        self.head = 0

    def progress(self, reached: int, head: int) -> None:
        self.last, self.head = resident_mb(), head
        if reached <= head * _PART:
            self.at_20_percent = self.last


def resident_mb() -> float:
    """Give the memory this process holds, in MB; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_SIZE / 1024**2
    except OSError:
        return 0.0


async def _rebuild(database_url: str, projection: Projection) -> Rebuilt:
    memory = _Memory()
    async with (
        open_pool(database_url, name="bench", size_max=4) as pool,
        open_store(database_url, name="bench", pool=pool, secret=SECRET) as store,
    ):
        began = time.perf_counter()
        await rebuild(pool, store, projection, holder="bench", progress=memory.progress)
        seconds = time.perf_counter() - began
    return Rebuilt(
        events=memory.head,
        seconds=seconds,
        rss_at_20_percent=memory.at_20_percent,
        rss_at_end=memory.last,
    )


if __name__ == "__main__":
    wanted = projection_named(sys.argv[1] if len(sys.argv) > 1 else "idea_board")
    assert wanted is not None, "there is no such projection"
    sys.stdout.buffer.write(
        msgspec.json.encode(uvloop.run(_rebuild(os.environ[variable_of("database_url")], wanted)))
    )
