"""Asking an identity provider over the network, within limits.

The provider is somebody else's machine. It is asked over https alone (plainly only on this very machine), through
no proxy that the environment names, without following it elsewhere, and its answers are read up to a size.
"""

import ssl
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx

ANSWER_BYTES_MAX = 64 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

MayAsk: TypeAlias = Callable[[str], bool]


class RefusedAnswerError(httpx.TransportError):
    """The address or its answer is not one that is taken."""


def is_on_loopback(url: str) -> bool:
    """Tell whether an address is on this very machine."""
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


def may_ask(issuer: str) -> MayAsk:
    """Give the rule for addresses a provider may name: https, or this machine where the provider is on it."""
    here = is_on_loopback(issuer)

    def allows(url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if not parts.hostname or parts.username is not None:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and here and is_on_loopback(url))

    return allows


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests where they may go, and reads answers up to a size."""

    def __init__(self, allows: MayAsk, verify: ssl.SSLContext) -> None:
        self._allows = allows
        self._inner = httpx.AsyncHTTPTransport(verify=verify, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its answer whole.

        Raises:
            RefusedAnswerError: it may not be sent there, or its answer is too large, packed or a redirect.
            httpx.TransportError: the other side is away.
        """
        if not self._allows(str(request.url)):
            raise RefusedAnswerError("The address may not be asked.")
        # A packed answer of a few bytes can unfold to any size.
        request.headers["accept-encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        try:
            if answer.has_redirect_location:
                raise RefusedAnswerError("The answer sends us elsewhere.")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise RefusedAnswerError("The answer is packed.")
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > ANSWER_BYTES_MAX:
                    raise RefusedAnswerError(f"The answer is larger than {ANSWER_BYTES_MAX} bytes.")
        finally:
            await answer.aclose()
        return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(body))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
