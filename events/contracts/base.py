"""What every event has in common, and the values that several events carry."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

UTCDateTime: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset; a naive time is refused when it is read."""


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """A fact that happened, in the past tense.

    `occurred_at` is when it happened in the world; for imported facts it lies before the moment
    the log recorded them.
    """

    occurred_at: UTCDateTime


class Money(Struct, frozen=True, kw_only=True, gc=False):
    """An amount in integer minor units (pence, cents) of an ISO 4217 currency."""

    amount_minor: int
    currency: str
