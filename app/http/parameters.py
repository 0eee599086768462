"""Parameters that several routes take, with their bounds."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import msgspec
from litestar.params import HeaderParameter, QueryParameter

from app.http.problems import MalformedError
from events.contracts import UTCDateTime
from projections.language import gettext as _

LIMIT_MAX = 200
LIMIT_USUAL = 50
POSITION_MAX = 2**53 - 1  # What every JSON reader can hold.
TEXT_MAX = 200
_POSITION_DIGITS_MAX = len(str(POSITION_MAX))

Limit: TypeAlias = Annotated[
    int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many items to answer at most.")
]
Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(max_length=500, description="`next_cursor` of the page before.")
]
MinPosition: TypeAlias = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=POSITION_MAX,
        description="Wait, at most 5 seconds, until the answer includes this position of the log.",
    ),
]
Word: TypeAlias = Annotated[str | None, QueryParameter(max_length=TEXT_MAX)]
Moment: TypeAlias = Annotated[
    str | None, QueryParameter(max_length=64, description="A time, as RFC 3339 has it.")
]
IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The ETag of what you read; 412 when it was changed since."),
]
IfNoneMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The ETag of what you have; 304 when it is current."),
]

_read_moment = msgspec.json.Decoder(UTCDateTime).decode


def moment(name: str, value: str | None) -> datetime | None:
    """Read a time from a parameter.

    Raises:
        MalformedError: it is not a time with an offset, as RFC 3339 has it.
    """
    if value is None:
        return None
    try:
        # An unescaped "+" of an offset arrives as a blank.
        return _read_moment(msgspec.json.encode(value.replace(" ", "+"))).astimezone(UTC)
    except (msgspec.MsgspecError, OverflowError) as error:
        raise MalformedError.of(
            name, _("Give a time with its offset, such as 2026-11-02T14:05:00Z.")
        ) from error


def position(name: str, value: str) -> int:
    """Read a position of the log from a parameter or header that browsers repeat as they had it.

    Raises:
        MalformedError: it is no whole number, or one that no reader could hold.
    """
    is_number = value.isascii() and value.isdigit() and len(value) <= _POSITION_DIGITS_MAX
    if not is_number or int(value) > POSITION_MAX:
        raise MalformedError.of(name, "Give the position of the last event received, a whole number.")
    return int(value)


def text(name: str, value: str | None) -> str | None:
    """Read a text from a parameter; blank means none.

    Raises:
        MalformedError: it holds a NUL character, which no text of ours does.
    """
    if value is None or not value.strip():
        return None
    if "\0" in value:
        raise MalformedError.of(name, _("It must not contain NUL characters."))
    return value
