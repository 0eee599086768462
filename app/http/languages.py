"""In which language a request is answered: that of its path (`/cy/…`), else what its browser chose before or asks for.

A layer around everything else, so that errors speak it too. A path with a language in front is the path without it,
in that language, and the browser is told to keep it: links on pages name no language. Programs (`/api/…`) are always
spoken to in English, because what they read is a contract. Pictures on other sites speak the language of their path or
English, to everybody alike, and no browser keeps it: whoever embeds one decides, and shared caches hold it.
"""

import re
from collections.abc import Iterator

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app.http.cookies import LANGUAGE, cookie_in
from projections.language import ENGLISH, Language, language_called, speaking

_FOR_PROGRAMS = ("/api/", "/health", "/metrics", "/.well-known/")
_FOR_OTHER_SITES = ("/card.svg", "/bar.svg", "/share.png", "/oembed")
"""Pictures that other sites show, and where they ask for them: the language of the path or English, never a cookie's."""
_ASKED_MAX = 20
_WEIGHT = re.compile(r"\s*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)
_CHOSEN = "chosen_language"


class Languages:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in its language."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        chosen = _without_language(scope)
        scope.setdefault("state", {})[_CHOSEN] = chosen
        with speaking(chosen or self._preferred(scope)):
            keeps = chosen is not None and not scope["path"].endswith(_FOR_OTHER_SITES)
            await self._app(scope, receive, self._keeping(chosen, send) if chosen and keeps else send)

    def _preferred(self, scope: HTTPScope) -> Language:
        if scope["path"].startswith(_FOR_PROGRAMS) or scope["path"].endswith(_FOR_OTHER_SITES):
            return ENGLISH
        return kept_in(scope, https=self._https) or asked_for(scope)

    def _keeping(self, chosen: Language, send: Send) -> Send:
        cookie = LANGUAGE.holding(chosen.tag, https=self._https).to_encoded_header()[1]

        async def send_keeping(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
            await send(message)

        return send_keeping


def chosen_in(scope: Scope) -> Language | None:
    """Give the language that a request chooses by its path, where it chooses one."""
    chosen: Language | None = scope.get("state", {}).get(_CHOSEN)
    return chosen


def kept_in(scope: Scope, *, https: bool) -> Language | None:
    """Give the language that a browser chose before, where it did."""
    return language_called(cookie_in(scope["headers"], LANGUAGE.name(https=https)))


def asked_for(scope: Scope) -> Language:
    """Give the language that a browser asks for, as far as it is one of ours."""
    asked = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return next(_understood(asked.decode("latin-1")), ENGLISH)


def _without_language(scope: HTTPScope) -> Language | None:
    """Take the language off the front of a path and give it; None where there is none."""
    first, slash, rest = scope["path"].removeprefix("/").partition("/")
    chosen = language_called(first)
    if chosen is None or f"/{rest}".startswith(_FOR_PROGRAMS):
        return None
    scope["path"] = f"/{rest}"
    scope["raw_path"] = scope["raw_path"][len(first) + 1 :] if slash else b"/"
    return chosen


def _understood(asked: str) -> Iterator[Language]:
    """Give the languages of ours that an `Accept-Language` asks for (RFC 9110, 12.5.4), the most wanted first."""
    wanted = [_wanted(part) for part in asked.split(",")[:_ASKED_MAX]]
    for weight, tag in sorted(wanted, key=lambda one: -one[0]):
        language = language_called(tag.partition("-")[0].lower())
        if language is not None and weight > 0:
            yield language


def _wanted(part: str) -> tuple[float, str]:
    """Tell how much a language is wanted; what is no weight as RFC 9110 has it (12.4.2) is none."""
    tag, has_weight, said = part.partition(";")
    weight = _WEIGHT.fullmatch(said)
    return (float(weight[1]) if weight else 0.0) if has_weight else 1.0, tag.strip()
