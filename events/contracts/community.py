"""Streams `community-<id>`: the space an idea lives in, and how it votes."""

from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event, TextOfCommunity, UTCDateTime


class VotingRules(Struct, frozen=True, kw_only=True):
    """How a community votes.

    `support_threshold` is the number of votes that makes an idea *supported*. Without `opens_at`
    voting is open from the start, without `closes_at` it has no end.
    """

    support_threshold: int
    opens_at: UTCDateTime | None = None
    closes_at: UTCDateTime | None = None


class CommunityOpened(Event, frozen=True, kw_only=True):
    """A community was opened under a short name (`slug`) that its addresses use."""

    community_id: UUID
    slug: str
    name: str
    rules: VotingRules


class CommunityRulesSet(Event, frozen=True, kw_only=True):
    """The voting rules were replaced, while no vote was running."""

    community_id: UUID
    rules: VotingRules
    reason: TextOfCommunity


class VotingPaused(Event, frozen=True, kw_only=True):
    """Voting was paused, for a reason that everybody can read."""

    community_id: UUID
    reason: TextOfCommunity


class VotingResumed(Event, frozen=True, kw_only=True):
    """Voting went on after a pause."""

    community_id: UUID


class StewardAppointed(Event, frozen=True, kw_only=True):
    """A person became a steward, who moderates the community."""

    community_id: UUID
    person_id: UUID


class StewardRemoved(Event, frozen=True, kw_only=True):
    """A person ceased to be a steward, for a reason that everybody can read."""

    community_id: UUID
    person_id: UUID
    reason: TextOfCommunity


CommunityEvent: TypeAlias = (
    CommunityOpened | CommunityRulesSet | VotingPaused | VotingResumed | StewardAppointed | StewardRemoved
)
