"""The cookies of sessions and of signing in: opaque, for this host alone, out of reach of scripts and of other sites."""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie

from litestar.datastructures import Cookie

from app.access.passkey_challenges import VALID_SECONDS
from app.access.sessions import LONGEST_DAYS

_DAY_SECONDS = 86_400
_ASKING_SECONDS = 3_600


def session_cookie_name(*, https: bool) -> str:
    """Name the cookie; browsers keep the promises of `__Host-` (RFC 6265bis) over https only."""
    return "__Host-session" if https else "session"


def session_cookie(secret: str, *, https: bool) -> Cookie:
    """Make the cookie that carries a session's secret; an empty secret ends it in the browser."""
    return Cookie(
        key=session_cookie_name(https=https),
        value=secret,
        path="/",
        max_age=LONGEST_DAYS * _DAY_SECONDS if secret else 0,
        secure=https,
        httponly=True,
        samesite="lax",
    )


def asking_cookie_name(*, https: bool) -> str:
    """Name the cookie by which a browser that asked for a link is known again."""
    return "__Host-sign-in" if https else "sign-in"


def asking_cookie(word: str, *, https: bool) -> Cookie:
    """Make the cookie of a browser that asked for a link; an empty word ends it."""
    return Cookie(
        key=asking_cookie_name(https=https),
        value=word,
        path="/",
        max_age=_ASKING_SECONDS if word else 0,
        secure=https,
        httponly=True,
        samesite="lax",
    )


def passkey_cookie_name(*, https: bool) -> str:
    """Name the cookie by which a browser that asked to sign in by passkey is known again."""
    return "__Host-passkey" if https else "passkey"


def passkey_cookie(word: str, *, https: bool) -> Cookie:
    """Make the cookie of a browser that asked to sign in by passkey; an empty word ends it."""
    return Cookie(
        key=passkey_cookie_name(https=https),
        value=word,
        path="/",
        max_age=VALID_SECONDS if word else 0,
        secure=https,
        httponly=True,
        samesite="strict",
    )


def invitation_cookie_name(*, https: bool) -> str:
    """Name the cookie that keeps an invitation while somebody signs in."""
    return "__Host-invitation" if https else "invitation"


def invitation_cookie(word: str, *, https: bool) -> Cookie:
    """Make the cookie that keeps the word of an invitation's link; an empty word ends it."""
    return Cookie(
        key=invitation_cookie_name(https=https),
        value=word,
        path="/",
        max_age=_ASKING_SECONDS if word else 0,
        secure=https,
        httponly=True,
        samesite="lax",
    )


def kept_forms_cookie_name(*, https: bool) -> str:
    """Name the cookie by which a browser is known again whose forms are kept."""
    return "__Host-kept-forms" if https else "kept-forms"


def kept_forms_cookie(word: str, *, https: bool, seconds: int) -> Cookie:
    """Make the cookie of a browser whose forms are kept for so long."""
    return Cookie(
        key=kept_forms_cookie_name(https=https),
        value=word,
        path="/",
        max_age=seconds,
        secure=https,
        httponly=True,
        samesite="lax",
    )


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
