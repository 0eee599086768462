"""A client for machines that may be slow, broken or hostile, and for addresses that strangers wrote.

It connects to an address that was looked at, never to a name; it follows nobody elsewhere, asks no proxy, unfolds
nothing, reads little, and ends in time. Connections are kept alive for as long as most servers keep them.

Every origin (scheme, host and port) has a pool of its own: the pool of the library below looks at each of its
connections for each request, which with a hundred origins in one costs ten times as much as a pool for each, and a
receiver that holds its connections holds nobody else's.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeAlias

import httpcore
import httpx
from ssrfguard import Policy, Resolver, SSRFGuardError
from ssrfguard.httpx import AsyncSafeTransport

from app.outbound.looking_up import TimelyLookUp, due
from app.outbound.messages import (
    Answer,
    ForbiddenAddressError,
    NotReachedError,
    NotTrustedError,
    OutboundError,
    Request,
    TooSlowError,
    UnreadableAnswerError,
    UnsendableRequestError,
)
from app.outbound.rules import Rules, is_this_machine, on_this_machine, public

DEADLINE_SECONDS = 20.0
"""How long a request may take, whole: waiting for its turn, looking up, connecting, sending and reading."""
CONNECT_SECONDS = 5.0
"""How long one attempt to connect may take, and after it the handshake."""
ANSWER_BYTES_MAX = 16 * 1024
AT_ONCE_MAX = 256
AT_ONCE_PER_ORIGIN_MAX = 16

_ORIGINS_KEPT_MAX = 128
_KEPT_SECONDS = 4.0  # Less than the five seconds after which many servers hang up.
_HEADERS_MAX, _HEADER_LENGTH_MAX = 50, 1024
_TARGETS_KEPT = 1024
OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"}
)
_AGENT = "Open-Impact"


_Key: TypeAlias = tuple[str, str, int | None]


class _Origin:
    """One origin's pool, and how many requests are under way with it."""

    def __init__(self, transport: AsyncSafeTransport) -> None:
        self.transport = transport
        self.places = asyncio.Semaphore(AT_ONCE_PER_ORIGIN_MAX)
        self.busy = 0
        self.left_at = 0.0


class Outbound:
    """Sends requests to machines elsewhere."""

    def __init__(
        self,
        rules: Rules,
        *,
        verify: ssl.SSLContext | None = None,
        look_up: Resolver | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        self._public = public(rules)
        self._here = on_this_machine() if rules.loopback else None
        self._verify = verify
        self._look_up = TimelyLookUp() if look_up is None else TimelyLookUp(look_up)
        self._deadline = deadline
        self._places = asyncio.Semaphore(AT_ONCE_MAX)
        self._origins: dict[_Key, _Origin] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._target = lru_cache(_TARGETS_KEPT)(self._checked)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Outbound"]:
        """Close every connection at the end."""
        try:
            yield self
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        for key in list(self._origins):
            self._close(key)
        await asyncio.gather(*self._closing)

    def check(self, url: str) -> None:
        """Check what can be seen of an address without asking anybody: how it is written, where it leads if a number.

        Raises:
            ForbiddenAddressError: nothing may be sent there.
        """
        self._target(url)

    async def send(
        self, request: Request, *, deadline: float | None = None, answer_bytes: int = ANSWER_BYTES_MAX
    ) -> Answer:
        """Send a request, and give what comes back within the deadline, in seconds; a redirect is an answer.

        Raises:
            ForbiddenAddressError: nothing may be sent there.
            UnsendableRequestError: a header is none.
            NotReachedError, NotTrustedError, TooSlowError, UnreadableAnswerError: nothing came back.
        """
        url, policy = self._target(request.url)
        if not OURS.isdisjoint(request.headers):
            raise UnsendableRequestError
        began = time.monotonic()
        seconds = self._deadline if deadline is None else deadline
        token = due.set(began + seconds)
        opening = _Opening()
        key = url.scheme, url.host, url.port
        origin = self._origins.pop(key, None)
        if origin is None:
            origin = self._new_origin(policy)
        # Whoever was used last stands last, so that the first is the one to close.
        self._origins[key] = origin
        origin.busy += 1
        try:
            async with asyncio.timeout(seconds), origin.places, self._places:
                status, headers, body, is_whole = await _exchange(
                    origin.transport, _built(request, url, opening), answer_bytes
                )
        except BaseException as error:
            await opening.abandon()
            if (known := _known(error)) is not None:
                raise known from error
            raise
        finally:
            due.reset(token)
            origin.busy -= 1
            origin.left_at = time.monotonic()
        return Answer(
            status=status, headers=headers, body=body, is_whole=is_whole, seconds=origin.left_at - began
        )

    def _checked(self, url: str) -> tuple[httpx.URL, Policy]:
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise ForbiddenAddressError from error
        policy = self._public
        if self._here is not None and is_this_machine(parsed.host):
            policy = self._here
        try:
            # As it was written and as it is understood: two readers must not see two addresses in it.
            policy.check_url(url)
            policy.check_url(str(parsed))
        except SSRFGuardError as error:
            raise ForbiddenAddressError from error
        return parsed, policy

    def _new_origin(self, policy: Policy) -> _Origin:
        if self._verify is None:
            self._verify = ssl.create_default_context()
        if len(self._origins) >= _ORIGINS_KEPT_MAX:
            self._close(next((key for key, origin in self._origins.items() if not origin.busy), None))
        if self._looking is None:
            self._look_again()
        limits = httpx.Limits(
            max_connections=AT_ONCE_PER_ORIGIN_MAX,
            max_keepalive_connections=AT_ONCE_PER_ORIGIN_MAX,
            keepalive_expiry=_KEPT_SECONDS,
        )
        return _Origin(
            AsyncSafeTransport(
                policy=policy, resolver=self._look_up, verify=self._verify, trust_env=False, limits=limits
            )
        )

    def _look_again(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._close_the_unused)

    def _close_the_unused(self) -> None:
        """Close the connections to origins to which nothing was sent for a while."""
        self._looking = None
        before = time.monotonic() - _KEPT_SECONDS
        for key in [key for key, each in self._origins.items() if not each.busy and each.left_at < before]:
            self._close(key)
        if self._origins:
            self._look_again()

    def _close(self, key: _Key | None) -> None:
        if key is not None:
            task = asyncio.get_running_loop().create_task(self._origins.pop(key).transport.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


class _Opening:
    """Follows a connection while it is being opened; the library below forgets it if the handshake is cancelled."""

    def __init__(self) -> None:
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Note what the library below tells of its doing."""
        if event == "connection.connect_tcp.complete":
            self._stream = info["return_value"]
        elif event == "connection.start_tls.complete":
            self._stream = None

    async def abandon(self) -> None:
        """Close what was opened and never used."""
        if self._stream is not None:
            await self._stream.aclose()


def _built(request: Request, url: httpx.URL, opening: _Opening) -> httpx.Request:
    try:
        return httpx.Request(
            request.method,
            url,
            headers={**request.headers, "accept-encoding": "identity", "user-agent": _AGENT},
            content=request.body or None,
            extensions={"timeout": {"connect": CONNECT_SECONDS}, "trace": opening},
        )
    except (UnicodeEncodeError, TypeError) as error:
        raise UnsendableRequestError from error


async def _exchange(
    transport: AsyncSafeTransport, request: httpx.Request, most: int
) -> tuple[int, dict[str, str], bytes, bool]:
    response = await transport.handle_async_request(request)
    try:
        headers = _headers(response.headers.raw)
        if headers.get("content-encoding", "identity").lower() != "identity":
            return response.status_code, headers, b"", False
        body = bytearray()
        async for part in response.stream:  # type: ignore[union-attr]  # A transport for asyncio gives no other.
            body += part
            if len(body) > most:
                return response.status_code, headers, bytes(body[:most]), False
        return response.status_code, headers, bytes(body), True
    finally:
        await response.aclose()


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give the headers as words, the first fifty and of each a kilobyte; what comes several times is joined."""
    found: dict[str, str] = {}
    for name, value in list(raw)[:_HEADERS_MAX]:
        key = name[:_HEADER_LENGTH_MAX].decode("latin-1").lower()
        joined = f"{found[key]}, {value.decode('latin-1')}" if key in found else value.decode("latin-1")
        found[key] = joined[:_HEADER_LENGTH_MAX]
    return found


def _known(error: BaseException) -> OutboundError | None:
    """Tell what went wrong in our own words."""
    match error:
        case SSRFGuardError():
            return ForbiddenAddressError()
        case TimeoutError() | httpx.TimeoutException():
            return TooSlowError()
        case httpx.LocalProtocolError():
            return UnsendableRequestError()
        case httpx.RemoteProtocolError():
            return UnreadableAnswerError()
        case httpx.TransportError(__cause__=httpcore.ConnectError(args=(ssl.SSLError(), *_))):
            return NotTrustedError()
        case httpx.TransportError():
            return NotReachedError()
        case _:
            return None
