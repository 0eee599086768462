"""What a page shows of the moment it is about, where that is not now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

Sort: TypeAlias = Literal["idea", "pool", "mandate"]


class Moment(Struct, frozen=True, kw_only=True):
    """A moment one can choose: the position in the log, and the moment in words."""

    position: int
    words: str


class Then(Struct, frozen=True, kw_only=True):
    """The moment a page is about, and the ways to others: `here` is the place in `moments` at or before it.

    `before_href` and `after_href` lead one step further, which may be between two moments where there are many.
    """

    at: datetime
    words: str
    what: Sort
    now_href: str
    history_href: str
    moments: Sequence[Moment]
    here: int
    before_href: str | None
    after_href: str | None
    first_day: str
    last_day: str
    day: str
