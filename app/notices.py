"""What concerns a person: their own notices and those of the organisations they act for, how far they have read
them, whether they want a letter about what is important, and in which language they are written to.

How far somebody has read is no fact of the log but a convenience of theirs, kept in a table of its own.
"""

from uuid import UUID

import asyncpg
from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost
from projections.language import ENGLISH, Language, language_called
from projections.notices.queries import NoticeRows, notices, unread
from projections.organisations.queries import of_person


class Mark(Struct, frozen=True, kw_only=True):
    """How far somebody has read, and whether they want letters; by default nothing, and yes.

    `language` is the tag of the one that they are written to in, where it is known.
    """

    read_up_to: int = 0
    by_mail: bool = True
    language: str | None = None


async def notices_of(pool: Pool, person_id: UUID, *, limit: int, cursor: str | None = None) -> NoticeRows:
    """List what concerns a person and the organisations they act for now, the last first.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    recipients, administered = await _recipients_of(pool, person_id)
    return await notices(pool, recipients, limit=limit, cursor=cursor, administered=administered)


async def mark_of(pool: Pool, person_id: UUID) -> Mark:
    """Tell how far somebody has read.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(
            "SELECT read_up_to, by_mail, language FROM notice_marks WHERE person_id = $1", person_id
        )
    return Mark() if row is None else Mark(**row)


async def mark_read(pool: Pool, person_id: UUID, position: int) -> Mark:
    """Note that somebody has read everything up to a position; a mark never moves back.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(
            """
            INSERT INTO notice_marks AS m (person_id, read_up_to) VALUES ($1, $2)
            ON CONFLICT (person_id) DO UPDATE SET read_up_to = greatest(m.read_up_to, excluded.read_up_to)
            RETURNING read_up_to, by_mail, language
            """,
            person_id,
            position,
        )
    assert row is not None  # noqa: S101  # What is inserted or updated is returned.
    return Mark(**row)


async def want_letters(pool: Pool, person_id: UUID, *, wanted: bool) -> None:
    """Note whether somebody wants a letter about what is important.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        await pool.execute(
            """
            INSERT INTO notice_marks (person_id, by_mail) VALUES ($1, $2)
            ON CONFLICT (person_id) DO UPDATE SET by_mail = excluded.by_mail
            """,
            person_id,
            wanted,
        )


async def keep_language(pool: Pool, person_id: UUID, chosen: Language, *, unless_known: bool = False) -> None:
    """Note in which language somebody is written to; with `unless_known`, where nothing is noted yet.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        await pool.execute(
            """
            INSERT INTO notice_marks AS m (person_id, language) VALUES ($1, $2)
            ON CONFLICT (person_id) DO UPDATE SET language = excluded.language
             WHERE m.language IS NULL OR NOT $3 AND m.language <> excluded.language
            """,
            person_id,
            chosen.tag,
            unless_known,
        )


async def language_of(connection: Connection | Pool, person_id: UUID) -> Language:
    """Tell in which language somebody is written to.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        tag = await connection.fetchval("SELECT language FROM notice_marks WHERE person_id = $1", person_id)
    return language_called(tag) or ENGLISH


async def unread_of(pool: Pool, person_id: UUID) -> int:
    """Count what a person has not read yet, up to 100; nothing while the read models are being made.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    try:
        mark = await mark_of(pool, person_id)
        recipients, administered = await _recipients_of(pool, person_id)
        return await unread(pool, recipients, mark.read_up_to, administered=administered)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return 0


async def _recipients_of(pool: Pool, person_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Name the person and the organisations they act for now, and which of them are theirs to administer.

    A role that was taken away takes its notices along.
    """
    organisations = await of_person(pool, person_id)
    administered = [one.organisation_id for one in organisations if "admin" in one.roles]
    return [person_id, *(one.organisation_id for one in organisations)], [person_id, *administered]
