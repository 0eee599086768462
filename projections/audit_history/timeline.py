"""The history as a timeline: what happened one by one, and what comes by the hundred together, by day: votes for an idea,
and ideas that came to fit a mandate. So no page is full of either.
"""

from datetime import date, datetime
from itertools import product
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import MandateMatched, VoteCast, VoteWithdrawn
from events.envelope import RecordedEvent
from events.store import EventStore
from projections.audit_history.queries import LIMIT_MAX, Change, HistoryFilter
from projections.audit_history.words import matches_sentence, sentence, votes_sentence, why
from projections.cursors import BigInteger, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
_VOTES = frozenset({VoteCast.__name__, VoteWithdrawn.__name__})
_MATCHED = MandateMatched.__name__
_TOGETHER = "'VoteCast', 'VoteWithdrawn', 'MandateMatched'"
_TOGETHER_BUT_MATCHES = "'VoteCast', 'VoteWithdrawn'"


class Votes(Struct, frozen=True, kw_only=True):
    """The votes of one idea that came and went on one day (in UTC)."""

    day: date
    given: int
    taken_back: int


class Matches(Struct, frozen=True, kw_only=True):
    """The ideas, two or more, that came to fit one mandate on one day (in UTC)."""

    day: date
    ideas: int


class Happening(Struct, frozen=True, kw_only=True):
    """An event in words, or the votes or matches of a day: then `position` is that of the last of them.

    `label` is what its subject is called now. `within` is the idea of whose story it is a part, `organisation_id` for
    whom it was done. `actor` is the person behind it, whoever reads this.
    """

    position: int
    type: str
    subject: UUID
    label: str
    within: UUID | None
    within_label: str
    actor: UUID | None
    organisation_id: UUID | None
    organisation: str
    occurred_at: datetime
    sentence: str
    why: str | None
    changes: list[Change]
    votes: Votes | None = None
    matches: Matches | None = None


class Timeline(Struct, frozen=True, kw_only=True):
    """A page of a timeline, and the cursor of the next one if there is one."""

    items: list[Happening]
    next_cursor: str | None


_decode_changes = msgspec.json.Decoder(list[Change]).decode


async def timeline(
    pool: Pool, store: EventStore, wanted: HistoryFilter, *, limit: int, cursor: str | None = None
) -> Timeline:
    """Read a page of a timeline, the newest first; the log gives the events, whose texts the read model does not hold.

    The votes of a day are left out where it is asked who acted. `type` is not looked at, only `types`.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    sql, arguments = _Asked(wanted, limit, cursor).statement()
    if sql is None:
        return Timeline(items=[], next_cursor=None)
    async with unavailable_when_lost():
        rows = await pool.fetch(sql, *arguments)
    more, rows = len(rows) > limit, rows[:limit]
    events = await store.read_positions([row["position"] for row in rows if row["day"] is None])
    by_position = {event.position: event for event in events}
    return Timeline(
        items=[_happening(row, by_position.get(row["position"])) for row in rows],
        next_cursor=encode_cursor(rows[-1]["position"]) if more else None,
    )


class _Asked:
    """What is asked, as SQL: every value is a parameter, every piece of SQL a constant."""

    def __init__(self, wanted: HistoryFilter, limit: int, cursor: str | None) -> None:
        self._wanted = wanted
        self._before = decode_cursor(cursor, BigInteger) if cursor else None
        self._arguments: list[object] = [limit + 1]

    def statement(self) -> tuple[str | None, list[object]]:
        branches = [*self._steps(), *self._votes(), *self._matches()]
        if not branches:
            return None, []
        return statement(_HERE, "timeline").format(branches="\nUNION ALL\n".join(branches)), self._arguments

    def _given(self, *conditions: tuple[str, object]) -> list[str]:
        given = []
        for condition, value in conditions:
            if value is not None:
                self._arguments.append(value)
                given.append(condition.format(f"${len(self._arguments)}"))
        return given

    def _steps(self) -> list[str]:
        wanted = self._wanted
        types = None if wanted.types is None else [name for name in wanted.types if name not in _VOTES]
        if types == []:
            return []
        always = self._given(
            ("e.actor = {}", wanted.actor),
            ("e.occurred_at >= {}", wanted.since),
            ("e.occurred_at < {}", wanted.until),
            ("e.position < {}", self._before),
        )
        about = self._given(("{}::uuid", wanted.subject)) or [""]
        of = self._given(("{}::uuid", wanted.organisation)) or [""]
        # Each way to belong to what is asked for has its own index, so each is a branch.
        belonging = [f"e.subject = {about[0]}", f"e.within = {about[0]}"] if about[0] else ["true"]
        acting = (
            [f"e.organisation = {of[0]}", f"e.subject = {of[0]} AND e.organisation IS DISTINCT FROM {of[0]}"]
            if of[0]
            else ["true"]
        )
        narrow = bool(about[0] or of[0] or wanted.actor)
        # In the story of an idea each match is of another mandate.
        each = belonging if wanted.each and about[0] else belonging[1:]
        listed = self._given(("{}", types))
        branches = []
        for first, second in product(belonging, acting):
            one = " AND ".join([*always, first, second])
            together = _TOGETHER_BUT_MATCHES if first in each else _TOGETHER
            if listed and not narrow:
                form = statement(_HERE, "timeline_steps_of_types")
                branches.append(form.format(types=listed[0], conditions=one, together=together))
            else:
                of_types = [f"e.type = ANY({listed[0]}::text[])"] if listed else []
                form = statement(_HERE, "timeline_steps")
                branches.append(form.format(conditions=" AND ".join([one, *of_types]), together=together))
        return branches

    def _votes(self) -> list[str]:
        wanted = self._wanted
        if wanted.actor or wanted.organisation or not (wanted.types is None or _VOTES & {*wanted.types}):
            return []
        conditions = self._given(
            ("d.subject = {}::uuid", wanted.subject),
            ("d.day >= ({}::timestamptz AT TIME ZONE 'UTC')::date", wanted.since),
            ("d.day < ({}::timestamptz AT TIME ZONE 'UTC')::date", wanted.until),
            ("d.last_position < {}", self._before),
        )
        return [statement(_HERE, "timeline_votes").format(conditions=" AND ".join(["true", *conditions]))]

    def _matches(self) -> list[str]:
        wanted = self._wanted
        is_wanted = wanted.types is None or _MATCHED in wanted.types
        if wanted.actor or not is_wanted or (wanted.each and wanted.subject is not None):
            return []
        conditions = self._given(
            ("m.subject = {}::uuid", wanted.subject),
            ("m.organisation = {}::uuid", wanted.organisation),
            ("m.day >= ({}::timestamptz AT TIME ZONE 'UTC')::date", wanted.since),
            ("m.day < ({}::timestamptz AT TIME ZONE 'UTC')::date", wanted.until),
            ("m.last_position < {}", self._before),
        )
        return [statement(_HERE, "timeline_matches").format(conditions=" AND ".join(["true", *conditions]))]


def _happening(row: asyncpg.Record, event: RecordedEvent | None) -> Happening:
    label, organisation = row["label"] or "", row["organisation"] or ""
    votes = matches = None
    reason, happened = None, row["occurred_at"]
    if event is not None:
        said, reason = sentence(event.data, label, organisation), why(event.data)
        happened = event.data.occurred_at
    elif row["type"] == _MATCHED:
        matches = Matches(day=row["day"], ideas=row["given"])
        said = matches_sentence(organisation, matches.ideas)
    else:
        votes = Votes(day=row["day"], given=row["given"], taken_back=row["taken_back"])
        said = votes_sentence(label, votes.given, votes.taken_back)
    return Happening(
        position=row["position"],
        type=row["type"],
        subject=row["subject"],
        label=label,
        within=row["within"],
        within_label=row["within_label"] or "",
        actor=row["actor"],
        organisation_id=row["organisation_id"],
        organisation=organisation,
        occurred_at=happened,
        sentence=said,
        why=reason,
        changes=_decode_changes(row["changes"]) if row["changes"] else [],
        votes=votes,
        matches=matches,
    )
