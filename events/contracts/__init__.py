"""Every event this service has ever written, by category of stream.

A class name is a storage format: it stands in the `type` column of the log for ever. Fields may be
added with a default and are never renamed or removed; a change beyond that is a new shape with an
upcaster (see `events.upcasting`), and `tests/fixtures/events` keeps one golden file of each.
"""

from typing import TypeAlias

from events.contracts.base import Event, Money, UTCDateTime
from events.contracts.community import (
    CommunityEvent,
    CommunityOpened,
    CommunityRulesSet,
    StewardAppointed,
    StewardRemoved,
    VotingPaused,
    VotingResumed,
    VotingRules,
)
from events.contracts.idea import (
    IdeaEvent,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    Source,
)
from events.contracts.organisation import (
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationEvent,
    OrganisationRegistered,
    OrganisationRevised,
    OrganisationRole,
)
from events.contracts.person import (
    PersonEvent,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    VerifiedHow,
)
from events.contracts.quarantine import (
    QuarantineEvent,
    QuarantineExtended,
    QuarantineLifted,
    Signal,
    VotesQuarantined,
)
from events.contracts.vote import VoteCast, VoteEvent, VoteWithdrawn

AnyEvent: TypeAlias = (
    PersonEvent | OrganisationEvent | CommunityEvent | IdeaEvent | VoteEvent | QuarantineEvent
)

CONTRACTS: tuple[type[AnyEvent], ...] = (
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    OrganisationRegistered,
    OrganisationRevised,
    MemberAdded,
    MemberRoleChanged,
    MemberRemoved,
    CommunityOpened,
    CommunityRulesSet,
    VotingPaused,
    VotingResumed,
    StewardAppointed,
    StewardRemoved,
    IdeaLogged,
    IdeaRevised,
    IdeaWithdrawn,
    IdeaReopened,
    VoteCast,
    VoteWithdrawn,
    VotesQuarantined,
    QuarantineExtended,
    QuarantineLifted,
)

__all__ = [
    "CONTRACTS",
    "AnyEvent",
    "CommunityEvent",
    "CommunityOpened",
    "CommunityRulesSet",
    "Event",
    "IdeaEvent",
    "IdeaLogged",
    "IdeaReopened",
    "IdeaRevised",
    "IdeaWithdrawn",
    "MemberAdded",
    "MemberRemoved",
    "MemberRoleChanged",
    "Money",
    "OrganisationEvent",
    "OrganisationRegistered",
    "OrganisationRevised",
    "OrganisationRole",
    "PersonEvent",
    "PersonJoined",
    "PersonProfileRevised",
    "PersonVerified",
    "QuarantineEvent",
    "QuarantineExtended",
    "QuarantineLifted",
    "Signal",
    "Source",
    "StewardAppointed",
    "StewardRemoved",
    "UTCDateTime",
    "VerifiedHow",
    "VoteCast",
    "VoteEvent",
    "VoteWithdrawn",
    "VotesQuarantined",
    "VotingPaused",
    "VotingResumed",
    "VotingRules",
]
