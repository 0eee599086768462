"""What the page of fair votes in a community shows."""

from datetime import datetime

from msgspec import Struct

from app.web.pictures import TallyBars
from app.web.views import AsideView


class UnevenIdea(Struct, frozen=True, kw_only=True):
    """An idea of whose votes some are set aside, and where to see which."""

    title: str
    href: str
    bars: TallyBars


class FairnessPage(Struct, frozen=True, kw_only=True):
    """How the votes of a community count, where the two tallies differ most, and what was set aside, newest first.

    `stewards` are the names of those one can turn to, `json_href` is the same for programs, and `next_href` leads to
    what was set aside earlier. `read_at` is the moment of counting.
    """

    community: str
    board_href: str
    bars: TallyBars
    uneven: tuple[UnevenIdea, ...]
    aside: tuple[AsideView, ...]
    stewards: tuple[str, ...]
    json_href: str
    read_at: datetime
    next_href: str | None = None
    first_href: str | None = None
