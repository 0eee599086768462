"""What a page says of itself to other sites: its address, its picture, and the few lines that show it elsewhere."""

from urllib.parse import urlencode
from uuid import UUID

from app.web.addresses import idea_href, pool_href
from app.web.embedding.cards import IDEA_HEIGHT, POOL_HEIGHT, REMOVED, WIDTH
from app.web.embedding.lines import clean
from app.web.embedding.qr import qr_code
from app.web.sharing_views import Sharing


def idea_sharing(public_url: str, idea_id: UUID, title: str) -> Sharing:
    """Say how an idea is shown elsewhere."""
    named = clean(title) or REMOVED
    return _sharing(
        public_url,
        idea_href(idea_id),
        picture="card.svg",
        title=named,
        alternative=f"{named}: how far this idea is, who supports it and what it needs, on Open Impact",
        height=IDEA_HEIGHT,
        image=f"{idea_href(idea_id)}/share.png",
    )


def pool_sharing(public_url: str, pool_id: UUID, idea_id: UUID, idea_title: str) -> Sharing:
    """Say how a pool is shown elsewhere."""
    named = clean(idea_title) or REMOVED
    return _sharing(
        public_url,
        pool_href(pool_id),
        picture="bar.svg",
        title=f"The pool for {named}",
        alternative=f"The pool for {named}: what comes together for it, on Open Impact",
        height=POOL_HEIGHT,
        image=f"{idea_href(idea_id)}/share.png",
    )


def _sharing(
    public_url: str, path: str, *, picture: str, title: str, alternative: str, height: int, image: str
) -> Sharing:
    site = public_url.rstrip("/")
    address = f"{site}{path}"
    return Sharing(
        address=address,
        title=title,
        picture=f"{address}/{picture}",
        picture_href=f"{path}/{picture}",
        alternative=alternative,
        width=WIDTH,
        height=height,
        image=f"{site}{image}",
        code=qr_code(address),
        oembed_href=f"/oembed?{urlencode({'url': address, 'format': 'json'})}",
    )
