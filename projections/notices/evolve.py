"""How notices follow the log."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, assert_never
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from events.connections import Connection
from events.contracts import (
    EndpointPaused,
    EndpointRegistered,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    IdeaLogged,
    IdeaRevised,
    MandateMatched,
    MandatePublished,
    MandateRevised,
    Money,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferMade,
    OfferRevised,
    OfferWithdrawn,
    OrganisationRegistered,
    OrganisationRevised,
    PledgeMade,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolOpened,
)
from events.envelope import RecordedEvent
from projections.notices.kinds import NoticeKind
from projections.statements import statement

_HERE = Path(__file__).parent


class Notices:
    """What concerns people and organisations as a projection."""

    name = "notices"
    version = 2
    tables = (
        "ideas",
        "organisations",
        "offers",
        "mandates",
        "pools",
        "pledgers",
        "endpoints",
        "pauses",
        "notices",
    )
    types = frozenset(
        contract.__name__
        for contract in (
            IdeaLogged,
            IdeaRevised,
            OrganisationRegistered,
            OrganisationRevised,
            OfferMade,
            OfferRevised,
            OfferAccepted,
            OfferDeclined,
            OfferWithdrawn,
            OfferDelivered,
            MandatePublished,
            MandateRevised,
            MandateMatched,
            PoolOpened,
            PledgeMade,
            PoolCommitted,
            PoolLapsed,
            PoolCancelled,
            EndpointRegistered,
            EndpointRevised,
            EndpointPaused,
            EndpointResumed,
            EndpointRemoved,
        )
    )
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Save the ideas that were logged in one go, which are many in an import, then all else one by one."""
        logged = [event.data for event in events if isinstance(event.data, IdeaLogged)]
        if logged:
            rows = [(idea.idea_id, idea.author_id, idea.title) for idea in logged]
            await connection.executemany(statement(_HERE, "save_idea"), rows)
        for event in events:
            await _remember(connection, event)
            await _notify(connection, event)


_Whom: TypeAlias = Literal["author", "offerer", "opener", "pledgers", "funder", "owner"]
"""The idea's author, those who made the offer, those who opened the pool, all who pledged to it, the organisation
that is told of what fits its mandate or was done in its name, and those whose endpoint it is."""

_ALL_OF_POOL: tuple[_Whom, ...] = ("author", "opener", "pledgers")


class _Notice(Struct, frozen=True, kw_only=True):
    """What a notice tells; for whom it was done, if for an organisation, is told with it."""

    kind: NoticeKind
    happened_at: datetime
    idea_id: UUID | None = None
    organisation_id: UUID | None = None
    offer_id: UUID | None = None
    mandate_id: UUID | None = None
    pool_id: UUID | None = None
    endpoint_id: UUID | None = None
    amount: Money | None = None
    reason: str = ""
    until: datetime | None = None


async def _remember(connection: Connection, event: RecordedEvent) -> None:
    """Keep whose everything is, and what it is called."""
    match event.data:
        case IdeaRevised(idea_id=identifier, title=title):
            await connection.execute(statement(_HERE, "retitle_idea"), identifier, title)
        case (
            OrganisationRegistered(organisation_id=identifier, name=name)
            | OrganisationRevised(organisation_id=identifier, name=name)
        ):
            await connection.execute(statement(_HERE, "save_organisation"), identifier, name)
        case OfferMade() as offer:
            made_for = offer.organisation_id or offer.made_by
            await connection.execute(statement(_HERE, "save_offer"), offer.offer_id, made_for, offer.title)
        case OfferRevised(offer_id=identifier, title=title):
            await connection.execute(statement(_HERE, "retitle_offer"), identifier, title)
        case (
            MandatePublished(mandate_id=identifier, title=title)
            | MandateRevised(mandate_id=identifier, title=title)
        ):
            await connection.execute(statement(_HERE, "save_mandate"), identifier, title)
        case PoolOpened() as pool:
            made_for = pool.organisation_id or pool.opened_by
            await connection.execute(statement(_HERE, "save_pool"), pool.pool_id, made_for)
        case PledgeMade(pool_id=identifier, organisation_id=organisation_id):
            await connection.execute(statement(_HERE, "save_pledger"), identifier, organisation_id)
        case _:
            await _remember_endpoint(connection, event)


async def _remember_endpoint(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case EndpointRegistered(endpoint_id=identifier, url=url) as endpoint:
            owner = endpoint.organisation_id or endpoint.registered_by
            await connection.execute(statement(_HERE, "save_endpoint"), identifier, owner, _host_of(url))
        case EndpointRevised(endpoint_id=identifier, url=url):
            await connection.execute(statement(_HERE, "move_endpoint"), identifier, _host_of(url))
        case EndpointPaused(endpoint_id=identifier, cause=cause, after=after) if cause != "asked":
            await connection.execute(statement(_HERE, "save_pause"), identifier, event.position, after)
        case EndpointResumed(endpoint_id=identifier):
            await connection.execute(statement(_HERE, "end_pauses"), identifier)
        case EndpointRemoved(endpoint_id=identifier):
            await connection.execute(statement(_HERE, "forget_endpoint"), identifier)
        case _:
            return


def _host_of(url: str) -> str:
    """Give no more of an address than its host, and nothing where there is none, as of one that was erased."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def _notify(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case OfferMade() as offer:
            notice = _of_offer("offer_made", offer, organisation_id=offer.organisation_id)
            await _tell(connection, event, notice, "author")
        case OfferRevised() as offer:
            await _tell(connection, event, _of_offer("offer_revised", offer, offer.reason), "author")
        case OfferWithdrawn() as offer:
            await _tell(connection, event, _of_offer("offer_withdrawn", offer, offer.reason), "author")
        case OfferDelivered() as offer:
            await _tell(
                connection, event, _of_offer("offer_delivered", offer, offer.note), "author", "offerer"
            )
        case OfferAccepted() as offer:
            kind: NoticeKind = "offer_accepted" if offer.standing == "chosen" else "offer_in_reserve"
            await _tell(connection, event, _of_offer(kind, offer), "offerer")
        case OfferDeclined() as offer:
            await _tell(connection, event, _of_offer("offer_declined", offer, offer.reason), "offerer")
        case _:
            await _notify_of_money(connection, event)


def _of_offer(
    kind: NoticeKind,
    event: OfferMade | OfferRevised | OfferAccepted | OfferDeclined | OfferWithdrawn | OfferDelivered,
    reason: str = "",
    organisation_id: UUID | None = None,
) -> _Notice:
    return _Notice(
        kind=kind,
        idea_id=event.idea_id,
        offer_id=event.offer_id,
        happened_at=event.occurred_at,
        reason=reason,
        organisation_id=organisation_id,
    )


async def _notify_of_money(connection: Connection, event: RecordedEvent) -> None:
    match event.data:
        case MandateMatched() as match:
            notice = _Notice(
                kind="mandate_matched",
                idea_id=match.idea_id,
                mandate_id=match.mandate_id,
                organisation_id=match.organisation_id,
                happened_at=match.occurred_at,
            )
            await _tell(connection, event, notice, "funder")
        case PledgeMade() as pledge:
            await _notify_of_pledge(connection, event, pledge)
        case PoolCommitted(committed_total=amount) as end:
            await _tell(connection, event, _of_end("pool_committed", end, amount), *_ALL_OF_POOL)
        case PoolLapsed(resolved_total=amount) as end:
            await _tell(connection, event, _of_end("pool_lapsed", end, amount), *_ALL_OF_POOL)
        case PoolCancelled(reason=reason) as end:
            await _tell(connection, event, _of_end("pool_cancelled", end, reason=reason), *_ALL_OF_POOL)
        case EndpointPaused() as pause:
            await _notify_of_pause(connection, event, pause)
        case _:
            return


async def _notify_of_pledge(connection: Connection, event: RecordedEvent, pledge: PledgeMade) -> None:
    facts: dict[str, Any] = {
        "idea_id": pledge.idea_id,
        "pool_id": pledge.pool_id,
        "mandate_id": pledge.mandate_id,
        "organisation_id": pledge.organisation_id,
        "amount": pledge.amount,
        "happened_at": pledge.occurred_at,
    }
    await _tell(connection, event, _Notice(kind="pledge_made", **facts), "author", "opener")
    if pledge.made_by is None:
        until = pledge.vetoable_until
        notice = _Notice(kind="standing_pledge_made", until=until, **facts)
        await _tell(connection, event, notice, "funder")


async def _notify_of_pause(connection: Connection, event: RecordedEvent, pause: EndpointPaused) -> None:
    match pause.cause:
        case "asked":
            return
        case "gone":
            kind: NoticeKind = "endpoint_gone"
        case "exhausted":
            kind = "endpoint_exhausted"
        case "receiver":
            kind = "endpoint_stopped"
        case _:
            assert_never(pause.cause)
    notice = _Notice(kind=kind, endpoint_id=pause.endpoint_id, happened_at=pause.occurred_at)
    await _tell(connection, event, notice, "owner")


def _of_end(
    kind: NoticeKind,
    event: PoolCommitted | PoolLapsed | PoolCancelled,
    amount: Money | None = None,
    reason: str = "",
) -> _Notice:
    return _Notice(
        kind=kind,
        idea_id=event.idea_id,
        pool_id=event.pool_id,
        happened_at=event.occurred_at,
        amount=amount,
        reason=reason,
    )


async def _tell(connection: Connection, event: RecordedEvent, notice: _Notice, *whom: _Whom) -> None:
    """Write a notice for each of those whom it concerns; whoever did it need not be told."""
    concerned: set[UUID] = set()
    for one in whom:
        concerned |= await _concerned(connection, notice, one)
    await connection.execute(
        statement(_HERE, "save_notices"),
        sorted(concerned - {event.metadata.actor}),
        event.position,
        notice.kind,
        event.metadata.actor,
        notice.idea_id,
        notice.organisation_id,
        notice.offer_id,
        notice.mandate_id,
        notice.pool_id,
        notice.amount and notice.amount.amount_minor,
        notice.amount and notice.amount.currency,
        notice.reason,
        notice.until,
        notice.happened_at,
    )


async def _concerned(connection: Connection, notice: _Notice, whom: _Whom) -> set[UUID]:
    match whom:
        case "funder":
            return set() if notice.organisation_id is None else {notice.organisation_id}
        case "author":
            subject: UUID | None = notice.idea_id
        case "offerer":
            subject = notice.offer_id
        case "opener" | "pledgers":
            subject = notice.pool_id
        case "owner":
            subject = notice.endpoint_id
        case _:
            assert_never(whom)
    found = {row[0] for row in await connection.fetch(statement(_HERE, whom), subject)}
    # Who pledges to its own pool knows of it.
    return found - {notice.organisation_id} if whom == "opener" else found
