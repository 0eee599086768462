"""What a page says of itself to other sites: its address, its picture, and the few lines that show it elsewhere."""

from urllib.parse import urlencode
from uuid import UUID

from app.web.addresses import idea_href, pool_href
from app.web.embedding.cards import IDEA_HEIGHT, POOL_HEIGHT, REMOVED, WIDTH
from app.web.embedding.lines import clean
from app.web.embedding.qr import qr_code
from app.web.sharing_views import Sharing
from projections.language import ENGLISH, Language, language
from projections.language import gettext as _


def in_path(spoken: Language) -> str:
    """Give what stands in front of a path for what other sites show in a language: nothing for English."""
    return "" if spoken is ENGLISH else f"/{spoken.tag}"


def idea_sharing(public_url: str, idea_id: UUID, title: str) -> Sharing:
    """Say how an idea is shown elsewhere."""
    named = clean(title) or _(REMOVED)
    return _sharing(
        public_url,
        idea_href(idea_id),
        picture="card.svg",
        title=named,
        alternative=_(
            "%(idea)s: how far this idea is, who supports it and what it needs, on Open Impact", idea=named
        ),
        height=IDEA_HEIGHT,
        image=f"{idea_href(idea_id)}/share.png",
    )


def pool_sharing(public_url: str, pool_id: UUID, idea_title: str) -> Sharing:
    """Say how a pool is shown elsewhere."""
    named = clean(idea_title) or _(REMOVED)
    return _sharing(
        public_url,
        pool_href(pool_id),
        picture="bar.svg",
        title=_("The pool for %(idea)s", idea=named),
        alternative=_("The pool for %(idea)s: what comes together for it, on Open Impact", idea=named),
        height=POOL_HEIGHT,
        image=f"{pool_href(pool_id)}/share.png",
    )


def _sharing(
    public_url: str, path: str, *, picture: str, title: str, alternative: str, height: int, image: str
) -> Sharing:
    # Whoever copies it from a page in Welsh shows it in Welsh; elsewhere nobody's browser is asked.
    site, spoken = public_url.rstrip("/"), in_path(language())
    address = f"{site}{spoken}{path}"
    return Sharing(
        address=address,
        title=title,
        picture=f"{address}/{picture}",
        picture_href=f"{spoken}{path}/{picture}",
        alternative=alternative,
        width=WIDTH,
        height=height,
        image=f"{site}{spoken}{image}",
        code=qr_code(address),
        oembed_href=f"/oembed?{urlencode({'url': address, 'format': 'json'})}",
    )
