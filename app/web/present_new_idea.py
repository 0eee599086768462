"""From what was typed of an idea to the pages on which it is written down."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from app.drafts import Draft, TypedIdea
from app.http.bodies import PLACES_MAX, THEMES_MAX
from app.tagging import places_in, speaking_words, themes_in
from app.web.addresses import draft_href, idea_href, needs_href
from app.web.draft_views import DraftRow
from app.web.formats import excerpt, in_a_row
from app.web.mandate_form import CURRENCIES
from app.web.match_card import OpenFunders
from app.web.new_idea_forms import STEPS, errors_of, idea_in
from app.web.new_idea_views import (
    AlikeCard,
    CommunityChoice,
    LoggedPage,
    NewIdeaPage,
    Preview,
    Step,
    StepMark,
)
from app.web.picking import Picker, picker
from app.web.present import place_label, theme_label
from events.contracts import Money
from projections.idea_board.queries import Alike
from projections.idea_detail.queries import CommunityDetail
from projections.language import N_
from projections.language import gettext as _

STEP_NAMES: Mapping[Step, str] = {
    "problem": N_("What is wrong today"),
    "proposal": N_("What would help"),
    "about": N_("Where and what about"),
    "check": N_("Look and log it"),
}
_WHY_WORDS_MAX = 3
_BEGINNING = 140


def step_view(
    draft_id: UUID,
    step: Step,
    typed: TypedIdea,
    *,
    checked: bool = False,
    is_begun: bool = True,
    drafts: Sequence[Draft] = (),
    alike: Sequence[Alike] = (),
    communities: Sequence[CommunityDetail] = (),
    is_known: bool = False,
    saved: bool = False,
    deleted: bool = False,
) -> NewIdeaPage:
    """Show a step; with `checked` it says what is wrong on it."""
    idea, errors = idea_in(typed)
    if communities and step == "check" and typed.community not in {one.slug for one in communities}:
        errors["community"] = _("Choose where it belongs.")
    at = STEPS.index(step)
    ask = idea.ask
    return NewIdeaPage(
        draft_id=draft_id,
        step=step,
        number=at + 1,
        marks=tuple(
            StepMark(
                name=_(STEP_NAMES[each]),
                glow="lit" if number < at else "half" if number == at else "unlit",
                is_here=number == at,
            )
            for number, each in enumerate(STEPS)
        ),
        action=draft_href(draft_id, step),
        keep_href=draft_href(draft_id, "keep"),
        log_href=draft_href(draft_id, "log"),
        typed=typed,
        errors=errors_of(step, errors) if checked else {},
        is_begun=is_begun,
        drafts=tuple(map(draft_row, drafts)),
        alike=cards_alike(typed, alike),
        currencies=_currencies(typed.currency),
        themes=_themes(typed) if step == "about" else None,
        places=_places(typed) if step == "about" else None,
        preview=_preview(
            typed, None if ask is None else Money(amount_minor=ask.amount_minor, currency=ask.currency)
        )
        if step == "check"
        else None,
        communities=_choices(communities, typed.community),
        is_known=is_known,
        saved=saved,
        deleted=deleted,
    )


def draft_row(draft: Draft) -> DraftRow:
    """Show a draft in a list; it goes on at the first step that is not finished."""
    typed = draft.typed
    errors = idea_in(typed)[1]
    step: Step = "problem" if errors_of("problem", errors) else "proposal"
    if not errors:
        step = "check" if typed.themes or typed.places else "about"
    title = typed.title or excerpt(typed.problem, 80)
    return DraftRow(
        title=title or _("An idea without a title yet"),
        is_titled=bool(title),
        href=draft_href(draft.draft_id, step),
        delete_href=draft_href(draft.draft_id, "delete"),
        touched_at=draft.touched_at,
        expires_at=draft.expires_at,
    )


def cards_alike(typed: TypedIdea, alike: Iterable[Alike]) -> tuple[AlikeCard, ...]:
    """Show ideas that read like what was typed, each with why."""
    return tuple(
        AlikeCard(
            idea_id=one.idea.idea_id,
            title=one.idea.title,
            beginning=excerpt(one.problem, _BEGINNING),
            votes=one.idea.votes,
            why=why_alike(f"{typed.title} {typed.problem}", f"{one.idea.title} {one.problem}"),
        )
        for one in alike
    )


def why_alike(mine: str, theirs: str) -> str:
    """Say why two texts read alike: by the words that both have, those of the first in its order."""
    others = speaking_words(theirs)
    shared = [_("“%(word)s”", word=word) for stem, word in speaking_words(mine).items() if stem in others]
    if not shared:
        return _("It is worded much like yours.")
    return _("Both speak of %(words)s.", words=in_a_row(shared[:_WHY_WORDS_MAX]))


def logged_view(
    idea_id: UUID, title: str, funders: OpenFunders | None, *, site: str, is_shown: bool
) -> LoggedPage:
    """Show that an idea is logged; `is_shown` is false while the page about it is still being written."""
    address = f"{site.rstrip('/')}{idea_href(idea_id)}"
    words = _(
        "I have logged an idea: %(title)s. You can support it here: %(address)s", title=title, address=address
    )
    return LoggedPage(
        title=title,
        idea_href=idea_href(idea_id),
        address=address,
        mail_href=f"mailto:?subject={quote(title)}&body={quote(words)}",
        needs_href=needs_href(idea_id),
        funders=funders,
        is_shown=is_shown,
    )


def _themes(typed: TypedIdea) -> Picker:
    suggested = themes_in(_all_texts(typed), without=typed.themes)
    return picker(
        "theme", chosen=typed.themes, suggested=suggested, search=typed.theme_search, most=THEMES_MAX
    )


def _places(typed: TypedIdea) -> Picker:
    suggested = places_in(_all_texts(typed), without=typed.places)
    return picker(
        "place", chosen=typed.places, suggested=suggested, search=typed.place_search, most=PLACES_MAX
    )


def _all_texts(typed: TypedIdea) -> str:
    return f"{typed.title}. {typed.problem}. {typed.beneficiaries}. {typed.proposal}"


def _preview(typed: TypedIdea, ask: Money | None) -> Preview:
    return Preview(
        title=typed.title,
        problem=typed.problem,
        proposal=typed.proposal,
        beneficiaries=typed.beneficiaries,
        themes=tuple(map(theme_label, typed.themes)),
        places=tuple(map(place_label, typed.places)),
        ask=ask,
    )


def _choices(communities: Sequence[CommunityDetail], chosen: str) -> tuple[CommunityChoice, ...]:
    return tuple(
        CommunityChoice(slug=one.slug, name=one.name, chosen=one.slug == chosen) for one in communities
    )


def _currencies(typed: str) -> tuple[str, ...]:
    return CURRENCIES if typed in CURRENCIES or not typed else (*CURRENCIES, typed)
