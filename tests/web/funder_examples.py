"""The pages of invented funders: with a past and without, registered and not, and their mandates."""

from datetime import timedelta

from app.web.funder_views import FunderPage
from app.web.present_funders import past_part
from app.web.present_mandates import mandate_card
from projections.past_grants.queries import (
    PastFunder,
    PastGrantRow,
    PlaceCount,
    RecipientRow,
    RecipientRows,
    ThemeTotal,
    UsualGrants,
    YearTotal,
)
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.mandate_examples import MANDATE_PAGES, detail, pounds

FUNDER = PastFunder(
    funder_id=uuid(70),
    org_id="GB-CHC-1000001",
    name="Dale and Fell Trust",
    grants=1_053,
    to_individuals=12,
    first_awarded_at=START - timedelta(days=4_000),
    last_awarded_at=START,
    position=41_600,
)
YEARS = [
    YearTotal(year=year, grants=year - 1990, total=pounds((year % 7) * 10_000))
    for year in range(2026, 1996, -1)
    if year != 2020
]
USUAL = UsualGrants(
    grants=1_000,
    lower_quartile=pounds(5_000),
    upper_quartile=pounds(30_000),
    year=pounds(100_000),
    themes=[
        ThemeTotal(theme=code, grants=n, total=pounds(n * 1_000))
        for n, code in enumerate(("SW104", "BE108"), 1)
    ],
    places=[PlaceCount(place="GB-DUR", grants=3)],
)
RECIPIENTS = RecipientRows(
    items=[
        RecipientRow(
            recipient_id=f"R{number}", name=name, grants=number, total=pounds(9_000), last_awarded_at=START
        )
        for number, name in enumerate(("Bus Society", f"{SCRIPT} {LONG_WORD}", "Tool Library"), 1)
    ],
    next_cursor="abc",
)
LATEST = [
    PastGrantRow(
        grant_id=uuid(number),
        identifier=f"360G-dale-{number}",
        title=title,
        description=f"{title} and more",
        amount=pounds(5_000),
        awarded_at=START,
        recipient_id=None,
        recipient_name=name,
        to_individual=name is None,
        themes=[],
        places=[],
    )
    for number, (title, name) in enumerate((("Transport", "Bus Society"), ("", None), (SCRIPT, LONG_WORD)))
]


def past(**changes):
    """Show a funder's past."""
    fields = {"years": YEARS, "usual": USUAL, "rows": RECIPIENTS, "latest": LATEST, **changes}
    return past_part(FUNDER, **fields, hrefs={"R1": "/organisations/1"}, is_first=False)


GIVING_PAGES: dict[str, tuple[str, object]] = {
    **MANDATE_PAGES,
    "funder": (
        "funder.html",
        FunderPage(
            name="Dale and Fell Trust",
            organisation_href="/organisations/1",
            cards=(mandate_card(detail(1)), mandate_card(detail(2, status="closed", closed_at=START))),
            past=past(),
            new_href="/mandates/new?organisation=1",
            is_sample=True,
        ),
    ),
    "funder-unregistered": (
        "funder.html",
        FunderPage(
            name=f"{SCRIPT} {LONG_WORD}",
            organisation_href=None,
            cards=(),
            past=past(years=YEARS[:1], usual=None, rows=RecipientRows(items=[], next_cursor=None), latest=[]),
        ),
    ),
    "funder-new": (
        "funder.html",
        FunderPage(name="Next Street", organisation_href="/organisations/2", cards=(), past=None),
    ),
}
"""Each page by name: its template and its view model."""
