"""Example view models for the page of how votes count.

People and organisations in here are invented.
"""

from datetime import timedelta

from msgspec.structs import replace

from app.web.addresses import (
    board_href,
    fairness_href,
    idea_href,
    quarantines_href,
    receipt_href,
    tally_href,
    votes_href,
)
from app.web.fairness_views import FairnessPage, UnevenIdea
from app.web.pictures import tally_bars
from app.web.views import AsideView, BoardQuery, VotesPage
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

SET_ASIDE = AsideView(
    people=31,
    votes=12,
    reason="20 or more accounts less than a day old voted for one idea from a single network within an hour.",
    raised_at=START + timedelta(days=12, hours=4),
    position=41_350,
    lifted_at=None,
    lifted_reason=None,
)


def votes_page(**changes: object) -> VotesPage:
    """Make a page of how votes count; `changes` replace fields."""
    told: dict[str, object] = {
        "title": "A shared minibus for three villages",
        "idea_href": idea_href(uuid(1)),
        "votes": 148,
        "verified_votes": 131,
        "set_aside": 12,
        "aside": (SET_ASIDE,),
        "tally_href": tally_href(uuid(1)),
        "fairness_href": fairness_href("commons"),
        "is_sample": True,
    }
    return VotesPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


LIFTED = replace(
    SET_ASIDE,
    people=24,
    votes=0,
    lifted_at=START + timedelta(days=14),
    lifted_reason="A school class that voted together from its computer room; their teacher wrote to us.",
)


def fairness_page(**changes: object) -> FairnessPage:
    """Make a page of fair votes in a community; `changes` replace fields."""
    told: dict[str, object] = {
        "community": "The commons",
        "board_href": board_href(BoardQuery(community="commons")),
        "bars": tally_bars(1_284, 1_102, 43),
        "uneven": (
            UnevenIdea(
                title="A shared minibus for three villages",
                href=votes_href(uuid(1)),
                bars=tally_bars(148, 105, 31),
            ),
            UnevenIdea(
                title="Warm rooms that publish when they are really open",
                href=votes_href(uuid(2)),
                bars=tally_bars(412, 400, 12),
            ),
        ),
        "aside": (SET_ASIDE, LIFTED),
        "stewards": ("Moira Teasdale", "Tom Ainslie"),
        "json_href": quarantines_href("commons"),
        "read_at": START + timedelta(days=20),
        "next_href": fairness_href("commons", cursor="x"),
    }
    return FairnessPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


PAGES: dict[str, tuple[str, object]] = {
    "votes": (
        "votes.html",
        votes_page(receipt_href=receipt_href(uuid(1)), receipt="It counts as verified."),
    ),
    "votes-plain": (
        "votes.html",
        votes_page(votes=0, verified_votes=0, set_aside=0, aside=(), is_sample=False),
    ),
    "fairness": ("fairness.html", fairness_page()),
    "fairness-plain": (
        "fairness.html",
        fairness_page(bars=tally_bars(0, 0, 0), uneven=(), aside=(), stewards=(), next_href=None),
    ),
    "fairness-hostile": (
        "fairness.html",
        fairness_page(
            community=f"{SCRIPT} {LONG_WORD}",
            bars=tally_bars(1_000_000, 1, 1),
            uneven=(
                UnevenIdea(title=f"{SCRIPT} {LONG_WORD}", href=votes_href(uuid(1)), bars=tally_bars(1, 0, 1)),
            ),
            aside=(replace(LIFTED, reason=SCRIPT, lifted_reason=LONG_WORD),),
            stewards=(SCRIPT, LONG_WORD),
        ),
    ),
    "votes-hostile": (
        "votes.html",
        votes_page(
            title=f"{SCRIPT} {LONG_WORD}",
            votes=1,
            verified_votes=0,
            set_aside=0,
            aside=(
                replace(
                    SET_ASIDE,
                    people=1,
                    votes=0,
                    reason=SCRIPT,
                    lifted_at=START,
                    lifted_reason=f"{SCRIPT} {LONG_WORD}",
                ),
            ),
        ),
    ),
}
