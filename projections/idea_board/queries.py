"""The board's queries; see the package for the question it answers."""

import re
from collections.abc import Collection
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, Literal, TypeAlias
from uuid import UUID

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from events.connections import Pool, unavailable_when_lost
from events.contracts import Money, Source
from projections.cursors import BigInteger, Integer, Moment, decode_cursor, encode_cursor
from projections.stage import stage_reason
from projections.statements import statement
from projections.tally import momentum_at

_HERE = Path(__file__).parent

Sort: TypeAlias = Literal["votes", "newest", "momentum", "funding_gap"]
LIMIT_MAX = 200
_WORD = re.compile(r"\w+")
_OPERATORS = re.compile(r'"|(^|\s)-\w')


class BoardFilter(Struct, frozen=True, kw_only=True):
    """What to show: every condition given must hold.

    Withdrawn and closed ideas are shown only when asked for by `stage`. `needs` is "open" for those that lack a part
    which no chosen offer covers.
    """

    q: str | None = None
    theme: str | None = None
    place: str | None = None
    stage: str | None = None
    community: str | None = None
    needs: Literal["open"] | None = None
    sort: Sort = "momentum"


class BoardItem(Struct, frozen=True, kw_only=True):
    """An idea as a card shows it; `momentum` is in votes a day, decayed, as of now.

    `open_needs` are those that no chosen offer covers. How many votes are verified is not known here: the shell fills it in.
    """

    idea_id: UUID
    title: str
    problem: str
    proposal: str
    beneficiaries: str
    themes: list[str]
    places: list[str]
    community: str
    author_id: UUID
    stage: str
    stage_reason: str
    votes: int
    verified_votes: int = 0
    momentum: float
    ask: Money | None
    open_needs: int = 0
    source: Source | None
    logged_at: datetime
    position: int


class BoardRows(Struct, frozen=True, kw_only=True):
    """A page of the board, and the cursor of the next one if there is one.

    `meant` is what was searched for instead, where words that find nothing look like words that are known.
    """

    items: list[BoardItem]
    next_cursor: str | None
    meant: str | None = None


class BoardTotals(Struct, frozen=True, kw_only=True):
    """How much there is on the board, withdrawn and closed ideas left out."""

    ideas: int
    votes: int


class SimilarIdea(Struct, frozen=True, kw_only=True):
    """An idea that reads like another, and how much (0 to 1)."""

    idea_id: UUID
    title: str
    votes: int
    similarity: float


class Alike(Struct, frozen=True, kw_only=True):
    """An idea that reads like another, and what is wrong today by its own words."""

    idea: SimilarIdea
    problem: str


class _Order(Struct, frozen=True):
    """A sort order: the column and what breaks its ties, its type in SQL, its kind in a cursor."""

    key: str
    tie: str
    sql_type: str
    kind: Any


_ORDERS: dict[Sort, _Order] = {
    "votes": _Order("t.votes", "t.idea_id", "integer", Integer),
    "newest": _Order("i.logged_at", "i.idea_id", "timestamptz", Moment),
    "momentum": _Order("t.momentum", "t.idea_id", "double precision", float),
    "funding_gap": _Order("p.gap_minor", "p.idea_id", "bigint", BigInteger),
}


async def board_page(
    pool: Pool, wanted: BoardFilter, *, limit: int, cursor: str | None = None, now: datetime
) -> BoardRows:
    """Read a page of ideas in the wanted order, after a cursor.

    Raises:
        BadCursorError: the cursor is not one of this order.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    if "\0" in "".join(filter(None, (wanted.q, wanted.theme, wanted.place, wanted.stage, wanted.community))):
        return BoardRows(items=[], next_cursor=None)  # PostgreSQL refuses this character, so no idea has it.
    async with unavailable_when_lost():
        meant = await _meant(pool, wanted.q) if wanted.q else None
        sql, arguments = _board_statement(replace(wanted, q=meant or wanted.q), limit, cursor)
        rows = await pool.fetch(sql, *arguments)
    more = len(rows) > limit
    rows = rows[:limit]
    last = encode_cursor((wanted.sort, rows[-1]["sort_key"], rows[-1]["idea_id"])) if more else None
    return BoardRows(items=[_item(row, now) for row in rows], next_cursor=last, meant=meant)


async def _meant(pool: Pool, q: str) -> str | None:
    """Correct the words of a search that find nothing by themselves; who writes operators means them exactly."""
    if _OPERATORS.search(q):
        return None
    rows = await pool.fetch(statement(_HERE, "spelling"), q)
    corrections: dict[str, str] = {row["word"]: row["meant"] for row in rows}
    corrected = _WORD.sub(lambda word: corrections.get(word[0], word[0]), q)
    return corrected if corrections else None


def _board_statement(wanted: BoardFilter, limit: int, cursor: str | None) -> tuple[str, list[object]]:
    """Put the conditions together; every value is a parameter, every piece of SQL a constant."""
    order = _ORDERS[wanted.sort]
    arguments: list[object] = [limit + 1]

    def parameter(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    where = [
        f"i.stage = {parameter(wanted.stage)}" if wanted.stage else "i.stage NOT IN ('withdrawn', 'closed')"
    ]
    if codes := [code for code in (wanted.theme, wanted.place) if code]:
        where.append(f"i.filed_under @> {parameter(codes)}::text[]")
    if wanted.community:
        where.append(f"i.community = {parameter(wanted.community)}")
    if wanted.needs == "open":
        where.append("p.open_needs > 0")
    if wanted.q and wanted.q.strip():
        q = parameter(wanted.q.strip())
        where.append(f"i.search @@ websearch_to_tsquery('public.open_impact', {q})")
    if cursor:
        _, key, idea_id = decode_cursor(cursor, tuple[Literal[wanted.sort], order.kind, UUID])  # type: ignore[name-defined]  # The kind depends on the order.
        where.append(
            f"({order.key}, {order.tie}) < ({parameter(key)}::{order.sql_type}, {parameter(idea_id)}::uuid)"
        )
    sql = statement(_HERE, "board_page").format(
        key=order.key,
        conditions=" AND ".join(where),
        tie=order.tie,
    )
    return sql, arguments


def _item(row: asyncpg.Record, now: datetime) -> BoardItem:
    return BoardItem(
        idea_id=row["idea_id"],
        title=row["title"],
        problem=row["problem"],
        proposal=row["proposal"],
        beneficiaries=row["beneficiaries"],
        themes=row["themes"],
        places=row["places"],
        community=row["community"],
        author_id=row["author_id"],
        stage=row["stage"],
        stage_reason=stage_reason(row["stage"], row["votes"], row["threshold"]),
        votes=row["votes"],
        momentum=round(momentum_at(row["momentum"], now), 4) if isfinite(row["momentum"]) else 0.0,
        ask=None
        if row["ask_minor"] is None
        else Money(amount_minor=row["ask_minor"], currency=row["ask_currency"]),
        open_needs=row["open_needs"],
        source=None
        if row["source_system"] is None
        else Source(system=row["source_system"], collection=row["source_collection"], id=row["source_id"]),
        logged_at=row["logged_at"],
        position=row["position"],
    )


async def similar_ideas(
    pool: Pool, *, title: str, problem: str, limit: int = 5, exclude: UUID | None = None
) -> list[SimilarIdea]:
    """Find ideas that read like a title and a problem, the most alike first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    found = await ideas_alike(pool, title=title, problem=problem, limit=limit, exclude=exclude)
    return [one.idea for one in found]


async def ideas_alike(
    pool: Pool, *, title: str, problem: str, limit: int = 5, exclude: UUID | None = None
) -> list[Alike]:
    """Find ideas as `similar_ideas` does, each with its problem, to say why it is alike.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "similar_ideas"), title, problem, exclude, min(limit, LIMIT_MAX)
        )
    return [
        Alike(
            idea=SimilarIdea(
                idea_id=row["idea_id"],
                title=row["title"],
                votes=row["votes"],
                similarity=round(row["similarity"], 3),
            ),
            problem=row["problem"],
        )
        for row in rows
    ]


async def titles_of(pool: Pool, ideas: Collection[UUID]) -> dict[UUID, str]:
    """Give the titles of ideas, as far as there are such ideas.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not ideas:
        return {}
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "titles_of"), list(ideas))
    return {row["idea_id"]: row["title"] for row in rows}


async def totals(pool: Pool) -> BoardTotals:
    """Count the ideas on the board and their votes.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "totals"))
    assert row is not None  # noqa: S101  # An aggregate always answers one row.
    return BoardTotals(ideas=row["ideas"], votes=row["votes"])
