"""Signing in by a link: a link and a code by mail, which work once, for ten minutes, in the browser that asked.

Whoever asks gets the same answer after the same work, whether the address has an account or not: nobody looks.
Link, code and browser are kept as digests. To look at a link uses nothing up, because programs that check mail
open every link in it.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from app.access.refusals import RefusalError
from app.mail.messages import render
from app.mail.outbox import Outbox
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id

SECRET_BYTES = 32
CODE_DIGITS = 8
VALID_FOR = timedelta(minutes=10)
NAMING_FOR = timedelta(minutes=30)
"""How long somebody new, who has shown their address, may take to say their name."""
TRIES_MAX = 5
_KEPT = timedelta(days=1)
_KEPT_BATCH = 100


class LinkOverError(RefusalError):
    """This link does not work any more: it was used, is older than ten minutes, or a newer one was sent; ask for a new one."""


class OtherBrowserError(RefusalError):
    """This link works only in the browser in which it was asked for; type the code from the mail there."""


class WrongCodeError(RefusalError):
    """This is not the code from the newest mail; look at its eight digits and type them again."""


class TooManyCodesError(RefusalError):
    """That was not the code five times, so it does not count any more; ask for a new one."""


class Asked(Struct, frozen=True, kw_only=True):
    """What was asked for in this browser, and still counts."""

    request_id: UUID
    email: str
    next: str
    tries: int
    proved: bool


class Links:
    """Gives out links and codes, and takes them back."""

    def __init__(self, pool: Pool, outbox: Outbox, secret: bytes, *, public_url: str) -> None:
        self._pool = pool
        self._outbox = outbox
        self._secret = secret
        self._public_url = public_url.rstrip("/")

    async def ask(self, email: str, *, next_path: str) -> str:
        """Send a link and a code to a checked address, and give the word by which this browser is known again.

        Earlier links and codes for the address end.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        request_id, token, browser = new_id(), _word(), _word()
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        expires_at = datetime.now(UTC) + VALID_FOR
        message = render(
            "sign_in_link",
            to=email,
            link=f"{self._public_url}/sign-in/link?token={token}",
            code=f"{code[:4]} {code[4:]}",
            expires_at=expires_at,
        )
        async with unavailable_when_lost(), self._pool.acquire() as connection, connection.transaction():
            # One after the other for an address, so that one of them is the newest.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(lower($1), 6))", email)
            await connection.execute(
                "UPDATE sign_in_requests SET ended_at = now() WHERE lower(email) = lower($1) AND ended_at IS NULL",
                email,
            )
            await connection.execute(
                "INSERT INTO sign_in_requests"
                " (request_id, email, token_digest, code_digest, browser_digest, next, expires_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                request_id,
                email,
                _digest(token),
                self._code_digest(request_id, code),
                _digest(browser),
                next_path,
                expires_at,
            )
            await self._outbox.post(connection, message)
            await connection.execute(
                "DELETE FROM sign_in_requests WHERE request_id IN (SELECT request_id FROM sign_in_requests"
                " WHERE asked_at < now() - $1::interval ORDER BY asked_at LIMIT $2)",
                _KEPT,
                _KEPT_BATCH,
            )
        return browser

    async def asked_in(self, browser: str | None) -> Asked | None:
        """Tell what was asked for in a browser, as long as it counts."""
        if not browser:
            return None
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT request_id, email, next, tries, proved_at IS NOT NULL AS proved FROM sign_in_requests"
                " WHERE browser_digest = $1 AND ended_at IS NULL"
                " AND coalesce(proved_at + $2::interval, expires_at) > now()",
                _digest(browser),
                NAMING_FOR,
            )
        return None if row is None else Asked(**row)

    async def look(self, token: str, browser: str | None) -> Asked:
        """Look at a link without using it up.

        Raises:
            LinkOverError: it does not count any more, or never did.
            OtherBrowserError: it was asked for in another browser.
        """
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT request_id, email, next, tries, false AS proved, browser_digest FROM sign_in_requests"
                " WHERE token_digest = $1 AND proved_at IS NULL AND ended_at IS NULL AND expires_at > now()",
                _digest(token),
            )
        if row is None:
            raise LinkOverError
        found = dict(row)
        if not hmac.compare_digest(found.pop("browser_digest"), _digest(browser or "")):
            raise OtherBrowserError
        return Asked(**found)

    async def use_link(self, token: str, browser: str | None) -> Asked:
        """Use a link up; of those who try at once one succeeds.

        Raises:
            LinkOverError, OtherBrowserError: see `look`.
        """
        return await self._prove(await self.look(token, browser))

    async def use_code(self, code: str, browser: str | None) -> Asked:
        """Use a code up, which somebody typed in the browser in which it was asked for.

        Raises:
            LinkOverError: nothing was asked for in this browser that counts still.
            WrongCodeError, TooManyCodesError: this is not the code, or the last try for it.
        """
        async with unavailable_when_lost():
            # Counted before it is compared, so that many at once are counted as well.
            row = await self._pool.fetchrow(
                "UPDATE sign_in_requests SET tries = tries + 1 WHERE browser_digest = $1 AND proved_at IS NULL"
                " AND ended_at IS NULL AND expires_at > now() AND tries < $2"
                " RETURNING request_id, email, next, tries, false AS proved, code_digest",
                _digest(browser or ""),
                TRIES_MAX,
            )
        if row is None:
            asked = await self.asked_in(browser)
            raise TooManyCodesError if asked is not None and asked.tries >= TRIES_MAX else LinkOverError
        found = dict(row)
        typed = "".join(code.split())
        if hmac.compare_digest(found.pop("code_digest"), self._code_digest(found["request_id"], typed)):
            return await self._prove(Asked(**found))
        raise WrongCodeError if found["tries"] < TRIES_MAX else TooManyCodesError

    async def end(self, asked: Asked) -> None:
        """End a request: somebody signed in with it."""
        async with unavailable_when_lost():
            await self._pool.execute(
                "UPDATE sign_in_requests SET ended_at = now() WHERE request_id = $1 AND ended_at IS NULL",
                asked.request_id,
            )

    async def _prove(self, asked: Asked) -> Asked:
        async with unavailable_when_lost():
            proved = await self._pool.fetchval(
                "UPDATE sign_in_requests SET proved_at = now() WHERE request_id = $1 AND proved_at IS NULL"
                " AND ended_at IS NULL RETURNING true",
                asked.request_id,
            )
        if not proved:
            raise LinkOverError
        return asked

    def _code_digest(self, request_id: UUID, code: str) -> bytes:
        # Eight digits can be tried out against a plain digest; not against one under a key.
        said = b"sign-in code|" + request_id.bytes + code.encode("utf-8", "replace")
        return hmac.digest(self._secret, said, hashlib.sha256)


def _word() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()
