"""A match of a mandate and an idea is told to its funder, once."""

from uuid import UUID

from domain.match import MATCH, NoReasonError, TellFunder, Told
from events.contracts import MandateMatched, MatchReason
from tests.domain.cast import CAFE, LATER, NOON
from tests.spec import given

MANDATE = UUID("0190b000-0000-7000-8000-000000000050")
TRUST = UUID("0190b000-0000-7000-8000-000000000051")
REASONS = (MatchReason(part="theme", points=35), MatchReason(part="pool", points=0))
TELL = TellFunder(
    mandate_id=MANDATE, idea_id=CAFE, organisation_id=TRUST, revision=2, reasons=REASONS, now=NOON
)
TOLD = MandateMatched(
    mandate_id=MANDATE,
    idea_id=CAFE,
    organisation_id=TRUST,
    revision=2,
    score=35,
    reasons=REASONS,
    occurred_at=NOON,
)


def test_a_funder_is_told_in_what_an_idea_fits():
    """The score of what is told is the sum of its reasons."""
    given(MATCH).when(TELL).then(TOLD)


def test_a_funder_is_told_once():
    """Whatever the mandate or the idea says later, the same match is not told again."""
    later = TellFunder(
        mandate_id=MANDATE, idea_id=CAFE, organisation_id=TRUST, revision=3, reasons=REASONS[:1], now=LATER
    )
    given(MATCH, TOLD).when(later).then_nothing()
    assert MATCH.fold([TOLD]) == Told()


def test_a_match_has_reasons():
    """Nothing is told without saying in what it fits."""
    nothing = TellFunder(
        mandate_id=MANDATE, idea_id=CAFE, organisation_id=TRUST, revision=1, reasons=(), now=NOON
    )
    given(MATCH).when(nothing).then_refused(NoReasonError)
