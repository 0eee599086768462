"""Credentials known in memory: looked up together, believed for less than a second.

Credentials that are asked for while a look-up is under way share the next one, so that a thousand
different ones a second cost a few dozen small queries. Nothing is believed for longer than promised, so
one that was ended stops working everywhere within that time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from msgspec import Struct

from app.access.actor import Actor

KNOWN_SECONDS = 0.9
"""How long an answer about a credential is believed; so long may an ended one still work."""
KNOWN_MAX = 10_000
_BATCH_MAX = 500

ReadActors: TypeAlias = Callable[[list[bytes]], Awaitable[Mapping[bytes, Actor]]]
"""Finds the actors behind digests in the database; whoever is unknown or ended is left out."""


class _Known(Struct, frozen=True):
    actor: Actor | None
    until: float


class KnownCredentials:
    """Tells whose credential it is, by its digest."""

    def __init__(self, read: ReadActors) -> None:
        self._read = read
        self._known: dict[bytes, _Known] = {}
        self._wanted: dict[bytes, asyncio.Future[Actor | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    def forget(self, digest: bytes) -> None:
        """Have a credential looked up anew the next time: this process itself has changed it."""
        self._known.pop(digest, None)

    def forget_all(self) -> None:
        """Have all credentials looked up anew."""
        self._known.clear()

    def remembered(self, digest: bytes) -> bool:
        """Tell whether there is an answer that is still believed."""
        known = self._known.get(digest)
        return known is not None and known.until > asyncio.get_running_loop().time()

    async def actor(self, digest: bytes) -> Actor | None:
        """Tell who acts with a credential: nobody when it is unknown, ended or has expired.

        Raises:
            LogUnavailableError: the database cannot be reached, so that nobody can tell.
        """
        known = self._known.get(digest)
        if known is not None and known.until > asyncio.get_running_loop().time():
            actor = known.actor
        else:
            actor = await self._look_up(digest)
        if actor is not None and actor.expires_at is not None and actor.expires_at <= datetime.now(UTC):
            return None
        return actor

    async def _look_up(self, digest: bytes) -> Actor | None:
        answer = self._wanted.get(digest)
        if answer is None:
            answer = self._wanted[digest] = asyncio.get_running_loop().create_future()
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask())
        # Several requests may wait for one answer; the end of one of them must not take it from the others.
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self._wanted:
            batch = dict(list(self._wanted.items())[:_BATCH_MAX])
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
                actor = found.get(digest)
                self._keep(digest, _Known(actor, until))
                if not answer.done():
                    answer.set_result(actor)

    def _keep(self, digest: bytes, known: _Known) -> None:
        self._known.pop(digest, None)
        while len(self._known) >= KNOWN_MAX:
            del self._known[next(iter(self._known))]
        self._known[digest] = known


def _fail(answers: "Collection[asyncio.Future[Actor | None]]", error: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # Looked at here, in case that nobody waits any more.
