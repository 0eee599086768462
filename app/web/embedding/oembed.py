"""oEmbed (oembed.com, 1.0): from the address of an idea or a pool to a few lines of HTML that show it elsewhere.

The answer is of type "rich": a picture inside a link, without scripts or frames. A "photo" would lose the link and what
stands there for those who cannot see it.
"""

import re
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException

from app.http.pool_reads import shown
from app.http.problems import MalformedError
from app.http.resources import Resources, now, resources_of
from app.web.embedding.pictures import FOR_A_WHILE
from app.web.embedding.sharing import idea_sharing, pool_sharing
from app.web.sharing_views import Sharing
from app.web.showing import PageRequest
from projections.idea_detail.queries import idea
from projections.language import ENGLISH, LANGUAGES, Language, speaking

_UUID = r"(?P<id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_IDEA, _POOL = re.compile(rf"/ideas/{_UUID}/?"), re.compile(rf"/pools/{_UUID}/?")
_KEPT_SECONDS = 300
_DIGITS_MAX = 6


class RichEmbed(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of oEmbed: `html` shows the page, `width` and `height` are its size in pixels."""

    type: str = "rich"
    version: str = "1.0"
    title: str
    provider_name: str = "Open Impact"
    provider_url: str
    cache_age: int = _KEPT_SECONDS
    html: str
    width: int
    height: int


@get("/oembed", include_in_schema=False)
async def show_oembed(request: PageRequest) -> Response[bytes]:
    """Say how another site can show a page of ours."""
    resources, asked = resources_of(request), request.query_params
    if asked.get("format", "json") != "json":
        told = b"This is answered as JSON alone; ask with format=json."
        return Response(told, status_code=501, media_type="text/plain")
    if not asked.get("url"):
        raise MalformedError.of("url", "Give the address of an idea or a pool here.")
    widest, highest = (_size(name, asked.get(name)) for name in ("maxwidth", "maxheight"))
    path, spoken = _of_ours(asked["url"], resources.settings.public_url)
    with speaking(spoken):
        sharing = await _sharing(resources, path)
    shares = [
        most / own for most, own in ((widest, sharing.width), (highest, sharing.height)) if most is not None
    ]
    share = min([1.0, *shares])
    width, height = max(1, int(sharing.width * share)), max(1, int(sharing.height * share))
    answer = RichEmbed(
        title=sharing.title,
        provider_url=resources.settings.public_url,
        html=sharing.snippet_of(width, height),
        width=width,
        height=height,
    )
    return Response(
        msgspec.json.encode(answer),
        media_type="application/json",
        headers={
            "cache-control": FOR_A_WHILE,
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
        },
    )


async def _sharing(resources: Resources, path: str) -> Sharing:
    """Find what a path of ours shows; raises NotFoundException for every other path."""
    ours = resources.settings.public_url
    if found := _IDEA.fullmatch(path):
        row = await idea(resources.pool, UUID(found["id"]))
        if row is None:
            raise NotFoundException
        return idea_sharing(ours, row.idea_id, row.title)
    if found := _POOL.fullmatch(path):
        detail = await shown(resources, UUID(found["id"]), now())
        row = await idea(resources.pool, detail.idea_id)
        return pool_sharing(ours, detail.pool_id, row.title if row else "")
    raise NotFoundException


def _of_ours(address: str, ours: str) -> tuple[str, Language]:
    """Give the path below our own address, or nothing for whatever stands elsewhere, and the language it begins with."""
    site = ours.rstrip("/")
    path = re.split("[?#]", address[len(site) :])[0] if address.startswith(f"{site}/") else ""
    for one in LANGUAGES:
        if path.startswith(f"/{one.tag}/"):
            return path.removeprefix(f"/{one.tag}"), one
    return path, ENGLISH


def _size(name: str, asked: str | None) -> int | None:
    if asked is None or asked == "":
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS_MAX and int(asked)):
        raise MalformedError.of(name, "Give a number of pixels, 1 or more.")
    return int(asked)
