"""The runner keeps every projection up to date, each held by one worker at a time.

It is woken by the log's notifications and polls besides. A projection whose event cannot be applied
stops alone, at that event, with the reason in its checkpoint; the others go on. A projection whose
version changed is rebuilt beside the live tables first.
"""

import asyncio
from collections.abc import Sequence

import structlog

from events.connections import Connection, Pool
from events.store import EventStore
from events.streams import new_id
from projections.building import PASSING, PoisonedError, apply_next, building, give_back, make_tables
from projections.checkpoints import LEASE_SECONDS, Lease, LeaseLostError, renew, take_lease
from projections.projection import Projection
from projections.rebuild import BUILDS_LOCK, RebuildRunningError, drop_retired, rebuild

PAGE_EVENTS = 5_000
BUSY_EVENTS = 4
GATHER_SECONDS = 0.02
"""While pages bring at least so many events, the next one is let grow so long: many small transactions would
take the machine's time from those who write."""
RETRY_SECONDS = 1.0
_RENEW_SECONDS = LEASE_SECONDS / 3

_log = structlog.get_logger(__name__)


class Runner:
    """Runs projections until it is cancelled; any number of workers may run the same ones.

    Each projection keeps one connection of the pool for as long as it is held here.

    Raises:
        ValueError: the pool is too small to leave a connection for anything else.
    """

    def __init__(
        self, pool: Pool, store: EventStore, projections: Sequence[Projection], *, holder: str | None = None
    ) -> None:
        if pool.get_max_size() <= len(projections):
            raise ValueError(f"{len(projections)} projections need a pool of {len(projections) + 1} or more.")
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
        """Hold the projection whenever nobody else does; whatever happens to it, the others go on."""
        task = asyncio.current_task()
        # A cancellation that meets a breaking connection may come out as the connection's error.
        while task is None or not task.cancelling():
            try:
                if await self._ensure_built(projection):
                    await self._hold(projection)
            except LeaseLostError:
                _log.warning("projection_lease_lost", projection=projection.name)
            except RebuildRunningError:
                pass
            except PoisonedError as error:
                _log.error(
                    "projection_poisoned",
                    projection=projection.name,
                    position=error.position,
                    reason=error.reason,
                )
            except PASSING as error:
                _log.warning("projection_interrupted", projection=projection.name, error=repr(error))
            except Exception:  # noqa: BLE001  # Whatever it is, it is loud, and of this projection alone.
                _log.exception("projection_failed", projection=projection.name)
            await asyncio.sleep(RETRY_SECONDS)

    async def _ensure_built(self, projection: Projection) -> bool:
        """Make the tables of a new projection, rebuild an older one, and tell whether it is of this version."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", BUILDS_LOCK)
            found = await connection.fetch(
                "SELECT generation, version, poisoned_at FROM checkpoints WHERE projection = $1",
                projection.name,
            )
            builds = {row["generation"]: row for row in found}
            if "live" not in builds:
                await _install(connection, projection)
                return True
        version = builds["live"]["version"]
        if version >= projection.version:
            # The tables of a later release are left to it; going back to this one takes a rebuild by hand.
            return bool(version == projection.version)
        if (begun := builds.get("next")) and begun["version"] == projection.version and begun["poisoned_at"]:
            return False  # An event stopped the rebuild, and will again until somebody looks into it.
        _log.info("projection_rebuild_began", projection=projection.name, version=projection.version)
        await rebuild(self._pool, self._store, projection, holder=self._holder)
        _log.info("projection_switched", projection=projection.name, version=projection.version)
        return True

    async def _hold(self, projection: Projection) -> None:
        """Apply the log as it grows, for as long as the lease is ours."""
        async with building(self._pool, projection.name) as connection:
            lease = await take_lease(
                connection, projection.name, "live", self._holder, version=projection.version
            )
            if lease is None:
                return
            _log.info(
                "projection_held", projection=projection.name, position=lease.position, epoch=lease.epoch
            )
            try:
                await drop_retired(connection, projection)
                await self._follow(connection, projection, lease)
            finally:
                await give_back(connection, lease)

    async def _follow(self, connection: Connection, projection: Projection, lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            before = lease.position
            if await apply_next(connection, self._store, projection, lease, limit=PAGE_EVENTS):
                renewed = loop.time()
                if BUSY_EVENTS <= lease.position - before < PAGE_EVENTS:
                    await asyncio.sleep(GATHER_SECONDS)
                continue
            if loop.time() - renewed > _RENEW_SECONDS:
                await renew(connection, lease)
                renewed = loop.time()
            await self._store.wait(lease.position, seconds=_RENEW_SECONDS)


async def _install(connection: Connection, projection: Projection) -> None:
    """Make the tables and the checkpoint of a projection that never ran here."""
    await connection.execute(f'SET LOCAL search_path TO "{projection.name}", public')
    await make_tables(connection, projection, projection.name)
    await connection.execute(
        "INSERT INTO checkpoints (projection, generation, version) VALUES ($1, 'live', $2)",
        projection.name,
        projection.version,
    )
