"""The pages of funders, with those of matches: what fits a mandate, a funder's desk, and who is open to an idea."""

from datetime import timedelta

from msgspec.structs import replace

from app.funding.matching import MatchSeen
from app.web.match_card import OpenFunders
from app.web.match_views import (
    DeskPage,
    cards_for_idea,
    cards_for_mandate,
    desk_mandate,
    funders_sentence,
)
from app.web.present_mandates import mandate_view
from app.web.proposed_pledges import proposed_pledge
from projections.funder_matches.fit import IdeaFacts, MandateFacts, fit
from projections.funder_matches.words import told
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.mandate_examples import MANDATE_PAGES, PLAIN, REVISIONS, detail

_MANDATE = MandateFacts(
    mandate_id=uuid(1),
    organisation_id=uuid(70),
    revision=3,
    status="open",
    themes=("SW", "BE108"),
    places=("GB-ENG",),
    stages=(),
    currency="GBP",
    ticket_min=500_000,
    ticket_max=2_500_000,
    left_minor=6_500_000,
    opens_at=START,
    closes_at=START + timedelta(days=365),
    mode="pledge",
    min_votes=25,
    min_covered=50,
    needs_pool=True,
)


def match(number: int, title: str, *, told_days_ago: int | None = None, **facts: object) -> MatchSeen:
    """Show an idea that fits; whatever is not said is plain."""
    said = {
        "idea_id": uuid(200 + number),
        "themes": ("SW104", "BE108"),
        "places": ("GB-DUR",),
        "stage": "supported",
        "ask_minor": 1_840_000,
        "ask_currency": "GBP",
        "votes": 148,
        "verified_votes": 131,
        "covered_percent": 66,
        **facts,
    }
    idea = IdeaFacts(**said)
    fitted = fit(_MANDATE, idea, START)
    return MatchSeen(
        mandate_id=_MANDATE.mandate_id,
        mandate_title="Getting about in rural places",
        organisation_id=_MANDATE.organisation_id,
        organisation_name="Dale and Fell Trust",
        idea_id=idea.idea_id,
        idea_title=title,
        stage=idea.stage,
        votes=idea.votes,
        verified_votes=idea.verified_votes or 0,
        score=fitted.score,
        is_match=fitted.is_match,
        reasons=told(fitted, _MANDATE, idea, START),
        told_at=None if told_days_ago is None else START - timedelta(days=told_days_ago),
    )


MATCHES = [
    match(
        1,
        "A shared minibus for three villages",
        told_days_ago=1,
        stage="funding",
        pool_id=uuid(300),
        pool_currency="GBP",
    ),
    match(2, "Someone to ring on a Sunday", themes=("BE108",), places=("GB",), ask_minor=6_000_000),
    match(3, f"{SCRIPT} {LONG_WORD}", themes=("SW106",), ask_minor=None, votes=1, stage="logged"),
]
_IN_A_POOL = IdeaFacts(
    idea_id=uuid(201),
    themes=(),
    places=(),
    stage="funding",
    votes=148,
    ask_minor=1_840_000,
    ask_currency="GBP",
    pool_id=uuid(300),
    pool_currency="GBP",
)
CARDS = cards_for_mandate(
    MATCHES, START, {uuid(201): proposed_pledge(detail(1), _IN_A_POOL, {uuid(71): "Harbour Fund"})}
)
FUNDERS = OpenFunders(
    sentence=funders_sentence(3),
    json_href="/api/v1/ideas/1/matches",
    cards=cards_for_idea(
        [
            MATCHES[0],
            replace(MATCHES[1], mandate_title="People who live alone", organisation_name="Harbour Fund"),
            replace(MATCHES[2], mandate_title=f"{SCRIPT} {LONG_WORD}", organisation_name=LONG_WORD),
        ]
    ),
)

FUNDER_PAGES: dict[str, tuple[str, object]] = {
    **MANDATE_PAGES,
    "desk": (
        "desk.html",
        DeskPage(
            mandates=(
                desk_mandate(detail(1), CARDS, 5),
                desk_mandate(detail(2, **PLAIN, status="paused"), (), 5),
            ),
            is_funder=True,
        ),
    ),
    "desk-new": ("desk.html", DeskPage(mandates=(), is_funder=True)),
    "desk-nobody": ("desk.html", DeskPage(mandates=(), is_funder=False)),
    "mandate-matches": (
        "mandate.html",
        replace(
            mandate_view(detail(1), REVISIONS, names={}, may_act=True),
            matches=CARDS,
            matches_json_href="/api/v1/mandates/1/matches",
        ),
    ),
}
