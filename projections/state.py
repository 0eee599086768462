"""How far the read models are: for people, for metrics, and for readers who wait for their own writes."""

import asyncio
from contextlib import suppress

from msgspec import Struct

from events.connections import LOST, REFUSED, Pool, unavailable_when_lost

_POLL_SECONDS = 0.005
_POLL_SECONDS_MAX = 0.1


class ProjectionState(Struct, frozen=True, kw_only=True):
    """Where a build of a projection stands.

    `lag` counts the events it has not seen, `lag_seconds` how long the oldest of them has waited.
    """

    name: str
    generation: str
    version: int
    position: int
    head: int
    lag: int
    lag_seconds: float
    holder: str | None
    poisoned_at: int | None
    poisoned_by: str | None


async def states(pool: Pool) -> list[ProjectionState]:
    """Tell where all builds of all projections stand.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            """
            SELECT c.projection, c.generation, c.version, c.position, h.head,
                   CASE WHEN c.lease_until > clock_timestamp() THEN c.holder END AS holder,
                   c.poisoned_at, c.poisoned_by,
                   coalesce(extract(epoch FROM clock_timestamp() - e.recorded_at), 0)::float8 AS lag_seconds
              FROM checkpoints c
             CROSS JOIN (SELECT coalesce(max(position), 0) AS head FROM events) h
              LEFT JOIN events e ON e.position = c.position + 1
             ORDER BY c.projection, c.generation
            """
        )
    return [
        ProjectionState(
            name=row["projection"],
            generation=row["generation"],
            version=row["version"],
            position=row["position"],
            head=row["head"],
            lag=max(0, row["head"] - row["position"]),
            lag_seconds=max(0.0, row["lag_seconds"]),
            holder=row["holder"],
            poisoned_at=row["poisoned_at"],
            poisoned_by=row["poisoned_by"],
        )
        for row in rows
    ]


class Positions:
    """Lets readers wait until a live projection, or a reactor as `reactor:` with its name, has reached a position.

    All that wait in this process share one query at a time, which runs only while somebody waits.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: dict[asyncio.Future[None], tuple[str, int]] = {}
        self._polling: asyncio.Task[None] | None = None
        self._known: dict[str, int] = {}

    async def wait(self, projection: str, position: int, *, seconds: float = 5.0) -> bool:
        """Wait until a projection has reached a position; tell whether it did in time."""
        if self._known.get(projection, 0) >= position:
            return True
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = (projection, position)
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(waiting, None)
        return True

    async def _poll(self) -> None:
        pause = _POLL_SECONDS
        while self._waiting:
            with suppress(*LOST, *REFUSED):
                rows = await self._pool.fetch(
                    "SELECT projection, position FROM checkpoints WHERE generation = 'live'"
                    " UNION ALL SELECT 'reactor:' || reactor, position FROM reactors"
                )
                self._known = {row["projection"]: row["position"] for row in rows}
            for waiting, (projection, position) in list(self._waiting.items()):
                if self._known.get(projection, 0) >= position and not waiting.done():
                    waiting.set_result(None)
                    pause = _POLL_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _POLL_SECONDS_MAX)
