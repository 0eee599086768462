"""The plain rows that every reader of real input emits, and the one error that names a bad row."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

TITLE_LIMIT = 200
"""The most characters an idea's title has in the service."""

TEXT_LIMIT = 5_000
"""The most characters an idea's problem text has in the service."""

THEME_LIMIT = 10
"""The most themes an imported idea carries."""


class BadRow(Exception):  # noqa: N818 - the name says what the file has; "error" would say it twice.
    """A file cannot be imported as it is; the message is one sentence with file name and line.

    `line` counts from 1 and is the line on which the row begins; it is None where the file as a
    whole is wrong.
    """

    def __init__(self, path: Path, line: int | None, sentence: str) -> None:
        where = path.name if line is None else f"{path.name}, line {line}"
        super().__init__(f"{where}: {sentence}")
        self.path = path
        self.line = line
        self.sentence = sentence


class Source(Struct, frozen=True, kw_only=True):
    """Where imported ideas come from: a system, and a collection there."""

    system: str
    collection: str


class Collection(Struct, frozen=True, kw_only=True):
    """What a file holds as a whole.

    `identity` tells this collection from every other one of the same system and stays the same
    when the file is read again, elsewhere or under another name: derive the ids of ideas and
    people from it, not from `source`, whose collection ("2023") many cities share. `country` is
    ISO 3166 alpha-2, where known. `ideas` and `votes` are how many rows the reader emits,
    `ballots` how many people voted.
    """

    source: Source
    identity: str
    title: str
    description: str
    country: str | None
    ideas: int
    ballots: int
    votes: int


class ImportedIdea(Struct, frozen=True, kw_only=True):
    """One idea of the file.

    `title` has 1 to `TITLE_LIMIT` characters, `text` 1 to `TEXT_LIMIT`; a title that had to be cut
    stands in full at the start of `text`. `themes` are UKCAT codes, `places` ISO 3166 codes;
    `cost_minor` is in minor units of `currency`, and both are None together. `official_votes` is
    what the file itself publishes as the idea's count, where it does.
    """

    line: int
    source_id: str
    title: str
    text: str
    themes: tuple[str, ...]
    places: tuple[str, ...]
    cost_minor: int | None
    currency: str | None
    logged_at: datetime
    official_votes: int | None


# Votes come by the hundred thousand and refer to nothing that could form a cycle.
class ImportedVote(Struct, frozen=True, kw_only=True, gc=False):
    """One person's support for the idea `source_id`, or (`supports` False) its withdrawal."""

    line: int
    source_id: str
    voter_id: str
    at: datetime
    supports: bool


class Reader(Protocol):
    """Turns one file or folder into rows, in passes that hold no more than one row of it.

    Every method raises `BadRow`. `check` reads the whole input and must come first where nothing
    may be half done; the others check by themselves where nobody did. An idea has at most one vote
    of a person standing: a second vote comes only after a withdrawal.
    """

    def check(self) -> None:
        """Read the whole input once and raise the first thing that is wrong with it."""

    @property
    def collection(self) -> Collection:
        """What the input holds as a whole."""

    def ideas(self) -> Iterator[ImportedIdea]:
        """Emit every idea, in the file's order."""

    def votes(self) -> Iterator[ImportedVote]:
        """Emit every vote and withdrawal, in the order in which they count."""


def title_and_text(title: str, text: str) -> tuple[str, str]:
    """Fit a title and a text into the service's limits; neither comes back empty if `title` is not.

    A title is one line. One that is too long is cut, and then opens the text in full.
    """
    title, text = " ".join(title.split()), text.strip()
    if len(title) > TITLE_LIMIT and not " ".join(text.split()).startswith(title):
        text = f"{title}\n\n{text}".rstrip()
    return cut(title, TITLE_LIMIT), cut(text or title, TEXT_LIMIT)


def cut(text: str, limit: int) -> str:
    """Shorten a text to at most `limit` characters, at a space where one is near, marked by an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    space = kept.rfind(" ")
    return (kept[:space] if space > limit * 3 // 4 else kept).rstrip() + "…"
