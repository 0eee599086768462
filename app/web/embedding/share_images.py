"""The pictures that links to us are shown with elsewhere: drawn once for what they say, kept in memory, within bounds."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.params import FromPath

from app.http.pool_reads import shown as pool_shown
from app.http.resources import now, resources_of
from app.web.embedding.cards import REMOVED, idea_picture, pool_picture
from app.web.embedding.lines import clean
from app.web.embedding.pictures import answer_picture
from app.web.embedding.share_image import ShareImage, draw
from app.web.pool_words import status_in_words
from app.web.showing import PageRequest
from projections.idea_detail.queries import idea
from projections.language import gettext as _

KEPT_BYTES_MAX = 8 * 1024 * 1024
WAITING_MAX = 16


class ShareImages:
    """Draws pictures in one thread at a time and keeps the latest, by what they say."""

    def __init__(
        self, drawing: Callable[[ShareImage], bytes] = draw, *, kept_bytes_max: int = KEPT_BYTES_MAX
    ) -> None:
        self._draw, self._kept_bytes_max = drawing, kept_bytes_max
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._waiting = 0
        self._drawing = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="share-images")

    async def give(self, shown: ShareImage) -> bytes:
        """Give a picture as PNG; raises ServiceUnavailableException where too many are to be drawn at once."""
        key = repr(shown)
        if (known := self._known(key)) is not None:
            return known
        if self._waiting >= WAITING_MAX:
            detail = "Too many pictures are asked for at once; try again in a few seconds."
            raise ServiceUnavailableException(detail=detail, headers={"retry-after": "5"})
        self._waiting += 1
        try:
            async with self._drawing:
                if (known := self._known(key)) is not None:
                    return known
                drawn = await asyncio.get_running_loop().run_in_executor(self._thread, self._draw, shown)
                self._keep(key, drawn)
                return drawn
        finally:
            self._waiting -= 1

    def _known(self, key: str) -> bytes | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _keep(self, key: str, drawn: bytes) -> None:
        self._kept[key] = drawn
        self._bytes += len(drawn)
        while self._bytes > self._kept_bytes_max:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)


@get("/ideas/{idea_id:uuid}/share.png", include_in_schema=False)
async def show_idea_share(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show the picture that links to an idea are shown with."""
    found = await idea(resources_of(request).pool, idea_id)
    if found is None:
        raise NotFoundException
    picture = idea_picture(found, None)
    return await _answer(
        request,
        ShareImage(
            title=clean(found.title) or _(REMOVED),
            glows=tuple(bulb.glow for bulb in picture.bulbs),
            stage=picture.ended or picture.stage,
            words=f"{picture.votes} {picture.votes_words}".lstrip(),
            note=_("Sample data") if picture.is_sample else "",
        ),
    )


@get("/pools/{pool_id:uuid}/share.png", include_in_schema=False)
async def show_pool_share(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Show the picture that links to a pool are shown with: where it stands, as a bar and in words."""
    resources = resources_of(request)
    detail = await pool_shown(resources, pool_id, now())
    found = await idea(resources.pool, detail.idea_id)
    picture = pool_picture(detail, found)
    named = clean(found.title if found else "") or _(REMOVED)
    return await _answer(
        request,
        ShareImage(
            title=_("The pool for %(idea)s", idea=named),
            glows=(),
            stage=status_in_words(detail),
            words=picture.deadline,
            note=_("Sample data") if picture.is_sample else "",
            bar=picture.bar,
        ),
    )


@get("/share.png", include_in_schema=False)
async def show_share(request: PageRequest) -> Response[bytes]:
    """Show the picture that links to the whole are shown with."""
    return await _answer(
        request,
        ShareImage(
            title=_("Ideas for better support, care and community"),
            glows=("lit", "lit", "lit", "lit", "lit", "lit"),
            stage=_("From concept to service"),
            words=_("Log an idea, support one, offer a part, or fund it with others"),
        ),
    )


SHARE_IMAGES = (show_idea_share, show_pool_share, show_share)


async def _answer(request: PageRequest, shown: ShareImage) -> Response[bytes]:
    state = request.app.state
    images = state.get("share_images") or state.setdefault("share_images", ShareImages())
    return answer_picture(request, await images.give(shown), media_type="image/png")
