"""The pictures that other sites show: an idea's card and a pool's bar, as SVG that loads nothing and runs nothing."""

import base64
import re
from functools import cache
from hashlib import sha256
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.http.compression import compressed
from app.http.etags import is_unchanged
from app.http.pool_reads import shown
from app.http.resources import now, resources_of
from app.web.built_files import STATIC, built_files
from app.web.colours import themes
from app.web.embedding.cards import (
    IDEA_HEIGHT,
    INSET,
    POOL_HEIGHT,
    WIDTH,
    IdeaPicture,
    PoolPicture,
    idea_picture,
    pool_picture,
)
from app.web.embedding.lines import about_as_wide
from app.web.showing import PageRequest
from app.web.templating import TEMPLATES, environment
from projections.coverage.queries import of_idea
from projections.idea_detail.queries import idea
from projections.language import gettext as _

FOR_A_WHILE = "public, max-age=300"
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_SMALL, _AROUND_SAMPLE = about_as_wide(14, bold=True), 16
_templates = environment()


class _Style(Struct, frozen=True):
    """The style of all pictures, and the policy that lets it and nothing else hold."""

    css: str
    policy: str


@get("/ideas/{idea_id:uuid}/card.svg", include_in_schema=False)
async def show_idea_card(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show an idea as a card, to any site."""
    pool = resources_of(request).pool
    found = await idea(pool, idea_id)
    if found is None:
        raise NotFoundException
    covered = await of_idea(pool, idea_id)
    return _shown(request, idea_svg(idea_picture(found, covered.coverage if covered else None)))


@get("/pools/{pool_id:uuid}/bar.svg", include_in_schema=False)
async def show_pool_bar(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Show a pool as a bar, to any site."""
    resources = resources_of(request)
    detail = await shown(resources, pool_id, now())
    return _shown(request, pool_svg(pool_picture(detail, await idea(resources.pool, detail.idea_id))))


EMBEDDED_PICTURES = (show_idea_card, show_pool_bar)


def idea_svg(page: IdeaPicture) -> str:
    """Draw an idea's card."""
    return _drawn("idea.svg", page, IDEA_HEIGHT)


def pool_svg(page: PoolPicture) -> str:
    """Draw a pool's bar."""
    return _drawn("pool.svg", page, POOL_HEIGHT)


def answer_picture(
    request: PageRequest, content: bytes, *, media_type: str, policy: str = "default-src 'none'"
) -> Response[bytes]:
    """Answer with a picture that any site may show, kept for a few minutes and sent again only when it has changed."""
    packed, packing = (
        compressed(content, request.headers.get("accept-encoding", ""))
        if media_type == "image/svg+xml"
        else (content, {})
    )
    mark = "-gzip" if "content-encoding" in packing else ""
    etag = f'"{sha256(content).hexdigest()[:16]}{mark}"'
    headers = {
        "etag": etag,
        "cache-control": FOR_A_WHILE,
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    }
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(packed, media_type=media_type, headers={**headers, **packing})


def _shown(request: PageRequest, svg: str) -> Response[bytes]:
    return answer_picture(request, svg.encode(), media_type="image/svg+xml", policy=_style().policy)


def _drawn(template: str, page: object, height: int) -> str:
    return _templates.get_template(f"embedding/{template}").render(
        page=page,
        style=_style().css,
        width=WIDTH,
        height=height,
        inset=INSET,
        sample_width=round(_SMALL(_("Sample data"))) + _AROUND_SAMPLE,
    )


@cache
def _style() -> _Style:
    """Write the style in the colours of the pages, as values: not everything that draws SVG knows variables."""
    rules = (TEMPLATES / "embedding" / "picture.css").read_text(encoding="utf-8")
    light, dark = themes((STATIC / built_files()["styles/site.css"]).read_text(encoding="utf-8"))

    def written(colours: dict[str, str]) -> str:
        return _VARIABLE.sub(lambda found: colours[found[1]], rules).replace("\n", "")

    css = f"{written(light)}@media (prefers-color-scheme: dark) {{{written(dark)}}}"
    tag = base64.b64encode(sha256(css.encode()).digest()).decode()
    return _Style(css, f"default-src 'none'; style-src 'sha256-{tag}'")
