"""Bearer tokens: made once, shown once, kept as a digest, and known again quickly.

A token is `oi_`, 43 letters and digits that carry 256 random bits, and six that check them, so that a
mistyped or shortened one is recognised without a look into the database, and a scanner can find
leaked ones. Randomness of that size needs no slow hash: the digest is SHA-256.
"""

import hashlib
import secrets
import zlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.access.actor import Actor
from app.access.known import KnownCredentials
from app.access.scopes import SCOPES, Scope
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

PREFIX = "oi_"
TOKENS_MAX = 100
"""How many tokens in force one person may have."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS = 256
_SECRET_LENGTH = 43
_CHECK_LENGTH = 6
_LENGTH = len(PREFIX) + _SECRET_LENGTH + _CHECK_LENGTH


class UnknownScopeError(ValueError):
    """A token was asked for with a scope that does not exist."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"There is no scope {scope!r}; choose from {', '.join(SCOPES)}.")


class Issued(Struct, frozen=True, kw_only=True):
    """A token as it is shown this once."""

    token_id: UUID
    token: str
    scopes: list[Scope]


class OwnToken(Struct, frozen=True, kw_only=True):
    """A token as its owner sees it in a list; `last_used_at` is right to the minute."""

    token_id: UUID
    label: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


async def create(
    pool: Pool,
    *,
    person_id: UUID,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    label: str = "",
) -> str:
    """Make a token for a person, as `issue` does, and give it alone."""
    issued = await issue(pool, person_id=person_id, scopes=scopes, expires_at=expires_at, label=label)
    return issued.token


async def issue(
    pool: Pool,
    *,
    person_id: UUID,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    label: str = "",
) -> Issued:
    """Make a token for a person; it is given back this once and cannot be looked up again.

    Raises:
        UnknownScopeError: a scope does not exist.
        asyncpg.ForeignKeyViolationError: the person has no account.
        LogUnavailableError: the database cannot be reached.
    """
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScopeError(scope)
    token, token_id, granted = _new_token(), new_id(), sorted(set(scopes))
    async with unavailable_when_lost():
        await pool.execute(
            "INSERT INTO tokens (token_id, digest, person_id, scopes, label, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
            token_id,
            digest_of(token),
            person_id,
            granted,
            label,
            expires_at,
        )
    return Issued(token_id=token_id, token=token, scopes=granted)


async def of_person(pool: Pool, person_id: UUID) -> list[OwnToken]:
    """List a person's tokens in force, the newest first.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            "SELECT token_id, label, scopes, created_at, expires_at, last_used_at FROM tokens"
            " WHERE person_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"
            " ORDER BY created_at DESC, token_id LIMIT $2",
            person_id,
            TOKENS_MAX,
        )
    return [OwnToken(**row) for row in rows]


async def revoke_of(pool: Pool, *, person_id: UUID, token_id: UUID) -> bool:
    """End a token of a person at once; False when they have no such token in force.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        ended: bool | None = await pool.fetchval(
            "UPDATE tokens SET revoked_at = now() WHERE person_id = $1 AND token_id = $2 AND revoked_at IS NULL"
            " RETURNING true",
            person_id,
            token_id,
        )
    return bool(ended)


async def revoke(pool: Pool, token: str) -> bool:
    """End a token at once; False when there is no such token or it was ended before.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        ended: bool | None = await pool.fetchval(
            "UPDATE tokens SET revoked_at = now() WHERE digest = $1 AND revoked_at IS NULL RETURNING true",
            digest_of(token),
        )
    return bool(ended)


def digest_of(token: str) -> bytes:
    """Give the digest under which a token is kept."""
    return hashlib.sha256(token.encode()).digest()


def is_well_formed(token: str) -> bool:
    """Tell whether a word has the form of a token and its check digits fit."""
    if len(token) != _LENGTH or not token.startswith(PREFIX):
        return False
    secret = token[len(PREFIX) : -_CHECK_LENGTH]
    return token[-_CHECK_LENGTH:] == _check_of(secret)


class Tokens:
    """Tells whose token it is; answers are believed for less than a second."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known = KnownCredentials(self._read)

    async def authenticate(self, token: str) -> Actor | None:
        """Tell who a token acts for: nobody when it is unknown, revoked or has expired.

        Raises:
            LogUnavailableError: the database cannot be reached, so that nobody can tell.
        """
        digest = digest_of(token)
        if self._known.remembered(digest) or is_well_formed(token):
            return await self._known.actor(digest)
        return None

    def forget(self) -> None:
        """Have every token looked up anew: this process has ended one."""
        self._known.forget_all()

    async def _read(self, digests: list[bytes]) -> dict[bytes, Actor]:
        async with unavailable_when_lost():
            # To note each use would write with every request; once a minute tells what is used from what is not.
            rows = await self._pool.fetch(
                """
                WITH found AS (
                  SELECT t.digest, t.token_id, t.person_id, t.scopes, t.expires_at, a.role
                    FROM tokens t JOIN accounts a USING (person_id)
                   WHERE t.digest = ANY($1::bytea[]) AND t.revoked_at IS NULL
                ), used AS (
                  UPDATE tokens t SET last_used_at = now() FROM found f
                   WHERE t.token_id = f.token_id AND (f.expires_at IS NULL OR f.expires_at > now())
                     AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')
                )
                SELECT digest, token_id, person_id, scopes, expires_at, role FROM found
                """,
                digests,
            )
        return {
            row["digest"]: Actor(
                person_id=row["person_id"],
                scopes=frozenset(row["scopes"]),
                via="token",
                credential_id=row["token_id"],
                is_operator=row["role"] == "operator",
                expires_at=row["expires_at"],
            )
            for row in rows
        }


def _new_token() -> str:
    secret = _in_digits(secrets.randbits(_SECRET_BITS), _SECRET_LENGTH)
    return f"{PREFIX}{secret}{_check_of(secret)}"


def _check_of(secret: str) -> str:
    return _in_digits(zlib.crc32(secret.encode()), _CHECK_LENGTH)


def _in_digits(number: int, length: int) -> str:
    """Write a number in base 62, with zeros in front."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
