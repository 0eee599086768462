"""The envelope around every request: its identifiers, its size, its headers, one figure and one line about it.

One layer outside the framework, because the framework's own middleware sees neither unknown
addresses nor errors. What it logs: `request_answered` is the canonical line of a request, at "debug"
when all went well, at "info" when an unsafe request was refused, at "warning" when the answer took
more than a second or is 5xx. Who wrote what stands in the log of events, with the same request id; a
second line for each write would only cost.
"""

import logging
import time
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import structlog
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from app.http.measures import Measures
from app.http.problems import AnyRequest, MalformedError, answer_error
from app.http.trace import Trace, trace_from

BODY_BYTES_MAX = 256 * 1024
SLOW_SECONDS = 1.0
_DIGITS_MAX = 18
_ONCE = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"origin",
        b"sec-fetch-site",
    }
)
"""What has one value (RFC 9110, 5.3): of two, one part of a service would believe the first and one the last."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
# What is no page runs nothing and shows nothing, even if a browser is led to take it for one.
_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_FOR_PROGRAMS = ("/api/v1", "/api/openapi", "/health", "/metrics")
_FILES = "/static/"
_NOT_LOGGED_BELOW = "/invitations/"
"""What follows lets somebody in, and does not stand in the log."""
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")
)
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", _PERMISSIONS.encode()),
    (b"referrer-policy", b"same-origin"),
]
_PAGE_HEADERS = [
    (b"content-security-policy", PAGE_POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# Any site's page may read the API, see `app.http.cross_origin`; the rest is for our own pages.
_DATA_HEADERS = [
    (b"content-security-policy", _DATA_POLICY.encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_FILE_HEADERS = [
    (b"content-security-policy", _DATA_POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")

_log = structlog.get_logger(__name__)
_standard_log = logging.getLogger(__name__)


class Envelope:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp, measures: Measures, *, https: bool) -> None:
        self._app = app
        self._measures = measures
        always = [*_SECURITY_HEADERS, _STRICT_TRANSPORT] if https else _SECURITY_HEADERS
        self._for_pages, self._for_files = [*always, *_PAGE_HEADERS], [*always, *_FILE_HEADERS]
        self._for_programs = [*always, *_DATA_HEADERS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with everything a request gets."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        trace = trace_from(scope["headers"])
        scope["state"]["trace"] = trace
        bound = bind_contextvars(request_id=trace.request_id, correlation_id=trace.correlation_id)
        status = 0
        seconds = 0.0

        async def send_dressed(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - began
                self._dress(message, scope, trace)
            await send(message)

        try:
            fault = _fault_of(scope)
            if fault is None:
                await self._app(scope, receive, send_dressed)
            else:
                await _refuse(fault, scope, receive, send_dressed)
        finally:
            # A status of 0: the client went away before there was an answer.
            self._note(scope, status, seconds or time.perf_counter() - began)
            reset_contextvars(**bound)

    def _dress(self, message: HTTPResponseStartEvent, scope: HTTPScope, trace: Trace) -> None:
        headers = list(message["headers"])
        if not any(name == b"cache-control" for name, _ in headers):
            headers.append(
                (b"cache-control", b"no-cache" if scope["method"] in SAFE_METHODS else b"no-store")
            )
        headers.append((b"x-request-id", trace.request_id.encode()))
        # A page may say less to others than the rest, as one whose address is a link to sign in.
        said = {name for name, _ in headers}
        headers += [header for header in self._ours(scope["path"]) if header[0] not in said]
        message["headers"] = headers

    def _ours(self, path: str) -> list[tuple[bytes, bytes]]:
        if path.startswith(_FOR_PROGRAMS):
            return self._for_programs
        return self._for_files if path.startswith(_FILES) else self._for_pages

    def _note(self, scope: HTTPScope, status: int, seconds: float) -> None:
        method = scope["method"]
        route = scope.get("path_template") or "unknown"
        self._measures.request_answered(method, route, status, seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or seconds > SLOW_SECONDS:
            tell = _log.warning
        elif status >= HTTPStatus.BAD_REQUEST and method not in SAFE_METHODS:
            tell = _log.info
        elif _standard_log.isEnabledFor(logging.DEBUG):
            tell = _log.debug
        else:
            return
        tell(
            "request_answered",
            method=method,
            path=_NOT_LOGGED_BELOW if scope["path"].startswith(_NOT_LOGGED_BELOW) else scope["path"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 2),
        )


def _fault_of(scope: HTTPScope) -> Exception | None:
    """Find what is wrong with a request whatever it is for: its size, a header that is there twice, its address."""
    once = set()
    for name, value in scope["headers"]:
        if name in _ONCE:
            if name in once:
                return MalformedError.of(name.decode(), "This header is there twice; send it once.")
            once.add(name)
            # A number of so many digits is too large, and too long to be read as one.
            if name == b"content-length" and value.isdigit() and int(value[:_DIGITS_MAX]) > BODY_BYTES_MAX:
                return RequestEntityTooLarge()
    for written in (scope["raw_path"] or b"", scope["query_string"]):
        if not _is_text(written):
            return MalformedError.of("", "This address is not written in UTF-8; write it anew.")
    return None


def _is_text(written: bytes) -> bool:
    try:
        (unquote_to_bytes(written) if b"%" in written else written).decode()
    except UnicodeDecodeError:
        return False
    return True


async def _refuse(fault: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    request: AnyRequest = Request(scope, receive, send)
    response: Response[object] = answer_error(request, fault)
    await response.to_asgi_response(app=None, request=request)(scope, receive, send)


async def read_body(request: AnyRequest) -> bytes:
    """Read a request's body whole.

    Raises:
        RequestEntityTooLarge: it is larger than announced and than allowed.
        ClientException: it ended early.
    """
    try:
        return await request.body()
    except RequestEntityTooLarge:
        raise
    except Exception as error:
        raise ClientException(detail="The request ended before its body was complete.") from error
