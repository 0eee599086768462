"""Reads Pabulib's `.pb` files: the projects and ballots of a participatory budget.

A file has three sections, META, PROJECTS and VOTES, each with a header row, fields separated by
semicolons (https://pabulib.org/format). Every project is an idea; every project that a ballot
names is one vote of the ballot's voter, who is a pseudonym and no more:

- approval, choose-1 and ordinal ballots: every project named (the order of an ordinal ballot is
  not kept, since support here has no rank);
- cumulative and scoring ballots: every project given more than 0 points;
- a project named twice on a ballot is one vote, and a ballot may name none.

Ballots carry no time. Ideas are logged at the start of the period's first day (`date_begin`),
votes cast at the start of its last (`date_end`), in UTC; a bare year means its 1 January as the
first day and its 31 December as the last. Without `date_begin` the year in `instance` stands in.

Memory: the ids of the projects, and a hash of each voter's id (about 100 bytes, Python's set around
it included) for at most `BALLOT_LIMIT` ballots.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize
from urllib.parse import quote

from msgspec import Struct

from app.importing.codes import THEMES, country_of, currency_of, is_currency, minor_units
from app.importing.records import ID_LIMIT, InputFile, Record, columns, quoted, whole_number, width_complaint
from app.importing.rows import THEME_LIMIT, Collection, ImportedIdea, ImportedVote, Source, title_and_text

BALLOT_LIMIT = 2_000_000
PROJECT_LIMIT = 100_000

Ballot: TypeAlias = tuple[int, str, list[str]]
"""The line on which a ballot begins, its voter, and the projects supported, each once."""

_SECTIONS = frozenset({"META", "PROJECTS", "VOTES"})
_ORDER = "the order is META, PROJECTS, VOTES, each once"
_WITH_POINTS = frozenset({"cumulative", "scoring"})
_VOTE_TYPES = frozenset({"approval", "choose-1", "ordinal"}) | _WITH_POINTS
_NEEDED = ("country", "unit", "instance", "num_projects", "num_votes", "vote_type")
_PLACE_OF_VOTE = ("country", "unit", "district", "subunit", "instance")
_DAY_FORMS = ("%d.%m.%Y", "%Y-%m-%d", "%Y")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COST = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?")
_POINTS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")


class PabulibFile:
    """A reader (see `rows.Reader`) of one `.pb` file; every pass streams it from the disk again."""

    def __init__(self, path: Path) -> None:
        self._file = InputFile(path)
        self._collection: Collection | None = None

    def check(self) -> None:
        """Read the whole file once and raise the first thing that is wrong with it (`BadRow`)."""
        if self._collection is None:
            self._collection = _checked(self._file)

    @property
    def collection(self) -> Collection:
        """What the file holds as a whole, known once all of it was checked."""
        if self._collection is None:
            self._collection = _checked(self._file)
        return self._collection

    def ideas(self) -> Iterator[ImportedIdea]:
        """Emit every project as an idea, in the file's order."""
        self.check()
        yield from _Walk(self._file).projects()

    def votes(self) -> Iterator[ImportedVote]:
        """Emit every project that a ballot supports as a vote, in the file's order."""
        self.check()
        walk = _Walk(self._file)
        at = walk.meta.ends_at
        for line, voter, supported in walk.ballots():
            for project in supported:
                yield ImportedVote(line=line, source_id=project, voter_id=voter, at=at, supports=True)


class _Meta(Struct, frozen=True, kw_only=True):
    """What META says, as far as it is read; `lines` tells on which line each key stands."""

    values: dict[str, str]
    lines: dict[str, int]
    country: str | None
    currency: str | None
    vote_type: str
    begins_at: datetime
    ends_at: datetime


class _Walk:
    """One walk through a file: META when it is made, then the projects, then the ballots."""

    def __init__(self, file: InputFile) -> None:
        self._file = file
        self._records = file.records(";")
        self._line = 1
        self.known: set[str] = set()
        self._projects_passed = False
        first = next(self._records, None)
        if first is None:
            raise file.bad(1, "the file is empty.")
        if _title(first[1]) != "META":
            raise file.bad(first[0], f"the file must begin with the section META; {_ORDER}.")
        self.meta = self._read_meta()

    def projects(self) -> Iterator[ImportedIdea]:
        """Read PROJECTS, and learn the ids that ballots may name."""
        others = ("name", "description", "category", "votes")
        header, where, rows = self._table("PROJECTS", "VOTES", ("project_id", "cost"), others)
        for line, row in rows:
            if len(row) != len(header):
                raise self._file.bad(line, width_complaint(row, header))
            idea = _idea(self._file, self.meta, line, {name: row[at].strip() for name, at in where.items()})
            if idea.source_id in self.known:
                raise self._file.bad(line, f"project {quoted(idea.source_id)} is listed a second time.")
            self.known.add(idea.source_id)
            if len(self.known) > PROJECT_LIMIT:
                raise self._file.bad(line, f"the file has more than {PROJECT_LIMIT:,} projects; split it.")
            yield idea
        self._projects_passed = True

    def ballots(self) -> Iterator[Ballot]:
        """Read VOTES; the projects are read first where nobody did."""
        if not self._projects_passed:
            for _ in self.projects():
                pass
        known, vote_type = self.known, self.meta.vote_type
        needed = ("voter_id", "vote", "points") if vote_type in _WITH_POINTS else ("voter_id", "vote")
        header, where, rows = self._table("VOTES", None, needed, ())
        width, voter_at, vote_at, points_at = (
            len(header),
            where["voter_id"],
            where["vote"],
            where.get("points"),
        )
        for line, row in rows:
            if len(row) != width:
                raise self._file.bad(line, width_complaint(row, header))
            voter = row[voter_at].strip()
            if not voter or len(voter) > ID_LIMIT:
                raise self._file.bad(line, f"the ballot needs a voter_id of 1 to {ID_LIMIT} characters.")
            named = row[vote_at].split(",")
            if not known.issuperset(named):
                named = self._named(line, voter, named)
            if points_at is not None:
                named = self._given_points(line, voter, named, row[points_at])
            if len(named) > 1:
                named = list(dict.fromkeys(named))
                if vote_type == "choose-1" and len(named) > 1:
                    sentence = f"the ballot of voter {quoted(voter)} names {len(named)} projects, not one."
                    raise self._file.bad(line, sentence)
            yield line, voter, named

    def _named(self, line: int, voter: str, named: list[str]) -> list[str]:
        """Take a ballot's projects with space around them, or say which one does not exist."""
        named = [project.strip() for project in named]
        if named == [""]:
            return []
        for project in named:
            if project not in self.known:
                ballot = f"the ballot of voter {quoted(voter)}"
                sentence = f"{ballot} names project {quoted(project)}, which PROJECTS does not list."
                raise self._file.bad(line, sentence)
        return named

    def _given_points(self, line: int, voter: str, named: list[str], field: str) -> list[str]:
        """Keep the projects that a ballot gives more than 0 points."""
        points = [value.strip() for value in field.split(",")] if field.strip() else []
        if len(points) != len(named):
            ballot = f"the ballot of voter {quoted(voter)}"
            sentence = f"{ballot} names {len(named)} projects and gives points to {len(points)}."
            raise self._file.bad(line, sentence)
        for value in points:
            if not _POINTS.fullmatch(value):
                raise self._file.bad(line, f"points has {quoted(value)} where a number is expected.")
        return [project for project, value in zip(named, points, strict=True) if float(value) > 0]

    def _table(
        self, title: str, until: str | None, required: tuple[str, ...], others: tuple[str, ...]
    ) -> tuple[list[str], dict[str, int], Iterator[Record]]:
        """Begin a section: its header row, where its columns stand, and its other rows."""
        rows = self._section(until)
        header = next(rows, None)
        if header is None:
            raise self._file.bad(self._line, f"{title} has no header row.")
        return header[1], columns(self._file, header, title, required, others=others), rows

    def _section(self, until: str | None) -> Iterator[Record]:
        """Read rows up to the title of the section `until` (the file's end, if None), and past it."""
        for record in self._records:
            self._line = record[0]
            title = _title(record[1])
            if title is None:
                yield record
            elif title == until:
                return
            else:
                raise self._file.bad(
                    self._line, f"{title} stands where {until or 'a ballot'} belongs; {_ORDER}."
                )
        if until is not None:
            raise self._file.bad(self._line, f"the file ends before the section {until}; {_ORDER}.")

    def _read_meta(self) -> _Meta:
        header, _, rows = self._table("META", "PROJECTS", ("key", "value"), ())
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        for line, row in rows:
            key = row[0].strip()
            if len(row) < len(header):
                raise self._file.bad(line, f"META gives {quoted(key)} no value; a row is key;value.")
            if key in values:
                raise self._file.bad(line, f"META gives {key} a second time.")
            # A comment may hold semicolons that nobody quoted, and a spreadsheet pads rows with them.
            values[key], lines[key] = ";".join(row[1:]).strip("; "), line
        return _meta(self._file, values, lines, self._line)


def _title(row: list[str]) -> str | None:
    """Tell which section a row opens, if it does."""
    first = row[0].strip().upper()
    return first if first in _SECTIONS and not any(row[1:]) else None


def _checked(file: InputFile) -> Collection:
    walk = _Walk(file)
    ideas = sum(1 for _ in walk.projects())
    _compare(file, walk.meta, "num_projects", ideas, "projects")
    # By hash, so that long ids cost no memory; any two of two million meet by a chance below one in a million.
    voters: set[int] = set()
    ballots = votes = 0
    for line, voter, supported in walk.ballots():
        ballots += 1
        votes += len(supported)
        voters.add(hash(voter))
        if len(voters) != ballots:
            raise file.bad(line, f"voter {quoted(voter)} has a second ballot.")
        if ballots > BALLOT_LIMIT:
            raise file.bad(line, f"the file has more than {BALLOT_LIMIT:,} ballots; split it.")
    _compare(file, walk.meta, "num_votes", ballots, "ballots")
    values = walk.meta.values
    title = values.get("description") or f"Participatory budget of {values['unit']} {values['instance']}"
    return Collection(
        source=Source(system="pabulib", collection=values["instance"]),
        identity="/".join(quote(_plain(values.get(key, "")), safe="") for key in _PLACE_OF_VOTE),
        title=title,
        description=values.get("comment", ""),
        country=walk.meta.country,
        ideas=ideas,
        ballots=ballots,
        votes=votes,
    )


def _plain(text: str) -> str:
    """Write a name in the one way that does not depend on case, spacing or Unicode composition."""
    return " ".join(normalize("NFKC", text).casefold().split())


def _compare(file: InputFile, meta: _Meta, key: str, found: int, what: str) -> None:
    """Refuse a file that holds another number of rows than it says: it was cut short or edited."""
    line, said = meta.lines[key], meta.values[key]
    if whole_number(file, line, key, said) != found:
        raise file.bad(line, f"{key} is {said}, but the number of {what} is {found}; is the file complete?")


def _meta(file: InputFile, values: dict[str, str], lines: dict[str, int], end: int) -> _Meta:
    for key in _NEEDED:
        if not values.get(key):
            raise file.bad(lines.get(key, end), f"META gives no {key}.")
    vote_type = values["vote_type"].lower()
    if vote_type not in _VOTE_TYPES:
        known = ", ".join(sorted(_VOTE_TYPES))
        raise file.bad(lines["vote_type"], f"vote_type is {quoted(vote_type)}; we read {known}.")
    for key in ("num_projects", "num_votes"):
        whole_number(file, lines[key], key, values[key])
    country = country_of(values["country"])
    currency = values.get("currency", "").upper() or currency_of(country)
    if currency is not None and not is_currency(currency):
        raise file.bad(lines["currency"], f"currency is {quoted(currency)}, which is no ISO 4217 code.")
    begins_at, ends_at = _period(file, values, lines, end)
    return _Meta(
        values=values,
        lines=lines,
        country=country,
        currency=currency,
        vote_type=vote_type,
        begins_at=begins_at,
        ends_at=ends_at,
    )


def _period(
    file: InputFile, values: dict[str, str], lines: dict[str, int], end: int
) -> tuple[datetime, datetime]:
    """Find the first and the last day of the vote."""
    begin = values.get("date_begin")
    if not begin:
        year = _YEAR.search(values["instance"])
        if year is None:
            raise file.bad(lines.get("date_begin", end), "META gives no date_begin, and instance is no year.")
        begin = year.group()
    last = values.get("date_end") or begin
    first_day = _day(file, lines.get("date_begin", end), "date_begin", begin)
    last_day = _day(file, lines.get("date_end", end), "date_end", last, is_last=True)
    if last_day < first_day:
        raise file.bad(lines["date_end"], f"date_end ({last}) lies before date_begin ({begin}).")
    return first_day, last_day


def _day(file: InputFile, line: int, key: str, text: str, *, is_last: bool = False) -> datetime:
    for form in _DAY_FORMS:
        with suppress(ValueError):
            day = datetime.strptime(text, form).replace(tzinfo=UTC)
            return day.replace(month=12, day=31) if is_last and form == "%Y" else day
    raise file.bad(line, f"{key} is {quoted(text)} where a day (18.09.2023) or a year (2023) is expected.")


def _idea(file: InputFile, meta: _Meta, line: int, project: dict[str, str]) -> ImportedIdea:
    source_id, cost, votes = project["project_id"], project["cost"], project.get("votes")
    if not source_id or len(source_id) > ID_LIMIT:
        raise file.bad(line, f"the project needs a project_id of 1 to {ID_LIMIT} characters.")
    if cost and not _COST.fullmatch(cost):
        raise file.bad(line, f"cost is {quoted(cost)} where a number such as 12500 or 12500.50 is expected.")
    title, text = title_and_text(
        project.get("name") or f"Project {source_id}", project.get("description", "")
    )
    categories = project.get("category", "").lower().split(",")
    themes = dict.fromkeys(code for category in categories for code in THEMES.get(category.strip(), ()))
    priced = bool(cost) and meta.currency is not None
    return ImportedIdea(
        line=line,
        source_id=source_id,
        title=title,
        text=text,
        themes=tuple(themes)[:THEME_LIMIT],
        places=() if meta.country is None else (meta.country,),
        cost_minor=minor_units(Decimal(cost), meta.currency) if priced and meta.currency else None,
        currency=meta.currency if priced else None,
        logged_at=meta.begins_at,
        official_votes=whole_number(file, line, "votes", votes) if votes else None,
    )
