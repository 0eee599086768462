"""Checks a log against what its writers were told and what a tailing reader saw."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from ops.faults.marks import Mark
from ops.faults.outcomes import Outcomes
from ops.faults.report import Breaches, Invariant

_ID_BYTES = 16


class Entry(NamedTuple):
    """One event of the log as it lies there at the end."""

    position: int
    stream: str
    version: int
    event_id: UUID
    mark: Mark


class Reading:
    """What a tailing reader saw, in the order it saw it."""

    def __init__(self) -> None:
        self._positions_in_order = True
        self._ids = bytearray()
        self.positions: list[int] = []
        self.out_of_order: list[str] = []

    @property
    def newest(self) -> int:
        """Give the last position seen, 0 before the first."""
        return self.positions[-1] if self.positions else 0

    def see(self, position: int, event_id: UUID) -> None:
        """Take in the next event."""
        if position <= self.newest:
            self.out_of_order.append(f"position {position} came after {self.newest}")
        self.positions.append(position)
        self._ids += event_id.bytes

    def by_position(self) -> dict[int, bytes]:
        """Give the identifier of the event seen at each position."""
        return {
            position: bytes(self._ids[at * _ID_BYTES : (at + 1) * _ID_BYTES])
            for at, position in enumerate(self.positions)
        }


class _Request:
    """The events of one request that the log holds."""

    __slots__ = ("entries", "of")

    def __init__(self, of: int) -> None:
        self.of = of
        self.entries: list[Entry] = []

    def is_whole(self) -> bool:
        """Tell whether all events are there, in order, one after the other, in one stream."""
        first = self.entries[0]
        return len(self.entries) == self.of and all(
            entry.mark.number == place + 1
            and entry.position == first.position + place
            and entry.version == first.version + place
            and entry.stream == first.stream
            for place, entry in enumerate(self.entries)
        )


class LogCheck:
    """Looks at every event of the log once, in order of position."""

    def __init__(self) -> None:
        self._gapless = Breaches("positions count 1 to N without a gap")
        self._versions = Breaches("versions count without a gap in every stream")
        self._twice = Breaches("no event is there twice")
        self._newest = 0
        self._version_of: dict[str, int] = {}
        self._marks: set[Mark] = set()
        self._requests: dict[tuple[int, int], _Request] = {}
        self._ids: dict[int, bytes] = {}

    def look(self, entries: Iterable[Entry]) -> None:
        """Take in the next events."""
        for entry in entries:
            self._gapless.expect(
                entry.position == self._newest + 1, f"{entry.position} follows {self._newest}"
            )
            self._newest = entry.position
            version = self._version_of.get(entry.stream, 0)
            self._versions.expect(
                entry.version == version + 1, f"{entry.stream}: {entry.version} follows {version}"
            )
            self._version_of[entry.stream] = entry.version
            self._twice.expect(entry.mark not in self._marks, f"{entry.mark} again at {entry.position}")
            self._marks.add(entry.mark)
            self._ids[entry.position] = entry.event_id.bytes
            writer, number, _, of = entry.mark
            self._requests.setdefault((writer, number), _Request(of)).entries.append(entry)

    def ghosts(self, outcomes: Outcomes) -> int:
        """Count the requests that are in the log although nobody was told so."""
        return sum(1 for request in self._requests if request not in outcomes.acknowledged)

    def invariants(self, outcomes: Outcomes, reading: Reading, *, count: int, newest: int) -> list[Invariant]:
        """Give the outcome; `count` and `newest` are what the database says of the log as a whole."""
        whole = Breaches("count of events = newest position")
        whole.expect(
            count == newest == len(self._ids), f"{count} events, newest {newest}, {len(self._ids)} read"
        )
        failures = Breaches("a writer is answered, refused or told to retry")
        failures.checked = len(outcomes.acknowledged) + len(outcomes.refused) + outcomes.unknown
        failures.note_all(outcomes.failures)
        return [
            *self._of_reading(reading),
            whole.invariant(),
            *(breaches.invariant() for breaches in (self._gapless, self._versions, self._twice)),
            *self._of_requests(outcomes),
            failures.invariant(),
        ]

    def _of_reading(self, reading: Reading) -> list[Invariant]:
        lost = Breaches("the reader saw every event while it ran")
        other = Breaches("the reader saw what the log holds")
        order = Breaches("the reader saw every event in order, once")
        order.checked = len(reading.positions)
        order.note_all(reading.out_of_order)
        seen = reading.by_position()
        for position, event_id in self._ids.items():
            lost.expect(position in seen, f"position {position} was never seen")
            if position in seen:
                other.expect(seen[position] == event_id, f"another event was seen at {position}")
        other.note_all(
            f"position {position} is not in the log" for position in seen.keys() - self._ids.keys()
        )
        return [lost.invariant(), order.invariant(), other.invariant()]

    def _of_requests(self, outcomes: Outcomes) -> list[Invariant]:
        there = Breaches("every acknowledged append is there, where it was said to be")
        for request, told in outcomes.acknowledged.items():
            found = self._requests.get(request)
            last = found.entries[-1] if found else None
            there.expect(
                last is not None and (last.position, last.version) == told,
                f"request {request}: told {told}, found {last}",
            )
        whole = Breaches("an append is there as a whole or not at all")
        for request, found in self._requests.items():
            whole.expect(found.is_whole(), f"request {request}: {len(found.entries)} of {found.of} in order")
        refused = Breaches("a refused append is not there")
        for request in outcomes.refused:
            refused.expect(request not in self._requests, f"request {request} was refused")
        return [there.invariant(), whole.invariant(), refused.invariant()]
