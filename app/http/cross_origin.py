"""The API for programs in other sites' pages: any origin may call it, with a token or as nobody, never with a cookie.

`Access-Control-Allow-Origin: *` without `Access-Control-Allow-Credentials` is what the W3C's Fetch standard lets no
browser combine with cookies: another site's page reads what everybody may read, or what a token it was given lets
it. The rest of the service, pages and sign-in, says nothing of the kind, so browsers keep other sites out.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "/api/"
_PREFLIGHT_SECONDS = 86_400
_FOR_ALL = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, WWW-Authenticate, X-Request-Id"),
]
_PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID",
    ),
    (b"access-control-max-age", b"%d" % _PREFLIGHT_SECONDS),
]


class CrossOrigin:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's question beforehand, and let every answer of the API be read."""
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            await send({"type": "http.response.start", "status": 204, "headers": list(_PREFLIGHT)})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_FOR_ALL]
            await send(message)

        await self._app(scope, receive, send_readable)


def _is_preflight(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return {b"origin", b"access-control-request-method"} <= names
