"""How values are said to people."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import formats
from events.contracts.base import Money
from events.contracts.idea import Source
from projections.amounts import money


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (1_840_000, "GBP", "£18,400"),
        (1_840_050, "GBP", "£18,400.50"),
        (5, "GBP", "£0.05"),
        (0, "EUR", "€0"),
        (-250, "EUR", "\N{MINUS SIGN}€2.50"),
        (100_000_000, "USD", "US$1,000,000"),
        (2_500_000, "PLN", "PLN\N{NO-BREAK SPACE}25,000"),
        (2_500_000, "JPY", "JPY\N{NO-BREAK SPACE}2,500,000"),
        (1_234, "KWD", "KWD\N{NO-BREAK SPACE}1.234"),
    ],
)
def test_money_is_said_with_its_sign_and_without_idle_zeros(minor, currency, said):
    """Amounts are exact, in the currency's own digits, with thousands set apart."""
    assert money(Money(amount_minor=minor, currency=currency)) == said


@given(st.integers(min_value=-(2**63), max_value=2**63), st.sampled_from(["GBP", "PLN", "JPY", "KWD"]))
def test_money_loses_no_penny(minor, currency):
    """Two amounts that differ are never said alike, however large a database keeps them."""
    said = money(Money(amount_minor=minor, currency=currency))
    assert said != money(Money(amount_minor=minor + 1, currency=currency))


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (0, "Nobody has supported this yet"),
        (1, "1 person supports this"),
        (2, "2 people support this"),
        (1284, "1,284 people support this"),
    ],
)
def test_support_is_a_sentence(votes, said):
    """None, one and many are said as people say them."""
    assert formats.support(votes) == said


def test_days_and_times_are_said_in_words_in_utc():
    """A moment in another zone is told by its day and minute in UTC."""
    late = datetime(2026, 11, 2, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert formats.day_in_words(date(2026, 11, 2)) == "2 November 2026"
    assert formats.day_in_words(late) == "1 November 2026"
    assert formats.time_in_words(late) == "1 November 2026, 23:05 UTC"


def test_machine_times_are_what_the_time_element_wants():
    """Days stay days, moments are RFC 3339 in UTC."""
    assert formats.machine_time(date(2026, 11, 2)) == "2026-11-02"
    assert formats.machine_time(datetime(2026, 11, 2, 14, 5, 9, 77, tzinfo=UTC)) == "2026-11-02T14:05:09Z"


def test_paragraphs_and_lines_are_kept_and_blank_ones_dropped():
    """Empty lines part paragraphs whatever the line ends."""
    assert formats.paragraphs("One\r\ntwo\r\n\r\n \n three \n\n\n") == [["One", "two"], ["three"]]
    assert formats.paragraphs("  \n ") == []


@given(st.text())
def test_paragraphs_lose_no_word(text):
    """Every word of a text comes out again, in order."""
    out = [word for lines in formats.paragraphs(text) for line in lines for word in line.split()]
    assert out == text.split()


@given(st.text(), st.integers(min_value=2, max_value=200))
def test_an_excerpt_fits_on_one_line(text, length):
    """An excerpt is never longer than asked and has no line end."""
    line = formats.excerpt(text, length)
    assert len(line) <= length
    assert "\n" not in line


def test_an_excerpt_is_cut_at_a_word():
    """Short text stays as it is, long text ends with an ellipsis after a whole word."""
    assert formats.excerpt("  short \n text ") == "short text"
    assert formats.excerpt("The last bus, they say, stopped", 15) == "The last bus…"


def test_a_source_is_named():
    """Systems we know have a proper name, others keep theirs."""
    assert (
        formats.source_words(Source(system="pabulib", collection="lodz", id="7")) == "Pabulib, lodz, number 7"
    )
    assert formats.source_words(Source(system="else", collection="c", id="7")) == "else, c, number 7"
