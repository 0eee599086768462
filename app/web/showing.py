"""Pages as answers: rendered for whoever looks at them, sent small, and kept by nobody else."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import Cookie
from msgspec import Struct

from app.access.accounts import name_of
from app.access.policy import RULES
from app.http.compression import compressed
from app.http.guards import operation_of
from app.http.languages import chosen_in
from app.http.resources import resources_of, visitor_of
from app.notices import keep_language, unread_of
from app.web.addresses import local_path
from app.web.templating import environment
from app.web.views import Visitor
from projections.language import ENGLISH, LANGUAGES, language
from projections.language import gettext as _

PageRequest = Request[Any, Any, Any]

LINK_HEADERS = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
"""What goes with a page whose address lets somebody in."""

_IN_QUERY = "/?&=#%:;,+@!$'()*~-._[]"

_templates = environment()


class Alternate(Struct, frozen=True, kw_only=True):
    """Where a page is to be had in a language."""

    hreflang: str
    href: str


async def visitor(request: PageRequest) -> Visitor | None:
    """Tell whose name stands in a page's header; nobody's when nobody is signed in."""
    actor = visitor_of(request)
    if actor is None:
        return None
    pool = resources_of(request).pool
    name = await name_of(pool, actor.person_id)
    return Visitor(name=name or _("Me"), unread=await unread_of(pool, actor.person_id))


async def show(
    request: PageRequest,
    template: str,
    page: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    cookies: Sequence[Cookie] = (),
) -> Response[bytes]:
    """Answer with a page."""
    seen_by, actor, chosen = await visitor(request), visitor_of(request), chosen_in(request.scope)
    if actor is not None and chosen is not None:
        await keep_language(resources_of(request).pool, actor.person_id, chosen)
    # What somebody sees while signed in is for them alone.
    caching = {"content-language": language().lang, "vary": "Accept-Language, Cookie"} | (
        {"cache-control": "private, no-cache"} if seen_by else {}
    )
    itself = _itself(request)
    resources, is_past = resources_of(request), getattr(page, "then", None) is not None
    known: dict[str, object] = {
        "page": page,
        "visitor": seen_by,
        "here": local_path(itself),
        "itself": itself,
        "alternates": _alternates(request, itself) if status == HTTPStatus.OK else (),
        # A page of an earlier moment stays as it is.
        "position": None if is_past else resources.watches.settled(resources.tail.position),
    }
    if request.query_params.get("part"):
        # What a script puts into the page that is open already, where all that goes around it is.
        known["layout"] = "part.html"
    html = _templates.get_template(template).render(known).encode()
    content, packing = compressed(html, request.headers.get("accept-encoding", ""))
    packing = {**packing, "vary": "Accept-Encoding, Accept-Language, Cookie"} if packing else packing
    return Response(
        content,
        status_code=status,
        media_type="text/html",
        headers={**caching, **packing, **(headers or {})},
        cookies=list(cookies),
    )


def seen_elsewhere(path: str, *, cookies: Sequence[Cookie] = ()) -> Response[bytes]:
    """Answer a form: what became of it is to be seen at a path of ours (303, RFC 9110)."""
    return Response(
        b"",
        status_code=303,
        media_type="text/plain",
        headers={"location": local_path(path), "cache-control": "no-store"},
        cookies=list(cookies),
    )


def _itself(request: PageRequest) -> str:
    """Give the address of a page on this site, without its language."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"], safe="/:@!$&'()*+,;=~-._", errors="replace") + (
        f"?{quote(query, safe=_IN_QUERY)}" if query else ""
    )


def _alternates(request: PageRequest, path: str) -> Sequence[Alternate]:
    """Give the whole addresses of a page that everybody may see, in each language and for those who want none of them.

    What asks for no language is English to whoever prefers none, which is how search engines ask.
    """
    if RULES[operation_of(request.route_handler)].who not in {"everyone", "anyone"}:
        return ()
    site = resources_of(request).settings.public_url.rstrip("/")
    return [
        Alternate(hreflang="x-default", href=f"{site}{path}"),
        *(
            Alternate(hreflang=one.tag, href=f"{site}{path}" if one is ENGLISH else f"{site}/{one.tag}{path}")
            for one in LANGUAGES
        ),
    ]
