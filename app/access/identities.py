"""Identities: who somebody is at an identity provider, and which account that opens here.

An identity is an issuer and a subject together. One identity opens one account; an account may have several.
"""

from datetime import datetime
from uuid import UUID

import asyncpg
from msgspec import Struct

from app.access.refusals import RefusalError
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

_LISTED_MAX = 100


class IdentityTakenError(RefusalError):
    """This identity opens another account here; disconnect it there first."""


class Identity(Struct, frozen=True, kw_only=True):
    """An identity as the owner of the account sees it."""

    identity_id: UUID
    issuer: str
    linked_at: datetime


async def person_of(pool: Pool, issuer: str, subject: str) -> UUID | None:
    """Tell whose account an identity opens, or None.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        found: UUID | None = await pool.fetchval(
            "SELECT person_id FROM identities WHERE issuer = $1 AND subject = $2", issuer, subject
        )
    return found


async def link(pool: Pool, *, issuer: str, subject: str, person_id: UUID) -> None:
    """Have an identity open an account; doing it twice does it once.

    Raises:
        IdentityTakenError: it opens another one.
        asyncpg.ForeignKeyViolationError: the person has no account.
        LogUnavailableError: the database cannot be reached.
    """
    try:
        async with unavailable_when_lost():
            await pool.execute(
                "INSERT INTO identities (issuer, subject, identity_id, person_id) VALUES ($1, $2, $3, $4)",
                issuer,
                subject,
                new_id(),
                person_id,
            )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "identities_issuer_subject":
            raise
        if await person_of(pool, issuer, subject) != person_id:
            raise IdentityTakenError from error


async def unlink(pool: Pool, *, person_id: UUID, identity_id: UUID) -> bool:
    """Have an identity open a person's account no more; False when it did not.

    Always possible: the e-mail address stays a way in.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        ended: bool | None = await pool.fetchval(
            "DELETE FROM identities WHERE person_id = $1 AND identity_id = $2 RETURNING true",
            person_id,
            identity_id,
        )
    return bool(ended)


async def of_person(pool: Pool, person_id: UUID) -> list[Identity]:
    """List the identities that open a person's account, the oldest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            "SELECT identity_id, issuer, linked_at FROM identities WHERE person_id = $1"
            " ORDER BY linked_at, identity_id LIMIT $2",
            person_id,
            _LISTED_MAX,
        )
    return [Identity(**row) for row in rows]
