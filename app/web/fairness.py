"""The page of fair votes in a community: both tallies beside each other, what was set aside and why, and what to do.

Whoever looks after votes may be wrong, so all of it is public, and so is how to object.
"""

import asyncio
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.accounts import names_of
from app.folding import folded
from app.http.resources import Resources, now, resources_of
from app.web.addresses import board_href, fairness_href, quarantines_href, votes_href
from app.web.fairness_views import FairnessPage, UnevenIdea
from app.web.pictures import TallyBars, tally_bars
from app.web.present import aside_view
from app.web.showing import PageRequest, show
from app.web.views import BoardQuery
from domain.community import COMMUNITY, Open
from events.streams import community_stream
from projections.cursors import BadCursorError
from projections.fair_votes.queries import (
    FairTally,
    QuarantineRows,
    community_tally,
    most_set_aside,
    quarantines_in,
)
from projections.idea_board.queries import titles_of
from projections.idea_detail.queries import community
from projections.language import gettext as _

UNEVEN_MAX = 10
ASIDE_SHOWN = 25
STEWARDS_SHOWN = 20


@get("/communities/{slug:str}/fairness", include_in_schema=False)
async def show_fairness(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Show how the votes of a community count, and which were set aside; a cursor that leads nowhere shows the newest."""
    resources, cursor = resources_of(request), request.query_params.get("cursor")
    found = None if "\0" in slug else await community(resources.pool, slug)
    if found is None:
        raise NotFoundException(detail=_("There is no such community."))
    try:
        rows = await _aside(resources, found.community_id, cursor)
    except BadCursorError:
        cursor = None
        rows = await _aside(resources, found.community_id, None)
    tally, uneven, stewards = await asyncio.gather(
        community_tally(resources.pool, found.community_id),
        most_set_aside(resources.pool, found.community_id, limit=UNEVEN_MAX),
        _stewards(resources, found.community_id),
    )
    titles = await titles_of(resources.pool, uneven)
    page = FairnessPage(
        community=found.name,
        board_href=board_href(BoardQuery(community=slug)),
        bars=_bars(tally),
        uneven=tuple(
            UnevenIdea(title=titles[idea_id], href=votes_href(idea_id), bars=_bars(one))
            for idea_id, one in uneven.items()
            if idea_id in titles
        ),
        aside=tuple(aside_view(row, row.votes) for row in rows.items),
        stewards=stewards,
        json_href=quarantines_href(slug),
        read_at=now(),
        next_href=fairness_href(slug, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=fairness_href(slug) if cursor else None,
    )
    return await show(request, "fairness.html", page)


FAIRNESS = (show_fairness,)


async def _aside(resources: Resources, community_id: UUID, cursor: str | None) -> QuarantineRows:
    return await quarantines_in(resources.pool, community_id, limit=ASIDE_SHOWN, cursor=cursor or None)


async def _stewards(resources: Resources, community_id: UUID) -> tuple[str, ...]:
    """Name the stewards of a community, as its stream has them this moment."""
    state = (await folded(resources.store, COMMUNITY, community_stream(community_id))).state
    if not isinstance(state, Open):
        return ()
    names = await names_of(resources.pool, sorted(state.stewards)[:STEWARDS_SHOWN])
    return tuple(sorted(names.values()))


def _bars(tally: FairTally) -> TallyBars:
    return tally_bars(tally.votes, tally.verified_votes, tally.set_aside)
