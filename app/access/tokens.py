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

from app.access.actor import Actor
from app.access.known import KnownCredentials
from app.access.scopes import SCOPES, Scope
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

PREFIX = "oi_"

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS = 256
_SECRET_LENGTH = 43
_CHECK_LENGTH = 6
_LENGTH = len(PREFIX) + _SECRET_LENGTH + _CHECK_LENGTH


class UnknownScopeError(ValueError):
    """A token was asked for with a scope that does not exist."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"There is no scope {scope!r}; choose from {', '.join(SCOPES)}.")


async def create(
    pool: Pool,
    *,
    person_id: UUID,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    label: str = "",
) -> str:
    """Make a token for a person; it is given back this once and cannot be looked up again.

    Raises:
        UnknownScopeError: a scope does not exist.
        asyncpg.ForeignKeyViolationError: the person has no account.
        LogUnavailableError: the database cannot be reached.
    """
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScopeError(scope)
    token = _new_token()
    async with unavailable_when_lost():
        await pool.execute(
            "INSERT INTO tokens (token_id, digest, person_id, scopes, label, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(),
            digest_of(token),
            person_id,
            sorted(set(scopes)),
            label,
            expires_at,
        )
    return token


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
            rows = await self._pool.fetch(
                "SELECT t.digest, t.token_id, t.person_id, t.scopes, t.expires_at, a.role FROM tokens t"
                " JOIN accounts a USING (person_id) WHERE t.digest = ANY($1::bytea[]) AND t.revoked_at IS NULL",
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
