"""Streams `quarantine-<id>`: people whose votes are set aside, why, and until when.

Nothing is deleted by it: the votes stay in the log and among all votes, and leave the verified ones for as long
as the quarantine stands.
"""

from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event, TextOfQuarantine, UTCDateTime

Signal: TypeAlias = Literal["sign_up_burst", "shared_network", "timing", "disposable_domains", "by_hand"]
"""What looked as if votes were stuffed: many new accounts from few networks, or from a single one, votes at even
intervals, throw-away addresses; or a steward's own judgement."""


class VotesQuarantined(Event, frozen=True, kw_only=True):
    """The votes of some people were set aside, for a reason that everybody can read.

    `people` are at most 1,000; more of the same wave follow as `QuarantineExtended`. `idea_ids` are the ideas
    on which it was noticed, and `since` and `until` the times of the first and last vote that were looked at.
    """

    quarantine_id: UUID
    people: tuple[UUID, ...]
    signal: Signal
    reason: TextOfQuarantine
    idea_ids: tuple[UUID, ...]
    since: UTCDateTime
    until: UTCDateTime


class QuarantineExtended(Event, frozen=True, kw_only=True):
    """Further people of the same wave had their votes set aside, at most 1,000 in one event."""

    quarantine_id: UUID
    people: tuple[UUID, ...]
    until: UTCDateTime


class QuarantineLifted(Event, frozen=True, kw_only=True):
    """The votes count again, for a reason that everybody can read."""

    quarantine_id: UUID
    reason: TextOfQuarantine


QuarantineEvent: TypeAlias = VotesQuarantined | QuarantineExtended | QuarantineLifted
