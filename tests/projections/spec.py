"""Given these events, the queries answer so: the read models on a real database, without a worker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from events.connections import Pool
from events.contracts import AnyEvent
from events.store import EventStore
from projections.building import apply_next, building
from projections.checkpoints import release, take_lease
from projections.idea_board.queries import BoardFilter, BoardItem, BoardRows, board_page
from projections.projection import Projection
from projections.rebuild import rebuild
from projections.registry import REGISTRY
from tests.projections.examples import AUTHOR, NOON, requests


async def follow_to_the_end(
    pool: Pool, store: EventStore, projection: Projection, *, page_events: int = 5_000
) -> int:
    """Apply what a live build has not seen yet, and tell where it is then."""
    async with building(pool, projection.name) as connection:
        lease = await take_lease(connection, projection.name, "live", "spec")
        assert lease is not None, f"{projection.name} is held or poisoned"
        while await apply_next(connection, store, projection, lease, limit=page_events):
            pass
        await release(connection, lease)
        return lease.position


class ProjectionSpec:
    """A log and the read models that follow from it."""

    def __init__(self, pool: Pool, store: EventStore, projections: Sequence[Projection] = REGISTRY) -> None:
        self.pool = pool
        self.store = store
        self._projections = projections
        self._rounds = 0

    async def begin(self) -> None:
        """Forget all that was given before; the log stays, and the read models begin at its end."""
        self._rounds += 1
        names = {row["projection"] for row in await self.pool.fetch("SELECT projection FROM checkpoints")}
        for projection in self._projections:
            if projection.name not in names:
                await rebuild(self.pool, self.store, projection, holder="spec")
            tables = ", ".join(f"{projection.name}.{table}" for table in projection.tables)
            await self.pool.execute(f"TRUNCATE {tables}")
        await self.pool.execute(
            """
            UPDATE checkpoints
               SET position = $1, poisoned_at = NULL, poisoned_by = NULL, holder = NULL, lease_until = '-infinity'
            """,
            await self.store.head(),
        )

    async def given(self, *events: AnyEvent, actor: UUID | None = AUTHOR) -> int:
        """Append events and apply them to all read models; the last position is the answer."""
        # Streams of their own in each round, so that versions count from one.
        wanted = [
            replace(request, stream=f"{request.stream}-{self._rounds}")
            for request in requests(*events, actor=actor)
        ]
        for answer in await self.store.append_many(wanted):
            assert not isinstance(answer, Exception), answer
        reached = [await follow_to_the_end(self.pool, self.store, one) for one in self._projections]
        return min(reached)

    async def board(
        self, *, limit: int = 200, cursor: str | None = None, now: datetime = NOON, **wanted: str
    ) -> BoardRows:
        """Ask for a page of the board."""
        return await board_page(self.pool, BoardFilter(**wanted), limit=limit, cursor=cursor, now=now)

    async def titles(self, **wanted: str) -> list[str]:
        """Ask for the titles on the board, newest first unless asked otherwise."""
        return [item.title for item in (await self.board(**{"sort": "newest", **wanted})).items]

    async def card(self, **wanted: str) -> BoardItem:
        """Ask for the one idea on the board."""
        (item,) = (await self.board(**wanted)).items
        return item
