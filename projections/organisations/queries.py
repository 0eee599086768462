"""The queries about organisations and their members."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import asyncpg
from msgspec import Meta, Struct

from events.connections import Pool, unavailable_when_lost
from events.contracts import OrganisationRole
from projections.cursors import Moment, decode_cursor, encode_cursor
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200

_Name = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00]*$")]


class OrganisationDetail(Struct, frozen=True, kw_only=True):
    """An organisation, and how many people act for it: all `members`, and those with each role on top.

    `version` counts the changes to it and its members, `position` is the last of them.
    """

    organisation_id: UUID
    name: str
    org_id: str | None
    website: str | None
    registered_at: datetime
    members: int
    offers: int
    funders: int
    admins: int
    version: int
    position: int


class OrganisationRows(Struct, frozen=True, kw_only=True):
    """A page of organisations by name, and the cursor of the next one."""

    items: list[OrganisationDetail]
    next_cursor: str | None


class MemberRow(Struct, frozen=True, kw_only=True):
    """A person who acts for an organisation, with their roles."""

    person_id: UUID
    roles: list[OrganisationRole]
    since: datetime


class MemberRows(Struct, frozen=True, kw_only=True):
    """A page of members, the first to come first, and the cursor of the next one."""

    items: list[MemberRow]
    next_cursor: str | None


class Membership(Struct, frozen=True, kw_only=True):
    """An organisation that a person acts for."""

    organisation_id: UUID
    name: str
    roles: list[OrganisationRole]


async def organisation(pool: Pool, organisation_id: UUID) -> OrganisationDetail | None:
    """Read one organisation.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(statement(_HERE, "organisation"), organisation_id)
    return None if row is None else _organisation(row)


async def organisations(
    pool: Pool, *, q: str | None = None, limit: int, cursor: str | None = None
) -> OrganisationRows:
    """List organisations by name; `q` is part of the name or the org-id, in whatever case.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    name, identifier = decode_cursor(cursor, tuple[_Name, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "organisations_page"), limit + 1, _pattern(q), name, identifier
        )
    more, rows = len(rows) > limit, rows[:limit]
    return OrganisationRows(
        items=[_organisation(row) for row in rows],
        next_cursor=encode_cursor((rows[-1]["sort_key"], rows[-1]["organisation_id"])) if more else None,
    )


def _pattern(q: str | None) -> str | None:
    """Write what is searched for as a pattern in which nothing but its ends is wild."""
    if q is None or not q.strip():
        return None
    plain = q.strip().lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"


def _organisation(row: asyncpg.Record) -> OrganisationDetail:
    return OrganisationDetail(**{name: row[name] for name in OrganisationDetail.__struct_fields__})


async def members(pool: Pool, organisation_id: UUID, *, limit: int, cursor: str | None = None) -> MemberRows:
    """List who acts for an organisation.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    since, person_id = decode_cursor(cursor, tuple[Moment, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "members"), limit + 1, organisation_id, since, person_id)
    more, rows = len(rows) > limit, rows[:limit]
    return MemberRows(
        items=[MemberRow(**row) for row in rows],
        next_cursor=encode_cursor((rows[-1]["since"], rows[-1]["person_id"])) if more else None,
    )


async def of_person(pool: Pool, person_id: UUID) -> list[Membership]:
    """List the organisations a person acts for, by name.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "of_person"), person_id, LIMIT_MAX)
    return [Membership(**row) for row in rows]


async def names_of(pool: Pool, organisation_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of organisations; those that are not registered are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(statement(_HERE, "names_of"), list(organisation_ids))
    return {row["organisation_id"]: row["name"] for row in rows}
