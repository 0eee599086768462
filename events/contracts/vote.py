"""Streams `vote-<uuid5(idea, person)>`: one person's support for one idea."""

from typing import TypeAlias
from uuid import UUID

from events.contracts.base import Event, UTCDateTime


class VoteCast(Event, frozen=True, kw_only=True):
    """A person supports an idea."""

    idea_id: UUID
    person_id: UUID


class VoteWithdrawn(Event, frozen=True, kw_only=True):
    """A person took their support back.

    `cast_at` is when the vote that ends here was cast, so that a tally that weighs votes by age
    can take out exactly what it had put in.
    """

    idea_id: UUID
    person_id: UUID
    cast_at: UTCDateTime


VoteEvent: TypeAlias = VoteCast | VoteWithdrawn
