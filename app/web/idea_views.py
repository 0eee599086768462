"""What the pages about an idea's life show: what it needs, the stages it was in, the versions of its texts, its end."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.web.offer_views import CoverageView, OfferLine
from app.web.stages import Glow
from events.contracts.base import Money

PieceKind: TypeAlias = Literal["same", "removed", "added"]


class NeedView(Struct, frozen=True, kw_only=True):
    """A part that an idea lacks. Its bulb is lit once an offer covers it; `standing` says the same in words."""

    need_id: UUID
    title: str
    kind_label: str
    description: str
    size: str
    cost: Money | None
    standing: str
    glow: Glow = "unlit"


class StageStep(Struct, frozen=True, kw_only=True):
    """A stage an idea was in: `until` is None for the one it is in now; `said` is what somebody wrote who did it."""

    name: str
    glow: Glow
    since: datetime
    until: datetime | None
    reason: str
    said: str | None


class Typed(Struct, frozen=True, kw_only=True):
    """What somebody typed into a form about a need, and by field what is wrong with it."""

    kind: str = "service"
    title: str = ""
    description: str = ""
    size: str = ""
    amount: str = ""
    currency: str = "GBP"
    errors: dict[str, str] = {}


class NeedRow(Struct, frozen=True, kw_only=True):
    """A need as those in charge see it: with whether it can go up or down."""

    need: NeedView
    is_first: bool
    is_last: bool


class NeedsPage(Struct, frozen=True, kw_only=True):
    """What an idea needs, for those in charge of it: to add to, to change and to put in order."""

    idea_id: UUID
    title: str
    idea_href: str
    rows: tuple[NeedRow, ...]
    kinds: tuple[tuple[str, str], ...]
    typed: Typed
    next_href: str | None = None
    first_href: str | None = None
    saved: bool = False


class NeedPage(Struct, frozen=True, kw_only=True):
    """One need, to be described anew."""

    idea_id: UUID
    need_id: UUID
    title: str
    needs_href: str
    kinds: tuple[tuple[str, str], ...]
    typed: Typed


class PartsPage(Struct, frozen=True, kw_only=True):
    """All parts that an idea needs, a page at a time, and on the first one who offers a part."""

    title: str
    idea_href: str
    coverage: CoverageView
    rows: tuple[NeedView, ...]
    offers: tuple[OfferLine, ...] = ()
    offer_href: str | None = None
    next_href: str | None = None
    first_href: str | None = None


class CarePage(Struct, frozen=True, kw_only=True):
    """What can be done with an idea by those in charge of it. `error` is about the form named `wrong`."""

    idea_id: UUID
    title: str
    idea_href: str
    stage_label: str
    service_link: str | None
    can_launch: bool
    can_withdraw: bool
    can_close: bool
    can_reopen: bool
    reopening: str = ""
    wrong: str | None = None
    error: str | None = None
    typed: str = ""
    note: str = ""


class VersionView(Struct, frozen=True, kw_only=True):
    """A version of an idea's texts: by whom, when, why, and what it changed, in words."""

    number: int
    at: datetime
    by: str | None
    reason: str | None
    changed: str
    href: str | None


class PieceView(Struct, frozen=True, kw_only=True):
    """Words in a row that are the same, or that were removed or added."""

    kind: PieceKind
    text: str


class FieldDifference(Struct, frozen=True, kw_only=True):
    """How one field differs: texts in pieces, lists and money in what is gone and what is new."""

    name: str
    pieces: tuple[PieceView, ...]


class RevisionsPage(Struct, frozen=True, kw_only=True):
    """The versions of an idea's texts, the newest first, and what differs between two of them.

    `older` and `newer` are None where there is one version only, or the address names none that are there.
    """

    title: str
    idea_href: str
    here: str
    versions: tuple[VersionView, ...]
    older: int | None
    newer: int | None
    differences: tuple[FieldDifference, ...]
    is_sample: bool = False
