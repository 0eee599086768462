"""The recount: all votes of the log counted once more from zero, one event after the other, with nothing kept.

It shares no code with the read model on purpose, and counts by the same rules in the plainest way, so that each is
a check of the other.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from events.contracts import (
    PersonJoined,
    PersonVerified,
    QuarantineExtended,
    QuarantineLifted,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent
from projections.fair_votes.queries import FairTally


class Recount:
    """The votes that stand after the events that were counted so far."""

    def __init__(self, idea_id: UUID | None = None) -> None:
        self._idea_id = idea_id
        self._voters: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self._verified: set[UUID] = set()
        self._named: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self._lifted: set[UUID] = set()
        self.position = 0

    def apply(self, events: Iterable[RecordedEvent]) -> None:
        """Count on."""
        for event in events:
            match event.data:
                case VoteCast(idea_id=idea_id, person_id=person_id):
                    if self._idea_id in {None, idea_id}:
                        self._voters[idea_id].add(person_id)
                case VoteWithdrawn(idea_id=idea_id, person_id=person_id):
                    if self._idea_id in {None, idea_id}:
                        self._voters[idea_id].discard(person_id)
                case PersonJoined(person_id=person_id, origin=origin):
                    if origin != "account":
                        self._verified.add(person_id)
                case PersonVerified(person_id=person_id):
                    self._verified.add(person_id)
                case VotesQuarantined() | QuarantineExtended():
                    self._named[event.data.quarantine_id].update(event.data.people)
                case QuarantineLifted(quarantine_id=quarantine_id):
                    self._lifted.add(quarantine_id)
                case _:
                    pass
            self.position = event.position

    def tallies(self) -> dict[UUID, FairTally]:
        """Tell how the votes of each idea count; ideas without any are left out."""
        aside = {
            person
            for quarantine_id, people in self._named.items()
            if quarantine_id not in self._lifted
            for person in people
        }
        return {
            idea_id: FairTally(
                votes=len(voters),
                verified_votes=len((voters & self._verified) - aside),
                set_aside=len(voters & aside),
                position=self.position,
            )
            for idea_id, voters in self._voters.items()
            if voters
        }
