"""What an idea needs, as pages: all parts for everybody, and for those in charge add, describe anew, put in order, remove."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.accounts import names_of
from app.folding import folded
from app.http.bodies import REASON_MAX
from app.http.forms import form_of
from app.http.idea_bodies import NeedChanges
from app.http.needs import add_need, need_of, order_needs, remove_need, revise_need
from app.http.resources import resources_of
from app.web.addresses import needs_href
from app.web.idea_views import NeedPage, Typed
from app.web.need_forms import need_in
from app.web.need_kinds import kind_choices
from app.web.present_life import needs_view, parts_view, typed_of
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.needs import NEEDS, Needs, NeedsOutOfDateError
from events.streams import idea_stream
from projections.coverage.queries import of_idea
from projections.cursors import BadCursorError
from projections.idea_detail.queries import NeedRows, idea, needs_of_idea
from projections.language import gettext as _

NEEDS_SHOWN = 100


@get("/ideas/{idea_id:uuid}/parts", include_in_schema=False)
async def show_parts(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show all parts that an idea needs, and who offers one; a cursor that leads nowhere shows the first page."""
    await until_seen(request, "idea_detail", "coverage")
    pool = resources_of(request).pool
    found, covered = await idea(pool, idea_id), await of_idea(pool, idea_id)
    if found is None or covered is None:
        raise NotFoundException
    rows, is_first = await _rows(request, idea_id)
    names = await names_of(pool, [one.made_by for one in covered.offers])
    return await show(request, "idea_parts.html", parts_view(found, rows, covered, names, is_first=is_first))


@get("/ideas/{idea_id:uuid}/needs", include_in_schema=False)
async def show_needs(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show what an idea needs, to be worked on."""
    await until_seen(request, "idea_detail", "coverage")
    return await _needs(request, idea_id, saved="saved" in request.query_params)


@post("/ideas/{idea_id:uuid}/needs", include_in_schema=False)
async def add_my_need(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Name a need."""
    need, typed = need_in(await form_of(request))
    if need is None:
        return await _needs(request, idea_id, typed=typed, status=400)
    done = await add_need(request, idea_id, need_of(need))
    return _back(idea_id, done.position)


@get("/ideas/{idea_id:uuid}/needs/{need_id:uuid}", include_in_schema=False)
async def show_need(
    request: PageRequest, idea_id: FromPath[UUID], need_id: FromPath[UUID]
) -> Response[bytes]:
    """Show one need, to be described anew."""
    return await _need(request, idea_id, need_id)


@post("/ideas/{idea_id:uuid}/needs/{need_id:uuid}", include_in_schema=False)
async def revise_my_need(
    request: PageRequest, idea_id: FromPath[UUID], need_id: FromPath[UUID]
) -> Response[bytes]:
    """Describe a need anew."""
    need, typed = need_in(await form_of(request))
    if need is None:
        return await _need(request, idea_id, need_id, typed=typed, status=400)
    changes = NeedChanges(
        kind=need.kind, title=need.title, description=need.description, size=need.size, cost=need.cost
    )
    done = await revise_need(request, idea_id, need_id, changes)
    return _back(idea_id, done.position)


@post("/ideas/{idea_id:uuid}/needs/{need_id:uuid}/remove", include_in_schema=False)
async def remove_my_need(
    request: PageRequest, idea_id: FromPath[UUID], need_id: FromPath[UUID]
) -> Response[bytes]:
    """Remove a need, for a reason."""
    reason = (await form_of(request)).get("reason", "").replace("\0", "").strip()[:REASON_MAX]
    done = await remove_need(request, idea_id, need_id, reason or _("It is no longer needed."))
    return _back(idea_id, done.position)


@post("/ideas/{idea_id:uuid}/needs/{need_id:uuid}/move", include_in_schema=False)
async def move_my_need(
    request: PageRequest, idea_id: FromPath[UUID], need_id: FromPath[UUID]
) -> Response[bytes]:
    """Put a need one place further up or down."""
    form, resources = await form_of(request), resources_of(request)
    state = (await folded(resources.store, NEEDS, idea_stream(idea_id))).state
    order = list(state.order) if isinstance(state, Needs) else []
    if need_id not in order:
        raise NotFoundException
    place = order.index(need_id)
    other = place + (1 if form.get("to") == "down" else -1)
    if not 0 <= other < len(order):
        return seen_elsewhere(needs_href(idea_id))
    order[place], order[other] = order[other], order[place]
    try:
        done = await order_needs(request, idea_id, tuple(order))
    except NeedsOutOfDateError:
        return seen_elsewhere(
            needs_href(idea_id)
        )  # Somebody named or removed one meanwhile; they see it now.
    return _back(idea_id, done.position)


async def _needs(
    request: PageRequest,
    idea_id: UUID,
    *,
    typed: Typed | None = None,
    status: int = 200,
    saved: bool = False,
) -> Response[bytes]:
    pool = resources_of(request).pool
    found = await idea(pool, idea_id)
    if found is None:
        raise NotFoundException
    rows, is_first = await _rows(request, idea_id)
    covered = await of_idea(pool, idea_id)
    page = needs_view(found, rows, covered=covered, is_first=is_first, typed=typed, saved=saved)
    return await show(request, "needs.html", page, status=status)


async def _rows(request: PageRequest, idea_id: UUID) -> tuple[NeedRows, bool]:
    """Read the needs that an address asks for, and tell whether they are the first."""
    pool, cursor = resources_of(request).pool, request.query_params.get("cursor")
    try:
        return await needs_of_idea(pool, idea_id, limit=NEEDS_SHOWN, cursor=cursor or None), not cursor
    except BadCursorError:
        return await needs_of_idea(pool, idea_id, limit=NEEDS_SHOWN), True


async def _need(
    request: PageRequest, idea_id: UUID, need_id: UUID, *, typed: Typed | None = None, status: int = 200
) -> Response[bytes]:
    state = (await folded(resources_of(request).store, NEEDS, idea_stream(idea_id))).state
    if not isinstance(state, Needs) or need_id not in state.needs:
        raise NotFoundException
    page = NeedPage(
        idea_id=idea_id,
        need_id=need_id,
        title=state.needs[need_id].title,
        needs_href=needs_href(idea_id),
        kinds=kind_choices(),
        typed=typed or typed_of(state.needs[need_id]),
    )
    return await show(request, "need.html", page, status=status)


def _back(idea_id: UUID, position: int) -> Response[bytes]:
    return seen_elsewhere(f"{needs_href(idea_id)}?{urlencode({'min_position': position, 'saved': ''})}")


NEED_PAGES = (show_parts, show_needs, add_my_need, show_need, revise_my_need, remove_my_need, move_my_need)
