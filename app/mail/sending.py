"""Sending what is in the outbox: at least once, with patience, and never longer than a message is worth.

Any number of workers send side by side. Each takes messages that are due under a lease and marks them under
the number of its attempt, so that a late sender marks nothing that another has taken since. A worker that dies
between sending and marking leaves the message to be sent again, with the same Message-ID.
"""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

import structlog
from msgspec import Struct

from app.mail.messages import as_email
from app.mail.outbox import Outbox, UnreadableError
from events.connections import LOST, REFUSED, Pool

EVERY_SECONDS = 1.0
SEND_SECONDS = 40.0
LEASE = timedelta(seconds=90)
ATTEMPTS_MAX = 10
AT_ONCE = 8
KEPT = timedelta(days=8)
"""How long the row of a message that was sent or given up is kept. What was sent says nothing of it any more; what was
given up stays sealed, so that it can be tried again."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=1)
_KEPT_BATCH = 1_000

_log = structlog.get_logger(__name__)


class LaterError(Exception):
    """The message could not be sent now and may be later; the text says why, and names nobody."""


class RefusedError(Exception):
    """The message will never be taken; the text says why, and names nobody."""


class Transport(Protocol):
    """A way for messages to leave."""

    async def deliver(self, message: EmailMessage) -> None:
        """Hand one message over.

        Raises:
            LaterError: not now.
            RefusedError: never.
        """
        ...


class _Taken(Struct, frozen=True, kw_only=True):
    message_id: UUID
    attempts: int
    sealed: bytes


class Sender:
    """Sends what is due in the outbox over one transport."""

    def __init__(self, pool: Pool, outbox: Outbox, transport: Transport, *, mail_from: str) -> None:
        self._pool = pool
        self._outbox = outbox
        self._transport = transport
        self._mail_from = mail_from

    async def run(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        """Send whatever is due, at once and at every interval, until cancelled."""
        while True:
            try:
                sent = await self.send_due()
            except (*LOST, *REFUSED) as error:
                _log.warning("mail_put_off", error=repr(error))
                sent = 0
            if not sent:
                await asyncio.sleep(every_seconds)

    async def send_due(self) -> int:
        """Try the messages that are due, a few at once, and tell how many were tried.

        Raises:
            OSError, asyncpg.PostgresError: the database is away; what was taken is due again when its lease ends.
        """
        rows = await self._pool.fetch(
            """
            WITH due AS (
              SELECT message_id FROM outgoing_mail WHERE sealed IS NOT NULL AND given_up_at IS NULL AND due_at <= now()
               ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
            UPDATE outgoing_mail m SET attempts = attempts + 1, due_at = now() + $2
              FROM due WHERE m.message_id = due.message_id
            RETURNING m.message_id, m.attempts, m.sealed
            """,
            AT_ONCE,
            LEASE,
        )
        # One that fails must not end the others in the middle of their conversation.
        ended = await asyncio.gather(*(self._try(_Taken(**row)) for row in rows), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        if not rows:
            await self._forget_old()
        return len(rows)

    async def _try(self, taken: _Taken) -> None:
        try:
            message = self._outbox.opened(taken.message_id, taken.sealed)
            written = as_email(message, message_id=taken.message_id, sender=self._mail_from)
            async with asyncio.timeout(SEND_SECONDS):
                await self._transport.deliver(written)
        except (RefusedError, UnreadableError, ValueError) as error:
            # What a ValueError says may repeat the address; its kind does not.
            said = str(error) if isinstance(error, (RefusedError, UnreadableError)) else type(error).__name__
            await self._give_up(taken, said)
        except LaterError as error:
            await self._put_off(taken, str(error))
        except TimeoutError:
            await self._put_off(taken, f"The mail server did not take it within {SEND_SECONDS:.0f} seconds.")
        else:
            await self._over(taken, sent=True)
            _log.info("mail_sent", message_id=str(taken.message_id), attempt=taken.attempts)

    async def _put_off(self, taken: _Taken, why: str) -> None:
        if taken.attempts >= ATTEMPTS_MAX:
            await self._give_up(taken, why)
            return
        pause = pause_after(taken.attempts)
        await self._pool.execute(
            "UPDATE outgoing_mail SET due_at = now() + $3, last_error = $4"
            " WHERE message_id = $1 AND attempts = $2 AND sealed IS NOT NULL AND given_up_at IS NULL",
            taken.message_id,
            taken.attempts,
            pause,
            why,
        )
        _log.warning(
            "mail_delayed",
            message_id=str(taken.message_id),
            attempt=taken.attempts,
            error=why,
            retry_in_seconds=pause.total_seconds(),
        )

    async def _give_up(self, taken: _Taken, why: str) -> None:
        await self._over(taken, sent=False, error=why)
        _log.error("mail_given_up", message_id=str(taken.message_id), attempts=taken.attempts, error=why)

    async def _over(self, taken: _Taken, *, sent: bool, error: str = "") -> None:
        await self._pool.execute(
            "UPDATE outgoing_mail SET sealed = CASE WHEN $3 THEN NULL ELSE sealed END, last_error = $4,"
            " sent_at = CASE WHEN $3 THEN now() END, given_up_at = CASE WHEN $3 THEN NULL ELSE now() END"
            " WHERE message_id = $1 AND attempts = $2 AND sealed IS NOT NULL AND given_up_at IS NULL",
            taken.message_id,
            taken.attempts,
            sent,
            error,
        )

    async def _forget_old(self) -> None:
        await self._pool.execute(
            "DELETE FROM outgoing_mail WHERE message_id IN (SELECT message_id FROM outgoing_mail"
            " WHERE (sealed IS NULL OR given_up_at IS NOT NULL) AND posted_at < now() - $1::interval LIMIT $2)",
            KEPT,
            _KEPT_BATCH,
        )


def pause_after(attempts: int) -> timedelta:
    """Tell how long to wait after so many attempts: 5 seconds, then three times as long each time, at most an hour."""
    return min(_FIRST_PAUSE * int(3 ** (attempts - 1)), _LONGEST_PAUSE)
