"""Runners at work in a test, and what they have done."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

from events.connections import Pool
from events.contracts import AnyEvent
from events.store import EventStore
from projections.projection import Projection
from projections.runner import Runner
from projections.state import ProjectionState, states
from tests.projections.examples import requests


@asynccontextmanager
async def running(
    pool: Pool, store: EventStore, projections: Sequence[Projection], *, workers: int = 1
) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run some workers for as long as the test looks on; none of them may have ended by itself."""
    tasks = [asyncio.create_task(Runner(pool, store, projections).run()) for _ in range(workers)]
    try:
        yield tasks
        assert not [task for task in tasks if task.done() and not task.cancelled()]
    finally:
        for task in tasks:
            await ended(task)


async def ended(task: "asyncio.Task[None]") -> None:
    """Stop a worker and wait until it has given back what it held."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def appended(store: EventStore, *events: AnyEvent) -> list[int]:
    """Append events and give their positions."""
    return [answer.position for answer in await store.append_many(requests(*events))]


async def live(pool: Pool) -> dict[str, ProjectionState]:
    """Tell where the live builds are, by name."""
    return {state.name: state for state in await states(pool) if state.generation == "live"}


async def seen(pool: Pool, name: str = "seen_votes") -> list[int]:
    """Read what a test's projection was fed, in order, repetitions included."""
    rows = await pool.fetch(f"SELECT position FROM {name}.seen ORDER BY position")  # noqa: S608  # Names of our own.
    return [row["position"] for row in rows]


async def all_at(pool: Pool, names: Iterable[str], position: int) -> bool:
    """Tell whether live builds have reached a position."""
    found = await live(pool)
    return all(name in found and found[name].position >= position for name in names)
