"""Example view models for the pages about an idea's life: being written down, its needs, its stages, its versions, its end.

People and organisations in here are invented.
"""

from datetime import timedelta

from msgspec.structs import replace

from app.web.addresses import care_href, idea_href, needs_href, new_offer_href, parts_href, revisions_href
from app.web.idea_views import (
    CarePage,
    FieldDifference,
    NeedPage,
    NeedRow,
    NeedsPage,
    NeedView,
    PartsPage,
    PieceView,
    RevisionsPage,
    StageStep,
    Typed,
    VersionView,
)
from app.web.journey import journey
from app.web.need_kinds import KIND_NAMES
from app.web.present_life import journey_of, stage_steps
from events.contracts import Money
from projections.idea_detail.queries import StageRow
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.new_idea_examples import NEW_IDEA_PAGES
from tests.web.offer_examples import COVERAGE, LINES, MANY_COVERED

_KINDS = tuple(KIND_NAMES.items())
_TITLE = "A shared minibus for three villages"


def need(number: int, title: str, kind: str, **said: object) -> NeedView:
    """Make a need; what is not said is empty."""
    told = {"description": "", "size": "", "cost": None, **said}
    return NeedView(
        need_id=uuid(900 + number), title=title, kind_label=kind, **{"standing": "Still needed", **told}
    )


NEEDS = (
    need(
        1,
        "Two drivers on weekdays",
        "People",
        description="With a licence for a minibus.\n\nWe have one who can train them.",
        size="Six hours a week",
        glow="lit",
        standing="Covered",
    ),
    need(2, "A booking line that people can ring", "A service", glow="half", standing="Offered"),
    need(3, "A timetable that anyone can read", "Software", cost=Money(amount_minor=420_000, currency="GBP")),
)
STAGES = (
    StageStep(
        name="Supported",
        glow="lit",
        since=START + timedelta(days=20),
        until=None,
        reason="The last accepted offer was taken back. 148 people support it; 25 are enough in this community.",
        said="Our own bus broke down.",
    ),
    StageStep(
        name="Shaping",
        glow="unlit",
        since=START + timedelta(days=12),
        until=START + timedelta(days=20),
        reason="An offer of a part was accepted.",
        said=None,
    ),
    StageStep(
        name="Logged",
        glow="lit",
        since=START,
        until=START + timedelta(days=12),
        reason="Somebody wrote it down.",
        said=None,
    ),
)
WENT_BACK = {
    "stages": STAGES,
    "journey": journey(
        [
            ("logged", START.date()),
            ("shaping", START.date() + timedelta(days=12)),
            ("supported", START.date() + timedelta(days=20)),
        ],
        until=START.date() + timedelta(days=36),
    ),
}
"""What the page of an idea shows of its way once it went back."""
_LONG_WAY = (
    *((0, "logged"), (4, "supported"), (4, "logged"), (9, "supported"), (30, "shaping")),
    *((41, "supported"), (41, "shaping"), (77, "funding"), (108, "shaping"), (120, "funding")),
    *((180, "delivering"), (300, "live"), (410, "delivering"), (411, "withdrawn")),
)
"""Forth and back many times, and withdrawn at the end."""
_LONG_ROWS = tuple(
    StageRow(
        stage=stage,
        since=START + timedelta(days=days),
        until=START + timedelta(days=until) if until else None,
        reason="Its author took it back." if stage == "withdrawn" else "Something changed.",
        said="The bus was sold." if stage == "withdrawn" else None,
        cause="IdeaWithdrawn" if stage == "withdrawn" else "VoteCast",
        position=100 + days,
    )
    for (days, stage), (until, _) in zip(_LONG_WAY, (*_LONG_WAY[1:], (None, "")), strict=True)
)[::-1]
TAKEN_BACK = {
    "stage": "withdrawn",
    "stage_label": "Withdrawn",
    "withdrawn_reason": "The bus was sold.",
    "stages": stage_steps(_LONG_ROWS, "withdrawn"),
    "journey": journey_of(_LONG_ROWS, until=START.date() + timedelta(days=900)),
}
"""What the page of an idea shows that moved many times and was withdrawn."""
CARED_FOR = {
    "needs_href": needs_href(uuid(1)),
    "care_href": care_href(uuid(1)),
    "revisions_href": revisions_href(uuid(1)),
}
"""What the page of an idea shows those in charge of it besides."""
_HOSTILE_NEED = need(
    9,
    f"{SCRIPT} {LONG_WORD}",
    "Something else",
    description=f"{SCRIPT}\n\n{LONG_WORD}",
    size=LONG_WORD,
    cost=Money(amount_minor=99_999_999_999_999, currency="PLN"),
)
_WRONG = Typed(
    kind="magic",
    title="",
    description=LONG_WORD,
    amount="much",
    currency="XXY",
    errors={
        "kind": "Choose what sort of part it is.",
        "title": "It must not be blank.",
        "amount": "Give the code of a currency, such as GBP.",
    },
)


def needs_page(needs: tuple[NeedView, ...] = NEEDS, **changes: object) -> NeedsPage:
    """Make a page of needs; `changes` replace fields."""
    last = len(needs) - 1
    rows = tuple(
        NeedRow(need=one, is_first=number == 0, is_last=number == last) for number, one in enumerate(needs)
    )
    told: dict[str, object] = {
        "idea_id": uuid(1),
        "title": _TITLE,
        "idea_href": idea_href(uuid(1)),
        "rows": rows,
        "kinds": _KINDS,
        "typed": Typed(),
    }
    return NeedsPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


def care_page(**changes: object) -> CarePage:
    """Make a page on which an idea is looked after; `changes` replace fields."""
    told: dict[str, object] = {
        "idea_id": uuid(1),
        "title": _TITLE,
        "idea_href": idea_href(uuid(1)),
        "stage_label": "Supported",
        "service_link": None,
        "can_launch": True,
        "can_withdraw": True,
        "can_close": True,
        "can_reopen": False,
    }
    return CarePage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


def version(number: int, **changes: object) -> VersionView:
    """Make a version; `changes` replace fields."""
    told: dict[str, object] = {
        "number": number,
        "at": START + timedelta(days=number),
        "by": "Moira T.",
        "reason": None,
        "changed": "title, what would help" if number > 1 else "",
        "href": revisions_href(uuid(1), older=number - 1, newer=number) if number > 1 else None,
    }
    return VersionView(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


_CHANGED = FieldDifference(
    name="What would help",
    pieces=(
        PieceView(kind="same", text="One shared timetable for the "),
        PieceView(kind="removed", text="three "),
        PieceView(kind="added", text="four "),
        PieceView(kind="same", text="buses, and volunteer drivers.\n\nWe would first ask the drivers."),
    ),
)


def revisions_page(**changes: object) -> RevisionsPage:
    """Make a page of versions; `changes` replace fields."""
    told: dict[str, object] = {
        "title": _TITLE,
        "idea_href": idea_href(uuid(1)),
        "here": revisions_href(uuid(1)),
        "versions": (version(3), version(2, reason="Cotherstone joined."), version(1)),
        "older": 2,
        "newer": 3,
        "differences": (_CHANGED,),
        "is_sample": True,
    }
    return RevisionsPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


PAGES: dict[str, tuple[str, object]] = {
    **NEW_IDEA_PAGES,
    "needs": ("needs.html", needs_page()),
    "needs-none": ("needs.html", needs_page((), typed=_WRONG)),
    "needs-hostile": (
        "needs.html",
        needs_page(
            (_HOSTILE_NEED, *NEEDS),
            title=f"{SCRIPT} {LONG_WORD}",
            saved=True,
            next_href=needs_href(uuid(1), cursor="x"),
            first_href=needs_href(uuid(1)),
        ),
    ),
    "parts": (
        "idea_parts.html",
        PartsPage(
            title=_TITLE,
            idea_href=idea_href(uuid(1)),
            coverage=COVERAGE,
            rows=NEEDS,
            offers=LINES,
            offer_href=new_offer_href(uuid(1)),
        ),
    ),
    "parts-many": (
        "idea_parts.html",
        PartsPage(
            title=f"{SCRIPT} {LONG_WORD}",
            idea_href=idea_href(uuid(1)),
            coverage=MANY_COVERED,
            rows=(_HOSTILE_NEED, *NEEDS),
            next_href=parts_href(uuid(1), cursor="x"),
            first_href=parts_href(uuid(1)),
        ),
    ),
    "parts-none": (
        "idea_parts.html",
        PartsPage(
            title=_TITLE,
            idea_href=idea_href(uuid(1)),
            coverage=replace(COVERAGE, parts=(), covered=0, cost_open=(), note=""),
            rows=(),
        ),
    ),
    "need": (
        "need.html",
        NeedPage(
            idea_id=uuid(1),
            need_id=uuid(901),
            title="Two drivers on weekdays",
            needs_href=needs_href(uuid(1)),
            kinds=_KINDS,
            typed=Typed(kind="people", title="Two drivers on weekdays", amount="4200.50"),
        ),
    ),
    "need-wrong": (
        "need.html",
        NeedPage(
            idea_id=uuid(1),
            need_id=uuid(901),
            title=f"{SCRIPT} {LONG_WORD}",
            needs_href=needs_href(uuid(1)),
            kinds=_KINDS,
            typed=_WRONG,
        ),
    ),
    "care": ("care.html", care_page()),
    "care-live": (
        "care.html",
        care_page(
            stage_label="Live",
            service_link="https://minibus.example.org/",
            can_reopen=True,
            reopening="If the service is no more, open the idea again: others can take it up.",
        ),
    ),
    "care-wrong": (
        "care.html",
        care_page(
            title=f"{SCRIPT} {LONG_WORD}",
            wrong="launch",
            error="Give an address that begins with https:// or http://.",
            typed=f'"{SCRIPT}',
        ),
    ),
    "care-closed": (
        "care.html",
        care_page(
            stage_label="Closed",
            can_launch=False,
            can_withdraw=False,
            can_close=False,
            can_reopen=True,
            reopening="It was closed. Opened again, it is where its votes, offers and pools put it.",
        ),
    ),
    "revisions": ("revisions.html", revisions_page()),
    "revisions-one": (
        "revisions.html",
        revisions_page(versions=(version(1),), older=None, newer=None, differences=(), is_sample=False),
    ),
    "revisions-same": ("revisions.html", revisions_page(differences=())),
    "revisions-hostile": (
        "revisions.html",
        revisions_page(
            title=f"{SCRIPT} {LONG_WORD}",
            versions=(version(2, by=f"{SCRIPT} {LONG_WORD}", reason=SCRIPT, changed=LONG_WORD), version(1)),
            older=1,
            newer=2,
            differences=(
                replace(
                    _CHANGED,
                    pieces=(
                        PieceView(kind="removed", text=f"{SCRIPT} {LONG_WORD}"),
                        PieceView(kind="added", text=f"</ins>{SCRIPT} {LONG_WORD}"),
                    ),
                ),
            ),
        ),
    ),
}
