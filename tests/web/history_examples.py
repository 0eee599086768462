"""Examples of pages of history, all of them invented."""

from datetime import timedelta

from msgspec.structs import replace

from app.web.addresses import idea_href, pool_href
from app.web.histories.asked import HistoryQuery
from app.web.histories.money import MoneyDay, picture
from app.web.histories.present import Known, Thing, history_view
from app.web.histories.views import HistoryPage
from projections.audit_history.queries import Change
from projections.audit_history.timeline import Happening, Matches, Timeline, Votes
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.labels import pounds

HOSTILE = f"{SCRIPT} {LONG_WORD}"
MOIRA, TRUST = uuid(31), uuid(70)
IDEA = Thing(
    identifier=uuid(1),
    title="A shared minibus for three villages",
    kicker="History of the idea",
    href=idea_href(uuid(1)),
    back_words="Back to the idea",
    has_parts=True,
    is_sample=True,
)
POOL = replace(IDEA, identifier=uuid(600), kicker="History of the pool for", href=pool_href(uuid(600)))


def happening(number: int, type_: str, sentence: str, **changes: object) -> Happening:
    """Make something that happened, a day after what has the number before it."""
    usual = {
        "position": 41_200 + number,
        "type": type_,
        "subject": uuid(1),
        "label": "A shared minibus for three villages",
        "within": None,
        "within_label": "",
        "actor": MOIRA,
        "organisation_id": None,
        "organisation": "",
        "occurred_at": START + timedelta(days=number, minutes=35),
        "sentence": sentence,
        "why": None,
        "changes": [],
    }
    return Happening(**{**usual, **changes})


REVISED = [
    Change(
        field="problem",
        before="The last bus to the clinic stopped in 2019. Forty people a month cancel.",
        after="The last bus to the clinic stopped in 2019. Thirty-eight people a month cancel an appointment.",
    ),
    Change(field="places", before=["GB-DUR"], after=["GB-DUR", "GB-LDS"]),
    Change(field="ask", before=None, after={"amount_minor": 1_840_000, "currency": "GBP"}),
]
ROWS = (
    happening(
        14,
        "PledgeMade",
        "“Dale Transport Trust” pledged £5,000.",
        subject=uuid(600),
        within=uuid(1),
        within_label="A shared minibus for three villages",
        organisation_id=TRUST,
        organisation="Dale Transport Trust",
        changes=[
            Change(
                field=f"pledges.{uuid(701)}",
                before=None,
                after={"amount": {"amount_minor": 500_000, "currency": "GBP"}},
            )
        ],
    ),
    happening(13, "MandateClosed", "“Rural buses” came to the end of its time.", subject=uuid(9), actor=None),
    happening(
        12,
        "IdeaRevised",
        "The idea “A shared minibus for three villages” was revised.",
        why="The parish council told us the real number of appointments.",
        changes=REVISED,
    ),
    happening(
        8,
        "VoteCast",
        "38 people supported “A shared minibus for three villages”.",
        actor=None,
        votes=Votes(day=(START + timedelta(days=8)).date(), given=38, taken_back=0),
    ),
    happening(
        7,
        "MandateMatched",
        "412 ideas fit what “Dale Transport Trust” is open to fund.",
        subject=uuid(9),
        label="Rural buses",
        actor=None,
        organisation_id=TRUST,
        organisation="Dale Transport Trust",
        matches=Matches(day=(START + timedelta(days=7)).date(), ideas=412),
    ),
    happening(3, "CommunityOpened", "The community “Commons” was opened.", subject=uuid(5)),
    happening(0, "IdeaLogged", "The idea “A shared minibus for three villages” was logged."),
)
KNOWN = Known(people={MOIRA: "Moira T."})


def page(
    query: HistoryQuery | None = None,
    rows: tuple[Happening, ...] = ROWS,
    *,
    thing: Thing | None = None,
    known: Known = KNOWN,
    cursor: str | None = None,
    is_first: bool = True,
) -> HistoryPage:
    """Make a page of history."""
    asked = query or HistoryQuery(about=thing.identifier if thing else None)
    found = Timeline(items=list(rows), next_cursor=cursor)
    today = (START + timedelta(days=20)).date()
    return history_view(asked, found, known, thing=thing, today=today, is_first=is_first)


WILD = happening(
    9,
    "IdeaRevised",
    HOSTILE,
    why=HOSTILE,
    changes=[
        Change(field="title", before="A", after=HOSTILE),
        Change(field="description", before=HOSTILE, after=""),
        *(Change(field=f"field_{number}", before=HOSTILE, after=LONG_WORD) for number in range(20)),
    ],
)


def money_day(number: int, *amounts: int) -> MoneyDay:
    """Make a day of a pool's money, in pounds."""
    pledged, holds, committed, released = map(pounds, amounts)
    return MoneyDay(
        day=(START + timedelta(days=number)).date(),
        pledged=pledged,
        holds=holds,
        committed=committed,
        released=released,
    )


MONEY = picture(
    [
        money_day(0, 0, 0, 0, 0),
        money_day(3, 5_000, 5_000, 0, 0),
        money_day(9, 14_000, 9_000, 0, 0),
        money_day(20, 20_000, 20_000, 20_000, 0),
        money_day(40, 20_000, 20_000, 20_000, 8_000),
    ],
    pounds(18_400),
)
NARROWED = HistoryQuery(
    thing="idea",
    kind="changed",
    about=uuid(1),
    by=MOIRA,
    since=START.date(),
    until=(START + timedelta(days=30)).date(),
)

HISTORY_PAGES: dict[str, tuple[str, object]] = {
    "all-history": ("history.html", page(rows=ROWS * 4, cursor="x")),
    "all-history-narrowed": (
        "history.html",
        page(
            NARROWED, ROWS[2:3], known=replace(KNOWN, by="Moira T.", about="A shared minibus"), is_first=False
        ),
    ),
    "all-history-nothing": ("history.html", page(NARROWED, ())),
    "all-history-nothing-yet": ("history.html", page(rows=())),
    "history": ("history.html", page(thing=IDEA, rows=ROWS[2:], cursor="x")),
    "history-of-a-pool": ("history.html", replace(page(thing=POOL, rows=ROWS[:1]), money=MONEY)),
    "history-end": (
        "history.html",
        page(thing=replace(IDEA, title=HOSTILE, is_sample=False), rows=(), is_first=False),
    ),
    "history-hostile": (
        "history.html",
        page(
            replace(NARROWED, about=uuid(1)),
            (
                WILD,
                replace(
                    WILD, type="PledgeMade", organisation=HOSTILE, organisation_id=TRUST, within_label=HOSTILE
                ),
            ),
            known=Known(people={MOIRA: HOSTILE}, by=HOSTILE, about=HOSTILE),
        ),
    ),
}
