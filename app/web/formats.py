"""How values are said to people: counts, dates, sentences and paragraphs, in British English.

Everything here is a pure function of its arguments and knows no locale of the machine it runs on.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from events.contracts.idea import Source

SUMMARY_LENGTH = 155
"""As much as search engines show of a page's description."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SYSTEM_NAMES: Mapping[str, str] = {"pabulib": "Pabulib", "polis": "Polis"}


def count(number: int) -> str:
    """Say a whole number with its thousands set apart: "1,284"."""
    return f"{number:,}"


def plural(number: int, one: str, many: str) -> str:
    """Say how many: "1 person", "148 people"."""
    return f"{count(number)} {one if number == 1 else many}"


def support_words(votes: int) -> str:
    """Say, after the number itself, what a vote count means: "people support this"."""
    return "person supports this" if votes == 1 else "people support this"


def support(votes: int) -> str:
    """Say a vote count as a sentence: "148 people support this"."""
    return f"{count(votes)} {support_words(votes)}" if votes else "Nobody has supported this yet"


def verified_words(verified: int, votes: int) -> str:
    """Say how many of some votes are verified, to go on from "148 people support this"."""
    if verified >= votes:
        return "and is verified" if votes == 1 else "all of them verified"
    if votes == 1:
        return "not verified yet"
    return f"{count(verified)} of them verified"


def aside_words(votes: int) -> str:
    """Say that votes are set aside: "12 votes are set aside."."""
    return "1 vote is set aside." if votes == 1 else f"{count(votes)} votes are set aside."


def day_in_words(moment: date) -> str:
    """Say a day: "2 November 2026". A moment is told by its day in UTC."""
    day = _utc(moment)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def time_in_words(moment: datetime) -> str:
    """Say a moment to the minute: "2 November 2026, 14:05 UTC"."""
    return f"{day_in_words(moment)}, {_utc(moment):%H:%M} UTC"


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
    return f"{SYSTEM_NAMES.get(source.system, source.system)}, {source.collection}, number {source.id}"


def _utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
