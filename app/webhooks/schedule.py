"""What a receiver's answer means, and when the next attempt comes.

Fifteen attempts in a little more than eight days: the first at once, a few while somebody restarts a server, and
then one a day, so that a long weekend loses nothing. An attempt is never early, neither before the schedule nor
before what the receiver asked for.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from msgspec import Struct

from app.webhooks.answers import is_success

GAPS = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20)),
    *(timedelta(days=1),) * 6,
)
"""How long after the one before each attempt comes, the first after nothing."""
ATTEMPTS_MAX = len(GAPS)
JITTER = 0.2
"""By which part of itself a wait becomes longer at most, so that what failed together is not tried again together."""
ASKED_WAIT_MAX = timedelta(days=1)
"""How long a receiver may make us wait."""

_GONE, _TOO_MANY, _BAD_GATEWAY, _GATEWAY_TIMEOUT = 410, 429, 502, 504
_OVERLOADED = frozenset({_TOO_MANY, _BAD_GATEWAY, _GATEWAY_TIMEOUT})
_ABORT = frozenset({"abort", "abort-message"})
_SECONDS_DIGITS_MAX = 9

Verdict = Literal["delivered", "failed", "throttled", "aborted"]


class Meaning(Struct, frozen=True, kw_only=True):
    """What an answer means for its message, and for the endpoint.

    Failed and throttled messages are tried again, of a throttled endpoint fewer at once; an aborted one is not.
    `disables` ends deliveries to the endpoint till its owner says otherwise; `not_before` is what the receiver asked for.
    """

    verdict: Verdict
    disables: bool = False
    not_before: datetime | None = None


SILENCE = Meaning(verdict="failed")
"""What it means that no answer came, or none in time."""


def meaning_of(status: int, headers: Mapping[str, str], at: datetime) -> Meaning:
    """Tell what an answer means that came at a moment; the names of its headers are in small letters.

    Only 2xx is delivered; a redirect is a failure like any other. `webhook-delivery: abort` gives a message up,
    `disable` and status 410 (Gone) all that would follow.
    """
    words = {word.strip().lower() for word in headers.get("webhook-delivery", "").split(",")}
    disables = status == _GONE or "disable" in words
    if is_success(status):
        return Meaning(verdict="delivered", disables=disables)
    if words & _ABORT:
        return Meaning(verdict="aborted", disables=disables)
    return Meaning(
        verdict="throttled" if status in _OVERLOADED else "failed",
        disables=disables,
        not_before=_asked_for(headers.get("retry-after", ""), at),
    )


def next_attempt(
    made: int, at: datetime, chance: float, *, not_before: datetime | None = None
) -> datetime | None:
    """Give the moment of the next attempt after `made` ones, the last of which ended `at`; None if that was the last.

    `chance`, drawn from 0 to 1, lengthens the wait; `not_before` is what the receiver asked for.
    """
    if made >= ATTEMPTS_MAX:
        return None
    asked = not_before - at if not_before is not None else timedelta()
    wait = max(GAPS[made], min(asked, ASKED_WAIT_MAX))
    return at + wait * (1 + JITTER * chance)


def _asked_for(retry_after: str, at: datetime) -> datetime | None:
    """Read `Retry-After`, seconds or a date (RFC 9110, section 10.2.3), up to a day; whatever else it says is no wish."""
    latest = at + ASKED_WAIT_MAX
    if retry_after.isascii() and retry_after.isdigit():
        short = len(retry_after) <= _SECONDS_DIGITS_MAX
        return min(at + timedelta(seconds=int(retry_after)), latest) if short else latest
    try:
        asked = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, OverflowError):
        return None
    # Of the three forms of a date one names no zone; all three mean UTC.
    moment = asked if asked.tzinfo is not None else asked.replace(tzinfo=UTC)
    return min(moment, latest) if moment > at else None
