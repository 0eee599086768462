"""Numbers, days and lists are said as a language says them."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from projections.language import ENGLISH, LANGUAGES, day, decimal, in_a_row, number, one_of, percent, speaking

(WELSH,) = (language for language in LANGUAGES if language.tag == "cy")


@pytest.mark.parametrize(
    ("things", "english", "welsh"),
    [
        ([], "", ""),
        (["bwyd"], "bwyd", "bwyd"),
        (["bwyd", "tai"], "bwyd and tai", "bwyd a tai"),
        (["bwyd", "addysg"], "bwyd and addysg", "bwyd ac addysg"),
        (["tai", "bwyd", "Ynys Môn"], "tai, bwyd and Ynys Môn", "tai, bwyd, ac Ynys Môn"),
    ],
)
def test_things_in_a_row(things, english, welsh):
    """What comes last is joined by "and", which Welsh says in two ways."""
    assert in_a_row(things) == english
    with speaking(WELSH):
        assert in_a_row(things) == welsh


def test_one_of_some_things():
    """Where any will do, the last is joined by "or"."""
    assert one_of(["food", "housing", "transport"]) == "food, housing or transport"
    assert one_of(["food"]) == "food"
    with speaking(WELSH):
        assert one_of(["bwyd", "tai"]) == "bwyd neu tai"


@pytest.mark.parametrize(
    "moment",
    [date(2026, 11, 2), datetime(2026, 11, 3, 0, 30, tzinfo=timezone(timedelta(hours=1)))],
)
def test_days(moment):
    """A moment is told by its day in UTC, with the month's name in the language."""
    with speaking(ENGLISH):
        assert day(moment) == "2 November 2026"
    with speaking(WELSH):
        assert day(moment) == "2 Tachwedd 2026"


def test_numbers():
    """Thousands are set apart, and a share is said in percent, exactly."""
    assert number(1_284_000) == "1,284,000"
    assert percent(Decimal("0.5")) == "50%"
    assert percent(Decimal("0.125")) == "12.5%"


def test_numbers_that_are_not_whole():
    """A number is said exactly, without zeros that mean nothing."""
    assert decimal(Decimal("0.50")) == "0.5"
    assert decimal(Decimal("1000.0")) == "1,000"
