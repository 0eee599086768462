"""The funder's desk, and matches as parts of other pages: what fits a mandate, and who is open to an idea."""

from uuid import UUID

from litestar import Response, get

from app.funding.matching import seen
from app.http.mandates import listed
from app.http.resources import Resources, actor_of, now, resources_of
from app.web.match_card import MatchCard, OpenFunders
from app.web.match_views import (
    DeskPage,
    Pledgeable,
    cards_for_idea,
    cards_for_mandate,
    desk_mandate,
    funders_sentence,
)
from app.web.showing import PageRequest, show
from app.web.typed_money import as_typed
from events.contracts import Money
from projections.funder_matches.fit import MandateFacts
from projections.funder_matches.queries import mandate_facts, matches_of_mandate, of_idea
from projections.mandates.queries import MandateFilter
from projections.organisations.queries import of_person

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
    laid = []
    for mandate in mandates[:_DESK_MANDATES]:
        cards = await fitting(resources, mandate.mandate_id, limit=_DESK_LOOKED_AT, may_pledge=True)
        laid.append(desk_mandate(mandate, cards, DESK_MATCHES))
    return await show(request, "desk.html", DeskPage(mandates=tuple(laid), is_funder=bool(funding)))


async def fitting(
    resources: Resources, mandate_id: UUID, *, limit: int = MATCHES_SHOWN, may_pledge: bool = False
) -> tuple[MatchCard, ...]:
    """Show the best of what fits a mandate; with `may_pledge` each with a way to pledge where there is a pool.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    at = now()
    mandate = (await mandate_facts(resources.pool, [mandate_id])).get(mandate_id)
    if mandate is None:
        return ()
    rows = await matches_of_mandate(resources.pool, mandate, at, limit=limit)
    pools = {
        match.idea.idea_id: Pledgeable(
            pool_id=match.idea.pool_id, amount=_amount(match.mandate, match.idea.ask_minor)
        )
        for match in rows.items
        if may_pledge and match.idea.pool_id is not None
    }
    return cards_for_mandate(await seen(resources.pool, rows.items, at), at, pools)


def _amount(mandate: MandateFacts, ask_minor: int | None) -> str:
    """Propose what a mandate gives at once: the ask as far as a ticket and what is left go."""
    asked = max(mandate.ticket_min, ask_minor or mandate.ticket_max)
    minor = min(asked, mandate.ticket_max, mandate.left_minor)
    return as_typed(Money(amount_minor=minor, currency=mandate.currency))


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
