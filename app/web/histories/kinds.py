"""What happened, in groups that people would ask for: each type of event is of one kind, and about one sort of thing."""

from collections.abc import Mapping
from types import MappingProxyType

from projections.language import N_

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "new": (
            N_("Something new"),
            (
                *("IdeaLogged", "NeedAdded", "OfferMade", "MandatePublished", "PoolOpened"),
                *("OrganisationRegistered", "CommunityOpened", "PersonJoined", "MemberAdded"),
                *("StewardAppointed", "EndpointRegistered"),
            ),
        ),
        "support": (
            N_("Support, and votes set aside"),
            (
                *("VoteCast", "VoteWithdrawn", "VotesQuarantined", "QuarantineExtended", "QuarantineLifted"),
                "SupportReached",
            ),
        ),
        "changed": (
            N_("Changes"),
            (
                *(
                    "IdeaRevised",
                    "NeedRevised",
                    "NeedsOrdered",
                    "OfferRevised",
                    "MandateRevised",
                    "PoolRevised",
                ),
                *("OrganisationRevised", "CommunityRulesSet", "PersonProfileRevised", "MemberRoleChanged"),
                *("EndpointRevised", "SecretRotated"),
            ),
        ),
        "forward": (
            N_("Steps forward"),
            (
                *(
                    "OfferAccepted",
                    "OfferDelivered",
                    "ServiceLaunched",
                    "MilestonePlanned",
                    "MilestoneReached",
                    "PoolReachedMinimum",
                ),
                *("IdeaReopened", "MandateResumed", "MandateMatched", "VotingResumed", "PersonVerified"),
                *("EndpointVerified", "EndpointResumed"),
            ),
        ),
        "money": (
            N_("Money promised, agreed or paid"),
            (
                *("PledgeMade", "PledgeRevised", "PledgeWithdrawn", "PledgeAbandoned", "PoolCommitted"),
                *(
                    "FundsConfirmed",
                    "TrancheReleased",
                    "BudgetReserved",
                    "BudgetReleased",
                    "PastGrantRecorded",
                ),
            ),
        ),
        "ended": (
            N_("Pauses and endings"),
            (
                *("IdeaWithdrawn", "IdeaClosed", "NeedRemoved", "OfferDeclined", "OfferWithdrawn"),
                *("MandatePaused", "MandateClosed", "PoolLapsed", "PoolCancelled", "VotingPaused"),
                *("StewardRemoved", "MemberRemoved", "EndpointPaused", "EndpointRemoved"),
            ),
        ),
    }
)
"""What kind of thing happened: the name for people, and the types of events."""

THINGS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "idea": (
            N_("Ideas"),
            (
                *(
                    "IdeaLogged",
                    "IdeaRevised",
                    "IdeaWithdrawn",
                    "IdeaReopened",
                    "IdeaClosed",
                    "ServiceLaunched",
                ),
                *("NeedAdded", "NeedRevised", "NeedRemoved", "NeedsOrdered", "VoteCast", "VoteWithdrawn"),
                "SupportReached",
            ),
        ),
        "offer": (
            N_("Offers"),
            (
                *("OfferMade", "OfferRevised", "OfferAccepted", "OfferDeclined", "OfferWithdrawn"),
                "OfferDelivered",
            ),
        ),
        "pool": (
            N_("Pools"),
            (
                *("PoolOpened", "PoolRevised", "PledgeMade", "PledgeRevised", "PledgeWithdrawn"),
                *("PledgeAbandoned", "PoolCommitted", "PoolLapsed", "PoolCancelled", "FundsConfirmed"),
                *("PoolReachedMinimum", "MilestonePlanned", "MilestoneReached", "TrancheReleased"),
            ),
        ),
        "mandate": (
            N_("What funders are open to"),
            (
                *("MandatePublished", "MandateRevised", "MandatePaused", "MandateResumed", "MandateClosed"),
                *("BudgetReserved", "BudgetReleased", "MandateMatched"),
            ),
        ),
        "organisation": (
            N_("Organisations"),
            (
                *("OrganisationRegistered", "OrganisationRevised", "MemberAdded", "MemberRoleChanged"),
                *("MemberRemoved", "PastGrantRecorded"),
            ),
        ),
        "community": (
            N_("Communities and fair votes"),
            (
                *("CommunityOpened", "CommunityRulesSet", "VotingPaused", "VotingResumed"),
                *("StewardAppointed", "StewardRemoved"),
                *("VotesQuarantined", "QuarantineExtended", "QuarantineLifted"),
            ),
        ),
        "person": (N_("People"), ("PersonJoined", "PersonProfileRevised", "PersonVerified")),
        "program": (
            N_("Programs that are told"),
            (
                *("EndpointRegistered", "EndpointVerified", "EndpointRevised", "SecretRotated"),
                *("EndpointPaused", "EndpointResumed", "EndpointRemoved"),
            ),
        ),
    }
)
"""What sort of thing it happened to: the name for people, and the types of events."""

_KIND_OF = {name: kind for kind, (_, types) in KINDS.items() for name in types}
_THING_OF = {name: thing for thing, (_, types) in THINGS.items() for name in types}


def kind_of(type_: str) -> str:
    """Tell of what kind a type of event is."""
    return _KIND_OF[type_]


def thing_of(type_: str) -> str:
    """Tell about what sort of thing a type of event is."""
    return _THING_OF[type_]
