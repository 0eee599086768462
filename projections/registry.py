"""All projections there are."""

from projections.audit_history import AuditHistory
from projections.coverage import Coverages
from projections.fair_votes import FairVotes
from projections.funder_matches import FunderMatches
from projections.idea_board import IdeaBoard
from projections.idea_detail import IdeaDetails
from projections.mandates import Mandates
from projections.notices import Notices
from projections.organisations import Organisations
from projections.past_grants import PastGrants
from projections.pools import Pools
from projections.projection import Projection

REGISTRY: tuple[Projection, ...] = (
    IdeaBoard(),
    IdeaDetails(),
    AuditHistory(),
    Mandates(),
    PastGrants(),
    FairVotes(),
    Organisations(),
    FunderMatches(),
    Coverages(),
    Notices(),
    Pools(),
)


def projection_named(name: str) -> Projection | None:
    """Find a projection by its name."""
    return next((projection for projection in REGISTRY if projection.name == name), None)
