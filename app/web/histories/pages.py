"""The pages of history: of everything, and of an idea, a pool, a mandate, an offer and an organisation."""

import asyncio
from functools import partial
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec.structs import replace

from app.access.accounts import names_of as people_of
from app.http.histories import public_timeline
from app.http.resources import Resources, now, resources_of
from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.importing.sample_funders import SAMPLE_FUNDERS
from app.web.addresses import idea_href, offer_href, organisation_href, pool_href
from app.web.histories.asked import query_from
from app.web.histories.money import MoneyPicture, money_over_time
from app.web.histories.naming import meant
from app.web.histories.present import SIGNED, Known, Thing, history_view
from app.web.present_mandates import mandate_href
from app.web.seeing import until_seen
from app.web.showing import PageRequest, show
from projections.audit_history.timeline import Timeline
from projections.coverage.queries import offer
from projections.cursors import BadCursorError
from projections.idea_detail.queries import IdeaDetail, idea
from projections.language import gettext as _
from projections.mandates.queries import mandate
from projections.organisations.queries import organisation
from projections.pools.queries import pool_with_pledges

HAPPENINGS = 50


@get("/history", include_in_schema=False)
async def show_whole_history(request: PageRequest) -> Response[bytes]:
    """Show everything that happened, or as much of it as the address asks for."""
    return await _history(request, None)


@get("/ideas/{idea_id:uuid}/history", include_in_schema=False)
async def show_history(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show what happened to one idea."""
    found = await _idea(resources_of(request), idea_id)
    return await _history(
        request,
        Thing(
            identifier=idea_id,
            title=found.title,
            kicker=_("History of the idea"),
            href=idea_href(idea_id),
            back_words=_("Back to the idea"),
            has_parts=True,
            is_sample=_is_sample(found),
        ),
    )


@get("/pools/{pool_id:uuid}/history", include_in_schema=False)
async def show_pool_history(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Show what happened to a pool: who pledged what, what was agreed, and where the money went."""
    pool = resources_of(request).pool
    if (found := await pool_with_pledges(pool, pool_id)) is None:
        raise NotFoundException
    of_idea = await idea(pool, found.pool.idea_id)
    return await _history(
        request,
        Thing(
            identifier=pool_id,
            title=of_idea.title if of_idea else _("An idea"),
            kicker=_("History of the pool for"),
            href=pool_href(pool_id),
            back_words=_("Back to the pool"),
            is_sample=of_idea is not None and _is_sample(of_idea),
        ),
        await money_over_time(resources_of(request), pool_id),
    )


@get("/mandates/{mandate_id:uuid}/history", include_in_schema=False)
async def show_mandate_history(request: PageRequest, mandate_id: FromPath[UUID]) -> Response[bytes]:
    """Show what happened to what a funder is open to."""
    if (found := await mandate(resources_of(request).pool, mandate_id, now=now())) is None:
        raise NotFoundException
    return await _history(
        request,
        Thing(
            identifier=mandate_id,
            title=found.title,
            kicker=_("History of what a funder is open to"),
            href=mandate_href(mandate_id),
            back_words=_("Back to it"),
            is_sample=found.organisation_id in SAMPLE_FUNDERS,
        ),
    )


@get("/offers/{offer_id:uuid}/history", include_in_schema=False)
async def show_offer_history(request: PageRequest, offer_id: FromPath[UUID]) -> Response[bytes]:
    """Show what happened to an offer."""
    pool = resources_of(request).pool
    if (found := await offer(pool, offer_id)) is None:
        raise NotFoundException
    of_idea = await idea(pool, found.idea_id)
    return await _history(
        request,
        Thing(
            identifier=offer_id,
            title=found.part.title,
            kicker=_("History of the offer"),
            href=offer_href(offer_id),
            back_words=_("Back to the offer"),
            is_sample=of_idea is not None and _is_sample(of_idea),
        ),
    )


@get("/organisations/{organisation_id:uuid}/history", include_in_schema=False)
async def show_organisation_history(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Show what an organisation did, and what happened to it."""
    if (found := await organisation(resources_of(request).pool, organisation_id)) is None:
        raise NotFoundException
    return await _history(
        request,
        Thing(
            identifier=organisation_id,
            title=found.name,
            kicker=_("What an organisation did"),
            href=organisation_href(organisation_id),
            back_words=_("Back to the organisation"),
            has_parts=True,
            is_sample=organisation_id in SAMPLE_FUNDERS,
        ),
    )


HISTORY_PAGES = (
    show_whole_history,
    show_history,
    show_pool_history,
    show_mandate_history,
    show_offer_history,
    show_organisation_history,
)


async def _history(
    request: PageRequest, thing: Thing | None, money: MoneyPicture | None = None
) -> Response[bytes]:
    """Show a history; a cursor that leads nowhere shows the newest."""
    await until_seen(request, "audit_history")
    resources = resources_of(request)
    query = query_from(request.query_params, thing.identifier if thing else None)
    cursor = request.query_params.get("cursor") or None
    asked = await meant(resources, query)
    try:
        rows = await public_timeline(resources, asked.wanted, limit=HAPPENINGS, cursor=cursor)
    except BadCursorError:
        cursor = None
        rows = await public_timeline(resources, asked.wanted, limit=HAPPENINGS, cursor=None)
    people = await people_of(resources.pool, _signers(rows))
    known = Known(
        people=people,
        by=asked.organisation or (people.get(query.by) if query.by else None),
        about=asked.about,
    )
    # Beside the loop: texts are compared word by word.
    page = await asyncio.to_thread(
        partial(history_view, query, rows, known, thing=thing, today=now().date(), is_first=cursor is None)
    )
    return await show(request, "history.html", replace(page, money=money))


def _signers(rows: Timeline) -> list[UUID]:
    return [row.actor for row in rows.items if row.actor and row.type in SIGNED and not row.votes]


async def _idea(resources: Resources, idea_id: UUID) -> IdeaDetail:
    if (found := await idea(resources.pool, idea_id)) is None:
        raise NotFoundException
    return found


def _is_sample(found: IdeaDetail) -> bool:
    return found.source is not None and found.source.system == SAMPLE
