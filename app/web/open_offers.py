"""What is offered, by everybody and for all ideas: a page for whoever looks for what is there already."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get
from msgspec import Struct
from msgspec.structs import replace

from app.access.accounts import names_of
from app.http.resources import resources_of
from app.web.addresses import idea_href, offers_href
from app.web.need_kinds import kind_choices, kind_name
from app.web.offer_forms import KINDS
from app.web.offer_views import OfferLine
from app.web.present_offers import offer_lines
from app.web.showing import PageRequest, show
from app.web.views import Choice
from events.contracts import NeedKind
from projections.coverage.queries import OfferRows, standing_offers
from projections.cursors import BadCursorError
from projections.idea_board.queries import titles_of

SHOWN = 50


class OpenOffersPage(Struct, frozen=True, kw_only=True):
    """Whatever is offered, or what is of the sort that was chosen; the newest first."""

    lines: tuple[OfferLine, ...]
    kinds: tuple[Choice, ...]
    kind: str = ""
    next_href: str | None = None
    first_href: str | None = None


@get("/offers", include_in_schema=False)
async def show_open_offers(request: PageRequest) -> Response[bytes]:
    """Show what is offered, all of it or what is of a sort; a cursor that leads nowhere shows the newest."""
    pool, cursor = resources_of(request).pool, request.query_params.get("cursor") or None
    kind = KINDS.get(request.query_params.get("kind", ""))
    try:
        rows = await standing_offers(pool, kind=kind, limit=SHOWN, cursor=cursor)
    except BadCursorError:
        cursor = None
        rows = await standing_offers(pool, kind=kind, limit=SHOWN)
    names = await names_of(pool, {one.made_by for one in rows.items if one.organisation_id is None})
    titles = await titles_of(pool, {one.idea_id for one in rows.items})
    page = OpenOffersPage(
        lines=_lines(rows, names, titles),
        kinds=sorts(kind),
        kind=kind or "",
        next_href=offers_href(kind or "", cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=offers_href(kind or "") if cursor else None,
    )
    return await show(request, "open_offers.html", page)


OPEN_OFFERS = (show_open_offers,)


def sorts(chosen: NeedKind | None = None) -> tuple[Choice, ...]:
    """List the sorts of parts to choose from."""
    return tuple(
        Choice(value=kind, label=name, href=offers_href(kind), selected=kind == chosen)
        for kind, name in kind_choices()
    )


def _lines(rows: OfferRows, names: Mapping[UUID, str], titles: Mapping[UUID, str]) -> tuple[OfferLine, ...]:
    shown = zip(rows.items, offer_lines(rows.items, names), strict=True)
    return tuple(
        replace(
            line,
            kind_label=kind_name(offer.part.kind),
            idea_title=titles.get(offer.idea_id, ""),
            idea_href=idea_href(offer.idea_id),
        )
        for offer, line in shown
    )
