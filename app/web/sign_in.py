"""Signing in by a link or a code: ask, look, press the button, and say one's name when one is new.

Whatever uses a link up is a POST from our own page: programs that check mail open every link, and use nothing up.
"""

from uuid import UUID

from litestar import Response, get, post

from app.access.accounts import AccountError, by_email, checked_name
from app.access.actor import Proof
from app.access.addresses import checked_address
from app.access.links import (
    Asked,
    LinkOverError,
    OtherBrowserError,
    TooManyCodesError,
    WrongCodeError,
)
from app.access.signing_in import person_for
from app.http.client_address import client_address
from app.http.cookies import (
    ASKING,
    cookie_in,
)
from app.http.forms import form_of
from app.http.resources import cause_of, resources_of
from app.http.session_begin import let_in
from app.web.addresses import local_path
from app.web.mailbox import has_mailbox
from app.web.showing import LINK_HEADERS, PageRequest, seen_elsewhere, show
from app.web.views import CodePage, ConfirmPage, NamePage, SignInPage
from app.web.work import work_first
from projections.language import gettext as _

_OVER = str(LinkOverError.__doc__)


@get("/sign-in", include_in_schema=False)
async def show_sign_in(request: PageRequest) -> Response[bytes]:
    """Ask for an address; `next` is where one is led afterwards."""
    provider = resources_of(request).identity_provider
    page = SignInPage(
        next=local_path(request.query_params.get("next", "/")),
        provider=None if provider is None else provider.name,
    )
    return await show(request, "sign_in.html", page)


@post("/sign-in", include_in_schema=False)
async def ask_for_link(request: PageRequest) -> Response[bytes]:
    """Send a link and a code; the same for an address with an account and one without."""
    form, resources = await form_of(request), resources_of(request)
    typed, back = form.get("email", ""), local_path(form.get("next", "/"))
    try:
        address = checked_address(typed)
    except AccountError as error:
        page = SignInPage(next=back, email=_shown(typed), error=_(str(error)))
        return await show(request, "sign_in.html", page, status=400)
    await resources.limits.require("ask_for_link", key=address.casefold())
    browser = await resources.links.ask(address, next_path=back)
    return seen_elsewhere_signing_in("/sign-in/code", browser, https=resources.is_https)


@get("/sign-in/code", include_in_schema=False)
async def show_code(request: PageRequest) -> Response[bytes]:
    """Say that a link was sent, and take its code."""
    asked = await resources_of(request).links.asked_in(_browser(request))
    if asked is None:
        return _begin_again()
    if asked.proved:
        return _name_next()
    return await show(request, "code.html", _code_page(request, asked), headers={"cache-control": "no-store"})


@post("/sign-in/code", include_in_schema=False)
async def use_code(request: PageRequest) -> Response[bytes]:
    """Sign in by the code, typed in the browser in which it was asked for."""
    form, links, browser = await form_of(request), resources_of(request).links, _browser(request)
    before = await links.asked_in(browser)
    if before is not None:
        await resources_of(request).limits.require("use_code", key=before.email.casefold())
    try:
        asked = await links.use_code(form.get("code", ""), browser)
    except (WrongCodeError, TooManyCodesError) as error:
        if before is None:
            return await _refused(request, _OVER, 410)
        page = _code_page(request, before, error=_(str(error)))
        return await show(
            request, "code.html", page, status=400 if isinstance(error, WrongCodeError) else 429
        )
    except LinkOverError:
        return await _refused(request, _OVER, 410)
    return await _shown_to_be_theirs(request, asked)


@get("/sign-in/link", include_in_schema=False)
async def show_link(request: PageRequest) -> Response[bytes]:
    """Show the button that uses a link; to look uses nothing up."""
    token = request.query_params.get("token", "")
    try:
        asked = await resources_of(request).links.look(token, _browser(request))
    except LinkOverError:
        return await _refused(request, _OVER, 410)
    except OtherBrowserError as error:
        return await _refused(request, str(error), 403)
    page = ConfirmPage(email=asked.email, token=token)
    return await show(request, "link.html", page, headers=LINK_HEADERS)


@post("/sign-in/link", include_in_schema=False)
async def use_link(request: PageRequest) -> Response[bytes]:
    """Sign in by a link, once, in the browser in which it was asked for."""
    form = await form_of(request)
    try:
        asked = await resources_of(request).links.use_link(form.get("token", ""), _browser(request))
    except LinkOverError:
        return await _refused(request, _OVER, 410)
    except OtherBrowserError as error:
        return await _refused(request, str(error), 403)
    return await _shown_to_be_theirs(request, asked)


@get("/sign-in/name", include_in_schema=False)
async def show_name(request: PageRequest) -> Response[bytes]:
    """Ask somebody new for the name others see."""
    asked = await resources_of(request).links.asked_in(_browser(request))
    if asked is None or not asked.proved:
        return _begin_again()
    return await show(request, "name.html", NamePage(), headers={"cache-control": "no-store"})


@post("/sign-in/name", include_in_schema=False)
async def join(request: PageRequest) -> Response[bytes]:
    """Make the account of somebody new who has shown their address, and sign them in."""
    form = await form_of(request)
    asked = await resources_of(request).links.asked_in(_browser(request))
    if asked is None or not asked.proved:
        return await _refused(request, _OVER, 410)
    try:
        name = checked_name(form.get("name", ""))
    except AccountError as error:
        page = NamePage(name=_shown(form.get("name", "")), error=_(str(error)))
        return await show(request, "name.html", page, status=400)
    resources = resources_of(request)
    if resources.risk.challenge_needed(address=client_address(request), email=asked.email):
        action, purpose = "/sign-in/name", _("So your browser does a sum before your account is made.")
        page_first = await work_first(request, form, action=action, purpose=purpose, fields={"name": name})
        if page_first is not None:
            return page_first
    return await _let_in(request, asked, name)


async def signed_in_response(
    request: PageRequest, person_id: UUID, proved_by: Proof, next_path: str
) -> Response[bytes]:
    """Let somebody in who showed who they are, and lead them to a path of ours.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    cookies = await let_in(request, person_id, proved_by)
    over = ASKING.holding("", https=resources_of(request).is_https)
    return seen_elsewhere(next_path, cookies=[*cookies, over])


def seen_elsewhere_signing_in(path: str, browser: str, *, https: bool) -> Response[bytes]:
    """Lead on within signing in, in a browser that is known again by a word."""
    answer = Response(
        b"", status_code=303, media_type="text/plain", headers={"location": path, "cache-control": "no-store"}
    )
    answer.cookies = [ASKING.holding(browser, https=https)]
    return answer


async def _shown_to_be_theirs(request: PageRequest, asked: Asked) -> Response[bytes]:
    """Let in whoever has an account, and ask everybody else for their name."""
    account = await by_email(resources_of(request).pool, asked.email)
    if account is None:
        return _name_next()
    return await _let_in(request, asked, account.name)


async def _let_in(request: PageRequest, asked: Asked, name: str) -> Response[bytes]:
    resources = resources_of(request)
    is_new = await by_email(resources.pool, asked.email) is None
    person_id = await person_for(
        resources,
        email=asked.email,
        name=name,
        how="email",
        cause=lambda person: cause_of(request, person),
    )
    if is_new:
        resources.origins.note(person_id, client_address(request))
    await resources.links.end(asked)
    return await signed_in_response(request, person_id, "link", asked.next)


async def _refused(request: PageRequest, sentence: str, status: int) -> Response[bytes]:
    return await show(
        request, "link.html", ConfirmPage(error=_(sentence)), status=status, headers=LINK_HEADERS
    )


def _code_page(request: PageRequest, asked: Asked, *, error: str | None = None) -> CodePage:
    href = "/dev/mailbox" if has_mailbox(request) else None
    return CodePage(email=asked.email, next=asked.next, mailbox_href=href, error=error)


def _browser(request: PageRequest) -> str | None:
    name = ASKING.name(https=resources_of(request).is_https)
    return cookie_in(request.scope["headers"], name)


def _begin_again() -> Response[bytes]:
    return Response(b"", status_code=303, media_type="text/plain", headers={"location": "/sign-in"})


def _name_next() -> Response[bytes]:
    return Response(b"", status_code=303, media_type="text/plain", headers={"location": "/sign-in/name"})


def _shown(typed: str) -> str:
    """Give back what was typed, as far as a page can show it."""
    return typed.replace("\0", "")[:300]


SIGN_IN = (
    show_sign_in,
    ask_for_link,
    show_code,
    use_code,
    show_link,
    use_link,
    show_name,
    join,
)
