"""HEAD on every address that takes GET, without the body, and OPTIONS with every method of it (RFC 9110, 9.3).

A layer around the framework, which knows HEAD only where a route names it: the request goes in as a GET, and its
body stays here. Whatever GET must not do, HEAD therefore does not do either; the few that change something by GET, because
others ask for that, ask `is_head` and leave it. OPTIONS is answered from the list that
the framework gives with a refusal: its own answer knows the methods of the address's first handler alone.
"""

import asyncio
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Method, Receive, Scope, Send

_TAKEN_NOWHERE: Method = "TRACE"
_IS_HEAD = "is_head"


class Heads:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer HEAD by what GET would answer, OPTIONS by what is taken, and all else as it is."""
        if scope["type"] == ScopeType.HTTP and scope["method"] == "OPTIONS":
            scope["method"] = _TAKEN_NOWHERE
            try:
                await self._app(scope, receive, _listing(_naming_head(send)))
            finally:
                scope["method"] = "OPTIONS"
            return
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, _naming_head(send))
            return
        answer = _Answer(send)
        scope["method"] = "GET"
        scope.setdefault("state", {})[_IS_HEAD] = True
        try:
            await self._app(scope, answer.receive, _naming_head(answer.send))
        finally:
            # The log and the figures tell what was asked for.
            scope["method"] = "HEAD"


def is_head(scope: Scope) -> bool:
    """Tell whether a request that came in as a GET was a HEAD outside."""
    return bool(scope["state"].get(_IS_HEAD))


class _Answer:
    """An answer that is over with its headers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = asyncio.Event()
        self._asked = False

    async def receive(self) -> HTTPReceiveMessage:
        """Give an empty body; and once the headers are out, say that nobody listens, so that a stream ends."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._begun.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Let the headers through, and the end of the body in place of all of it."""
        if message["type"] == "http.response.start":
            await self._send(message)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            self._begun.set()


def _listing(send: Send) -> Send:
    """Make an answer of a refusal that lists what an address takes."""
    listed = False

    async def answered(message: Message) -> None:
        nonlocal listed
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.METHOD_NOT_ALLOWED:
            listed = True
            message["status"] = HTTPStatus.NO_CONTENT
            message["headers"] = [header for header in message["headers"] if header[0].lower() == b"allow"]
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not listed:
            await send(message)

    return answered


def _naming_head(send: Send) -> Send:
    """Name HEAD beside GET where an answer lists the methods of its address."""

    async def named(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, _with_head(value) if name.lower() == b"allow" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return named


def _with_head(methods: bytes) -> bytes:
    named = {method.strip() for method in methods.split(b",")}
    return b", ".join(sorted(named | {b"HEAD"} if b"GET" in named else named))
