"""What was typed into a page's form is kept when its sender must sign in, or show that it is them, first.

A layer around the framework, because that can be asked for by the guard as well as by a handler. Where the answer
leads to sign in or to confirm, the form's fields are kept and the way back leads to `/continue/…` instead of to the
page. Only what our own pages sent is kept: another site's must not leave words to be sent in somebody's name.
"""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException, TooManyRequestsException
from litestar.types import (
    ASGIApp,
    HTTPResponseStartEvent,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)
from litestar.types.asgi_types import ReceiveMessage
from msgspec import Struct

from app.access.actor import Actor
from app.access.kept_forms import KeptForm, may_be_kept
from app.http.client_address import client_address
from app.http.cookies import KEPT_FORMS, cookie_in
from app.http.forms import FORM_TYPE
from app.http.guards import require_same_origin
from app.http.problems import LED_TO
from app.http.resources import resources_of
from app.web.addresses import confirm_href, continue_href, local_path, sign_in_href
from events.errors import OperationalError

FORM_BYTES_MAX = 64 * 1024
_FIELDS_MAX = 100
_OWN = "/continue/"


class KeepingForms:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; keep its form where the answer leads elsewhere first."""
        if scope["type"] != ScopeType.HTTP or not _is_form(scope):
            await self._app(scope, receive, send)
            return
        body = _Body(receive)

        async def send_keeping(message: Message) -> None:
            if message["type"] == "http.response.start" and LED_TO in scope["state"]:
                written = await body.rest()
                if written is not None:
                    await _lead_back_to_it(scope, written, message)
            await send(message)

        await self._app(scope, body.receive, send_keeping)


class _Body:
    """A request's body, which is noted while the application reads it, as far as a form may be long."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._noted = bytearray()
        self._is_whole = self._is_of_use = False

    async def receive(self) -> ReceiveMessage:
        message = await self._receive()
        if message["type"] == "http.request":
            self._noted += message.get("body", b"")[: FORM_BYTES_MAX + 1]
            self._is_whole = not message.get("more_body", False)
            self._is_of_use = len(self._noted) <= FORM_BYTES_MAX
        else:
            self._is_whole, self._is_of_use = True, False
        return message

    async def rest(self) -> bytes | None:
        """Read on to the end, and give the whole; nothing when it is too long, or ended early."""
        while not self._is_whole and len(self._noted) <= FORM_BYTES_MAX:
            await self.receive()
        return bytes(self._noted) if self._is_of_use else None


class _Kept(Struct, frozen=True):
    """Where a form that was kept goes on, and the cookie for it."""

    path: str
    cookie: tuple[bytes, bytes]


async def _lead_back_to_it(scope: HTTPScope, body: bytes, message: HTTPResponseStartEvent) -> None:
    """Have an answer that leads to sign in or to confirm lead to the form afterwards, if it can be kept."""
    try:
        kept = await _keep(Request(scope), body)
    except (OperationalError, TooManyRequestsException, PermissionDeniedException):
        return
    if kept is not None:
        href = confirm_href if scope["state"][LED_TO] == "confirm" else sign_in_href
        others = [header for header in message["headers"] if header[0] != b"location"]
        message["headers"] = [*others, (b"location", href(kept.path).encode()), kept.cookie]


async def _keep(request: Request[Any, Any, Any], body: bytes) -> _Kept | None:
    resources = resources_of(request)
    require_same_origin(request, resources)
    action, form = _address_of(request), _read(body)
    if not form or not may_be_kept(form) or local_path(action) != action:
        return None
    await resources.limits.require("keep_form", address=client_address(request))
    name = KEPT_FORMS.name(https=resources.is_https)
    actor = request.scope.get("user")
    kept_id, word, _ = await resources.kept_forms.keep(
        KeptForm(action=action, came_from=_came_from(request), fields=form),
        browser=cookie_in(request.scope["headers"], name),
        person_id=actor.person_id if isinstance(actor, Actor) else None,
    )
    cookie = KEPT_FORMS.holding(word, https=resources.is_https)
    return _Kept(continue_href(kept_id), cookie.to_encoded_header())


def _is_form(scope: HTTPScope) -> bool:
    if scope["method"] != "POST" or scope["path"].startswith(_OWN):
        return False
    types = [value for name, value in scope["headers"] if name == b"content-type"]
    return bool(types) and types[0].partition(b";")[0].strip().lower() == FORM_TYPE.encode()


def _read(body: bytes) -> tuple[tuple[str, str], ...]:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict")
    except ValueError:
        return ()
    return tuple(fields)


def _address_of(request: Request[Any, Any, Any]) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _came_from(request: Request[Any, Any, Any]) -> str:
    """Say on which page of ours a form was filled in."""
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc != request.headers.get("host"):
        return "/"
    return local_path(page.path + (f"?{page.query}" if page.query else ""))
