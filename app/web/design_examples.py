"""What the page of the design shows its parts with: invented ideas, people and money.

What people wrote stays as they wrote it; what the service says of it is in the language that is spoken.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.tagging import Suggested
from app.web.journey import Journey, journey
from app.web.mandate_views import BudgetBar
from app.web.match_views import funders_sentence
from app.web.month import DAYS, Month, month
from app.web.new_idea_views import StepMark
from app.web.offer_views import CoverageView, PartView
from app.web.organisation_views import RoleChoice
from app.web.picking import Pick, Picker, picker
from app.web.pictures import SupportCurve, TallyBars, support_curve, tally_bars
from app.web.pool_bar import BarMark, BarPart, PoolBar
from app.web.stages import STAGE_NAMES, STEPS, Glow, stage_name
from app.web.views import AsideView, Choice, IdeaCard, Label, TimelineItem
from events.contracts.base import Money
from projections.coverage.queries import PartCounts
from projections.idea_detail.queries import CommunityDay
from projections.language import gettext as _
from projections.language import ngettext

_START = datetime(2026, 10, 21, 9, 30, tzinfo=UTC)
_HERE = "/about/design"


class DesignExamples(Struct, frozen=True, kw_only=True):
    """One example of each thing that a part shows."""

    places: tuple[Label, ...]
    themes: tuple[Label, ...]
    cards: tuple[IdeaCard, ...]
    names: Mapping[str, str]
    stages: tuple[Choice, ...]
    steps: tuple[StepMark, ...]
    picker: Picker
    pick: Pick
    moment: datetime
    timeline: tuple[TimelineItem, ...]
    aside: tuple[AsideView, ...]
    curve: SupportCurve | None
    month: Month | None
    journey: Journey | None
    bars: TallyBars
    coverage: CoverageView
    pool: PoolBar
    budget: BudgetBar
    role: RoleChoice
    text: str
    reason: str


def _label(name: str) -> Label:
    return Label(code=name, name=name, href=_HERE)


def _id(number: int) -> UUID:
    return UUID(int=number)


def _part(number: int, title: str, glow: Glow, standing: str) -> PartView:
    return PartView(
        need_id=_id(number), title=title, kind_label=_("Software"), glow=glow, standing=standing, cost=None
    )


def _happened(number: int, sentence: str, why: str | None = None) -> TimelineItem:
    return TimelineItem(
        when=_START + timedelta(days=number), sentence=sentence, why=why, position=41_200 + number
    )


_PLACES, _THEMES = (_label("County Durham"),), (_label("Transport"), _label("Older people"))
_AUTHOR = "Moira T."


def examples() -> DesignExamples:
    """Give what the parts are shown with."""
    names = {stage: stage_name(stage) for stage in STAGE_NAMES}
    return DesignExamples(
        places=_PLACES,
        themes=_THEMES,
        cards=_cards(names),
        names=names,
        stages=tuple(
            Choice(value=step, label=names[step], href=_HERE, selected=step == "shaping") for step in STEPS
        ),
        steps=(
            StepMark(name=_("Problem"), glow="lit"),
            StepMark(name=_("Proposal"), glow="half", is_here=True),
            StepMark(name=_("Where"), glow="unlit"),
            StepMark(name=_("Check"), glow="unlit"),
        ),
        picker=picker(
            "theme",
            chosen=["BE108"],
            suggested=[Suggested(code="SW104", words="minibus")],
            search="young",
            most=10,
        ),
        pick=Pick(kind="place", code="GB-DUR", name="County Durham", around="North East, England"),
        moment=_START,
        timeline=(
            _happened(
                12,
                _("%(author)s revised the idea", author=_AUTHOR),
                "The parish council told us the real number.",
            ),
            _happened(
                8,
                ngettext(
                    "%(count)s person supports it: the idea is now supported",
                    "%(count)s people support it: the idea is now supported",
                    25,
                ),
            ),
            _happened(0, _("%(author)s logged the idea", author=_AUTHOR)),
        ),
        aside=_ASIDE,
        curve=support_curve(
            tuple(
                (date(2026, 10, 21) + timedelta(days=day), total)
                for day, total in ((0, 1), (3, 52), (7, 80), (13, 148))
            )
        ),
        month=month(_DAYS, until=date(2026, 11, 3)),
        journey=journey(_MOVES, until=date(2027, 1, 20)),
        bars=tally_bars(148, 121, 12),
        coverage=_coverage(),
        pool=_POOL,
        budget=_BUDGET,
        role=RoleChoice(role="funder", meaning=_("Commits its money"), chosen=True),
        text="What we would do first:\nask the drivers\n\nThen we ask the clinic for its times.",
        reason="The parish has found another way.",
    )


def _cards(names: Mapping[str, str]) -> tuple[IdeaCard, ...]:
    full = IdeaCard(
        idea_id=_id(1),
        title="A shared minibus for three villages",
        summary="Older people miss clinic appointments because the last bus left in 2019.",
        places=_PLACES,
        themes=_THEMES,
        stage="shaping",
        stage_label=names["shaping"],
        votes=148,
        community=None,
        logged_at=_START,
        is_sample=True,
        withdrawn=False,
        ask=Money(amount_minor=1_840_000, currency="GBP"),
        parts=PartCounts(needs=4, covered=2, offered=1),
        funding=funders_sentence(3),
    )
    bare = replace(full, summary="", ask=None, parts=None, funding="", is_sample=False)
    return (
        full,
        replace(
            bare,
            idea_id=_id(2),
            title="A new idea with a title and nothing else yet",
            places=(),
            themes=(),
            stage="logged",
            stage_label=names["logged"],
            votes=0,
        ),
        replace(
            bare,
            idea_id=_id(3),
            title="An idea that was withdrawn",
            stage="withdrawn",
            stage_label=names["withdrawn"],
            votes=1,
            withdrawn=True,
        ),
    )


def _coverage() -> CoverageView:
    offered, needed = _("Offered, not decided yet"), _("Still needed")
    return CoverageView(
        parts=(
            _part(1, "Booking by phone and web", "lit", _("Covered")),
            _part(2, "Drivers", "lit", _("Covered")),
            _part(3, "Insurance for shared use", "half", offered),
            _part(4, "Two accessible vehicles", "unlit", needed),
        ),
        covered=2,
        cost_open=(Money(amount_minor=1_840_000, currency="GBP"),),
        note="",
    )


_ASIDE = (
    AsideView(
        people=31,
        votes=12,
        reason="20 or more new accounts voted for one idea from a single network within an hour.",
        raised_at=_START + timedelta(days=12),
        position=41_350,
        lifted_at=None,
        lifted_reason=None,
    ),
)
_POOL = PoolBar(
    parts=(
        BarPart(x=0, width=240, shade=0),
        BarPart(x=240, width=160, shade=1),
        BarPart(x=400, width=80, shade=2),
        BarPart(x=480, width=140, shade=0, held=True),
    ),
    marks=(BarMark(x=360, letter="M"), BarMark(x=660, letter="T"), BarMark(x=720, letter="C")),
)
_BUDGET = BudgetBar(
    budget=Money(amount_minor=12_000_000, currency="GBP"),
    committed=Money(amount_minor=3_500_000, currency="GBP"),
    reserved=Money(amount_minor=2_000_000, currency="GBP"),
    left=Money(amount_minor=6_500_000, currency="GBP"),
    width=600,
    committed_width=175,
    reserved_width=100,
)
_DAYS = tuple(
    CommunityDay(
        day=date(2026, 11, 3) - timedelta(days=number),
        ideas=number % 7 // 3,
        votes=(number * 37 + 11) % 48,
    )
    for number in range(0, DAYS, 2)
)
_MOVES = (
    ("logged", date(2026, 10, 21)),
    ("supported", date(2026, 10, 29)),
    ("shaping", date(2026, 11, 12)),
    ("funding", date(2026, 12, 1)),
    ("shaping", date(2026, 12, 18)),
    ("funding", date(2027, 1, 8)),
)
