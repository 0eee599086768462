"""The pages of invented funders: what they are open to, a mandate whole, and its form."""

from datetime import timedelta

from msgspec.structs import replace

from app.web.mandate_form import code_picker, stage_boxes
from app.web.mandate_views import FunderChoice, FundersQuery, MandateFormPage
from app.web.present_mandates import funders_view, mandate_view
from events.contracts import Money, PledgeConditions, Thresholds
from projections.mandates.queries import MandateDetail, MandateRevision, MandateRows, MandateSays, ThemeOpen
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.then_examples import then


def pounds(amount: int) -> Money:
    """Make whole pounds."""
    return Money(amount_minor=amount * 100, currency="GBP")


def says(**changes: object) -> dict[str, object]:
    """Say what a mandate says; whatever is not said is plain."""
    return {
        "title": "Getting about in rural places",
        "terms": "For **two years** at most.\n\nWe read one page a year, and come by once.",
        "themes": ["SW104", "BE108"],
        "places": ["GB-ENG", "GB-DUR"],
        "stages": ["supported", "shaping"],
        "ticket_min": pounds(5_000),
        "ticket_max": pounds(25_000),
        "budget": pounds(120_000),
        "opens_at": START,
        "closes_at": START + timedelta(days=365),
        "mode": "pledge",
        "thresholds": Thresholds(verified_votes=25, covered_percent=50, live_pool=True),
        "conditions": PledgeConditions(
            min_funders=2,
            min_total=pounds(60_000),
            with_funders=(uuid(71),),
            max_share="0.5",
            match_ratio="1.5",
            match_cap=pounds(20_000),
        ),
        "veto_hours": 24,
        **changes,
    }


def detail(number: int = 1, **changes: object) -> MandateDetail:
    """Show a mandate as it stands."""
    standing = {
        "mandate_id": uuid(number),
        "organisation_id": uuid(70),
        "organisation_name": "Dale and Fell Trust",
        "status": "open",
        "reserved": pounds(20_000),
        "committed": pounds(35_000),
        "left": pounds(65_000),
        "revision": 1,
        "published_at": START,
        "closed_at": None,
        "closed_reason": None,
        "position": 41_500,
        **changes,
    }
    said = {name: standing.pop(name) for name in MandateSays.__struct_fields__ if name in standing}
    return MandateDetail(**says(**said), **standing)


def revision(number: int, reason: str = "", **changes: object) -> MandateRevision:
    """Show a revision."""
    return MandateRevision(
        revision=number,
        says=MandateSays(**says(**changes)),
        reason=reason,
        revised_at=START,
        position=41_500 + number,
    )


PLAIN = {
    "thresholds": Thresholds(),
    "conditions": PledgeConditions(),
    "mode": "notify",
    "themes": [],
    "places": [],
    "stages": [],
    "terms": "",
    "reserved": pounds(0),
    "committed": pounds(0),
    "left": pounds(120_000),
}
HOSTILE = detail(3, title=f"{SCRIPT} {LONG_WORD}", organisation_name=LONG_WORD, terms=f"{SCRIPT} {LONG_WORD}")
REVISIONS = [
    revision(3, "Our trustees added to it.", budget=pounds(150_000)),
    revision(2, title="Getting about", terms=""),
    revision(1),
]
NAMES = {uuid(71): "Harbour Fund"}
MANY = MandateRows(
    items=[
        detail(1),
        detail(2, **PLAIN, status="paused"),
        HOSTILE,
        detail(4, status="closed", closed_at=START, themes=["SW104"] * 8),
        detail(5, status="not_yet_open", organisation_name=""),
        detail(6, status="expired"),
    ],
    next_cursor="abc",
)
BY_THEME = [
    *(
        ThemeOpen(theme=code, funders=funders, left=[pounds(funders * 40_000)])
        for code, funders in (("SW", 14), ("HE", 9), ("BE", 9), ("SDG11", 3), ("EN", 2))
    ),
    ThemeOpen(theme="EC", funders=1, left=[Money(amount_minor=250_000_000, currency="PLN"), pounds(1_000)]),
    ThemeOpen(theme=None, funders=4, left=[pounds(125_000)]),
]
TYPED = {
    "title": f"{SCRIPT} {LONG_WORD}",
    "currency": "GBP",
    "ticket_min": "much",
    "theme-SW104": "on",
    "place-GB-ENG": "on",
    "act": "find",
    "theme_search": "old",
    "place_search": f"{SCRIPT}",
    "stage-supported": "on",
    "mode": "pledge",
    "live_pool": "on",
    "terms": "</textarea>" + SCRIPT,
}


def form(**changes: object) -> MandateFormPage:
    """Show the form of a mandate."""
    typed = changes.get("typed", {"currency": "GBP"})
    fields = {
        "action": "/mandates/new",
        "typed": typed,
        "errors": {},
        "funders": [FunderChoice(organisation_id=uuid(70), name="Dale and Fell Trust", selected=True)],
        "themes": code_picker("theme", typed),
        "places": code_picker("place", typed),
        "stages": stage_boxes(typed),
        "currencies": ["GBP", "EUR"],
        **changes,
    }
    return MandateFormPage(**fields)


MANDATE_PAGES: dict[str, tuple[str, object]] = {
    "funders": ("funders.html", funders_view(FundersQuery(), MANY, is_first=True, by_theme=BY_THEME)),
    "funders-filtered": (
        "funders.html",
        funders_view(
            FundersQuery(theme="SW104", place="GB-LDS", stage="supported", status="open"),
            MANY,
            is_first=False,
        ),
    ),
    "funders-none": (
        "funders.html",
        funders_view(FundersQuery(), MandateRows(items=[], next_cursor=None), is_first=True),
    ),
    "funders-no-match": (
        "funders.html",
        funders_view(FundersQuery(theme="AR"), MandateRows(items=[], next_cursor=None), is_first=True),
    ),
    "mandate": ("mandate.html", mandate_view(detail(), REVISIONS, names=NAMES)),
    "mandate-then": (
        "mandate.html",
        replace(
            mandate_view(detail(), REVISIONS[-1:], names=NAMES),
            then=then("/mandates/x", "mandate", moments=200, here=199),
        ),
    ),
    "mandate-own": ("mandate.html", mandate_view(detail(), REVISIONS[-1:], names={}, may_act=True)),
    "mandate-paused": (
        "mandate.html",
        mandate_view(
            detail(**PLAIN, status="paused"),
            [],
            names={},
            may_act=True,
            error="This mandate is closed; publish a new one.",
        ),
    ),
    "mandate-hostile": (
        "mandate.html",
        mandate_view(HOSTILE, [revision(1, SCRIPT, title=LONG_WORD)], names={}),
    ),
    "mandate-form": ("mandate_form.html", form()),
    "mandate-form-errors": (
        "mandate_form.html",
        form(
            typed=TYPED,
            errors=dict.fromkeys(
                ("organisation", "title", "ticket_min", "opens", "closes", "terms"), "Fill this in."
            ),
        ),
    ),
    "mandate-form-proof": (
        "mandate_form.html",
        form(prove_href="/me/confirm", reasons=["12 of 20 grants were for transport."]),
    ),
    "mandate-form-refused": (
        "mandate_form.html",
        form(error="This mandate is closed; publish a new one.", revises=SCRIPT),
    ),
    "mandate-form-nobody": ("mandate_form.html", form(funders=[])),
}
"""Each page by name: its template and its view model."""
