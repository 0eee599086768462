"""What a projection is: a name, a version, tables of its own, and what it makes of events."""

from collections.abc import Sequence
from typing import Protocol

from events.connections import Connection
from events.envelope import RecordedEvent


class Projection(Protocol):
    """A read model kept up to date from the log.

    A change of `version` makes the runner build the new tables beside the live ones and switch to
    them when they have caught up. `types` are the events it is fed, or nothing for every event there
    is. `schema` is the SQL script that makes its tables; it and all statements name tables without a
    schema, and the connection they run on looks into the right one.
    """

    @property
    def name(self) -> str:
        """Name the projection, and the schema its live tables are in."""
        ...

    @property
    def version(self) -> int:
        """Count the changes that need a rebuild."""
        ...

    @property
    def types(self) -> frozenset[str] | None:
        """Name the types of events it wants to see; without any, it stops at a type nobody here knows."""
        ...

    @property
    def schema(self) -> str:
        """Give the SQL script that makes its tables."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Name its tables, for comparing two builds."""
        ...

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Bring the tables up to date with a page of events, in the caller's transaction.

        The result must be the same however the log is cut into pages.
        """
        ...
