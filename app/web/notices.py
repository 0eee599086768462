"""The page of what concerns oneself, and whether one wants letters about it."""

from urllib.parse import urlencode

from litestar import Response, get, post

from app.http.forms import form_of
from app.http.parameters import POSITION_MAX
from app.http.resources import actor_of, resources_of
from app.notices import Mark, mark_of, mark_read, notices_of, unread_of, want_letters
from app.web.addresses import endpoint_href, idea_href, offer_href
from app.web.notice_views import NoticeLine, NoticesPage
from app.web.showing import PageRequest, seen_elsewhere, show
from projections.cursors import BadCursorError
from projections.notices.queries import Notice

PATH = "/me/notices"
LINES = 50


@get(PATH, include_in_schema=False)
async def show_notices(request: PageRequest) -> Response[bytes]:
    """Show what others did that concerns oneself; a cursor that leads nowhere shows the newest."""
    pool, person_id = resources_of(request).pool, actor_of(request).person_id
    cursor = request.query_params.get("cursor") or None
    try:
        rows = await notices_of(pool, person_id, limit=LINES, cursor=cursor)
    except BadCursorError:
        cursor = None
        rows = await notices_of(pool, person_id, limit=LINES)
    mark = await mark_of(pool, person_id)
    page = NoticesPage(
        lines=tuple(_line(one, mark) for one in rows.items),
        unread=await unread_of(pool, person_id),
        newest=rows.items[0].position if rows.items else 0,
        by_mail=mark.by_mail,
        next_href=f"{PATH}?{urlencode({'cursor': rows.next_cursor})}" if rows.next_cursor else None,
        first_href=PATH if cursor else None,
    )
    return await show(request, "notices.html", page)


@post(f"{PATH}/read", include_in_schema=False)
async def mark_my_notices(request: PageRequest) -> Response[bytes]:
    """Note that one has read what was shown."""
    form = await form_of(request)
    given = form.get("position", "")
    if given.isascii() and given.isdigit() and int(given[:20]) <= POSITION_MAX:
        await mark_read(resources_of(request).pool, actor_of(request).person_id, int(given))
    return seen_elsewhere(PATH)


@post(f"{PATH}/letters", include_in_schema=False)
async def choose_my_letters(request: PageRequest) -> Response[bytes]:
    """Note whether one wants letters."""
    wanted = (await form_of(request)).get("by_mail") == "on"
    await want_letters(resources_of(request).pool, actor_of(request).person_id, wanted=wanted)
    return seen_elsewhere(PATH)


NOTICES = (show_notices, mark_my_notices, choose_my_letters)


def _line(notice: Notice, mark: Mark) -> NoticeLine:
    return NoticeLine(
        sentence=notice.sentence,
        reason=notice.reason,
        happened_at=notice.happened_at,
        href=_href(notice),
        for_organisation=notice.for_organisation_name,
        until=notice.until,
        after=notice.after,
        is_new=notice.position > mark.read_up_to,
    )


def _href(notice: Notice) -> str:
    if notice.offer_id is not None:
        return offer_href(notice.offer_id)
    if notice.pool_id is not None:
        return f"/pools/{notice.pool_id}"
    if notice.endpoint_id is not None:
        return endpoint_href(notice.endpoint_id)
    return idea_href(notice.idea_id) if notice.idea_id is not None else PATH
