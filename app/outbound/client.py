"""A client for machines that may be slow, broken or hostile, and for addresses that strangers wrote.

It connects to an address that was looked at, never to a name; it follows nobody elsewhere, asks no proxy, unfolds
nothing, reads little, and ends in time. Connections are kept alive for as long as most servers keep them.

Every connection stands in a pool of its own, and those to one origin (scheme, host and port) on a pile. The pool of
the library below looks at each of its connections, with a system call, at the beginning and end of each request: with
a hundred origins in one that costs ten times as much. And a receiver that holds its connections holds nobody else's.
"""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager
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
OPEN_PER_ORIGIN_MAX = 48
"""How many requests to one origin are under way in all; what is not answered soon leaves its place among the sixteen."""
SOON_SECONDS = 1.0

_LINES_KEPT_MAX = 256
_KEPT_SECONDS = 4.0  # Less than the five seconds after which many servers hang up.
_HEADERS_MAX, _HEADER_LENGTH_MAX = 50, 1024
_TARGETS_KEPT = 1024
_ONE_CONNECTION = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT_SECONDS)
OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"}
)
_AGENT = "Open-Impact"


_Key: TypeAlias = tuple[str, str, int | None]


class _Line:
    """A pool of one connection, which is opened anew when it was closed."""

    def __init__(self, transport: AsyncSafeTransport) -> None:
        self.transport = transport
        self.left_at = 0.0


class _Origin:
    """How many requests are under way to one origin, and the lines that none of them uses, the latest used last."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.places = asyncio.Semaphore(AT_ONCE_PER_ORIGIN_MAX)
        self.open = asyncio.Semaphore(OPEN_PER_ORIGIN_MAX)
        self.free: deque[_Line] = deque()
        self.busy = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and leave it to others after a moment: many may live at one origin, and some never answer."""
        async with self.open:
            await self.places.acquire()
            with ExitStack() as left:
                left.callback(self.places.release)
                late = asyncio.get_running_loop().call_later(SOON_SECONDS, left.close)
                try:
                    yield
                finally:
                    late.cancel()


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
        self._kept = 0
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
        origins, self._origins = list(self._origins.values()), {}
        for origin in origins:
            while origin.free:
                self._close(origin.free.popleft())
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
        try:
            async with asyncio.timeout(seconds), self._line(url, policy) as line:
                status, headers, body, is_whole = await _exchange(line.transport, request, url, answer_bytes)
        except Exception as error:
            if (known := _known(error)) is not None:
                raise known from error
            raise
        finally:
            due.reset(token)
        return Answer(
            status=status,
            headers=headers,
            body=body,
            is_whole=is_whole,
            seconds=time.monotonic() - began,
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

    @asynccontextmanager
    async def _line(self, url: httpx.URL, policy: Policy) -> AsyncIterator[_Line]:
        """Wait for a turn, and lend a line to where an address leads."""
        key = url.scheme, url.host, url.port
        origin = self._origins.pop(key, None)
        if origin is None:
            origin = _Origin(policy)
        # Whoever was used last stands last, so that the first is the one to close.
        self._origins[key] = origin
        origin.busy += 1
        try:
            async with origin.place(), self._places:
                line = self._taken(origin)
                try:
                    yield line
                finally:
                    self._left(origin, line)
        finally:
            origin.busy -= 1

    def _taken(self, origin: _Origin) -> _Line:
        if origin.free:
            self._kept -= 1
            return origin.free.pop()
        if self._verify is None:
            self._verify = ssl.create_default_context()
        return _Line(
            AsyncSafeTransport(
                policy=origin.policy,
                resolver=self._look_up,
                verify=self._verify,
                trust_env=False,
                limits=_ONE_CONNECTION,
            )
        )

    def _left(self, origin: _Origin, line: _Line) -> None:
        line.left_at = time.monotonic()
        origin.free.append(line)
        self._kept += 1
        if self._kept > _LINES_KEPT_MAX:
            self._close(next(each for each in self._origins.values() if each.free).free.popleft())
        if self._looking is None:
            self._look_again()

    def _look_again(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._close_the_unused)

    def _close_the_unused(self) -> None:
        """Close what was not used for a while, and forget the origins to which there is nothing any more."""
        self._looking = None
        before = time.monotonic() - _KEPT_SECONDS
        for key, origin in list(self._origins.items()):
            while origin.free and origin.free[0].left_at < before:
                self._close(origin.free.popleft())
            if not origin.free and not origin.busy:
                del self._origins[key]
        if self._origins:
            self._look_again()

    def _close(self, line: _Line) -> None:
        self._kept -= 1
        task = asyncio.get_running_loop().create_task(line.transport.aclose())
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
    transport: AsyncSafeTransport, request: Request, url: httpx.URL, most: int
) -> tuple[int, dict[str, str], bytes, bool]:
    opening = _Opening()
    try:
        response = await transport.handle_async_request(_built(request, url, opening))
        try:
            headers = _headers(response.headers.raw)
            body, is_whole = await _read(response, headers, most)
        finally:
            await response.aclose()
    except BaseException:
        await opening.abandon()
        raise
    return response.status_code, headers, body, is_whole


async def _read(response: httpx.Response, headers: dict[str, str], most: int) -> tuple[bytes, bool]:
    """Read the beginning of a body, and tell whether it is all of it."""
    if headers.get("content-encoding", "identity").lower() != "identity":
        return b"", False
    body = bytearray()
    async for part in response.stream:  # type: ignore[union-attr]  # A transport for asyncio gives no other.
        body += part
        if len(body) > most:
            return bytes(body[:most]), False
    return bytes(body), True


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
