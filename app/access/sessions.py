"""Sessions: a person at a browser, known by an opaque random word in a cookie, of which only a digest is kept.

A session lasts 30 days from its last use and half a year at most. Each proof shown in it (an e-mail link, an
identity provider, a passkey) is noted with its moment, for what asks for a fresh one. Ending one session, or all
of a person's, works within a second in every process.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.access.actor import EVERY_SCOPE, Actor, Proof
from app.access.known import KnownCredentials
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

SECRET_BYTES = 32
IDLE_DAYS = 30
LONGEST_DAYS = 182
_LISTED_MAX = 100
_DEVICE_LENGTH_MAX = 200


class Session(Struct, frozen=True, kw_only=True):
    """A session as its owner sees it in a list."""

    session_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    proved_by: Proof


def digest_of(secret: str) -> bytes:
    """Give the digest under which a session is kept."""
    return hashlib.sha256(secret.encode()).digest()


async def begin(pool: Pool, *, person_id: UUID, proved_by: Proof, device: str = "") -> str:
    """Begin a session for somebody who showed who they are, and give the word for their cookie.

    `device` is what the browser says of itself.

    Raises:
        asyncpg.ForeignKeyViolationError: the person has no account.
        LogUnavailableError: the database cannot be reached.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    async with unavailable_when_lost():
        await pool.execute(
            "INSERT INTO sessions (session_id, digest, person_id, device, proved_by) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            digest_of(secret),
            person_id,
            device[:_DEVICE_LENGTH_MAX],
            proved_by,
        )
    return secret


async def prove(pool: Pool, session_id: UUID, proved_by: Proof) -> None:
    """Note that the person in a session showed just now who they are.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        await pool.execute(
            "UPDATE sessions SET proved_by = $2, proved_at = now() WHERE session_id = $1",
            session_id,
            proved_by,
        )


async def of_person(pool: Pool, person_id: UUID) -> list[Session]:
    """List a person's sessions that have not ended, the one used last first."""
    async with unavailable_when_lost():
        rows = await pool.fetch(
            "SELECT session_id, device, created_at, last_seen_at, proved_by FROM sessions"
            " WHERE person_id = $1 AND revoked_at IS NULL AND last_seen_at > now() - make_interval(days => $2)"
            " AND created_at > now() - make_interval(days => $3) ORDER BY last_seen_at DESC LIMIT $4",
            person_id,
            IDLE_DAYS,
            LONGEST_DAYS,
            _LISTED_MAX,
        )
    return [Session(**row) for row in rows]


async def revoke(pool: Pool, *, person_id: UUID, session_id: UUID | None = None) -> int:
    """End one session of a person, or all of them, and tell how many that were.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        ended = await pool.fetch(
            "UPDATE sessions SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL"
            " AND ($2::uuid IS NULL OR session_id = $2) RETURNING 1",
            person_id,
            session_id,
        )
    return len(ended)


class Sessions:
    """Tells whose session it is; answers are believed for less than a second."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known = KnownCredentials(self._read)

    async def authenticate(self, secret: str) -> Actor | None:
        """Tell who is in a session: nobody when it is unknown, was ended or lay idle too long.

        Raises:
            LogUnavailableError: the database cannot be reached, so that nobody can tell.
        """
        return await self._known.actor(digest_of(secret))

    def forget(self) -> None:
        """Have every session looked up anew: this process has changed one."""
        self._known.forget_all()

    async def _read(self, digests: list[bytes]) -> dict[bytes, Actor]:
        async with unavailable_when_lost():
            # To note each use would write with every page; once in an hour tells an idle session from a used one.
            rows = await self._pool.fetch(
                """
                WITH found AS (
                  SELECT s.session_id, s.digest, s.person_id, s.proved_by, s.proved_at, s.last_seen_at, a.role
                    FROM sessions s JOIN accounts a USING (person_id)
                   WHERE s.digest = ANY($1::bytea[]) AND s.revoked_at IS NULL
                     AND s.last_seen_at > now() - make_interval(days => $2)
                     AND s.created_at > now() - make_interval(days => $3)
                ), seen AS (
                  UPDATE sessions s SET last_seen_at = now() FROM found f
                   WHERE s.session_id = f.session_id AND f.last_seen_at < now() - interval '1 hour'
                )
                SELECT digest, session_id, person_id, proved_by, proved_at, role FROM found
                """,
                digests,
                IDLE_DAYS,
                LONGEST_DAYS,
            )
        return {
            row["digest"]: Actor(
                person_id=row["person_id"],
                scopes=EVERY_SCOPE,
                via="session",
                credential_id=row["session_id"],
                is_operator=row["role"] == "operator",
                proved_by=row["proved_by"],
                proved_at=row["proved_at"],
            )
            for row in rows
        }
