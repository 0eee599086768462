"""Drafts of ideas: what somebody has typed and not logged yet, sealed, for their browser and, once known, for them.

A draft is state and no event: nothing of it is in the log before it is logged. Its identifier is the one that the idea
takes over, so to log a draft twice is to log one idea. See ops/decisions/0041.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost
from events.sealing.sealer import NotOpenedError, Sealer

KEPT_FOR = timedelta(days=60)
"""How long a draft is kept after it was touched last."""
OF_SOMEBODY_MAX = 20
"""How many drafts of one person, or of one browser, are kept; a further one takes the place of the one touched first."""
_SECRET_BYTES = 32
_WORD_LENGTH = 43

_encode = msgspec.msgpack.Encoder().encode


class DraftUnknownError(Exception):
    """There is no such draft for whoever asks."""


class SignInToDraftError(Exception):
    """The draft was typed in this browser by somebody who is not signed in any more."""


class TypedIdea(Struct, frozen=True, kw_only=True):
    """What was typed of an idea, as it was typed, right or wrong; the searches are what was last looked for.

    `turn` grows with whatever one page sends, so that what was sent earlier and comes later changes nothing.
    """

    title: str = ""
    problem: str = ""
    beneficiaries: str = ""
    proposal: str = ""
    amount: str = ""
    currency: str = "GBP"
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    theme_search: str | None = None
    place_search: str | None = None
    community: str = "commons"
    turn: int = 0


class Draft(Struct, frozen=True, kw_only=True):
    """A draft, when it was touched last, and until when it is kept."""

    draft_id: UUID
    typed: TypedIdea
    touched_at: datetime
    expires_at: datetime


class Whose(Struct, frozen=True, kw_only=True):
    """Who asks: the word by which a browser is known again, and the person who is signed in."""

    browser: str | None = None
    person_id: UUID | None = None

    @property
    def digest(self) -> bytes:
        """Give what is kept of the browser's word."""
        return hashlib.sha256((self.browser or "").encode("utf-8", "replace")).digest()

    def known_again(self) -> "Whose":
        """Give the same with a word for the browser, a new one where it has none."""
        if self.browser and len(self.browser) == _WORD_LENGTH:
            return self
        return Whose(browser=secrets.token_urlsafe(_SECRET_BYTES), person_id=self.person_id)


_decode = msgspec.msgpack.Decoder(TypedIdea).decode


class Drafts:
    """Keeps drafts."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool = pool
        self._sealer = Sealer(secret)

    async def change(
        self, draft_id: UUID, change: Callable[[TypedIdea], TypedIdea], whose: Whose, *, begins: bool = True
    ) -> TypedIdea:
        """Change what a draft says, or begin it; `whose` must have a browser's word.

        Somebody who was signed in when they began, and is not any more, may still add to a draft in the same browser:
        that reveals nothing of it, and a text that was typed meanwhile is not lost.

        Raises:
            DraftUnknownError: it is somebody else's, or there is none and `begins` is false.
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost(), self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                "SELECT draft_id, sealed, browser_digest, person_id, touched_at, expires_at FROM drafts"
                " WHERE draft_id = $1 FOR UPDATE",
                draft_id,
            )
            if (row is None and not begins) or (row is not None and not _may_add(row, whose)):
                raise DraftUnknownError
            before = TypedIdea() if row is None else self._opened(row)
            typed = change(before)
            if row is None or typed != before:
                await self._save(connection, draft_id, typed, whose)
        return typed

    async def _save(self, connection: Connection, draft_id: UUID, typed: TypedIdea, whose: Whose) -> None:
        saved = await connection.fetchval(
            "INSERT INTO drafts AS d (draft_id, browser_digest, person_id, sealed, expires_at)"
            " VALUES ($1, $3, $2, $4, $5) ON CONFLICT (draft_id) DO UPDATE SET"
            " browser_digest = $3, person_id = coalesce(d.person_id, $2), sealed = $4, touched_at = now(), expires_at = $5"
            " WHERE d.person_id = $2 OR (d.browser_digest = $3 AND (d.person_id IS NULL OR $2 IS NULL))"
            " RETURNING true",
            draft_id,
            whose.person_id,
            whose.digest,
            self._sealer.sealed(_encode(typed), draft_id.bytes),
            datetime.now(UTC) + KEPT_FOR,
        )
        if not saved:
            raise DraftUnknownError  # Somebody else was faster with the same identifier.
        await connection.execute(
            "DELETE FROM drafts WHERE draft_id IN (SELECT draft_id FROM drafts"
            " WHERE (person_id = $2 OR (browser_digest = $3 AND person_id IS NULL)) AND draft_id <> $1"
            " ORDER BY touched_at DESC, draft_id DESC OFFSET $4)",
            draft_id,
            whose.person_id,
            whose.digest,
            OF_SOMEBODY_MAX - 1,
        )

    async def look(self, draft_id: UUID, whose: Whose) -> Draft:
        """Look at a draft.

        Raises:
            SignInToDraftError: whoever typed it here is not signed in any more.
            DraftUnknownError: there is none, or it is somebody else's.
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT draft_id, sealed, browser_digest, person_id, touched_at, expires_at FROM drafts"
                " WHERE draft_id = $1 AND expires_at > now()",
                draft_id,
            )
        if row is None or not _may_add(row, whose):
            raise DraftUnknownError
        if row["person_id"] is not None and whose.person_id is None:
            raise SignInToDraftError
        return self._draft(row)

    async def of(self, whose: Whose) -> list[Draft]:
        """List the drafts of a person and of their browser, the one touched last first.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "SELECT draft_id, sealed, browser_digest, person_id, touched_at, expires_at FROM drafts"
                " WHERE (person_id = $1 OR (browser_digest = $2 AND person_id IS NULL)) AND expires_at > now()"
                " ORDER BY touched_at DESC, draft_id DESC LIMIT $3",
                whose.person_id,
                whose.digest,
                OF_SOMEBODY_MAX,
            )
        return [self._draft(row) for row in rows]

    async def claim(self, whose: Whose) -> None:
        """Give a person what was typed in their browser before they were known.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        if whose.person_id is None or not whose.browser:
            return
        async with unavailable_when_lost():
            await self._pool.execute(
                "UPDATE drafts SET person_id = $1 WHERE browser_digest = $2 AND person_id IS NULL",
                whose.person_id,
                whose.digest,
            )

    async def delete(self, draft_id: UUID, whose: Whose) -> bool:
        """Delete a draft, and tell whether there was one.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            deleted = await self._pool.fetchval(
                "DELETE FROM drafts WHERE draft_id = $1"
                " AND (person_id = $2 OR (browser_digest = $3 AND person_id IS NULL)) RETURNING true",
                draft_id,
                whose.person_id,
                whose.digest,
            )
        return bool(deleted)

    async def forget_person(self, person_id: UUID) -> int:
        """Delete all drafts of a person who leaves, and tell how many there were.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "DELETE FROM drafts WHERE person_id = $1 RETURNING draft_id", person_id
            )
        return len(rows)

    def _draft(self, row: asyncpg.Record) -> Draft:
        return Draft(
            draft_id=row["draft_id"],
            typed=self._opened(row),
            touched_at=row["touched_at"],
            expires_at=row["expires_at"],
        )

    def _opened(self, row: asyncpg.Record) -> TypedIdea:
        try:
            return _decode(self._sealer.opened(row["sealed"], row["draft_id"].bytes))
        except (NotOpenedError, msgspec.MsgspecError):
            # Sealed by an installation with another secret: nothing can be read of it any more.
            return TypedIdea()


def _may_add(row: asyncpg.Record, whose: Whose) -> bool:
    """Tell whether somebody may add to a draft: it is theirs, or was typed in this browser by nobody else who is known."""
    if whose.person_id is not None and row["person_id"] == whose.person_id:
        return True
    is_here = bool(whose.browser) and row["browser_digest"] == whose.digest
    return is_here and (row["person_id"] is None or whose.person_id is None)
