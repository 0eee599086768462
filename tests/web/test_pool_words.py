"""What a pledge depends on is said as people would say it."""

import pytest

from app.web.pool_words import conditions_in_words
from events.contracts import Money, PledgeConditions


@pytest.mark.parametrize(
    ("ratio", "cap", "said"),
    [
        ("1", None, "As much as the others give together."),
        ("1.0", 2_000_000, "As much as the others give together, at most £20,000."),
        ("0.50", None, "0.5 times what the others give together."),
    ],
)
def test_a_match_is_said_without_a_needless_number(ratio, cap, said):
    """Once what the others give is as much as they give."""
    most = None if cap is None else Money(amount_minor=cap, currency="GBP")
    assert conditions_in_words(PledgeConditions(match_ratio=ratio, match_cap=most), {}) == [said]
