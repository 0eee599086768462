"""What the page of a funder shows: what it is open to, and what it gave before."""

from datetime import datetime

from msgspec import Struct

from app.web.mandate_views import MandateCard
from app.web.views import Label
from events.contracts import Money


class YearBar(Struct, frozen=True, kw_only=True):
    """What was given in a year, as a bar that stands at `x` and is `height` high."""

    year: int
    grants: int
    total: Money
    x: int
    y: int
    height: int


class YearsPicture(Struct, frozen=True, kw_only=True):
    """Years side by side, the oldest first, in a box of `width` by `height` units; all in one currency."""

    width: int
    height: int
    bar_width: int
    bars: tuple[YearBar, ...]


class ThemeLine(Struct, frozen=True, kw_only=True):
    """A theme that past grants speak of, and how many do."""

    label: Label
    grants: int
    total: Money


class RecipientLine(Struct, frozen=True, kw_only=True):
    """Who got how much; `href` leads to it where it is registered here."""

    name: str
    grants: int
    total: Money
    href: str | None = None


class GrantLine(Struct, frozen=True, kw_only=True):
    """A past grant: to whom, how much, when and for what."""

    to: str
    amount: Money
    awarded_at: datetime
    title: str
    description: str


class PastPart(Struct, frozen=True, kw_only=True):
    """What a funder gave before, as it published it."""

    org_id: str
    grants: int
    to_individuals: int
    first_awarded_at: datetime
    last_awarded_at: datetime
    picture: YearsPicture
    other_years: tuple[tuple[int, int, Money], ...]
    themes: tuple[ThemeLine, ...]
    recipients: tuple[RecipientLine, ...]
    latest: tuple[GrantLine, ...]
    json_href: str
    next_href: str | None = None
    first_href: str | None = None


class FunderPage(Struct, frozen=True, kw_only=True):
    """A funder; `organisation_href` is there where it is registered, `new_href` for whoever may commit its money."""

    name: str
    organisation_href: str | None
    cards: tuple[MandateCard, ...]
    past: PastPart | None
    new_href: str | None = None
    is_sample: bool = False
