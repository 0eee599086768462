"""How values are said to people: counts, dates, sentences and paragraphs, in the language that is spoken.

Everything here depends on its arguments and on the language alone, and knows no locale of the machine it runs on.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from events.contracts.idea import Source
from projections import language
from projections.language import gettext as _
from projections.language import ngettext

SUMMARY_LENGTH = 155
"""As much as search engines show of a page's description."""

SYSTEM_NAMES: Mapping[str, str] = {"pabulib": "Pabulib", "polis": "Polis"}


def count(number: int) -> str:
    """Say a whole number with its thousands set apart: "1,284"."""
    return language.number(number)


def support_words(votes: int) -> str:
    """Say, after the number itself, what a vote count means: "people support this"."""
    return ngettext("person supports this", "people support this", votes)


def support(votes: int) -> str:
    """Say a vote count as a sentence: "148 people support this"."""
    if not votes:
        return _("Nobody has supported this yet")
    return ngettext("%(count)s person supports this", "%(count)s people support this", votes)


def verified_words(verified: int, votes: int) -> str:
    """Say how many of some votes are verified, to go on from "148 people support this"."""
    if verified >= votes:
        return ngettext("and is verified", "all of them verified", votes)
    if votes == 1:
        return _("not verified yet")
    return ngettext("%(count)s of them verified", "%(count)s of them verified", verified)


def aside_words(votes: int) -> str:
    """Say that votes are set aside: "12 votes are set aside."."""
    return ngettext("%(count)s vote is set aside.", "%(count)s votes are set aside.", votes)


def day_in_words(moment: date) -> str:
    """Say a day: "2 November 2026". A moment is told by its day in UTC."""
    return language.day(moment)


def time_in_words(moment: datetime) -> str:
    """Say a moment to the minute: "2 November 2026, 14:05 UTC"."""
    time = f"{_utc(moment):%H:%M}"
    return _("%(day)s, %(time)s UTC", day=day_in_words(moment), time=time)


def in_a_row(things: Sequence[str]) -> str:
    """Say some things one after another: "food, housing and transport"."""
    return language.in_a_row(things)


def machine_time(moment: date) -> str:
    """Write a day or moment for machines, as `<time datetime>` wants it: "2026-11-02T14:05:00Z"."""
    utc = _utc(moment)
    return f"{utc:%Y-%m-%dT%H:%M:%SZ}" if isinstance(utc, datetime) else utc.isoformat()


def paragraphs(text: str) -> list[list[str]]:
    """Split plain text into paragraphs (at empty lines) of lines, dropping what is blank."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [
        lines for block in blocks if (lines := [line.strip() for line in block.split("\n") if line.strip()])
    ]


def excerpt(text: str, length: int = SUMMARY_LENGTH) -> str:
    """Shorten plain text to one line of at most `length` characters, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(',.;:')}…"


def source_words(source: Source) -> str:
    """Say where an imported idea comes from: "Pabulib, poland_lodz_2024_, number 123"."""
    system = SYSTEM_NAMES.get(source.system, source.system)
    return _(
        "%(system)s, %(collection)s, number %(id)s", system=system, collection=source.collection, id=source.id
    )


def _utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
