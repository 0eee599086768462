"""What the pages of history show."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from app.web.histories.money import MoneyPicture
from app.web.idea_views import FieldDifference
from app.web.stages import Glow
from app.web.views import ActiveFilter, Choice


class Entry(Struct, frozen=True, kw_only=True):
    """Something that happened: what, when, who, why, and what it changed.

    `day` is there where the votes or matches of a day are told together, `when` where one thing is told. `each_href` shows
    them one by one. `about_words` lead to the
    thing it belongs to where the page is not about that thing, `then_href` shows the thing as it was right after it.
    """

    sentence: str
    glow: Glow | None
    when: datetime | None
    day: date | None
    who: str | None
    who_href: str | None
    why: str | None
    about_words: str | None
    about_href: str | None
    differences: Sequence[FieldDifference]
    differences_left_out: str | None
    each_href: str | None
    then_href: str | None
    then_words: str
    position: int
    record_href: str


class Downloads(Struct, frozen=True, kw_only=True):
    """Where the same can be fetched as files."""

    csv_href: str
    lines_href: str


class HistoryPage(Struct, frozen=True, kw_only=True):
    """Everything that happened, to all things or to one, the newest first.

    `title` names the one thing, `kicker` says of what sort it is. `action` is where the form leads, and `kept` what it
    keeps besides its fields. `period_choices` are links to usual spans of time. `is_narrow` says that something is left out.
    `money` is there for a pool.
    """

    action: str
    entries: Sequence[Entry]
    filters: Sequence[ActiveFilter]
    clear_href: str
    thing_choices: Sequence[Choice]
    kind_choices: Sequence[Choice]
    period_choices: Sequence[Choice]
    kept: Sequence[tuple[str, str]]
    since: str
    until: str
    downloads: Downloads
    is_narrow: bool
    title: str | None = None
    kicker: str = ""
    back_href: str | None = None
    back_words: str = ""
    next_href: str | None = None
    first_href: str | None = None
    is_sample: bool = False
    money: MoneyPicture | None = None
