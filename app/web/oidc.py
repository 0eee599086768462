"""The pages of sign-in with an identity provider: leaving for it, coming back, and what is linked to an account."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access import identities, oidc
from app.access.arrivals import (
    AddressHasAccountError,
    AddressUnverifiedError,
    SomebodyElseError,
    WorkFirstError,
    arrive,
)
from app.access.identities import IdentityTakenError
from app.access.identity_provider import IdentityProvider, NotVouchedForError, ProviderAwayError
from app.access.oidc import NotBegunHereError, TurnedAwayError
from app.command_handling import Cause
from app.http.client_address import client_address
from app.http.cookies import cookie_in
from app.http.forms import form_of
from app.http.resources import Resources, actor_of, resources_of, visitor_of
from app.http.trace import trace_of
from app.web.addresses import local_path
from app.web.identity_views import IdentitiesPage, IdentityLine, LeavingPage, NotSignedInPage
from app.web.showing import LINK_HEADERS, PageRequest, seen_elsewhere, show
from app.web.sign_in import signed_in_response
from app.web.work import work_first
from projections.language import N_
from projections.language import gettext as _

BEGIN = "/sign-in/oidc"
CALLBACK = "/sign-in/oidc/callback"
LINKED = "/me/identities"

_STATUS: Mapping[type[Exception], HTTPStatus] = {
    NotBegunHereError: HTTPStatus.BAD_REQUEST,
    TurnedAwayError: HTTPStatus.FORBIDDEN,
    NotVouchedForError: HTTPStatus.FORBIDDEN,
    AddressUnverifiedError: HTTPStatus.FORBIDDEN,
    SomebodyElseError: HTTPStatus.FORBIDDEN,
    WorkFirstError: HTTPStatus.FORBIDDEN,
    AddressHasAccountError: HTTPStatus.CONFLICT,
    IdentityTakenError: HTTPStatus.CONFLICT,
    ProviderAwayError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TITLES: Mapping[type[Exception], str] = {
    NotBegunHereError: N_("Please begin again"),
    AddressUnverifiedError: N_("One step more"),
    WorkFirstError: N_("One moment more"),
    AddressHasAccountError: N_("You have an account already"),
    IdentityTakenError: N_("This is connected elsewhere"),
}
_TITLE = N_("This did not work")
_REFUSALS = tuple(_STATUS)


@get(BEGIN, include_in_schema=False)
async def begin_oidc(request: PageRequest) -> Response[bytes]:
    """Send somebody to the identity provider; where there is risk, after some work, for they may be new."""
    resources, provider = resources_of(request), _provider(request)
    back = local_path(request.query_params.get("next", "/"))
    if "work" in request.query_params or resources.risk.challenge_needed(address=client_address(request)):
        page = await _work_first(request, provider, {"next": back})
        if page is not None:
            return page
    try:
        begun = await oidc.begin(resources.pool, provider, next_=back)
    except ProviderAwayError as error:
        return await _refused(request, error)
    return Response(
        b"",
        status_code=HTTPStatus.SEE_OTHER,
        media_type="text/plain",
        headers={"location": begun.address, **LINK_HEADERS},
        cookies=[_kept(begun.kept, resources)],
    )


@post(BEGIN, include_in_schema=False)
async def begin_oidc_after_work(request: PageRequest) -> Response[bytes]:
    """Send somebody to the identity provider who has shown a proof of work.

    By a page that leads on at once: the site's own policy keeps the answers of forms from leading elsewhere.
    """
    form, resources, provider = await form_of(request), resources_of(request), _provider(request)
    page = await _work_first(request, provider, form)
    if page is not None:
        return page
    try:
        begun = await oidc.begin(
            resources.pool, provider, next_=local_path(form.get("next", "/")), has_worked=True
        )
    except ProviderAwayError as error:
        return await _refused(request, error)
    leaving = LeavingPage(provider=provider.name, address=begun.address, at_once=True)
    kept = _kept(begun.kept, resources)
    return await show(request, "leaving.html", leaving, headers=LINK_HEADERS, cookies=[kept])


@get(CALLBACK, include_in_schema=False)
async def finish_oidc(request: PageRequest) -> Response[bytes]:
    """Let in whom the provider vouches for, or say why not; nothing is changed then."""
    resources, provider = resources_of(request), _provider(request)
    visitor = visitor_of(request)
    kept = cookie_in(request.scope["headers"], _cookie_name(resources))
    address, completed = client_address(request), None
    try:
        completed = await oidc.complete(resources.pool, provider, request.query_params, kept=kept)
        arrived = await arrive(
            resources.pool,
            resources.handler,
            completed,
            visitor,
            cause=_cause(request),
            needs_work=lambda email: resources.risk.challenge_needed(address=address, email=email),
        )
    except _REFUSALS as error:
        return await _refused(request, error, next_="/" if completed is None else completed.next)
    if arrived.is_new:
        resources.origins.note(arrived.person_id, address)
    if completed.person_id is not None:
        answer = seen_elsewhere(LINKED)
    else:
        answer = await signed_in_response(request, arrived.person_id, "oidc", completed.next)
    answer.cookies.append(_kept("", resources))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@get(LINKED, include_in_schema=False)
async def show_identities(request: PageRequest) -> Response[bytes]:
    """Show which identities open the account."""
    resources = resources_of(request)
    linked = await identities.of_person(resources.pool, actor_of(request).person_id)
    provider = resources.identity_provider
    page = IdentitiesPage(
        provider=None if provider is None else provider.name,
        identities=[
            IdentityLine(
                identity_id=each.identity_id,
                provider=_name_of(each.issuer, provider),
                linked_at=each.linked_at,
            )
            for each in linked
        ],
    )
    return await show(request, "identities.html", page, headers=LINK_HEADERS)


@post(LINKED, include_in_schema=False)
async def connect_identity(request: PageRequest) -> Response[bytes]:
    """Begin to link an identity to the account; the way to the provider is a link on the page.

    The site's own policy keeps forms from leading elsewhere, which redirects of their answers count as.
    """
    resources, provider = resources_of(request), _provider(request)
    actor = actor_of(request)
    try:
        begun = await oidc.begin(resources.pool, provider, next_=LINKED, person_id=actor.person_id)
    except ProviderAwayError as error:
        return await _refused(request, error)
    page = LeavingPage(provider=provider.name, address=begun.address)
    kept = _kept(begun.kept, resources)
    return await show(request, "leaving.html", page, headers=LINK_HEADERS, cookies=[kept])


@post("/me/identities/{identity_id:uuid}/disconnect", include_in_schema=False)
async def disconnect_identity(request: PageRequest, identity_id: FromPath[UUID]) -> Response[bytes]:
    """Take an identity off the account."""
    actor = actor_of(request)
    pool = resources_of(request).pool
    if not await identities.unlink(pool, person_id=actor.person_id, identity_id=identity_id):
        raise NotFoundException(detail=_("This is not connected to your account."))
    return seen_elsewhere(LINKED)


OIDC_PAGES = (
    begin_oidc,
    begin_oidc_after_work,
    finish_oidc,
    show_identities,
    connect_identity,
    disconnect_identity,
)


def _provider(request: PageRequest) -> IdentityProvider:
    provider = resources_of(request).identity_provider
    if provider is None:
        raise NotFoundException(detail=_("No identity provider is set here; sign in with an e-mail link."))
    return provider


async def _work_first(
    request: PageRequest, provider: IdentityProvider, form: Mapping[str, str]
) -> Response[bytes] | None:
    return await work_first(
        request,
        form,
        action=BEGIN,
        purpose=_("So your browser does a sum before you go on to %(provider)s.", provider=provider.name),
        fields={"next": local_path(form.get("next", "/"))},
    )


async def _refused(request: PageRequest, error: Exception, *, next_: str = "/") -> Response[bytes]:
    status = _STATUS[type(error)]
    page = NotSignedInPage(
        title=_(_TITLES.get(type(error), _TITLE)),
        sentence=_(str(error)),
        provider=_provider(request).name,
        is_signed_in=visitor_of(request) is not None,
        work_href=f"{BEGIN}?{urlencode({'work': '', 'next': next_})}"
        if isinstance(error, WorkFirstError)
        else None,
    )
    answer = await show(request, "not_signed_in.html", page, status=status, headers=LINK_HEADERS)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = "60"
    return answer


def _name_of(issuer: str, provider: IdentityProvider | None) -> str:
    if provider is not None and provider.issuer == issuer:
        return provider.name
    return urlsplit(issuer).hostname or issuer


def _cause(request: PageRequest) -> Cause:
    trace = trace_of(request.scope)
    return Cause(request_id=trace.request_id, correlation_id=trace.correlation_id)


def _cookie_name(resources: Resources) -> str:
    return "__Host-oidc" if resources.is_https else "oidc"


def _kept(word: str, resources: Resources) -> Cookie:
    """Make the cookie of a sign-in under way; without a word it is taken back."""
    return Cookie(
        key=_cookie_name(resources),
        value=word,
        path="/",
        max_age=oidc.MINUTES * 60 if word else 0,
        secure=resources.is_https,
        httponly=True,
        samesite="lax",
    )
