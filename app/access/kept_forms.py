"""Forms that are kept while somebody signs in: what was typed, sealed for half an hour, for the browser it came from.

The browser is known again by a word in a cookie, kept as a digest. Each form is sent on once. What it held goes when
it is sent, discarded or over; the row tells for a day what became of it. See ops/decisions/0033.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from app.access.refusals import RefusalError
from events.connections import Pool, unavailable_when_lost
from events.sealing.sealer import NotOpenedError, Sealer
from events.streams import new_id

KEPT_FOR = timedelta(minutes=30)
OF_A_BROWSER_MAX = 5
"""How many of one browser are kept; a further one takes the place of the oldest."""
TOLD_FOR = timedelta(days=1)
SECRET_BYTES = 32
_WORD_LENGTH = 43
_SECRET = frozenset(
    {"challenge", "code", "key", "otp", "passphrase", "password", "pin", "proof", "secret", "token", "word"}
)
"""What a field is called that lets somebody in, or is good once."""

_encode = msgspec.msgpack.Encoder().encode


class KeptFormUnknownError(RefusalError):
    """There is nothing kept for this browser at this address."""


class KeptFormOverError(RefusalError):
    """What you typed was kept for 30 minutes, which are over; please fill in the form again."""


class KeptFormEndedError(RefusalError):
    """This form was sent on or discarded already, so nothing is kept of it."""


class KeptForm(Struct, frozen=True, kw_only=True):
    """A form as it was sent: to which address of ours, from which page, and with what."""

    action: str
    came_from: str
    fields: tuple[tuple[str, str], ...]


_decode = msgspec.msgpack.Decoder(KeptForm).decode


def may_be_kept(fields: Sequence[tuple[str, str]]) -> bool:
    """Tell whether there is something in a form that somebody would miss, and nothing that is a secret."""
    return any(value.strip() for _, value in fields) and not any(
        "\0" in value or _SECRET & set(re.split(r"[^a-z]+", name.lower())) for name, value in fields
    )


class KeptForms:
    """Keeps forms, and gives each back once."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool = pool
        self._sealer = Sealer(secret)

    async def keep(
        self, form: KeptForm, *, browser: str | None, person_id: UUID | None
    ) -> tuple[UUID, str, datetime]:
        """Keep a form; give its identifier, the word by which its browser is known again, and until when.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        kept_id, until = new_id(), datetime.now(UTC) + KEPT_FOR
        word = browser if browser and len(browser) == _WORD_LENGTH else secrets.token_urlsafe(SECRET_BYTES)
        digest = _digest(word)
        sealed = self._sealer.sealed(_encode(form), kept_id.bytes + digest)
        async with unavailable_when_lost(), self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO kept_forms (kept_id, browser_digest, person_id, sealed, expires_at)"
                " VALUES ($1, $2, $3, $4, $5)",
                kept_id,
                digest,
                person_id,
                sealed,
                until,
            )
            await connection.execute(
                "DELETE FROM kept_forms WHERE kept_id IN (SELECT kept_id FROM kept_forms"
                " WHERE browser_digest = $1 ORDER BY expires_at DESC, kept_id DESC OFFSET $2)",
                digest,
                OF_A_BROWSER_MAX,
            )
        return kept_id, word, until

    async def look(self, kept_id: UUID, *, browser: str | None, person_id: UUID) -> tuple[KeptForm, datetime]:
        """Look at a form without ending it, and see until when it is kept.

        Raises:
            KeptFormUnknownError: it is another browser's, another person's, or nobody's.
            KeptFormOverError, KeptFormEndedError: there is nothing left of it.
            LogUnavailableError: the database cannot be reached.
        """
        digest = _digest(browser or "")
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT sealed, ended_at, expires_at FROM kept_forms"
                " WHERE kept_id = $1 AND browser_digest = $2 AND (person_id IS NULL OR person_id = $3)",
                kept_id,
                digest,
                person_id,
            )
        if row is None:
            raise KeptFormUnknownError
        return self._opened(kept_id, digest, row), row["expires_at"]

    async def end(self, kept_id: UUID, *, browser: str | None, person_id: UUID) -> KeptForm:
        """Take a form out; of those who try at once one succeeds.

        Raises:
            KeptFormUnknownError, KeptFormOverError, KeptFormEndedError: see `look`.
            LogUnavailableError: the database cannot be reached.
        """
        form, _ = await self.look(kept_id, browser=browser, person_id=person_id)
        async with unavailable_when_lost():
            ended = await self._pool.fetchval(
                "UPDATE kept_forms SET sealed = NULL, ended_at = now()"
                " WHERE kept_id = $1 AND ended_at IS NULL AND expires_at > now() RETURNING true",
                kept_id,
            )
        if not ended:
            raise KeptFormEndedError
        return form

    def _opened(self, kept_id: UUID, digest: bytes, row: asyncpg.Record) -> KeptForm:
        if row["ended_at"] is not None:
            raise KeptFormEndedError
        sealed = row["sealed"]
        if sealed is None or row["expires_at"] <= datetime.now(UTC):
            raise KeptFormOverError
        try:
            return _decode(self._sealer.opened(sealed, kept_id.bytes + digest))
        except (NotOpenedError, msgspec.MsgspecError) as error:
            # Kept by a build or an installation that knew another way: as good as over.
            raise KeptFormOverError from error


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()
