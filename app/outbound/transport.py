"""The way out for libraries that bring an HTTP client of their own, which hand their requests over here."""

import httpx

from app.outbound.client import OURS, Outbound
from app.outbound.messages import OutboundError, Request

HTTP_ERRORS = (httpx.HTTPError, httpx.InvalidURL)
"""What a library's own client raises."""


class RefusedAnswerError(httpx.TransportError):
    """The other side gave no answer, or one that is not taken: a redirect, a packed one, one too large."""


class OutboundTransport(httpx.AsyncBaseTransport):
    """Sends a library's requests, and gives it answers that are whole."""

    def __init__(self, outbound: Outbound, *, deadline: float, answer_bytes: int) -> None:
        self._outbound = outbound
        self._deadline = deadline
        self._answer_bytes = answer_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give its answer.

        Raises:
            RefusedAnswerError: nothing came back, or nothing that is taken.
        """
        sent = Request(
            url=str(request.url),
            method=request.method,
            headers={name: value for name, value in request.headers.items() if name not in OURS},
            body=await request.aread(),
        )
        try:
            answer = await self._outbound.send(sent, deadline=self._deadline, answer_bytes=self._answer_bytes)
        except OutboundError as error:
            raise RefusedAnswerError(str(error)) from error
        if not answer.is_whole:
            raise RefusedAnswerError("The answer is packed, or too large.")
        given = httpx.Response(answer.status, headers=answer.headers, content=answer.body)
        if given.has_redirect_location:
            raise RefusedAnswerError("The answer sends us elsewhere.")
        return given
