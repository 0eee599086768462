"""What the pages of funders and their mandates show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.web.match_card import MatchCard
from app.web.picking import Picker
from app.web.then_views import Then
from app.web.views import ActiveFilter, Choice, EmptyReason, Label
from events.contracts import Money

MandateAct: TypeAlias = Literal["revise", "pause", "resume", "close"]
"""What somebody who may commit the organisation's money can do about a mandate."""


class BudgetBar(Struct, frozen=True, kw_only=True):
    """How a budget is used: amounts, and each part's share of a bar that is `width` units long."""

    budget: Money
    committed: Money
    reserved: Money
    left: Money
    width: int
    committed_width: int
    reserved_width: int


class MandateCard(Struct, frozen=True, kw_only=True):
    """A mandate in a list; `gives` and `until` are sentences."""

    href: str
    title: str
    funder_name: str
    funder_href: str
    gives: str
    until: str
    themes: tuple[Label, ...]
    places: tuple[Label, ...]
    status: str
    status_label: str
    bar: BudgetBar
    is_sample: bool = False


class FundersQuery(Struct, frozen=True, kw_only=True):
    """What a reader asks of the list of mandates."""

    theme: str | None = None
    place: str | None = None
    stage: str | None = None
    status: str | None = None


class ThemeBar(Struct, frozen=True, kw_only=True):
    """How many funders are open to a theme, as a bar of so many percent; `href` is none where any theme will do."""

    name: str
    href: str | None
    funders: int
    left: tuple[Money, ...]
    percent: float


class FundersPage(Struct, frozen=True, kw_only=True):
    """Who is open to what."""

    cards: tuple[MandateCard, ...]
    filters: tuple[ActiveFilter, ...]
    theme_choices: tuple[Choice, ...]
    place_choices: tuple[Choice, ...]
    stage_choices: tuple[Choice, ...]
    status_choices: tuple[Choice, ...]
    by_theme: tuple[ThemeBar, ...] = ()
    next_href: str | None = None
    first_href: str | None = None
    empty_reason: EmptyReason | None = None

    @property
    def shows_sample(self) -> bool:
        """True when any card on this page is sample data."""
        return any(card.is_sample for card in self.cards)


class RevisionItem(Struct, frozen=True, kw_only=True):
    """A revision of a mandate: what is different from the one before, in words, and why."""

    revision: int
    when: datetime
    changes: tuple[str, ...]
    why: str
    position: int


class MandatePage(Struct, frozen=True, kw_only=True):
    """One mandate, whole; `conditions` and `automatic` are sentences.

    `pledges_alone` says that it pledges by itself, and `automatic` what an idea must have reached for that. `matches` are the best of what fits it now. `error` is
    what kept an act from being done.
    """

    mandate_id: UUID
    title: str
    funder_name: str
    funder_href: str
    status: str
    status_label: str
    status_sentence: str
    gives: str
    window: str
    themes: tuple[Label, ...]
    places: tuple[Label, ...]
    stages: str
    terms: str
    conditions: tuple[str, ...]
    pledges_alone: str | None
    automatic: tuple[str, ...]
    bar: BudgetBar
    revisions: tuple[RevisionItem, ...]
    json_href: str
    can: tuple[MandateAct, ...] = ()
    matches: tuple[MatchCard, ...] = ()
    matches_json_href: str = ""
    error: str | None = None
    is_sample: bool = False
    then: Then | None = None


class CodeBox(Struct, frozen=True, kw_only=True):
    """A stage that can be ticked."""

    field: str
    name: str
    ticked: bool


class FunderChoice(Struct, frozen=True, kw_only=True):
    """An organisation whose money the reader may commit."""

    organisation_id: UUID
    name: str
    selected: bool


class MandateFormPage(Struct, frozen=True, kw_only=True):
    """A mandate being written: what was typed, what is wrong with which field, and what can be chosen.

    `revises` is the title of the mandate that is revised, if one is. `reasons` say where a suggestion comes from.
    `prove_href` leads to where one shows that it is oneself, where that has to be done first.
    """

    action: str
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    funders: Sequence[FunderChoice]
    themes: Picker
    places: Picker
    stages: Sequence[CodeBox]
    currencies: Sequence[str]
    revises: str | None = None
    back_href: str = "/funders"
    reasons: Sequence[str] = ()
    prove_href: str | None = None
    error: str | None = None
