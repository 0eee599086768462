"""What the page of notices shows: plain data that its template turns into HTML."""

from datetime import datetime

from msgspec import Struct


class NoticeLine(Struct, frozen=True, kw_only=True):
    """One thing that happened, where it leads to, and whether it is new to the reader.

    What comes `after` a record was not delivered to an endpoint that is still paused.
    """

    sentence: str
    reason: str
    happened_at: datetime
    href: str
    for_organisation: str | None
    until: datetime | None
    after: int | None
    is_new: bool


class NoticesPage(Struct, frozen=True, kw_only=True):
    """What concerns oneself, the last first; `newest` is what a reader has read once they say so."""

    lines: tuple[NoticeLine, ...]
    unread: int
    newest: int
    by_mail: bool
    next_href: str | None = None
    first_href: str | None = None
