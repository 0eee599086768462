"""What may be done with offers, for the API and the pages alike."""

from typing import Any
from uuid import UUID

from litestar import Request
from msgspec.structs import replace

from app.http.etags import require_match
from app.http.idempotency import Written, attempt
from app.http.resources import actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.offering import idea_at_hand, offer_at_hand, represented
from domain.offer import (
    OFFER,
    AcceptOffer,
    DeclineOffer,
    DeliverOffer,
    MakeOffer,
    OfferCommand,
    OfferedPart,
    ReviseOffer,
    WithdrawOffer,
)
from events.contracts import Standing
from events.streams import new_id, offer_stream


class OfferChanged(Written, frozen=True, kw_only=True):
    """An offer was made, changed or answered."""

    offer_id: UUID
    idea_id: UUID


async def make_offer(
    request: Request[Any, Any, Any], idea_id: UUID, part: OfferedPart, organisation_id: UUID | None
) -> OfferChanged:
    """Make an offer on an idea.

    Raises:
        DomainError: there is no such idea or organisation, or a rule forbids it.
        RoleNeededError: whoever asks may not make offers for the organisation.
        LogUnavailableError: the log cannot be reached.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, OfferChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier
    offer_id = new_id()
    answer = OfferChanged(position=0, offer_id=offer_id, idea_id=idea_id)
    command = MakeOffer(
        now=now(),
        offer_id=offer_id,
        idea_id=idea_id,
        person_id=actor.person_id,
        organisation_id=await represented(resources.store, actor, organisation_id),
        part=part,
        idea=await idea_at_hand(resources.store, actor, idea_id),
    )
    handled = await resources.handler.handle(
        OFFER,
        offer_stream(offer_id),
        command,
        cause=cause_of(request, actor.person_id),
        key=this.keeping(answer),
        presume_new=True,
    )
    return this.answered(answer, handled)


async def revise_offer(
    request: Request[Any, Any, Any],
    offer_id: UUID,
    changes: dict[str, Any],
    reason: str,
    if_match: str | None = None,
) -> OfferChanged:
    """Change some facts of an offer.

    Raises:
        DomainError: there is no such offer, or a rule forbids it.
        RoleNeededError: whoever asks may not make offers for the organisation.
        OutdatedError: it is not as the caller read it.
        LogUnavailableError: the log cannot be reached.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, OfferChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier

    async def revise() -> OfferChanged:
        _, found, version = await offer_at_hand(resources.store, offer_id)
        require_match(if_match, version)
        answer = OfferChanged(position=0, offer_id=offer_id, idea_id=found.idea_id)
        command = ReviseOffer(
            now=now(),
            offer_id=offer_id,
            person_id=actor.person_id,
            represents=await represented(resources.store, actor, found.organisation_id),
            part=replace(found.part, **changes),
            idea=await idea_at_hand(resources.store, actor, found.idea_id),
            reason=reason,
        )
        handled = await resources.handler.handle(
            OFFER,
            offer_stream(offer_id),
            command,
            cause=cause_of(request, actor.person_id),
            key=this.keeping(answer),
            # What was left out is taken from this version, so it must be the one that is revised.
            expected=version,
        )
        return this.answered(answer, handled)

    return await on_the_latest(revise)


async def accept_offer(request: Request[Any, Any, Any], offer_id: UUID, standing: Standing) -> OfferChanged:
    """Accept an offer, in this standing; for errors see `_answer`."""
    resources, actor = resources_of(request), actor_of(request)
    _, found, _ = await offer_at_hand(resources.store, offer_id)
    idea = await idea_at_hand(resources.store, actor, found.idea_id)
    command = AcceptOffer(
        now=now(), offer_id=offer_id, person_id=actor.person_id, idea=idea, standing=standing
    )
    return await _answer(request, found.idea_id, command)


async def decline_offer(request: Request[Any, Any, Any], offer_id: UUID, reason: str) -> OfferChanged:
    """Decline an offer; for errors see `_answer`."""
    resources, actor = resources_of(request), actor_of(request)
    _, found, _ = await offer_at_hand(resources.store, offer_id)
    idea = await idea_at_hand(resources.store, actor, found.idea_id)
    command = DeclineOffer(now=now(), offer_id=offer_id, person_id=actor.person_id, idea=idea, reason=reason)
    return await _answer(request, found.idea_id, command)


async def withdraw_offer(request: Request[Any, Any, Any], offer_id: UUID, reason: str) -> OfferChanged:
    """Withdraw an offer; for errors see `_answer`."""
    resources, actor = resources_of(request), actor_of(request)
    _, found, _ = await offer_at_hand(resources.store, offer_id)
    command = WithdrawOffer(
        now=now(),
        offer_id=offer_id,
        person_id=actor.person_id,
        represents=await represented(resources.store, actor, found.organisation_id),
        reason=reason,
    )
    return await _answer(request, found.idea_id, command)


async def deliver_offer(
    request: Request[Any, Any, Any], offer_id: UUID, link: str | None, note: str
) -> OfferChanged:
    """Deliver an offer, as those who made it or those who speak for the idea; for errors see `_answer`."""
    resources, actor = resources_of(request), actor_of(request)
    _, found, _ = await offer_at_hand(resources.store, offer_id)
    idea = await idea_at_hand(resources.store, actor, found.idea_id)
    organisation_id = None if actor.person_id in idea.speakers else found.organisation_id
    command = DeliverOffer(
        now=now(),
        offer_id=offer_id,
        person_id=actor.person_id,
        idea=idea,
        represents=await represented(resources.store, actor, organisation_id),
        link=link,
        note=note,
    )
    return await _answer(request, found.idea_id, command)


async def _answer(request: Request[Any, Any, Any], idea_id: UUID, command: OfferCommand) -> OfferChanged:
    """Handle a command about an offer that is there.

    Raises:
        DomainError: there is no such offer, or a rule forbids it.
        LogUnavailableError: the log cannot be reached.
    """
    this = await attempt(request, OfferChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = OfferChanged(position=0, offer_id=command.offer_id, idea_id=idea_id)
    handled = await resources_of(request).handler.handle(
        OFFER,
        offer_stream(command.offer_id),
        command,
        cause=cause_of(request, command.person_id),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)
