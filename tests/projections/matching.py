"""What a mandate and an idea can say, drawn so that they often fit: few themes, places and sums, near to each other."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from hypothesis import strategies as st

from events.contracts import FundableStage, MandatePublished, Money
from projections.funder_matches.fit import IdeaFacts, MandateFacts
from tests.projections.examples import COMMONS, NOON, days, idea_id, organisation_id
from tests.projections.funding import published

THEMES = ("HE", "HE200", "HE205", "HE300", "ED", "ED106", "SDG3", "no longer a theme")
PLACES = ("GB", "GB-ENG", "E12000003", "GB-LDS", "GB-WLS", "GB-CRF", "FR", "no longer a place")
STAGES: tuple[FundableStage, ...] = ("logged", "supported", "shaping", "funding")
ANY_STAGE = (*STAGES, "delivering", "live", "withdrawn", "closed")
CURRENCIES = ("GBP", "EUR")
MONEY = st.integers(1, 30).map(lambda hundreds: hundreds * 10_000 + 1)


def some(codes: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw a few codes, or none."""
    return st.lists(st.sampled_from(codes), unique=True, max_size=most).map(tuple)


def mandate(**said: Any) -> MandateFacts:
    """Say a mandate that is open to anything; whatever is not said is plain."""
    fields = {
        "mandate_id": uuid5(COMMONS, "mandate 1"),
        "organisation_id": organisation_id(1),
        "revision": 1,
        "status": "open",
        "themes": (),
        "places": (),
        "stages": (),
        "currency": "GBP",
        "ticket_min": 10_000,
        "ticket_max": 50_000,
        "left_minor": 100_000,
        "opens_at": NOON - days(1),
        "closes_at": NOON + days(1),
        **said,
    }
    return MandateFacts(**fields)


def idea(**said: Any) -> IdeaFacts:
    """Say an idea; whatever is not said is plain."""
    return IdeaFacts(**{"idea_id": idea_id(1), "themes": (), "places": (), "stage": "logged", **said})


@st.composite
def mandates(draw: st.DrawFn) -> MandateFacts:
    """Draw a mandate."""
    least, most = sorted((draw(MONEY), draw(MONEY)))
    return mandate(
        status=draw(st.sampled_from(["open", "open", "open", "paused", "closed"])),
        themes=draw(some(THEMES)),
        places=draw(some(PLACES)),
        stages=draw(some(STAGES)),
        currency=draw(st.sampled_from(CURRENCIES)),
        ticket_min=least,
        ticket_max=most,
        left_minor=draw(st.integers(0, most * 3)),
        opens_at=NOON + timedelta(minutes=draw(st.integers(-200, 20))),
        closes_at=NOON + timedelta(minutes=draw(st.integers(-20, 200))),
        mode=draw(st.sampled_from(["notify", "pledge"])),
        min_votes=draw(st.integers(0, 50)),
        min_covered=draw(st.integers(0, 100)),
        needs_pool=draw(st.booleans()),
    )


@st.composite
def ideas(draw: st.DrawFn) -> IdeaFacts:
    """Draw an idea."""
    ask = draw(st.none() | MONEY)
    pool = draw(st.none() | st.sampled_from(CURRENCIES))
    return idea(
        themes=draw(some(THEMES)),
        places=draw(some(PLACES)),
        stage=draw(st.sampled_from(ANY_STAGE)),
        ask_minor=ask,
        ask_currency=None if ask is None else draw(st.sampled_from(CURRENCIES)),
        pool_id=None if pool is None else uuid5(COMMONS, "pool 1"),
        pool_currency=pool,
        votes=draw(st.integers(0, 100)),
    )


def said_by(facts: MandateFacts, number: int) -> MandatePublished:
    """Give the event that publishes a mandate that says this."""
    return published(
        number,
        themes=facts.themes,
        places=facts.places,
        stages=facts.stages,
        ticket_min=Money(amount_minor=facts.ticket_min, currency=facts.currency),
        ticket_max=Money(amount_minor=facts.ticket_max, currency=facts.currency),
        budget=Money(amount_minor=facts.left_minor, currency=facts.currency),
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        mode=facts.mode,
    )
