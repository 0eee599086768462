"""The runner keeps every projection up to date, each held by one worker at a time.

It is woken by the log's notifications and polls besides. A projection whose event cannot be applied
stops alone, at that event, with the reason in its checkpoint; the others go on. A projection whose
version changed is rebuilt beside the live tables first.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from events.connections import LOST, REFUSED, Connection, Pool
from events.envelope import TailPage
from events.errors import LogUnavailableError, UnreadableEventError
from events.store import EventStore
from events.streams import new_id
from projections.building import apply_page, building, make_tables
from projections.checkpoints import (
    LEASE_SECONDS,
    Lease,
    LeaseLostError,
    poison,
    release,
    renew,
    take_lease,
)
from projections.projection import Projection
from projections.rebuild import RebuildRunningError, drop_retired, rebuild

PAGE_EVENTS = 5_000
RETRY_SECONDS = 1.0
_RENEW_SECONDS = LEASE_SECONDS / 3
_PASSING = (*LOST, *REFUSED, LogUnavailableError)

_log = structlog.get_logger(__name__)


class Runner:
    """Runs projections until it is cancelled; any number of workers may run the same ones."""

    def __init__(
        self, pool: Pool, store: EventStore, projections: Sequence[Projection], *, holder: str | None = None
    ) -> None:
        self._pool = pool
        self._store = store
        self._projections = projections
        self._holder = holder or f"worker-{new_id()}"

    async def run(self) -> None:
        """Keep all projections up to date until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for projection in self._projections:
                tasks.create_task(self._keep(projection), name=f"projection-{projection.name}")

    async def _keep(self, projection: Projection) -> None:
        """Hold the projection whenever nobody else does; come back after every passing trouble."""
        while True:
            try:
                await self._ensure_built(projection)
                await self._hold(projection)
            except LeaseLostError:
                _log.warning("projection_lease_lost", projection=projection.name)
            except RebuildRunningError:
                pass
            except _PASSING as error:
                _log.warning("projection_interrupted", projection=projection.name, error=repr(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _ensure_built(self, projection: Projection) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(7103)")
            version = await connection.fetchval(
                "SELECT version FROM checkpoints WHERE projection = $1 AND generation = 'live'",
                projection.name,
            )
            if version is None:
                await _install(connection, projection)
                return
        if version < projection.version:
            _log.info("projection_rebuild_began", projection=projection.name, version=projection.version)
            await rebuild(self._pool, self._store, projection, holder=self._holder)
            _log.info("projection_switched", projection=projection.name, version=projection.version)

    async def _hold(self, projection: Projection) -> None:
        """Apply the log as it grows, for as long as the lease is ours."""
        async with building(self._pool, projection.name) as connection:
            lease = await take_lease(connection, projection.name, "live", self._holder)
            if lease is None or lease.version != projection.version:
                return
            _log.info(
                "projection_held", projection=projection.name, position=lease.position, epoch=lease.epoch
            )
            with suppress(*_PASSING):
                await drop_retired(self._pool, projection)
            try:
                await self._follow(connection, projection, lease)
            finally:
                with suppress(*_PASSING):
                    await asyncio.shield(release(connection, lease))

    async def _follow(self, connection: Connection, projection: Projection, lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            try:
                page = await self._store.read_tail(lease.position, limit=PAGE_EVENTS, types=projection.types)
            except UnreadableEventError as error:
                await self._stop_before(connection, projection, lease, error)
                return
            if page.reached > lease.position:
                if not await self._apply(connection, projection, lease, page):
                    return
                renewed = loop.time()
            else:
                if loop.time() - renewed > _RENEW_SECONDS:
                    await renew(connection, lease)
                    renewed = loop.time()
                await self._store.wait(lease.position, seconds=_RENEW_SECONDS)

    async def _apply(
        self, connection: Connection, projection: Projection, lease: Lease, page: TailPage
    ) -> bool:
        """Apply a page; when it cannot be, apply up to the event that spoils it and stop there."""
        try:
            await apply_page(connection, projection, lease, page.events, page.reached)
        except (LeaseLostError, *_PASSING):
            raise
        except Exception:  # noqa: BLE001  # The event that spoils the page is looked for below.
            _log.warning(
                "projection_page_failed", projection=projection.name, after=lease.position, exc_info=True
            )
        else:
            return True
        for event in page.events:
            try:
                await apply_page(connection, projection, lease, [event], event.position)
            except (LeaseLostError, *_PASSING):
                raise
            except Exception as error:  # noqa: BLE001  # Whatever it is, this event cannot be applied.
                reason = f"{event.type} in {event.stream}: {error!r}"
                await self._poison(connection, projection, lease, event.position, reason)
                return False
        return True

    async def _stop_before(
        self, connection: Connection, projection: Projection, lease: Lease, error: UnreadableEventError
    ) -> None:
        """Apply what comes before an event that cannot be read, and stop at that event."""
        position = error.position or lease.position + 1
        while lease.position < position - 1:
            page = await self._store.read_tail(
                lease.position, limit=position - 1 - lease.position, types=projection.types
            )
            if not await self._apply(connection, projection, lease, page):
                return
        await self._poison(connection, projection, lease, position, str(error))

    async def _poison(
        self, connection: Connection, projection: Projection, lease: Lease, position: int, reason: str
    ) -> None:
        await poison(connection, lease, position, reason)
        _log.error("projection_poisoned", projection=projection.name, position=position, reason=reason)


async def _install(connection: Connection, projection: Projection) -> None:
    """Make the tables and the checkpoint of a projection that never ran here."""
    await connection.execute(f'SET LOCAL search_path TO "{projection.name}", public')
    await make_tables(connection, projection, projection.name)
    await connection.execute(
        "INSERT INTO checkpoints (projection, generation, version) VALUES ($1, 'live', $2)",
        projection.name,
        projection.version,
    )
