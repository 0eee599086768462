"""Projections written for tests: what they saw can be counted, and they break when told to."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from events.connections import Connection
from events.contracts import VoteCast
from events.envelope import RecordedEvent
from projections.idea_board import IdeaBoard
from tests.projections.examples import person_id


class SeenVotes:
    """Notes each vote it is fed as often as it is fed; with `by` it breaks at the votes of some people."""

    tables = ("seen",)
    types = frozenset({"VoteCast"})
    schema = "CREATE TABLE seen (position bigint NOT NULL)"

    def __init__(self, name: str = "seen_votes", *, version: int = 1, by: Collection[int] = ()) -> None:
        self.name = name
        self.version = version
        self._spoilt_by = {person_id(number) for number in by}

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Note the positions."""
        await connection.copy_records_to_table("seen", records=[(event.position,) for event in events])
        for event in events:
            if isinstance(event.data, VoteCast) and event.data.person_id in self._spoilt_by:
                raise ValueError("a vote that cannot be counted")


class SlowVotes(SeenVotes):
    """Takes its time with every page, so that one can come in between."""

    def __init__(self, name: str = "seen_votes", *, version: int = 1, seconds: float = 0.01) -> None:
        super().__init__(name, version=version)
        self._seconds = seconds

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Note the positions, slowly."""
        await super().apply(connection, events)
        await asyncio.sleep(self._seconds)


class HeldVotes(SeenVotes):
    """Stays in the middle of its first page until it is let go."""

    def __init__(self, name: str = "seen_votes", *, version: int = 1) -> None:
        super().__init__(name, version=version)
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Note the positions and wait."""
        await super().apply(connection, events)
        self.begun.set()
        await self.let_go.wait()


class FailingAtFirst(SeenVotes):
    """Fails at its first page, and at the first event of it, with an error that says nothing about the events."""

    def __init__(self, error: Callable[[], Exception]) -> None:
        super().__init__()
        self._errors = [error(), error()]

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Fail, or note the positions."""
        if self._errors:
            raise self._errors.pop()
        await super().apply(connection, events)


class NextBoard(IdeaBoard):
    """The board of the next release, with a column more."""

    version = IdeaBoard.version + 1
    schema = f"{IdeaBoard.schema}\nALTER TABLE ideas ADD COLUMN cheers integer NOT NULL DEFAULT 7;"
