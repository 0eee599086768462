"""HEAD on every address that takes GET: the same status and headers, without the body (RFC 9110, 9.3.2).

A layer around the framework, which knows HEAD only where a route names it: the request goes in as a GET, and its
body stays here. Whatever GET must not do, HEAD therefore does not do either.
"""

import asyncio

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send


class Heads:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer HEAD by what GET would answer, and all else as it is."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, _naming_head(send))
            return
        answer = _Answer(send)
        scope["method"] = "GET"
        try:
            await self._app(scope, answer.receive, _naming_head(answer.send))
        finally:
            # The log and the figures tell what was asked for.
            scope["method"] = "HEAD"


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
