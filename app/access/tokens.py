"""Bearer tokens: made once, shown once, kept as a digest, and known again quickly.

A token is `oi_`, 43 letters and digits that carry 256 random bits, and six that check them, so that a
mistyped or shortened one is recognised without a look into the database, and a scanner can find
leaked ones. Randomness of that size needs no slow hash: the digest is SHA-256.
"""

import asyncio
import hashlib
import secrets
import zlib
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from app.access.scopes import SCOPES, Scope
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

PREFIX = "oi_"
KNOWN_SECONDS = 0.9
"""How long an answer about a token is believed; so long may a revoked one still work."""
KNOWN_TOKENS_MAX = 10_000
_BATCH_TOKENS_MAX = 500

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS = 256
_SECRET_LENGTH = 43
_CHECK_LENGTH = 6
_LENGTH = len(PREFIX) + _SECRET_LENGTH + _CHECK_LENGTH


class UnknownScopeError(ValueError):
    """A token was asked for with a scope that does not exist."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"There is no scope {scope!r}; choose from {', '.join(SCOPES)}.")


class Bearer(Struct, frozen=True, kw_only=True):
    """Who a token acts for, and what it is good for."""

    person_id: UUID
    scopes: frozenset[str]
    expires_at: datetime | None = None


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


class _Known(Struct, frozen=True):
    bearer: Bearer | None
    until: float


class Tokens:
    """Tells whose token it is; answers are believed for less than a second.

    Tokens that are asked for while a look-up is under way share the next one, so that a thousand
    different ones a second cost a few dozen small queries.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[bytes, _Known] = {}
        self._wanted: dict[bytes, asyncio.Future[Bearer | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def authenticate(self, token: str) -> Bearer | None:
        """Tell who a token acts for: nobody when it is unknown, revoked or has expired.

        Raises:
            LogUnavailableError: the database cannot be reached, so that nobody can tell.
        """
        digest = digest_of(token)
        known = self._known.get(digest)
        if known is not None and known.until > asyncio.get_running_loop().time():
            bearer = known.bearer
        elif is_well_formed(token):
            bearer = await self._look_up(digest)
        else:
            return None
        if bearer is not None and bearer.expires_at is not None and bearer.expires_at <= datetime.now(UTC):
            return None
        return bearer

    async def _look_up(self, digest: bytes) -> Bearer | None:
        answer = self._wanted.get(digest)
        if answer is None:
            answer = self._wanted[digest] = asyncio.get_running_loop().create_future()
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask())
        # Several requests may wait for one answer; the end of one of them must not take it from the others.
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self._wanted:
            batch = dict(list(self._wanted.items())[:_BATCH_TOKENS_MAX])
            for digest in batch:
                del self._wanted[digest]
            # Counted from before the question, so that no answer is believed longer than promised.
            until = asyncio.get_running_loop().time() + KNOWN_SECONDS
            try:
                found = await self._read(list(batch))
            except Exception as error:  # noqa: BLE001  # Whoever asked is told, and this loop goes on.
                _fail(batch.values(), error)
                continue
            for digest, answer in batch.items():
                bearer = found.get(digest)
                self._keep(digest, _Known(bearer, until))
                if not answer.done():
                    answer.set_result(bearer)

    async def _read(self, digests: list[bytes]) -> dict[bytes, Bearer]:
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "SELECT digest, person_id, scopes, expires_at FROM tokens"
                " WHERE digest = ANY($1::bytea[]) AND revoked_at IS NULL",
                digests,
            )
        return {
            digest: Bearer(person_id=person_id, scopes=frozenset(scopes), expires_at=expires_at)
            for digest, person_id, scopes, expires_at in rows
        }

    def _keep(self, digest: bytes, known: _Known) -> None:
        self._known.pop(digest, None)
        while len(self._known) >= KNOWN_TOKENS_MAX:
            del self._known[next(iter(self._known))]
        self._known[digest] = known


def _fail(answers: "Collection[asyncio.Future[Bearer | None]]", error: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # Looked at here, in case that nobody waits any more.


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
