"""What each page shows: the view models, plain data that a template turns into HTML.

A template takes exactly one of these as `page`. Text that people wrote stays as they wrote it; the templates
escape it. Numbers, money and dates stay numbers, money and dates; the templates' filters put them into words.
"""

from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.web.draft_views import DraftRow
from app.web.idea_views import StageStep
from app.web.journey import Journey
from app.web.match_card import OpenFunders
from app.web.offer_views import IdeaPartsView
from app.web.organisation_views import OrganisationLine
from app.web.sharing_views import Sharing
from app.web.then_views import Then
from events.contracts.base import Money
from events.contracts.idea import Source
from projections.coverage.queries import PartCounts

EmptyReason: TypeAlias = Literal["nothing_yet", "no_match"]
"""Why a board has no cards: nothing was ever logged, or the search and filters leave nothing."""


VoteAct: TypeAlias = Literal["support", "withdraw", "sign_in"]
"""What a reader can do about their vote for an idea."""


class Label(Struct, frozen=True, kw_only=True):
    """A theme, place or community: its code, its name for people, and the board filtered by it."""

    code: str
    name: str
    href: str


class Choice(Struct, frozen=True, kw_only=True):
    """One thing that can be chosen, as an option of a form (`value`) and as a link (`href`)."""

    value: str
    label: str
    href: str
    selected: bool


class ActiveFilter(Struct, frozen=True, kw_only=True):
    """A filter that is on, in words, and the board without it."""

    label: str
    remove_href: str


class BoardQuery(Struct, frozen=True, kw_only=True):
    """What a reader asked the board for; an empty text or None means "any"."""

    q: str = ""
    theme: str | None = None
    place: str | None = None
    stage: str | None = None
    community: str | None = None
    needs: str | None = None
    sort: str = "momentum"


class IdeaCard(Struct, frozen=True, kw_only=True):
    """One idea on the board. `summary` is one sentence or empty, `parts` how far what it needs is covered.

    `funding` says who has money for it, or is empty; there is no `ask` where a pool says what is wanted.
    """

    idea_id: UUID
    title: str
    summary: str
    places: tuple[Label, ...]
    themes: tuple[Label, ...]
    stage: str
    stage_label: str
    votes: int
    community: Label | None
    logged_at: datetime
    is_sample: bool
    withdrawn: bool
    ask: Money | None = None
    parts: PartCounts | None = None
    funding: str = ""
    can: VoteAct | None = None


class BoardPage(Struct, frozen=True, kw_only=True):
    """The board: one page of cards and everything that can be asked of it.

    `total_label` is the count in words ("1,284 ideas"), or None where counting would cost too much.
    `next_href` is None on the last page, `first_href` is None on the first.
    `empty_reason` is set exactly when there are no cards. `meant` is what was searched for instead of words
    that find nothing. `site` is the address under which the whole is reached.
    """

    cards: tuple[IdeaCard, ...]
    total_label: str | None
    query: BoardQuery
    filters: tuple[ActiveFilter, ...]
    theme_choices: tuple[Choice, ...]
    place_choices: tuple[Choice, ...]
    stage_choices: tuple[Choice, ...]
    needs_choices: tuple[Choice, ...]
    sort_choices: tuple[Choice, ...]
    next_href: str | None = None
    first_href: str | None = None
    empty_reason: EmptyReason | None = None
    meant: str | None = None
    site: str | None = None

    @property
    def shows_sample(self) -> bool:
        """True when any card on this page is sample data."""
        return any(card.is_sample for card in self.cards)


class TimelineItem(Struct, frozen=True, kw_only=True):
    """Something that happened: when, in one sentence, why if somebody said so, and its place in the log."""

    when: datetime
    sentence: str
    why: str | None
    position: int


class PoolOnIdea(Struct, frozen=True, kw_only=True):
    """An idea's pool in a line and where it is, or where one can be opened for it."""

    href: str
    sentence: str
    can_open: bool = False


class IdeaPage(Struct, frozen=True, kw_only=True):
    """One idea, whole.

    `problem`, `proposal` and `beneficiaries` may be empty (imported ideas often are). `stage_reason` is a
    phrase that goes on from the stage's name ("since 25 people supported it"), or empty. `votes_by_day` is the
    cumulative count at the end of each day on which it changed, oldest first. `timeline` holds the latest
    happenings, newest first. `verified_votes` and `set_aside` are parts of `votes`, `set_aside_reason` is why, and
    `receipt_href` is there for a reader who voted. `can` is what the reader can do about their vote, if anything. `texts_removed` says that the texts were erased at their author's request.
    `needs_href` and `care_href` are there for those in charge of it. `then` is the moment that it is shown as of, where
    that is not now.
    """

    idea_id: UUID
    title: str
    problem: str
    proposal: str
    beneficiaries: str
    author_name: str | None
    logged_at: datetime
    themes: tuple[Label, ...]
    places: tuple[Label, ...]
    community: Label | None
    ask: Money | None
    stage: str
    stage_label: str
    stage_reason: str
    votes: int
    votes_by_day: tuple[tuple[date, int], ...]
    source: Source | None
    is_sample: bool
    withdrawn_reason: str | None
    timeline: tuple[TimelineItem, ...]
    history_href: str
    json_href: str
    verified_votes: int = 0
    set_aside: int = 0
    set_aside_reason: str | None = None
    votes_href: str = ""
    fairness_href: str = ""
    receipt_href: str | None = None
    can: VoteAct | None = None
    texts_removed: bool = False
    sharing: Sharing | None = None
    parts: IdeaPartsView | None = None
    pool: PoolOnIdea | None = None
    closed_reason: str | None = None
    service_link: str | None = None
    needs_href: str | None = None
    stages: tuple[StageStep, ...] = ()
    journey: Journey | None = None
    revisions_href: str | None = None
    care_href: str | None = None
    funders: OpenFunders | None = None
    walk_href: str | None = None
    then: Then | None = None

    @property
    def withdrawn(self) -> bool:
        """True when the author took the idea back."""
        return self.withdrawn_reason is not None


class AsideView(Struct, frozen=True, kw_only=True):
    """Votes that were set aside: how many people, how many of this idea's votes now, why, and why they count again."""

    people: int
    votes: int
    reason: str
    raised_at: datetime
    position: int
    lifted_at: datetime | None
    lifted_reason: str | None


class VotesPage(Struct, frozen=True, kw_only=True):
    """How the votes of one idea count, and what was set aside, newest first.

    `receipt_href` is where a reader who voted finds the receipt of their own vote, `receipt` says how it counts.
    """

    title: str
    idea_href: str
    votes: int
    verified_votes: int
    set_aside: int
    aside: tuple[AsideView, ...]
    tally_href: str
    fairness_href: str = ""
    receipt_href: str | None = None
    receipt: str | None = None
    is_sample: bool = False


class ProblemPage(Struct, frozen=True, kw_only=True):
    """Something went wrong: `sentence` says in plain words what to do, `request_id` is what to quote to us."""

    status: int
    title: str
    sentence: str
    request_id: str | None


class Visitor(Struct, frozen=True, kw_only=True):
    """Who is signed in and looks at a page, and how much that concerns them is new to them, 100 at most."""

    name: str
    unread: int = 0


class SignInPage(Struct, frozen=True, kw_only=True):
    """Sign in by mail: what was typed, and what is wrong with it. `next` is where one is led afterwards.

    `provider` is the identity provider that people may sign in with as well.
    """

    next: str
    email: str = ""
    error: str | None = None
    provider: str | None = None


class CodePage(Struct, frozen=True, kw_only=True):
    """A link was sent; its code can be typed here. `mailbox_href` leads to the mail where none leaves this machine."""

    email: str
    next: str
    mailbox_href: str | None = None
    error: str | None = None


class ConfirmPage(Struct, frozen=True, kw_only=True):
    """A link was opened; one button uses it. Without a token there is only what to do instead."""

    email: str = ""
    token: str | None = None
    error: str | None = None


class NamePage(Struct, frozen=True, kw_only=True):
    """Somebody new says by which name others see them."""

    name: str = ""
    error: str | None = None


class SessionRow(Struct, frozen=True, kw_only=True):
    """One place where a person is signed in."""

    session_id: UUID
    device: str
    last_seen_at: datetime
    created_at: datetime
    proved_by: str
    here: bool


class OwnIdea(Struct, frozen=True, kw_only=True):
    """An idea in a line: what it is called, where it is, how far it has come, and how many support it."""

    title: str
    href: str
    stage_label: str
    support: str


class OwnIdeas(Struct, frozen=True, kw_only=True):
    """The newest ideas that somebody logged, and supports; `are_more` says that there are others of either."""

    logged: tuple[OwnIdea, ...] = ()
    supported: tuple[OwnIdea, ...] = ()
    are_more: bool = False


class MePage(Struct, frozen=True, kw_only=True):
    """Oneself: one's name, ideas and drafts, the organisations one acts for, and where one is signed in."""

    name: str
    sessions: tuple[SessionRow, ...]
    own: OwnIdeas = OwnIdeas()
    drafts: tuple[DraftRow, ...] = ()
    organisations: tuple[OrganisationLine, ...] = ()
    person_id: UUID | None = None
    error: str | None = None
    saved: bool = False


class LetterRow(Struct, frozen=True, kw_only=True):
    """One message in the mailbox of this machine."""

    href: str
    to: str
    subject: str
    sent_at: datetime


class MailboxPage(Struct, frozen=True, kw_only=True):
    """The mailbox of this machine, the newest first."""

    letters: tuple[LetterRow, ...]


class LetterPage(Struct, frozen=True, kw_only=True):
    """One message: its HTML made safe, and its text."""

    to: str
    subject: str
    sent_at: datetime
    safe_html: str
    text: str
