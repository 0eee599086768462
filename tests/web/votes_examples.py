"""Example view models for the page of how votes count.

People and organisations in here are invented.
"""

from datetime import timedelta

from msgspec.structs import replace

from app.web.addresses import idea_href, receipt_href, tally_href
from app.web.views import AsideView, VotesPage
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
        "is_sample": True,
    }
    return VotesPage(**{**told, **changes})  # type: ignore[arg-type]  # Fields by name.


PAGES: dict[str, tuple[str, object]] = {
    "votes": (
        "votes.html",
        votes_page(receipt_href=receipt_href(uuid(1)), receipt="It counts as verified."),
    ),
    "votes-plain": (
        "votes.html",
        votes_page(votes=0, verified_votes=0, set_aside=0, aside=(), is_sample=False),
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
