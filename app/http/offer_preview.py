"""What an offer would cover, shown before it is made or changed; nothing is kept of it."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from app.access.actor import Actor
from app.http.resources import Resources
from app.offering import idea_at_hand, offer_at_hand
from domain.idea import IdeaUnknownError
from domain.offer import OfferUnknownError, require_needed
from events.contracts import Money
from events.streams import new_id
from projections.coverage.queries import covered_with, of_idea
from projections.covered import Bringing, Coverage, Covering


class NeedPreview(Struct, frozen=True, kw_only=True):
    """How a need is covered now, and how it would be with the offer."""

    need_id: UUID
    title: str
    now: Covering
    then: Covering


class CoveragePreview(Struct, frozen=True, kw_only=True):
    """How far an idea is covered now, and how far it would be if the offer were made and chosen.

    `offer_id` names the offer among those that cover a need; where it is no change of one that is there, the identifier
    is of this answer alone.
    """

    idea_id: UUID
    offer_id: UUID
    needs: list[NeedPreview]
    now: Coverage
    then: Coverage


async def coverage_preview(
    resources: Resources,
    actor: Actor,
    idea_id: UUID,
    *,
    needs: Sequence[UUID],
    cost_to_adapt: Money | None,
    replaced: UUID | None = None,
) -> CoveragePreview:
    """Show what an offer would cover; what an idea takes no offer for is refused as it would be then.

    Raises:
        DomainError: there is no such idea, the offer that it would replace is not there, or a rule forbids it.
        LogUnavailableError: the database cannot be reached.
    """
    require_needed(needs, await idea_at_hand(resources.store, actor, idea_id))
    if replaced is not None and (await offer_at_hand(resources.store, replaced))[1].idea_id != idea_id:
        raise OfferUnknownError
    covered = await of_idea(resources.pool, idea_id)
    if covered is None:
        raise IdeaUnknownError
    offer = Bringing(offer_id=replaced or new_id(), needs=needs, status="chosen", cost_to_adapt=cost_to_adapt)
    then, coverage = await covered_with(resources.pool, idea_id, offer)
    return CoveragePreview(
        idea_id=idea_id,
        offer_id=offer.offer_id,
        needs=[
            NeedPreview(need_id=need.need_id, title=need.title, now=need.covering, then=then[need.need_id])
            for need in covered.needs
            if need.need_id in then
        ],
        now=covered.coverage,
        then=coverage,
    )
