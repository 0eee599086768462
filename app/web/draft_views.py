"""A draft of an idea in a list: on one's own page, and where an idea is begun."""

from datetime import datetime

from msgspec import Struct


class DraftRow(Struct, frozen=True, kw_only=True):
    """A draft in a list: where it goes on, when it was touched last and until when it is kept.

    `is_titled` is false where nothing is typed yet that it could be called by, and `title` says so.
    """

    title: str
    href: str
    delete_href: str
    touched_at: datetime
    expires_at: datetime
    is_titled: bool = True
