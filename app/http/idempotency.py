"""Sending the same request twice: the same `Idempotency-Key` gets the same answer, and nothing new happens.

The key belongs to the person who sends it. The request's method, path and body are its fingerprint: the
same key with another request is a mistake that is refused. The answer is kept in the log's own
transaction, so there is no moment in which one is there without the other.
"""

import hashlib
import re
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from litestar import Request
from msgspec import Struct
from msgspec.structs import replace

from app.command_handling import Handled
from app.http.envelope import read_body
from app.http.problems import MalformedError
from app.http.resources import actor_of, resources_of
from events.envelope import IdempotencyKey
from events.streams import derived_id

HEADER = "Idempotency-Key"
_HEADER_BYTES = HEADER.lower().encode()
_VISIBLE = re.compile(rb"[!-~]{1,255}")

_encode = msgspec.json.Encoder().encode


class Written(Struct, frozen=True, kw_only=True):
    """What every write answers: the position at which it can be read."""

    position: int


A = TypeVar("A", bound=Written)


class Attempt(Struct, Generic[A], frozen=True):
    """One attempt at a write, under the caller's key if there is one."""

    kind: type[A]
    request: Request[Any, Any, Any]
    key: UUID | None
    fingerprint: bytes

    async def earlier(self) -> A | None:
        """Give the answer of an earlier attempt with this key.

        Raises:
            KeyReusedError: the key stands for another request.
            LogUnavailableError: the log cannot be reached.
        """
        if self.key is None:
            return None
        kept = await resources_of(self.request).handler.repeated(self._keep(""))
        return None if kept is None else self._again(kept.answer, kept.position)

    def keeping(self, answer: A) -> IdempotencyKey | None:
        """Give the key to append under, with the answer for repetitions; its position is filled in then."""
        return None if self.key is None else self._keep(_encode(answer).decode())

    def answered(self, answer: A, handled: Handled[Any]) -> A:
        """Give the answer to send: this one, or the one of an attempt that was faster."""
        if handled.repeated is not None:
            return self._again(handled.repeated, handled.position)
        return replace(answer, position=handled.position)

    def _again(self, kept: str, position: int) -> A:
        return replace(msgspec.json.decode(kept, type=self.kind), position=position)

    def _keep(self, answer: str) -> IdempotencyKey:
        assert self.key is not None  # noqa: S101  # Asked by the callers.
        return IdempotencyKey(key=self.key, fingerprint=self.fingerprint, answer=answer)


async def attempt(request: Request[Any, Any, Any], kind: type[A]) -> Attempt[A]:
    """Read a request's key; `kind` is what the write answers.

    Raises:
        MalformedError: the key is not 1 to 255 visible ASCII characters.
    """
    sent = [value for name, value in request.scope["headers"] if name == _HEADER_BYTES]
    if not sent:
        return Attempt(kind, request, None, b"")
    if len(sent) > 1 or not _VISIBLE.fullmatch(sent[0]):
        raise MalformedError.of(HEADER, "Send one key of 1 to 255 visible ASCII characters.")
    key = derived_id("idempotency", str(actor_of(request).person_id), sent[0].decode())
    fingerprint = hashlib.sha256(
        b"\n".join((request.method.encode(), request.scope["path"].encode(), await read_body(request)))
    )
    return Attempt(kind, request, key, fingerprint.digest())
