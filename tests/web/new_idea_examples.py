"""Examples of the pages on which an idea is written down, of drafts, and of what follows when it is logged.

People and organisations in here are invented.
"""

from datetime import timedelta

from msgspec.structs import replace

from app.drafts import KEPT_FOR, Draft, TypedIdea
from app.web.draft_views import DraftRow
from app.web.new_idea_views import AlikePage, NewIdeaPage, NoDraftPage, Step
from app.web.present_new_idea import cards_alike, draft_row, logged_view, step_view
from events.contracts import VotingRules
from projections.idea_board.queries import Alike, SimilarIdea
from projections.idea_detail.queries import CommunityDetail
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.match_examples import FUNDERS

TYPED = TypedIdea(
    title="A shared minibus for three villages",
    problem="The last bus to the clinic in Leeds stopped in 2019.\n\nOlder people miss their appointments.",
    beneficiaries="About 640 people over 70",
    proposal="One timetable for the three buses that stand still all day, and volunteers who drive.",
    amount="18,400",
    themes=("SW104", "BE108"),
    places=("GB-DUR",),
)
_HOSTILE = replace(
    TYPED,
    title=f"{SCRIPT} {LONG_WORD}"[:200],
    problem=f'" autofocus onfocus=alert(1) {SCRIPT} {LONG_WORD}',
    proposal=f"{SCRIPT}\n\n{LONG_WORD}",
    beneficiaries=LONG_WORD,
    amount=f'"{LONG_WORD}',
    currency="XXY",
    community=f'"{SCRIPT}',
    theme_search=f'"{SCRIPT}{LONG_WORD}',
    place_search="york",
)
_ARABIC = replace(TYPED, title="حافلة ليلية لثلاث قرى", problem="توقفت آخر حافلة في عام 2019.")


def alike(number: int, title: str, problem: str, votes: int) -> Alike:
    """Make an idea that reads like another."""
    idea = SimilarIdea(idea_id=uuid(600 + number), title=title, votes=votes, similarity=0.4)
    return Alike(idea=idea, problem=problem)


ALIKE = (
    alike(1, "A minibus for the villages", "Older people cannot get to the clinic.", 148),
    alike(2, "Lifts to the surgery", "Nobody drives there after dark.", 0),
)
_HOSTILE_ALIKE = (alike(3, f"{SCRIPT} {LONG_WORD}", f"{SCRIPT} {LONG_WORD}", 1),)


def community(number: int, slug: str, name: str) -> CommunityDetail:
    """Make a community."""
    rules = VotingRules(support_threshold=25)
    return CommunityDetail(
        community_id=uuid(700 + number), slug=slug, name=name, rules=rules, paused=False, ideas=3
    )


COMMUNITIES = (community(1, "commons", "Commons"), community(2, "dales", "People of the dales"))


def draft(number: int, typed: TypedIdea = TYPED) -> Draft:
    """Make a draft."""
    when = START + timedelta(days=number)
    return Draft(draft_id=uuid(800 + number), typed=typed, touched_at=when, expires_at=when + KEPT_FOR)


DRAFTS = (
    draft(1),
    draft(2, TypedIdea(problem="Nobody knows where the food bank is.")),
    draft(3, TypedIdea()),
)
DRAFT_ROWS: tuple[DraftRow, ...] = tuple(map(draft_row, DRAFTS))


def step(name: Step, typed: TypedIdea = TYPED, **said: object) -> NewIdeaPage:
    """Make the page of a step; `said` is what else it shows."""
    return step_view(uuid(801), name, typed, **said)  # type: ignore[arg-type]  # Arguments by name.


_BEGUN = step("problem", TypedIdea(), is_begun=False)
_ON_PROPOSAL = step("proposal", alike=ALIKE)

NEW_IDEA_PAGES: dict[str, tuple[str, object]] = {
    "new-idea": ("new_idea/problem.html", _BEGUN),
    "new-idea-drafts": (
        "new_idea/problem.html",
        step("problem", TypedIdea(), is_begun=False, drafts=DRAFTS, saved=True, deleted=True),
    ),
    "new-idea-missing": ("new_idea/problem.html", step("problem", TypedIdea(), checked=True)),
    "new-idea-arabic": ("new_idea/problem.html", step("problem", _ARABIC)),
    "new-idea-hostile": ("new_idea/problem.html", step("problem", _HOSTILE, checked=True)),
    "new-idea-proposal": ("new_idea/proposal.html", _ON_PROPOSAL),
    "new-idea-proposal-wrong": (
        "new_idea/proposal.html",
        step("proposal", replace(_HOSTILE, proposal=""), checked=True, alike=_HOSTILE_ALIKE),
    ),
    "new-idea-about": ("new_idea/about.html", step("about", replace(TYPED, themes=(), places=()))),
    "new-idea-about-found": (
        "new_idea/about.html",
        step("about", replace(TYPED, theme_search="child", place_search="nowhere at all")),
    ),
    "new-idea-about-wrong": (
        "new_idea/about.html",
        step(
            "about",
            replace(_HOSTILE, themes=tuple(f"SDG{number}" for number in range(1, 12))),
            checked=True,
        ),
    ),
    "new-idea-check": (
        "new_idea/check.html",
        step("check", alike=ALIKE, communities=COMMUNITIES, is_known=True),
    ),
    "new-idea-check-unknown": (
        "new_idea/check.html",
        step("check", replace(TYPED, themes=(), places=(), amount=""), communities=COMMUNITIES[:1]),
    ),
    "new-idea-check-hostile": (
        "new_idea/check.html",
        step("check", _HOSTILE, checked=True, alike=_HOSTILE_ALIKE, communities=COMMUNITIES),
    ),
    "no-draft": ("new_idea/no_draft.html", NoDraftPage(sign_in_href="/sign-in?next=/ideas/new")),
    "no-draft-logged": ("new_idea/no_draft.html", NoDraftPage(idea_href=f"/ideas/{uuid(801)}")),
    "logged": (
        "new_idea/logged.html",
        logged_view(uuid(801), TYPED.title, FUNDERS, site="https://open-impact.example", is_shown=True),
    ),
    "logged-bare": (
        "new_idea/logged.html",
        logged_view(
            uuid(801), f"{SCRIPT} {LONG_WORD}", None, site="https://open-impact.example", is_shown=False
        ),
    ),
}
ALIKE_PART = ("new_idea/alike.html", AlikePage(alike=cards_alike(TYPED, ALIKE)))
"""What a script puts under the title."""
