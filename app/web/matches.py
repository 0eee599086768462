"""The funder's desk, and matches as parts of other pages: what fits a mandate, and who is open to an idea."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get

from app.funding.matching import seen
from app.http.mandates import listed
from app.http.resources import Resources, actor_of, now, resources_of
from app.web.match_card import MatchCard, OpenFunders
from app.web.match_views import (
    DeskPage,
    cards_for_idea,
    cards_for_mandate,
    desk_mandate,
    funders_sentence,
)
from app.web.proposed_pledges import proposed_pledge
from app.web.showing import PageRequest, show
from projections.funder_matches.queries import mandate_facts, matches_of_mandate, of_idea
from projections.mandates.queries import MandateDetail, MandateFilter
from projections.organisations.queries import names_of, of_person

MATCHES_SHOWN = 24
DESK_MATCHES = 5
_DESK_MANDATES = 50
_DESK_LOOKED_AT = 40
"""How many of a mandate's best matches are looked through for new ones."""
_FUNDERS_SHOWN = 5


@get("/funders/desk", include_in_schema=False)
async def show_desk(request: PageRequest) -> Response[bytes]:
    """Show the mandates of the organisations one funds for, each with its best new matches and what is left."""
    resources, person_id = resources_of(request), actor_of(request).person_id
    funding = [
        one.organisation_id
        for one in await of_person(resources.pool, person_id)
        if {"funder", "admin"} & set(one.roles)
    ]
    mandates = []
    for organisation_id in funding:
        wanted = MandateFilter(organisation_id=organisation_id)
        mandates += (await listed(resources, wanted, _DESK_MANDATES, None)).items
    shown = mandates[:_DESK_MANDATES]
    names = await names_of(
        resources.pool, {funder for mandate in shown for funder in mandate.conditions.with_funders}
    )
    laid = []
    for mandate in shown:
        cards = await fitting(resources, mandate, names=names, limit=_DESK_LOOKED_AT, may_pledge=True)
        laid.append(desk_mandate(mandate, cards, DESK_MATCHES))
    return await show(request, "desk.html", DeskPage(mandates=tuple(laid), is_funder=bool(funding)))


async def fitting(
    resources: Resources,
    mandate: MandateDetail,
    *,
    names: Mapping[UUID, str],
    limit: int = MATCHES_SHOWN,
    may_pledge: bool = False,
) -> tuple[MatchCard, ...]:
    """Show the best of what fits a mandate; with `may_pledge` each with the pledge it proposes where there is a pool.

    `names` are those of the funders that the mandate waits for.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    at = now()
    facts = (await mandate_facts(resources.pool, [mandate.mandate_id])).get(mandate.mandate_id)
    if facts is None:
        return ()
    rows = await matches_of_mandate(resources.pool, facts, at, limit=limit)
    pledges = {
        match.idea.idea_id: pledge
        for match in rows.items
        if may_pledge and (pledge := proposed_pledge(mandate, match.idea, names)) is not None
    }
    return cards_for_mandate(await seen(resources.pool, rows.items, at), at, pledges)


async def open_to(resources: Resources, idea_id: UUID) -> OpenFunders | None:
    """Show the best of the mandates that are open to an idea; nothing where there is none.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    at = now()
    matches = await of_idea(resources.pool, idea_id, at)
    if not matches:
        return None
    funders = len({match.mandate.organisation_id for match in matches})
    return OpenFunders(
        sentence=funders_sentence(funders),
        cards=cards_for_idea(await seen(resources.pool, matches[:_FUNDERS_SHOWN], at)),
        json_href=f"/api/v1/ideas/{idea_id}/matches",
    )


MATCH_PAGES = (show_desk,)
