"""What the pages show on which an idea is written down step by step, and what follows when it is logged."""

from collections.abc import Mapping
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.drafts import TypedIdea
from app.web.draft_views import DraftRow
from app.web.match_card import OpenFunders
from app.web.picking import Picker
from app.web.stages import Glow
from app.web.views import Label
from events.contracts import Money

Step: TypeAlias = Literal["problem", "proposal", "about", "check"]


class StepMark(Struct, frozen=True, kw_only=True):
    """A step of the way as a bulb: lit when it is done, half lit while one is there."""

    name: str
    glow: Glow
    is_here: bool = False


class AlikeCard(Struct, frozen=True, kw_only=True):
    """An idea that reads like what was typed, and why in a sentence; `beginning` is what is wrong today, shortened."""

    idea_id: UUID
    title: str
    beginning: str
    votes: int
    why: str


class AlikePage(Struct, frozen=True, kw_only=True):
    """Ideas that read like what is being typed, as a part of a page."""

    alike: tuple[AlikeCard, ...]


class CommunityChoice(Struct, frozen=True, kw_only=True):
    """A community in which the idea can be logged."""

    slug: str
    name: str
    chosen: bool


class Preview(Struct, frozen=True, kw_only=True):
    """The idea as others will see it."""

    title: str
    problem: str
    proposal: str
    beneficiaries: str
    themes: tuple[Label, ...]
    places: tuple[Label, ...]
    ask: Money | None


class NewIdeaPage(Struct, frozen=True, kw_only=True):
    """One step of writing an idea down; `errors` are by field, in the order of the page.

    `keep_href` is where a script sends what is typed meanwhile, `drafts` are others that one can go on with, and
    `came_back` says that somebody has signed in on the way and is back. Each step has its own part of the rest.
    """

    draft_id: UUID
    step: Step
    number: int
    marks: tuple[StepMark, ...]
    action: str
    keep_href: str
    typed: TypedIdea
    errors: Mapping[str, str]
    is_begun: bool = True
    drafts: tuple[DraftRow, ...] = ()
    saved: bool = False
    deleted: bool = False
    alike: tuple[AlikeCard, ...] = ()
    currencies: tuple[str, ...] = ()
    themes: Picker | None = None
    places: Picker | None = None
    preview: Preview | None = None
    communities: tuple[CommunityChoice, ...] = ()
    log_href: str = ""
    is_known: bool = False


class NoDraftPage(Struct, frozen=True, kw_only=True):
    """There is no such draft any more: it became an idea, or nobody knows."""

    idea_href: str | None = None
    sign_in_href: str | None = None


class LoggedPage(Struct, frozen=True, kw_only=True):
    """An idea is logged: its address to pass on, who is open to fund it, and what to do next."""

    title: str
    idea_href: str
    address: str
    mail_href: str
    needs_href: str
    funders: OpenFunders | None
    is_shown: bool = True
