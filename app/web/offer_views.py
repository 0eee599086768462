"""What the pages about offers show: plain data that their templates turn into HTML."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from app.web.stages import Glow
from events.contracts.base import Money


class PartView(Struct, frozen=True, kw_only=True):
    """A need in the coverage picture: its bulb, and the same in words. `ticked` says that a form names it."""

    need_id: UUID
    title: str
    kind_label: str
    glow: Glow
    standing: str
    cost: Money | None
    ticked: bool = False


class CoverageView(Struct, frozen=True, kw_only=True):
    """How far an idea is covered: a bulb for each part, how many are lit, and what the rest still costs."""

    parts: tuple[PartView, ...]
    covered: int
    cost_open: tuple[Money, ...]
    note: str


class OfferLine(Struct, frozen=True, kw_only=True):
    """An offer in a list: what it is, by whom or for what, and what became of it.

    Where offers on many ideas are listed, `idea_title` and `idea_href` say what it is for, and `kind_label` of what sort
    it is.
    """

    href: str
    title: str
    by: str
    glow: Glow
    status: str
    made_at: datetime
    kind_label: str = ""
    idea_title: str = ""
    idea_href: str = ""


class IdeaPartsView(Struct, frozen=True, kw_only=True):
    """What an idea needs and who offers it, on its page; `offer_href` is where to offer a part, if it takes offers.

    The page shows the first of many, and `all_href` leads to all of them.
    """

    coverage: CoverageView
    offers: tuple[OfferLine, ...]
    offer_href: str | None
    all_href: str = ""


class TypedOffer(Struct, frozen=True, kw_only=True):
    """What somebody typed into the form of an offer, and by field what is wrong with it."""

    fields: dict[str, str] = {}
    needs: frozenset[UUID] = frozenset()
    errors: dict[str, str] = {}


class OfferFormPage(Struct, frozen=True, kw_only=True):
    """The form of an offer: the needs to choose from, for whom it is made, and what its coverage would be.

    `takes_offers` is false for an idea that ended; `refused` is the rule that an attempt met.
    """

    idea_title: str
    idea_href: str
    action: str
    parts: tuple[PartView, ...]
    organisations: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    typed: TypedOffer
    preview: CoverageView | None = None
    refused: str | None = None
    takes_offers: bool = True
    is_change: bool = False


class ServiceFact(Struct, frozen=True, kw_only=True):
    """One thing to know about the part, by its name."""

    name: str
    value: str


class OfferPage(Struct, frozen=True, kw_only=True):
    """One offer, whole, and what the reader may do about it. `error` is about the form named `wrong`."""

    offer_id: UUID
    title: str
    description: str
    by: str
    by_href: str | None
    idea_title: str
    idea_href: str
    kind_label: str
    glow: Glow
    status: str
    made_at: datetime
    changed_at: datetime
    running_since: date | None
    cost_to_adapt: Money | None
    weeks_to_adapt: int | None
    facts: tuple[ServiceFact, ...]
    links: tuple[str, ...]
    parts: tuple[PartView, ...]
    reason: str
    link: str | None
    json_href: str
    can_accept: bool
    can_reserve: bool
    can_decline: bool
    can_withdraw: bool
    can_deliver: bool
    change_href: str | None
    is_sample: bool = False
    wrong: str | None = None
    error: str | None = None
    typed: str = ""


class OpeningLine(Struct, frozen=True, kw_only=True):
    """A need that an organisation might cover, why, and where to offer it."""

    title: str
    idea_title: str
    idea_href: str
    offer_href: str
    kind_label: str
    cost: Money | None
    why: str


class OffersPage(Struct, frozen=True, kw_only=True):
    """What an organisation offers, and what it might cover too."""

    name: str
    organisation_href: str
    lines: tuple[OfferLine, ...]
    openings: tuple[OpeningLine, ...]
    next_href: str | None = None
    first_href: str | None = None
