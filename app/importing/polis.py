"""Reads the export of a Polis conversation: a folder with `comments.csv` and `votes.csv`.

A statement (comment) is an idea, and to agree with it is a vote. Whoever later disagrees or passes
withdraws the vote; agreeing again casts it again. Both keep their original times. `summary.csv`,
where present, names the conversation, and its address gives the collection; else the folder does.

- In an export `vote` is 1 for agree, -1 for disagree and 0 for pass. (Polis stores the opposite
  signs in its own database; a folder whose published counts fit only those is refused.)
- `agrees` in comments.csv counts every row that agrees, so whoever changed their mind twice is
  counted twice there. It is kept as `official_votes`; a count by each person's last vote is at
  most as high.
- Statements that moderators took out (`moderated` -1) are imported like the others: they were
  voted on, and the export publishes them.
- An author's own vote on a statement is a row like any other.

Memory: about 170 bytes for each row of votes.csv, to bring them into the order of time, and 100 for
each vote that stands, for at most `VOTE_ROW_LIMIT` rows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlsplit

from app.importing.records import ID_LIMIT, InputFile, Record, columns, quoted, whole_number, width_complaint
from app.importing.rows import BadRow, Collection, ImportedIdea, ImportedVote, Source, title_and_text

VoteRow: TypeAlias = tuple[int, int, str, str, int]
"""Milliseconds since 1970, line, statement, voter, and 1 (agree), 0 (pass) or -1 (disagree)."""

VOTE_ROW_LIMIT = 2_000_000
STATEMENT_LIMIT = 100_000

_COMMENT_COLUMNS = ("timestamp", "comment-id", "comment-body")
_VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
_CHOICES = MappingProxyType({"1": 1, "0": 0, "-1": -1})
_AGREE = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
# Milliseconds since 1970 of the years 2000 and 2100: seconds or microseconds fall outside.
_FROM, _UNTIL = 946_684_800_000, 4_102_444_800_000


class PolisFolder:
    """A reader (see `rows.Reader`) of one exported conversation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._comments = InputFile(folder / "comments.csv")
        self._votes = InputFile(folder / "votes.csv")
        self._summary = InputFile(folder / "summary.csv")
        self._collection: Collection | None = None

    def check(self) -> None:
        """Read the whole folder once and raise the first thing that is wrong with it (`BadRow`)."""
        if self._collection is None:
            self._collection = self._checked()

    @property
    def collection(self) -> Collection:
        """What the folder holds as a whole, known once all of it was checked."""
        if self._collection is None:
            self._collection = self._checked()
        return self._collection

    def ideas(self) -> Iterator[ImportedIdea]:
        """Emit every statement as an idea, in the file's order."""
        self.check()
        yield from self._statements()

    def votes(self) -> Iterator[ImportedVote]:
        """Emit every change of support in the order of time, and of the file where times are equal."""
        self.check()
        yield from _changes(self._read_votes(self._published()))

    def _checked(self) -> Collection:
        if not self._folder.is_dir():
            sentence = "a Polis export is a folder with comments.csv and votes.csv; give that folder."
            raise BadRow(self._folder, None, sentence)
        published = self._published()
        rows = self._read_votes(published)
        if _signs_are_reversed(rows, published):
            raise self._votes.bad(None, "vote has its signs reversed; 1 must mean agree and -1 disagree.")
        voters = len({voter for _, _, _, voter, _ in rows})
        return self._named(ideas=len(published), ballots=voters, votes=sum(1 for _ in _changes(rows)))

    def _named(self, *, ideas: int, ballots: int, votes: int) -> Collection:
        """Name the conversation by its summary, or by its folder."""
        summary = self._read_summary()
        address = urlsplit(summary.get("url", ""))
        conversation = address.path.rstrip("/").rpartition("/")[2]
        folder = self._folder.resolve().name
        return Collection(
            source=Source(system="polis", collection=conversation or folder),
            identity=f"{address.netloc}/{conversation}" if conversation else f"folder/{folder}",
            title=summary.get("topic") or folder,
            description=summary.get("conversation-description", ""),
            country=None,
            ideas=ideas,
            ballots=ballots,
            votes=votes,
        )

    def _read_summary(self) -> dict[str, str]:
        if not self._summary.path.exists():
            return {}
        return {row[0].strip(): row[1].strip() for _, row in self._summary.records(",") if len(row) > 1}

    def _statements(self) -> Iterator[ImportedIdea]:
        file, seen = self._comments, set[str]()
        for line, (time, source_id, body, agrees) in _table(file, _COMMENT_COLUMNS, ("agrees",)):
            if not source_id or len(source_id) > ID_LIMIT:
                raise file.bad(line, f"the statement needs a comment-id of 1 to {ID_LIMIT} characters.")
            if source_id in seen:
                raise file.bad(line, f"statement {quoted(source_id)} is listed a second time.")
            seen.add(source_id)
            if len(seen) > STATEMENT_LIMIT:
                raise file.bad(line, f"the file has more than {STATEMENT_LIMIT:,} statements; split it.")
            title, text = title_and_text(body or f"Statement {source_id}", body)
            yield ImportedIdea(
                line=line,
                source_id=source_id,
                title=title,
                text=text,
                themes=(),
                places=(),
                cost_minor=None,
                currency=None,
                logged_at=_moment(_milliseconds(file, line, time)),
                official_votes=whole_number(file, line, "agrees", agrees) if agrees else None,
            )

    def _published(self) -> dict[str, int | None]:
        """Read the ids of all statements, each with its published count of agreement."""
        return {idea.source_id: idea.official_votes for idea in self._statements()}

    def _read_votes(self, statements: Iterable[str]) -> list[VoteRow]:
        """Read votes.csv into the order of time; equal times stay in the order of the file."""
        file, voters = self._votes, dict[str, str]()
        known = {statement: statement for statement in statements}
        rows: list[VoteRow] = []
        for line, (time, statement, voter, choice) in _table(file, _VOTE_COLUMNS):
            if statement not in known:
                sentence = f"the vote is on statement {quoted(statement)}, which comments.csv does not list."
                raise file.bad(line, sentence)
            if not voter or len(voter) > ID_LIMIT:
                raise file.bad(line, f"the vote needs a voter-id of 1 to {ID_LIMIT} characters.")
            if choice not in _CHOICES:
                raise file.bad(line, f"vote is {quoted(choice)} where 1, 0 or -1 is expected.")
            if len(rows) == VOTE_ROW_LIMIT:
                raise file.bad(line, f"the file has more than {VOTE_ROW_LIMIT:,} votes; split it.")
            # Every id is held once, however many rows name it.
            pair = known[statement], voters.setdefault(voter, voter)
            rows.append((_milliseconds(file, line, time), line, *pair, _CHOICES[choice]))
        rows.sort()
        return rows


def _changes(rows: Iterable[VoteRow]) -> Iterator[ImportedVote]:
    """Emit what changes whom a person supports: the first agreement, its end, the next one."""
    standing: set[tuple[str, str]] = set()
    for time, line, statement, voter, choice in rows:
        agrees, pair = choice == _AGREE, (statement, voter)
        if agrees == (pair in standing):
            continue
        if agrees:
            standing.add(pair)
        else:
            standing.remove(pair)
        yield ImportedVote(line=line, source_id=statement, voter_id=voter, at=_moment(time), supports=agrees)


def _signs_are_reversed(rows: Iterable[VoteRow], published: Mapping[str, int | None]) -> bool:
    """Tell whether the published counts of agreement fit the rows only with their signs turned."""
    counts = Counter((statement, choice) for _, _, statement, _, choice in rows)

    def fits(choice: int) -> bool:
        return all(agrees in (None, counts[statement, choice]) for statement, agrees in published.items())

    return fits(-_AGREE) and not fits(_AGREE)


def _table(file: InputFile, needed: tuple[str, ...], others: tuple[str, ...] = ()) -> Iterator[Record]:
    """Read a CSV file with a header: the named columns of each row, "" for an absent one of `others`."""
    rows = file.records(",")
    header = next(rows, None)
    if header is None:
        raise file.bad(1, "the file is empty.")
    where = columns(file, header, "the header", needed, others=others)
    width, at = len(header[1]), [where.get(name) for name in (*needed, *others)]
    for line, row in rows:
        if len(row) != width:
            raise file.bad(line, width_complaint(row, header[1]))
        yield line, ["" if place is None else row[place].strip() for place in at]


def _milliseconds(file: InputFile, line: int, text: str) -> int:
    if _MILLISECONDS.fullmatch(text) and _FROM <= (milliseconds := int(text)) < _UNTIL:
        return milliseconds
    raise file.bad(line, f"timestamp is {quoted(text)} where milliseconds since 1970 are expected.")


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
