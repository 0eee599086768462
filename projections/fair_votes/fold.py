"""What a page of events does to the votes, folded in memory on top of what was before.

A person's votes are *set aside* while a quarantine stands against them; otherwise they are *verified* when the
person is verified in some way or came with imported or sample data, whose source vouches for its ballots; and
otherwise they are among all votes and nothing more. So an event about a person moves all their votes.
"""

from collections import defaultdict
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

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

Standing: TypeAlias = Literal["verified", "set_aside", "unverified"]
"""How a vote counts: among all votes in any case, and besides as verified or as set aside, or neither."""


class Voter(Struct):
    """A person as far as their votes are concerned; `standing` are the ideas they support."""

    origin: str | None = None
    joined_at: datetime | None = None
    verified: int | None = None
    by_age: bool = False
    aside: set[UUID] = set()
    ideas: set[UUID] = set()

    @property
    def standing(self) -> Standing:
        """Tell how this person's votes count."""
        if self.aside:
            return "set_aside"
        return "unverified" if self.verified is None else "verified"


class Quarantine(Struct):
    """Whom a quarantine names, and whether it stands."""

    people: set[UUID]
    stands: bool = True


class Change(Struct):
    """What changes in an idea's tally, and by which event last."""

    votes: int = 0
    verified_votes: int = 0
    set_aside: int = 0
    position: int = 0


class CastVotes(Struct):
    """The votes that were cast in this page, as columns: a page holds thousands."""

    idea_ids: list[UUID] = []
    person_ids: list[UUID] = []
    positions: list[int] = []
    cast_at: list[datetime] = []
    ended: list[int | None] = []


class Page:
    """The state before a page of events, and what the page changes.

    `voters` are those the page is about, `quarantines` those it names. A voter's `ideas` are needed of those alone
    who are not only voting: whose votes may move.
    """

    def __init__(self, voters: dict[UUID, Voter], quarantines: dict[UUID, Quarantine]) -> None:
        self._voters = voters
        self._quarantines = quarantines
        self._open: dict[tuple[UUID, UUID], int] = {}
        self.changed: dict[UUID, Voter] = {}
        self.cast = CastVotes()
        self.ended: list[tuple[UUID, UUID, int]] = []
        self.tallies: defaultdict[UUID, Change] = defaultdict(Change)
        self.set_aside: defaultdict[tuple[UUID, UUID], int] = defaultdict(int)
        self.raised: list[tuple[VotesQuarantined, int]] = []
        self.named: list[tuple[UUID, UUID, int]] = []
        self.extended: list[tuple[UUID, int, datetime]] = []
        self.lifted: list[tuple[QuarantineLifted, int]] = []

    def apply(self, event: RecordedEvent) -> None:
        """Fold one event."""
        data, position = event.data, event.position
        match data:
            case VoteCast():
                self._cast(data, position)
            case VoteWithdrawn():
                self._withdraw(data, position)
            case PersonJoined(person_id=person_id, origin=origin, occurred_at=at):
                voter = self._voter(person_id)
                before = voter.standing
                voter.origin, voter.joined_at = origin, at
                if origin != "account" and voter.verified is None:
                    voter.verified = position
                self._moved(person_id, voter, before, position)
            case PersonVerified(person_id=person_id, how=how):
                voter = self._voter(person_id)
                before = voter.standing
                voter.by_age = voter.by_age or how == "age"
                if voter.verified is None:
                    voter.verified = position
                self._moved(person_id, voter, before, position)
            case VotesQuarantined(quarantine_id=quarantine_id) if quarantine_id not in self._quarantines:
                self._quarantines[quarantine_id] = Quarantine(people=set())
                self.raised.append((data, position))
                self._name(quarantine_id, data.people, data.until, position)
            case QuarantineExtended(quarantine_id=quarantine_id):
                self._name(quarantine_id, data.people, data.until, position)
            case QuarantineLifted(quarantine_id=quarantine_id):
                self._lift(data, position)
            case _:
                pass

    def _voter(self, person_id: UUID) -> Voter:
        return self._voters.setdefault(person_id, Voter(aside=set(), ideas=set()))

    def _count(self, idea_id: UUID, standing: Standing, by: int, position: int) -> None:
        change = self.tallies[idea_id]
        if standing == "verified":
            change.verified_votes += by
        elif standing == "set_aside":
            change.set_aside += by
        change.position = position

    def _cast(self, vote: VoteCast, position: int) -> None:
        idea_id, person_id, cast = vote.idea_id, vote.person_id, self.cast
        voter = self._voters.get(person_id) or self._voter(person_id)
        self._open[idea_id, person_id] = len(cast.positions)
        cast.idea_ids.append(idea_id)
        cast.person_ids.append(person_id)
        cast.positions.append(position)
        cast.cast_at.append(vote.occurred_at)
        cast.ended.append(None)
        voter.ideas.add(idea_id)
        # What follows is `_support` for the ordinary case, which is nearly every event of a large import.
        if voter.aside:
            self._support(idea_id, voter, 1, position)
            return
        change = self.tallies[idea_id]
        change.votes += 1
        if voter.verified is not None:
            change.verified_votes += 1
        change.position = position

    def _withdraw(self, vote: VoteWithdrawn, position: int) -> None:
        voter = self._voter(vote.person_id)
        cast = self._open.pop((vote.idea_id, vote.person_id), None)
        if cast is None:
            self.ended.append((vote.idea_id, vote.person_id, position))
        else:
            self.cast.ended[cast] = position
        self._support(vote.idea_id, voter, -1, position)
        voter.ideas.discard(vote.idea_id)

    def _support(self, idea_id: UUID, voter: Voter, by: int, position: int) -> None:
        self._count(idea_id, voter.standing, by, position)
        self.tallies[idea_id].votes += by
        for quarantine_id in voter.aside:
            self.set_aside[idea_id, quarantine_id] += by

    def _moved(self, person_id: UUID, voter: Voter, before: Standing, position: int) -> None:
        self.changed[person_id] = voter
        after = voter.standing
        if after != before:
            for idea_id in voter.ideas:
                self._count(idea_id, before, -1, position)
                self._count(idea_id, after, 1, position)

    def _name(self, quarantine_id: UUID, people: tuple[UUID, ...], until: datetime, position: int) -> None:
        quarantine = self._quarantines.get(quarantine_id)
        if quarantine is None or not quarantine.stands:
            return
        fresh = [person_id for person_id in dict.fromkeys(people) if person_id not in quarantine.people]
        quarantine.people.update(fresh)
        self.extended.append((quarantine_id, len(fresh), until))
        for person_id in fresh:
            self.named.append((quarantine_id, person_id, position))
            voter = self._voter(person_id)
            before = voter.standing
            voter.aside.add(quarantine_id)
            for idea_id in voter.ideas:
                self.set_aside[idea_id, quarantine_id] += 1
            self._moved(person_id, voter, before, position)

    def _lift(self, event: QuarantineLifted, position: int) -> None:
        quarantine = self._quarantines.get(event.quarantine_id)
        if quarantine is None or not quarantine.stands:
            return
        quarantine.stands = False
        self.lifted.append((event, position))
        for person_id in quarantine.people:
            voter = self._voter(person_id)
            before = voter.standing
            voter.aside.discard(event.quarantine_id)
            for idea_id in voter.ideas:
                self.set_aside[idea_id, event.quarantine_id] -= 1
            self._moved(person_id, voter, before, position)
