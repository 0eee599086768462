"""What decides about an offer besides the offer itself, read from the log just before."""

from uuid import UUID

from app.access.actor import Actor
from app.access.relations import is_steward_of, require_role
from app.folding import folded
from domain.idea import IdeaUnknownError
from domain.needs import NEEDS, NoIdea
from domain.offer import OFFER, IdeaAtHand, NotMade, Offered, OfferState, OfferUnknownError
from events.store import EventStore
from events.streams import idea_stream, offer_stream


async def idea_at_hand(store: EventStore, actor: Actor, idea_id: UUID) -> IdeaAtHand:
    """Tell whether an idea takes offers, what it lacks, and whether the actor speaks for it.

    Raises:
        IdeaUnknownError: there is no such idea.
        LogUnavailableError: the log cannot be reached.
    """
    state = (await folded(store, NEEDS, idea_stream(idea_id))).state
    if isinstance(state, NoIdea):
        raise IdeaUnknownError
    speakers = {state.author_id}
    if actor.person_id != state.author_id and await is_steward_of(store, actor, idea_id):
        speakers.add(actor.person_id)
    return IdeaAtHand(is_open=state.ended is None, needs=frozenset(state.needs), speakers=frozenset(speakers))


async def offer_at_hand(store: EventStore, offer_id: UUID) -> tuple[OfferState, Offered, int]:
    """Give an offer as it is, what was offered with it, and the version of its stream.

    Raises:
        OfferUnknownError: there is no such offer.
        LogUnavailableError: the log cannot be reached.
    """
    found = await folded(store, OFFER, offer_stream(offer_id))
    if isinstance(found.state, NotMade):
        raise OfferUnknownError
    offer = found.state if isinstance(found.state, Offered) else found.state.offer
    return found.state, offer, found.version


async def represented(store: EventStore, actor: Actor, organisation_id: UUID | None) -> UUID | None:
    """Give the organisation that an offer is made for, once it is sure that the actor may make offers for it.

    Raises:
        RoleNeededError: the actor may not, or not any longer.
        OrganisationUnknownError: there is no such organisation.
        LogUnavailableError: the log cannot be reached.
    """
    if organisation_id is not None:
        await require_role(store, actor, organisation_id, "offers")
    return organisation_id
