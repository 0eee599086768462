"""Answers that are made while they are sent, so that they may be long, or without end, and take little memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import structlog
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from events.errors import OperationalError

SEND_SECONDS = 20.0
"""A client that takes nothing for so long has gone."""
# Not those the framework makes, which would announce a length.
_OF_EVENTS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
}
_log = structlog.get_logger(__name__)


class Streamed(Response[Any]):
    """Sends pieces as they are made; the frames are closed however it ends."""

    def __init__(self, frames: AsyncIterator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(None)
        self.frames = frames
        self.sent_headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ARG002  # The framework says what is given.
        """Make the response that the framework sends."""
        return _Sending(self.frames, self.sent_headers)


class EventStream(Streamed):
    """Server-sent events as they happen; a client that is cut off comes back with the position it has."""

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        super().__init__(frames, _OF_EVENTS)


class _Sending(ASGIResponse):
    def __init__(self, frames: AsyncIterator[bytes], headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__()
        self.frames, self.sent_headers = frames, headers
        self.has_begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # The framework says what is given.
        """Send until the frames end, or the client leaves or takes nothing any more.

        What fails before the first piece is answered as an error; what fails midway is never ended properly, so that half
        a file is not taken for a whole one.
        """
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            ended, _ = await asyncio.gather(sending, leaving, return_exceptions=True)
            if isinstance(ended, Exception) and not self.has_begun:
                raise ended
            if isinstance(ended, TimeoutError | OperationalError):
                _log.info("stream_broken", error=repr(ended))
            elif isinstance(ended, Exception):
                _log.error("stream_failed", exc_info=ended)

    async def _begin(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.sent_headers})
        self.has_begun = True

    async def _send(self, send: Send) -> None:
        async with aclosing(self.frames) as frames:  # type: ignore[type-var]  # It is a generator.
            async for frame in frames:
                if not self.has_begun:
                    await self._begin(send)
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
        if not self.has_begun:
            await self._begin(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
