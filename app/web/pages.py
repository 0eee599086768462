"""The pages' handlers: an address in, a page out. Whatever an address asks for wrongly is left out."""

import asyncio
from collections.abc import Mapping
from typing import get_args
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec.structs import replace

from app.access.accounts import names_of
from app.access.actor import Actor
from app.access.relations import is_steward_of
from app.http.fair_votes import receipt
from app.http.resources import Resources, now, resources_of, visitor_of
from app.http.tallies import with_verified_votes
from app.web.addresses import idea_href
from app.web.choices import OPEN_NEEDS
from app.web.design import show_design
from app.web.embedding.sharing import idea_sharing, in_path
from app.web.event_types import show_event_types
from app.web.histories.ideas_then import show_idea_then
from app.web.histories.then import asked_then, led_to
from app.web.matches import open_to
from app.web.offer_views import IdeaPartsView
from app.web.outlook import outlooks
from app.web.permissions import show_permissions
from app.web.pool_opening import pool_on_idea
from app.web.present import board_view, idea_view, votes_view
from app.web.present_offers import idea_parts_view
from app.web.seeing import until_seen
from app.web.showing import PageRequest, show
from app.web.views import BoardQuery, IdeaPage
from events.streams import idea_stream
from projections.coverage.queries import of_idea
from projections.cursors import BadCursorError
from projections.fair_votes.queries import (
    ASIDE_MAX,
    aside_now,
    fair_tallies,
    quarantines,
    vote_of,
    voted_among,
)
from projections.idea_board.queries import BoardFilter, BoardRows, BoardTotals, Sort, board_page, totals
from projections.idea_detail.queries import (
    IdeaDetail,
    community,
    idea,
    stages_of_idea,
    votes_by_day,
)
from projections.language import language
from projections.stage import ENDS

CARDS = 24
TIMELINE_EVENTS = 50
STAGES_SHOWN = 20
TOTALS_SECONDS = 30.0
_QUERY_MAX = 200
_SORTS: tuple[Sort, ...] = get_args(Sort)


class _Totals:
    """The board's totals, counted at most every half minute: counting reads every idea."""

    def __init__(self) -> None:
        self._known: BoardTotals | None = None
        self._until = 0.0
        self._counting = asyncio.Lock()

    async def give(self, resources: Resources) -> BoardTotals:
        loop = asyncio.get_running_loop()
        async with self._counting:
            if self._known is None or loop.time() > self._until:
                self._known = await totals(resources.pool)
                self._until = loop.time() + TOTALS_SECONDS
            return self._known


@get("/", include_in_schema=False)
async def show_board(request: PageRequest) -> Response[bytes]:
    """Show the board as its address asks for it; a cursor that leads nowhere shows the first page."""
    resources, query = resources_of(request), _query(request.query_params)
    cursor = request.query_params.get("cursor")
    try:
        rows = await _rows(resources, query, cursor)
    except BadCursorError:
        cursor = None
        rows = await _rows(resources, query, None)
    named = await community(resources.pool, query.community) if query.community else None
    visitor = visitor_of(request)
    reader = visitor.person_id if visitor else None
    shown = [item.idea_id for item in rows.items]
    counted = request.app.state.get("totals") or request.app.state.setdefault("totals", _Totals())
    page = board_view(
        query,
        rows,
        totals=await counted.give(resources),
        community_name=named.name if named else None,
        is_first=not cursor,
        reader=reader,
        voted=await voted_among(resources.pool, shown, reader) if reader else (),
        outlooks=await outlooks(resources, shown),
    )
    page = replace(page, site=f"{resources.settings.public_url.rstrip('/')}{in_path(language())}")
    return await show(request, "board.html", page)


@get("/ideas/{idea_id:uuid}", include_in_schema=False)
async def show_idea(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show one idea, whole, now or as it was; whoever has just voted sees their vote counted."""
    href = idea_href(idea_id)
    if asked := asked_then(request, idea_id, href, "idea"):
        return await show_idea_then(request, asked)
    if led := await led_to(request, idea_id, href):
        return led
    await until_seen(request, "idea_detail", "fair_votes", "coverage")
    page = await idea_now(resources_of(request), idea_id, visitor_of(request))
    pool = await pool_on_idea(request, idea_id, is_open=not page.withdrawn)
    return await show(request, "idea.html", replace(page, pool=pool))


async def idea_now(resources: Resources, idea_id: UUID, visitor: Actor | None) -> IdeaPage:
    """Make the page of an idea for whoever looks at it, but for its pool.

    Raises:
        NotFoundException: there is no such idea.
        LogUnavailableError: the database cannot be reached.
    """
    found = await _found(resources, idea_id)
    (found,) = await with_verified_votes(resources.pool, [found])
    in_charge = await _is_in_charge(resources, visitor, found)
    names, days, events, tallies, aside, own = await asyncio.gather(
        names_of(resources.pool, [found.author_id]),
        votes_by_day(resources.pool, idea_id),
        resources.store.read_stream(idea_stream(idea_id), after=max(0, found.version - TIMELINE_EVENTS)),
        fair_tallies(resources.pool, [idea_id]),
        aside_now(resources.pool, idea_id),
        vote_of(resources.pool, idea_id, visitor.person_id) if visitor else _nothing(),
    )
    stages = await stages_of_idea(resources.pool, idea_id, limit=STAGES_SHOWN)
    page = idea_view(
        found,
        author_name=names.get(found.author_id),
        days=days,
        events=events,
        aside=aside,
        set_aside=tallies[idea_id].set_aside,
        has_voted=own is not None,
        reader=visitor.person_id if visitor else None,
        stages=stages.items,
        in_charge=in_charge,
        until=now().date(),
    )
    return replace(
        page,
        parts=await _parts(resources, found),
        funders=await open_to(resources, idea_id),
        walk_href=f"{idea_href(idea_id)}?step=last",
        sharing=idea_sharing(resources.settings.public_url, found.idea_id, found.title),
    )


@get("/ideas/{idea_id:uuid}/votes", include_in_schema=False)
async def show_votes(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show how an idea's votes count, and which were set aside and why."""
    resources, visitor = resources_of(request), visitor_of(request)
    (found,) = await with_verified_votes(resources.pool, [await _found(resources, idea_id)])
    tallies, aside, rows = await asyncio.gather(
        fair_tallies(resources.pool, [idea_id]),
        aside_now(resources.pool, idea_id),
        quarantines(resources.pool, idea_id=idea_id, limit=ASIDE_MAX),
    )
    votes = {one.quarantine_id: one.votes for one in aside}
    own = await receipt(resources, idea_id, visitor.person_id) if visitor else None
    page = votes_view(
        found,
        set_aside=tallies[idea_id].set_aside,
        aside=[(row, votes.get(row.quarantine_id, 0)) for row in rows.items],
        receipt=None if own is None else own.why,
    )
    return await show(request, "votes.html", page)


@get("/about", include_in_schema=False)
async def show_about(request: PageRequest) -> Response[bytes]:
    """Say what this is."""
    return await show(request, "about.html", None)


PAGES = (
    show_board,
    show_idea,
    show_votes,
    show_about,
    show_design,
    show_permissions,
    show_event_types,
)


async def _is_in_charge(resources: Resources, visitor: Actor | None, found: IdeaDetail) -> bool:
    if visitor is None:
        return False
    if visitor.person_id == found.author_id:
        return True
    return await is_steward_of(resources.store, visitor, found.idea_id)


async def _parts(resources: Resources, found: IdeaDetail) -> IdeaPartsView | None:
    covered = await of_idea(resources.pool, found.idea_id)
    if covered is None:
        return None
    names = await names_of(resources.pool, [one.made_by for one in covered.offers])
    return idea_parts_view(covered, names, idea_id=found.idea_id, is_open=found.stage not in ENDS)


async def _nothing() -> None:
    return None


async def _found(resources: Resources, idea_id: UUID) -> IdeaDetail:
    found = await idea(resources.pool, idea_id)
    if found is None:
        raise NotFoundException
    return found


async def _rows(resources: Resources, query: BoardQuery, cursor: str | None) -> BoardRows:
    wanted = BoardFilter(
        q=query.q or None,
        theme=query.theme,
        place=query.place,
        stage=query.stage,
        community=query.community,
        needs="open" if query.needs == OPEN_NEEDS else None,
        sort=next(sort for sort in _SORTS if sort == query.sort),
    )
    return await board_page(resources.pool, wanted, limit=CARDS, cursor=cursor or None, now=now())


def _query(asked: Mapping[str, str]) -> BoardQuery:
    """Read what an address asks for; what cannot be meant is left out."""

    def word(name: str) -> str:
        return asked.get(name, "").replace("\0", "").strip()[:_QUERY_MAX]

    sort = word("sort")
    return BoardQuery(
        q=word("q"),
        theme=word("theme") or None,
        place=word("place") or None,
        stage=word("stage") or None,
        community=word("community") or None,
        needs=OPEN_NEEDS if word("needs") == OPEN_NEEDS else None,
        sort=sort if sort in _SORTS else BoardQuery().sort,
    )
