"""The page of a funder, whether it is registered here or known by its past grants alone."""

import asyncio
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.relations import may_commit_money
from app.http.mandates import listed
from app.http.resources import resources_of, visitor_of
from app.importing.sample_funders import SAMPLE_FUNDERS
from app.web.addresses import organisation_href
from app.web.funder_views import FunderPage
from app.web.present_funders import past_part
from app.web.present_mandates import mandate_card
from app.web.showing import PageRequest, show
from events.streams import organisation_id as organisation_of
from projections.cursors import BadCursorError
from projections.mandates.queries import MandateFilter
from projections.organisations.queries import names_of
from projections.past_grants.queries import (
    RecipientRows,
    by_year,
    past_funder,
    past_grants,
    recipients,
    usual_grants,
)

CARDS = 24
RECIPIENTS = 25
LATEST = 10


@get("/funders/{organisation_id:uuid}", include_in_schema=False)
async def show_funder(request: PageRequest, organisation_id: FromPath[UUID]) -> Response[bytes]:
    """Show what a funder is open to and what it gave before; a cursor that leads nowhere shows the first recipients."""
    resources, cursor = resources_of(request), request.query_params.get("cursor") or None
    names = await names_of(resources.pool, [organisation_id])
    funder = await past_funder(resources.pool, organisation_id)
    if not names and funder is None:
        raise NotFoundException
    mandates = await listed(
        resources, MandateFilter(organisation_id=organisation_id, ended=True), CARDS, None
    )
    past = None
    if funder is not None:
        rows, cursor = await _recipients(request, organisation_id, cursor)
        years, usual, latest = await asyncio.gather(
            by_year(resources.pool, organisation_id),
            usual_grants(resources.pool, organisation_id),
            past_grants(resources.pool, organisation_id, limit=LATEST),
        )
        here = {row.recipient_id: organisation_of(row.recipient_id) for row in rows.items}
        registered = await names_of(resources.pool, list(here.values()))
        hrefs = {
            known: organisation_href(identifier)
            for known, identifier in here.items()
            if identifier in registered
        }
        past = past_part(funder, years, usual, rows, latest.items, hrefs=hrefs, is_first=cursor is None)
    actor = visitor_of(request)
    may = (
        actor is not None and bool(names) and await may_commit_money(resources.store, actor, organisation_id)
    )
    page = FunderPage(
        name=names.get(organisation_id) or (funder.name if funder else ""),
        organisation_href=organisation_href(organisation_id) if names else None,
        cards=tuple(map(mandate_card, mandates.items)),
        past=past,
        new_href=f"/mandates/new?organisation={organisation_id}" if may else None,
        is_sample=organisation_id in SAMPLE_FUNDERS,
    )
    return await show(request, "funder.html", page)


async def _recipients(
    request: PageRequest, organisation_id: UUID, cursor: str | None
) -> tuple[RecipientRows, str | None]:
    pool = resources_of(request).pool
    try:
        return await recipients(pool, organisation_id, limit=RECIPIENTS, cursor=cursor), cursor
    except BadCursorError:
        return await recipients(pool, organisation_id, limit=RECIPIENTS), None
