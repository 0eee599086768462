"""Example view models for every page: with little, with a lot, and with hostile content.

People and organisations in here are invented.
"""

from datetime import date, timedelta

from msgspec.structs import replace

from app.web.addresses import (
    WHOLE_BOARD,
    board_href,
    history_href,
    idea_href,
    idea_json_href,
    receipt_href,
    votes_href,
)
from app.web.choices import (
    active_filters,
    needs_choices,
    place_choices,
    sort_choices,
    stage_choices,
    theme_choices,
)
from app.web.embedding.sharing import idea_sharing
from app.web.stages import STAGE_NAMES
from app.web.views import (
    BoardPage,
    BoardQuery,
    EmptyReason,
    IdeaCard,
    IdeaPage,
    Label,
    TimelineItem,
)
from events.contracts.base import Money
from events.contracts.idea import Source
from projections.coverage.queries import PartCounts
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.community_examples import COMMUNITY_PAGES
from tests.web.event_examples import EVENT_PAGES
from tests.web.funder_examples import GIVING_PAGES
from tests.web.history_examples import HISTORY_PAGES
from tests.web.identity_examples import IDENTITY_PAGES
from tests.web.labels import (
    BRISTOL,
    CARERS,
    COMMONS,
    DISABILITY,
    DURHAM,
    FOOD,
    JUSTICE,
    LEEDS,
    OLDER,
    PLACES,
    THEMES,
    TRANSPORT,
    pounds,
)
from tests.web.life_examples import CARED_FOR, STAGES, TAKEN_BACK, WENT_BACK
from tests.web.life_examples import PAGES as LIFE_PAGES
from tests.web.match_examples import FUNDER_PAGES, FUNDERS
from tests.web.offer_examples import MANY_PARTS_OF_AN_IDEA, OFFER_PAGES, PARTS_OF_AN_IDEA
from tests.web.organisation_examples import ORGANISATION_PAGES
from tests.web.pool_examples import POOL_PAGES
from tests.web.problem_examples import PROBLEM_PAGES
from tests.web.sign_in_examples import SIGN_IN_PAGES
from tests.web.then_examples import then
from tests.web.votes_examples import PAGES as VOTES_PAGES
from tests.web.votes_examples import SET_ASIDE

TOLD = (
    {
        "title": "A shared minibus for three villages",
        "summary": "Older people in Upper Teesdale miss clinic appointments because the last bus left in 2019.",
        "places": (DURHAM,),
        "themes": (TRANSPORT, OLDER),
        "stage": "shaping",
        "votes": 148,
        "ask": pounds(18_400),
    },
    {
        "title": "Text-message peer support for young carers",
        "summary": "Young carers do not ring helplines. They do answer texts, at midnight, from somebody their age.",
        "places": (LEEDS,),
        "themes": (CARERS,),
        "stage": "funding",
        "votes": 412,
        "ask": pounds(60_000),
    },
    {
        "title": "One referral form for every food bank in the city",
        "summary": "Advice workers fill in the same details up to six times a week, on paper.",
        "places": (BRISTOL,),
        "themes": (FOOD,),
        "stage": "supported",
        "votes": 97,
    },
    {
        "title": "Warm rooms that publish when they are really open",
        "summary": "Lists of warm spaces are wrong by Christmas. Doors are locked when people arrive.",
        "places": (LEEDS, DURHAM),
        "themes": (OLDER,),
        "stage": "delivering",
        "votes": 1233,
        "ask": pounds(9_500),
    },
    {
        "title": "A repair library for powered wheelchairs",
        "summary": "A flat tyre means six weeks indoors. Parts and skills exist within five miles.",
        "places": (),
        "themes": (DISABILITY, TRANSPORT),
        "stage": "logged",
        "votes": 1,
        "ask": Money(amount_minor=275_050, currency="GBP"),
    },
    {
        "title": "Plain-language letters from the family court",
        "summary": "Parents turn up at the wrong hearing because they cannot read the letter.",
        "places": (BRISTOL, LEEDS, DURHAM),
        "themes": (JUSTICE,),
        "stage": "live",
        "votes": 871,
    },
    {
        "title": "Interpreters on a screen at the surgery desk",
        "summary": "",
        "places": (LEEDS,),
        "themes": (),
        "stage": "logged",
        "votes": 0,
    },
)


PARTS = (PartCounts(needs=4, covered=2, offered=1), PartCounts(needs=3, covered=3, offered=0), None)
ACTS = ("support", "withdraw", "sign_in", None)


def card(number: int, *, is_sample: bool = True) -> IdeaCard:
    """Make a believable card."""
    told = TOLD[number % len(TOLD)]
    return IdeaCard(
        idea_id=uuid(number),
        stage_label=STAGE_NAMES[told["stage"]],
        community=COMMONS,
        logged_at=START + timedelta(hours=number),
        is_sample=is_sample,
        withdrawn=False,
        parts=PARTS[number % len(PARTS)],
        funding=("", "3 funders are already open to this", "£42,000 of £60,000 pledged")[number % 3],
        can=ACTS[number % len(ACTS)],
        **told,
    )


def hostile_card() -> IdeaCard:
    """Make a card whose texts try everything."""
    wild = Label(code="X1", name=f"{SCRIPT} {LONG_WORD}", href=board_href(BoardQuery(theme='X1"><b>')))
    return IdeaCard(
        idea_id=uuid(666),
        title=f"{SCRIPT} {LONG_WORD}",
        summary=f'"><img src=x onerror=alert(1)> {LONG_WORD} {{{{ 7 * 7 }}}}',
        places=(wild, *PLACES, wild),
        themes=(*THEMES, wild),
        stage="withdrawn",
        stage_label="Withdrawn",
        votes=1_234_567_890,
        community=None,
        logged_at=START,
        is_sample=True,
        withdrawn=True,
        ask=Money(amount_minor=99_999_999_999_999, currency="PLN"),
        parts=PartCounts(needs=1_000, covered=250, offered=250),
        funding="999 funders are already open to this",
    )


def rtl_card() -> IdeaCard:
    """Make a card written from right to left."""
    return IdeaCard(
        idea_id=uuid(77),
        title="حافلة مشتركة لثلاث قرى",
        summary="يفوّت كبار السن مواعيد العيادة لأن آخر حافلة توقفت في عام 2019.",
        places=(DURHAM,),
        themes=(TRANSPORT,),
        stage="supported",
        stage_label="Supported",
        votes=52,
        community=COMMONS,
        logged_at=START,
        is_sample=False,
        withdrawn=False,
    )


def board(
    cards: tuple[IdeaCard, ...],
    query: BoardQuery = WHOLE_BOARD,
    *,
    total_label: str | None = None,
    cursor: str | None = None,
    first: bool = True,
    empty_reason: EmptyReason | None = None,
) -> BoardPage:
    """Make a board around cards."""
    return BoardPage(
        cards=cards,
        total_label=total_label,
        query=query,
        filters=active_filters(query, theme_name="Transport", place_name="County Durham"),
        theme_choices=theme_choices(query, THEMES),
        place_choices=place_choices(query, PLACES),
        stage_choices=stage_choices(query),
        needs_choices=needs_choices(query),
        sort_choices=sort_choices(query),
        next_href=board_href(query, cursor=cursor) if cursor else None,
        first_href=None if first else board_href(query),
        empty_reason=empty_reason,
        site="http://open-impact.test",
    )


def happened(number: int, sentence: str, why: str | None = None) -> TimelineItem:
    """Make an item of a timeline."""
    return TimelineItem(
        when=START + timedelta(days=number, minutes=35), sentence=sentence, why=why, position=41_200 + number
    )


TIMELINE = (
    happened(12, "Moira T. revised the idea", "The parish council told us the real number of appointments."),
    happened(8, "25 people support it: the idea is now supported"),
    happened(1, "Moira T. revised the idea"),
    happened(0, "Moira T. logged the idea"),
)

VOTES_BY_DAY = tuple(
    (date(2026, 10, 21) + timedelta(days=day), total)
    for day, total in (
        *((0, 1), (1, 4), (2, 9), (3, 52), (4, 61)),
        *((7, 80), (8, 101), (11, 118), (12, 140), (13, 148)),
    )
)


def idea(**changes: object) -> IdeaPage:
    """Make a whole idea with a lot on it; `changes` replace fields."""
    told: dict[str, object] = {
        "idea_id": uuid(1),
        "title": "A shared minibus for three villages",
        "problem": "The last public bus to the clinic stopped in 2019. Forty people a month cancel an appointment; "
        "eleven of them told us they simply stopped going.\n\nEach village has a minibus that stands still four days "
        "a week.",
        "proposal": "One shared timetable for the three buses, volunteer drivers from all villages, and a phone "
        "number that people already know.\n\nWhat we would do first:\nask the drivers\nask the clinic for its times",
        "beneficiaries": "About 640 people over 70 in Upper Teesdale, and the practice nurses who plan their visits.",
        "author_name": "Moira T.",
        "logged_at": START,
        "themes": (TRANSPORT, OLDER),
        "places": (DURHAM,),
        "community": COMMONS,
        "ask": pounds(18_400),
        "stage": "supported",
        "stage_label": "Supported",
        "stage_reason": "since 25 people supported it, on 29 October 2026",
        "votes": 148,
        "votes_by_day": VOTES_BY_DAY,
        "source": None,
        "is_sample": True,
        "withdrawn_reason": None,
        "timeline": TIMELINE,
        "history_href": history_href(uuid(1)),
        "json_href": idea_json_href(uuid(1)),
        "verified_votes": 131,
        "set_aside": 12,
        "set_aside_reason": SET_ASIDE.reason,
        "votes_href": votes_href(uuid(1)),
        "receipt_href": receipt_href(uuid(1)),
        "parts": PARTS_OF_AN_IDEA,
        "sharing": idea_sharing("http://open-impact.test", uuid(1), "A shared minibus for three villages"),
    }
    return IdeaPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


FILTERED = BoardQuery(q="mini bus", theme="TR", place="GB-DUR", stage="shaping", needs="open", sort="votes")
WILD_QUERY = BoardQuery(q=f'" autofocus onfocus=alert(1) {SCRIPT} {LONG_WORD}', community="no-such-community")

PAGES: dict[str, tuple[str, object]] = {
    "board": (
        "board.html",
        board(tuple(map(card, range(24))), total_label="1,284 ideas", cursor="eyJ2IjoxNDh9"),
    ),
    "board-filtered": ("board.html", board((card(0),), FILTERED, total_label="1 idea", first=False)),
    "board-no-match": ("board.html", board((), WILD_QUERY, total_label="No ideas", empty_reason="no_match")),
    "board-nothing-yet": ("board.html", board((), empty_reason="nothing_yet")),
    "board-hostile": (
        "board.html",
        board((hostile_card(), rtl_card(), card(6, is_sample=False)), cursor="x"),
    ),
    "idea": ("idea.html", replace(idea(), funders=FUNDERS)),
    "idea-lacking": ("idea.html", idea(**WENT_BACK, **CARED_FOR)),
    "idea-many-parts": ("idea.html", idea(parts=MANY_PARTS_OF_AN_IDEA)),
    "idea-one-stage": ("idea.html", idea(stage="logged", stage_label="Logged", stages=STAGES[-1:])),
    "idea-withdrawn": ("idea.html", idea(**TAKEN_BACK)),
    "idea-closed": (
        "idea.html",
        idea(stage="closed", stage_label="Closed", closed_reason=SCRIPT, stages=STAGES),
    ),
    "idea-bare": (
        "idea.html",
        idea(
            title="Ławki i zieleń przy ulicy Piotrkowskiej",
            problem="",
            proposal="",
            beneficiaries="",
            author_name=None,
            themes=(),
            places=(),
            ask=Money(amount_minor=25_000_000, currency="PLN"),
            stage="logged",
            stage_label="Logged",
            stage_reason="",
            votes=0,
            votes_by_day=(),
            source=Source(system="pabulib", collection="poland_lodz_2024_", id="L0045"),
            is_sample=False,
            timeline=(happened(0, "Brought in from Pabulib"),),
        ),
    ),
    "idea-then": (
        "idea.html",
        idea(then=then(idea_href(uuid(1)), "idea"), can=None, receipt_href=None, **WENT_BACK),
    ),
    "idea-then-alone": (
        "idea.html",
        idea(then=then(idea_href(uuid(1)), "idea", moments=1, here=0), is_sample=False),
    ),
    "idea-live": (
        "idea.html",
        idea(
            stage="live",
            stage_label="Live",
            stage_reason="since 3 March 2027",
            service_link="https://minibus.example.org/",
            votes=12_871,
            votes_by_day=tuple((date(2025, 1, 1) + timedelta(days=day), day * 18) for day in range(720)),
            is_sample=False,
            themes=THEMES,
            places=PLACES,
        ),
    ),
    "idea-hostile": (
        "idea.html",
        idea(
            title=f"{SCRIPT} {LONG_WORD}",
            problem=f"{SCRIPT}\n\n{LONG_WORD}",
            proposal="{{ 7 * 7 }} **no Markdown** <b>no markup</b>",
            author_name=f"{SCRIPT}\u202eevil {LONG_WORD}",
            withdrawn_reason=f"{SCRIPT} {LONG_WORD}",
            stage="withdrawn",
            stage_label="Withdrawn",
            votes=1,
            source=Source(system=SCRIPT, collection=LONG_WORD, id="1"),
            timeline=(happened(0, f"{SCRIPT} {LONG_WORD}", f"{SCRIPT} {LONG_WORD}"),),
        ),
    ),
    "idea-removed": (
        "idea.html",
        idea(
            title="An idea whose text was removed",
            author_name=None,
            texts_removed=True,
            problem="",
            proposal="",
            beneficiaries="",
            withdrawn_reason="",
            votes=1,
        ),
    ),
    **HISTORY_PAGES,
    **COMMUNITY_PAGES,
    **VOTES_PAGES,
    **LIFE_PAGES,
    **IDENTITY_PAGES,
    **FUNDER_PAGES,
    **GIVING_PAGES,
    **SIGN_IN_PAGES,
    **ORGANISATION_PAGES,
    **POOL_PAGES,
    "about": ("about.html", None),
    **EVENT_PAGES,
    **PROBLEM_PAGES,
    **OFFER_PAGES,
}
"""Every page by name: its template and its view model."""
