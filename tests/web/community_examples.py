"""Examples of the page of a community."""

from datetime import timedelta

from app.web.communities import rules_in_words
from app.web.community_views import CommunityPage, StewardRow
from app.web.month import month
from events.contracts import VotingRules
from projections.idea_detail.queries import CommunityDay
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

RULES = VotingRules(support_threshold=25, opens_at=START, closes_at=START.replace(year=2027))
STEWARDS = (
    StewardRow(person_id=uuid(1), name="Moira Teasdale", since=START),
    StewardRow(person_id=uuid(2), name=f"{SCRIPT} {LONG_WORD}", since=START),
)
MONTH = month(
    (
        CommunityDay(day=(START - timedelta(days=before)).date(), ideas=before % 5, votes=before**3)
        for before in range(0, 30, 3)
    ),
    until=START.date(),
)


def community(**changes: object) -> CommunityPage:
    """Make a community's page."""
    usual = {
        "slug": "leeds",
        "name": "Leeds together",
        "ideas": 1284,
        "ideas_href": "/?community=leeds",
        "fairness_href": "/communities/leeds/fairness",
        "json_href": "/api/v1/communities/leeds",
        "state": "Voting is open.",
        "rules": rules_in_words(RULES),
        "stewards": STEWARDS,
        "month": MONTH,
        "threshold": "25",
        "opens_at": "2026-10-21T09:30",
        "closes_at": "2027-10-21T09:30",
    }
    return CommunityPage(**{**usual, **changes})


COMMUNITY_PAGES: dict[str, tuple[str, object]] = {
    "community": ("community.html", community()),
    "community-bare": (
        "community.html",
        community(
            name=LONG_WORD,
            stewards=(),
            month=None,
            ideas=0,
            rules=rules_in_words(VotingRules(support_threshold=1)),
        ),
    ),
    "community-one-day": (
        "community.html",
        community(
            month=month([CommunityDay(day=START.date(), ideas=1, votes=0)], until=START.date()),
        ),
    ),
    "community-steward": ("community.html", community(is_steward=True)),
    "community-paused": (
        "community.html",
        community(is_steward=True, paused=True, can_set_rules=True, state="Voting is paused."),
    ),
    "community-wrong": (
        "community.html",
        community(
            is_steward=True,
            paused=True,
            can_set_rules=True,
            state="Voting is paused.",
            wrong="rules",
            threshold=SCRIPT,
            reason=LONG_WORD,
            error="Give a number of votes from 1 to 1000000.",
        ),
    ),
    "community-wrong-steward": (
        "community.html",
        community(is_steward=True, wrong="stewards", person_id=SCRIPT, error="This is nobody's identifier."),
    ),
    "community-wrong-pause": (
        "community.html",
        community(is_steward=True, wrong="pause", error="It must not be blank."),
    ),
}
