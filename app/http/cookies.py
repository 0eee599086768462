"""The cookies of sessions and of signing in: opaque, for this host alone, out of reach of scripts and of other sites."""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from litestar.datastructures import Cookie
from msgspec import Struct

from app.access.kept_forms import KEPT_FOR
from app.access.passkey_challenges import VALID_SECONDS
from app.access.sessions import LONGEST_DAYS
from app.drafts import KEPT_FOR as DRAFTS_KEPT_FOR

_DAY_SECONDS = 86_400
_ASKING_SECONDS = 3_600


class HostCookie(Struct, frozen=True, kw_only=True):
    """A kind of cookie: how it is called, for how long a browser keeps it, and whether it comes along from other sites.

    Browsers keep the promises of `__Host-` (RFC 6265bis) over https only.
    """

    word: str
    seconds: int
    same_site: Literal["lax", "strict"] = "lax"

    def name(self, *, https: bool) -> str:
        """Name the cookie."""
        return f"__Host-{self.word}" if https else self.word

    def holding(self, value: str, *, https: bool) -> Cookie:
        """Make the cookie; an empty value ends it in the browser."""
        return Cookie(
            key=self.name(https=https),
            value=value,
            path="/",
            max_age=self.seconds if value else 0,
            secure=https,
            httponly=True,
            samesite=self.same_site,
        )


SESSION = HostCookie(word="session", seconds=LONGEST_DAYS * _DAY_SECONDS)
"""Carries the secret of a session."""
ASKING = HostCookie(word="sign-in", seconds=_ASKING_SECONDS)
"""By which a browser that asked for a link is known again."""
PASSKEY = HostCookie(word="passkey", seconds=VALID_SECONDS, same_site="strict")
"""By which a browser that asked to sign in by passkey is known again."""
INVITATION = HostCookie(word="invitation", seconds=_ASKING_SECONDS)
"""Keeps the word of an invitation's link while somebody signs in."""
KEPT_FORMS = HostCookie(word="kept-forms", seconds=int(KEPT_FOR.total_seconds()))
"""By which a browser is known again whose forms are kept."""
DRAFTS = HostCookie(word="drafts", seconds=int(DRAFTS_KEPT_FOR.total_seconds()))
"""By which a browser is known again in which drafts were typed."""
LANGUAGE = HostCookie(word="language", seconds=365 * _DAY_SECONDS)
"""Which language somebody chose; nothing else about them."""


def cookie_in(headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
    """Find a cookie in a request's headers; none where the header cannot be read."""
    for header, value in headers:
        if header == b"cookie":
            try:
                morsel = SimpleCookie(value.decode("latin-1")).get(name)
            except CookieError:
                return None
            if morsel is not None and morsel.value:
                return morsel.value
    return None
