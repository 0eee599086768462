"""When attempts come, and what answers mean."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.schedule import ATTEMPTS_MAX, GAPS, SILENCE, Meaning, meaning_of, next_attempt

NOW = datetime(2026, 11, 26, 3, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001  # The strategy adds the zone itself.
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
chances = st.floats(0, 1)
numbers = st.integers(0, ATTEMPTS_MAX - 1)


def meaning(status, **headers):
    """Tell what an answer means that comes now."""
    return meaning_of(status, {name.replace("_", "-"): value for name, value in headers.items()}, NOW)


def attempts(chance):
    """Tell when attempts come that all fail at once."""
    at, moments = NOW, []
    while (moment := next_attempt(len(moments), at, chance)) is not None:
        moments.append(moment)
        at = moment
    return moments


def test_the_attempts_of_a_receiver_that_never_answers():
    """There are 15 in all, over 195 hours, 35 minutes and 5 seconds."""
    moments = attempts(0.0)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert moments[0] == NOW
    assert [gap.total_seconds() for gap in gaps] == [
        *(5, 300, 1800, 7200, 18000, 36000, 50400, 72000),
        *(86400,) * 6,
    ]
    assert len(moments) == 15
    assert moments[-1] - NOW == timedelta(hours=195, minutes=35, seconds=5)


@given(chance=chances)
def test_chance_lengthens_the_whole_by_a_fifth_at_most(chance):
    """Chance makes the whole longer, never shorter."""
    whole, plain = attempts(chance)[-1] - NOW, sum(GAPS, timedelta())
    assert plain <= whole <= plain * 1.2 + timedelta(seconds=1)


@given(made=numbers, at=moments, chance=chances, asked=st.none() | moments)
def test_no_attempt_is_early(made, at, chance, asked):
    """It comes neither before the schedule nor, up to a day, before what was asked for, and at most a fifth later."""
    wait = max(GAPS[made], min(asked - at, DAY) if asked else timedelta())
    moment = next_attempt(made, at, chance, not_before=asked)
    assert at + wait <= moment <= at + wait * 1.2 + timedelta(microseconds=1)


@given(made=st.integers(ATTEMPTS_MAX, 1000), at=moments, chance=chances, asked=st.none() | moments)
def test_after_the_last_attempt_there_is_none(made, at, chance, asked):
    """However long a receiver asks to wait, the fifteenth attempt is the last."""
    assert next_attempt(made, at, chance, not_before=asked) is None


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_what_is_delivered(status):
    """Any 2xx is, and there is nothing to wait for."""
    assert meaning(status, retry_after="60") == Meaning(verdict="delivered")


@pytest.mark.parametrize(
    "status", [100, 199, 300, 301, 302, 303, 307, 308, 400, 401, 404, 408, 500, 503, 599]
)
def test_what_fails(status):
    """Everything else fails, redirects among them."""
    assert meaning(status, location="https://elsewhere.example/") == Meaning(verdict="failed")
    assert Meaning(verdict="failed") == SILENCE


@pytest.mark.parametrize("status", [429, 502, 504])
def test_what_throttles(status):
    """A receiver that is overloaded gets fewer at once, and says until when."""
    assert meaning(status) == Meaning(verdict="throttled")
    asked = meaning(status, retry_after="120")
    assert asked == Meaning(verdict="throttled", not_before=NOW + timedelta(seconds=120))


def test_a_receiver_that_is_gone():
    """410 ends deliveries to the endpoint."""
    assert meaning(410) == Meaning(verdict="failed", disables=True)


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (500, "abort", Meaning(verdict="aborted")),
        (404, " Abort-Message ", Meaning(verdict="aborted")),
        (429, "abort", Meaning(verdict="aborted")),
        (410, "abort", Meaning(verdict="aborted", disables=True)),
        (500, "disable", Meaning(verdict="failed", disables=True)),
        (500, "DISABLE, abort", Meaning(verdict="aborted", disables=True)),
        (200, "disable", Meaning(verdict="delivered", disables=True)),
        (200, "abort", Meaning(verdict="delivered")),
        (500, "disabled", Meaning(verdict="failed")),
        (500, "", Meaning(verdict="failed")),
    ],
)
def test_what_a_receiver_says_of_deliveries(status, said, expected):
    """`abort` gives a message up and `disable` the endpoint; what was delivered stays delivered."""
    assert meaning(status, webhook_delivery=said) == expected


@given(seconds=st.integers(0, 10**12))
def test_retry_after_in_seconds(seconds):
    """Seconds are counted from the answer, and a day is the most."""
    asked = meaning(503, retry_after=str(seconds)).not_before
    assert asked == NOW + min(timedelta(seconds=min(seconds, 10**9)), DAY)


@pytest.mark.parametrize(
    "written",
    [
        "Thu, 26 Nov 2026 04:00:00 GMT",
        "Thursday, 26-Nov-26 04:00:00 GMT",
        "Thu Nov 26 04:00:00 2026",
        format_datetime(datetime(2026, 11, 26, 6, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_retry_after_as_a_date(written):
    """Each of the forms that HTTP has for a date is understood."""
    assert meaning(503, retry_after=written).not_before == NOW + timedelta(hours=1)


@given(moment=moments)
def test_retry_after_as_any_date(moment):
    """A date that is past asks for nothing, and one that is far off for a day."""
    asked = meaning(503, retry_after=format_datetime(moment, usegmt=True)).not_before
    whole = moment.replace(microsecond=0)
    assert asked == (min(whole, NOW + DAY) if whole > NOW else None)


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "-5", "1.5", "5, 10", "٣", "²", "1e3", "0x10", "Thu, 99 Nov 2026 04:00:00 GMT"),
        "Thu, 26 Nov 2026 04:00:00 +9999999999",
    ],
)
def test_retry_after_that_says_nothing(written):
    """What is neither seconds nor a date is no wish."""
    assert meaning(503, retry_after=written) == Meaning(verdict="failed")


@given(status=st.integers(), retry_after=st.text(), said=st.text(), made=numbers, chance=chances)
def test_no_answer_is_too_odd(status, retry_after, said, made, chance):
    """Whatever a receiver answers, it means something, and the next attempt comes within a day and a fifth."""
    found = meaning(status, retry_after=retry_after, webhook_delivery=said)
    moment = next_attempt(made, NOW, chance, not_before=found.not_before)
    assert NOW + GAPS[made] <= moment <= NOW + DAY * 1.2 + timedelta(microseconds=1)
    assert (found.verdict == "delivered") == (200 <= status <= 299)
