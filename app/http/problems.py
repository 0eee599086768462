"""Every error as an answer: RFC 9457 problem details for programs, a plain page for people.

The one place that maps errors. Three kinds: a rule was broken (409, or 404 and 403 where that is what
it means), the world was busy (412 or 503), we were wrong (500, which says nothing but the request's
id). A malformed request is 400 and names the field.
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import asyncpg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import UNSET, Struct, UnsetType

from app.access.fresh_proof import FreshProofError
from app.access.invitations import InvitationUnknownError, InvitedAnotherError
from app.access.passkeys import PasskeyUnknownError
from app.access.relations import RoleNeededError
from app.funding.permission import NotInChargeOfPoolError
from app.http.cookies import SESSION, cookie_in
from app.http.trace import trace_of
from app.revisions import RevisionUnknownError
from app.web.addresses import confirm_href, sign_in_href
from app.web.templating import environment
from app.web.views import ProblemPage, Visitor
from app.webhooks.callbacks import CallbackOverError
from domain.community import CommunityUnknownError
from domain.decider import DomainError
from domain.endpoint import EndpointRemovedError, EndpointUnknownError
from domain.idea import ClosedByStewardError, IdeaUnknownError, NotInChargeError, NotTheAuthorError
from domain.mandate import MandateUnknownError
from domain.needs import NeedUnknownError
from domain.offer import NotForTheIdeaError, NotTheOfferersError, OfferUnknownError
from domain.organisation import NotAMemberError, NotAnAdministratorError, OrganisationUnknownError
from domain.person import PersonUnknownError
from domain.pool import PoolUnknownError
from domain.pool_gathering import PledgeUnknownError
from domain.pool_payout import MilestoneUnknownError
from domain.quarantine import QuarantineUnknownError
from events.connections import LOST, REFUSED
from events.errors import KeyReusedError, OperationalError, WrongVersionError
from events.sealing.errors import SubjectErasedError
from projections.cursors import BadCursorError
from projections.language import N_, language
from projections.language import gettext as _

AnyRequest: TypeAlias = Request[Any, Any, Any]

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:open-impact:"

_STATUS_OF_RULE: Mapping[type[DomainError], int] = {
    IdeaUnknownError: 404,
    CommunityUnknownError: 404,
    QuarantineUnknownError: 404,
    MandateUnknownError: 404,
    NeedUnknownError: 404,
    RevisionUnknownError: 404,
    NotTheAuthorError: 403,
    EndpointUnknownError: 404,
    EndpointRemovedError: 404,
    CallbackOverError: 404,
    OfferUnknownError: 404,
    NotTheOfferersError: 403,
    NotForTheIdeaError: 403,
    NotInChargeError: 403,
    ClosedByStewardError: 403,
    OrganisationUnknownError: 404,
    NotAMemberError: 404,
    PersonUnknownError: 404,
    InvitationUnknownError: 404,
    InvitedAnotherError: 403,
    NotAnAdministratorError: 403,
    PasskeyUnknownError: 404,
    PoolUnknownError: 404,
    PledgeUnknownError: 404,
    MilestoneUnknownError: 404,
    NotInChargeOfPoolError: 403,
}

# What passes within a moment, and what takes somebody to mend it.
_RETRY_SECONDS = 1
_RETRY_SECONDS_AWAY = 2

LED_TO = "led_to"
"""Where in a request's state it stands that its sender is led to `sign-in` or to `confirm` first."""

_templates = environment()
_log = structlog.get_logger(__name__)


class FieldProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with one field: where it is (`themes[0]`, `ask.amount_minor`) and what to do about it."""

    path: str
    message: str


class Problem(Struct, frozen=True, kw_only=True):
    """An error, as RFC 9457 has it; `request_id` is what to quote when you ask us about it.

    `challenge` comes with `proof-of-work-needed`: what to solve.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: Sequence[FieldProblem] | UnsetType = UNSET
    challenge: dict[str, Any] | UnsetType = UNSET


class MalformedError(Exception):
    """The request cannot be understood as it is; each field at fault is named."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__(self.__doc__)
        self.errors = errors

    @classmethod
    def of(cls, path: str, message: str) -> "MalformedError":
        """Name one field at fault."""
        return cls([FieldProblem(path=path, message=message)])


class NotCaughtUpError(Exception):
    """What you want to see is recorded, but not yet visible here; ask again in a second."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class ProofOfWorkNeededError(Exception):
    """Many new accounts came from your network; solve the challenge, then send it again with the proof."""

    def __init__(self, challenge: dict[str, Any]) -> None:
        super().__init__(self.__doc__)
        self.challenge = challenge


class OutdatedError(Exception):
    """It was changed since you read it; read it again, and send your change with the new ETag."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class _Answer(Struct, frozen=True, kw_only=True):
    """What to answer to an error: the name of its kind, and all that differs from the usual."""

    status: int
    name: str
    detail: str
    title: str | None = None
    errors: Sequence[FieldProblem] | UnsetType = UNSET
    challenge: dict[str, Any] | UnsetType = UNSET
    headers: Mapping[str, str] = {}


def answer_error(request: AnyRequest, error: Exception) -> Response[object]:
    """Answer any error that a handler lets through, and log those that are ours."""
    answer = _answer_to(error)
    _tell(request, answer, error)
    trace = trace_of(request.scope)
    headers = {**answer.headers, "cache-control": "no-store"}
    if _wants_page(request):
        if isinstance(error, FreshProofError):
            return _confirm_first(request)
        if answer.status == HTTPStatus.UNAUTHORIZED and "authorization" not in request.headers:
            return _sign_in_first(request)
        return _page(request, answer, trace.request_id, headers)
    problem = Problem(
        type=f"{TYPE_PREFIX}{answer.name}",
        title=answer.title or HTTPStatus(answer.status).phrase,
        status=answer.status,
        detail=answer.detail,
        instance=request.scope["path"],
        request_id=trace.request_id,
        errors=answer.errors,
        challenge=answer.challenge,
    )
    return Response(problem, status_code=answer.status, media_type=MEDIA_TYPE, headers=headers)


def _answer_to(error: Exception) -> _Answer:
    match error:
        case DomainError():
            name = _words(error)
            status = _STATUS_OF_RULE.get(type(error), 409)
            return _Answer(
                status=status,
                name="-".join(name).lower(),
                title=" ".join(name).capitalize(),
                detail=str(error),
            )
        case MalformedError(errors=errors):
            return _malformed(errors)
        case BadCursorError():
            return _malformed([FieldProblem(path="cursor", message=str(error))])
        case ValidationException(extra=extra):
            return _malformed(_fields(extra))
        case OutdatedError():
            return _Answer(status=412, name="outdated", detail=str(error))
        case ProofOfWorkNeededError(challenge=challenge):
            return _Answer(
                status=403,
                name="proof-of-work-needed",
                title="Proof of work needed",
                detail=str(error),
                challenge=challenge,
            )
        case SubjectErasedError():
            return _Answer(status=410, name="erased", title="Erased", detail=str(error))
        case KeyReusedError():
            return _Answer(status=422, name="key-reused", title="Idempotency key reused", detail=str(error))
        case RoleNeededError():
            return _Answer(status=403, name="forbidden", detail=str(error))
        case FreshProofError():
            return _Answer(
                status=403, name="fresh-proof-needed", title="Fresh proof needed", detail=str(error)
            )
        case HTTPException(status_code=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return _client_error(error)
        case HTTPException(status_code=HTTPStatus.SERVICE_UNAVAILABLE, detail=detail, headers=headers):
            return _unavailable(detail, headers or {})
        case NotCaughtUpError():
            return _unavailable(str(error))
        case WrongVersionError():
            return _unavailable("Others were faster several times in a row; try again in a second.")
        case OperationalError():
            return _unavailable(str(error))
        case _ if type(error) is asyncpg.DataError:
            # A value no column can hold, out of a cursor somebody made up; the server's own errors are subclasses.
            return _malformed([FieldProblem(path="", message=_("A value is out of range."))])
        case asyncpg.UndefinedTableError() | asyncpg.InvalidSchemaNameError():
            return _unavailable("The read models are being set up; try again in a few seconds.", _AWAY)
        case _ if isinstance(error, (*LOST, *REFUSED)):
            return _unavailable("The database cannot be reached just now; try again in a few seconds.", _AWAY)
        case _:
            return _Answer(
                status=500,
                name="internal",
                detail="Something went wrong on our side. Quote the request_id when you tell us about it.",
            )


_AWAY = {"retry-after": str(_RETRY_SECONDS_AWAY)}


def _unavailable(detail: str, headers: Mapping[str, str] | None = None) -> _Answer:
    return _Answer(
        status=503, name="unavailable", detail=detail, headers=headers or {"retry-after": str(_RETRY_SECONDS)}
    )


def _malformed(errors: Sequence[FieldProblem]) -> _Answer:
    named = [f"{error.path}: {error.message}" if error.path else error.message for error in errors]
    return _Answer(
        status=400, name="malformed", title="Malformed request", detail=" ".join(named), errors=errors
    )


def _fields(extra: object) -> list[FieldProblem]:
    """Read what the framework says of wrong parameters."""
    if not isinstance(extra, list):
        return [FieldProblem(path="", message="A parameter is missing or cannot be read.")]
    return [
        FieldProblem(path=str(entry.get("key", "")), message=str(entry.get("message", "")).rstrip(".") + ".")
        for entry in extra
    ]


_SENTENCES: Mapping[int, str] = {
    404: N_("There is nothing at this address."),
    405: N_("This address does not take that method; the Allow header lists those it takes."),
    413: N_("The body is larger than 256 KiB; send less at once."),
}


def _client_error(error: HTTPException) -> _Answer:
    status = HTTPStatus(error.status_code)
    # The framework's own words are the status' name; only a sentence of ours says more.
    said = error.detail if error.detail.endswith(".") else None
    return _Answer(
        status=error.status_code,
        name=status.phrase.lower().replace(" ", "-"),
        detail=said or _SENTENCES.get(error.status_code, f"{status.description or status.phrase}."),
        headers=error.headers or {},
    )


def _words(error: DomainError) -> list[str]:
    """Take a class's name apart: `OwnIdeaError` is "Own", "Idea"."""
    return re.findall(r"[A-Z][a-z0-9]*", type(error).__name__.removesuffix("Error"))


def _tell(request: AnyRequest, answer: _Answer, error: Exception) -> None:
    """Count broken rules, and log what is not the caller's doing; the request's own line tells the rest."""
    if isinstance(error, DomainError):
        request.app.state["measures"].rule_broken(answer.name)
    elif answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request_failed", exc_info=error)
    elif answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("request_unavailable", error=repr(error))


_HEADINGS: Mapping[int, str] = {
    400: N_("We do not understand this address"),
    403: N_("You may not do this"),
    404: N_("We cannot find this page"),
    405: N_("This does not work here"),
    409: N_("This cannot be done now"),
    410: N_("This is gone"),
    412: N_("Somebody was faster"),
    413: N_("This is too much at once"),
    422: N_("This was sent before"),
    429: N_("One moment, please"),
    500: N_("Something went wrong on our side"),
    503: N_("We are busy"),
}
_ANOTHER_HEADING = N_("This did not work")
_ADVICE: Mapping[int, str] = {
    404: N_("The address may be mistyped, or the page was moved. Look for it among the ideas."),
    500: N_("It is not your doing. Please try again in a minute."),
    503: N_("Please try again in a minute."),
}


def _wants_page(request: AnyRequest) -> bool:
    path: str = request.scope["path"]
    is_for_programs = path.startswith(("/api", "/health", "/metrics"))
    return not is_for_programs and "text/html" in request.headers.get("accept", "")


def _confirm_first(request: AnyRequest) -> Response[object]:
    """Lead somebody who must prove that it is them to where they can, and back to the page they were on."""
    request.scope["state"][LED_TO] = "confirm"
    headers = {"location": confirm_href(_came_from(request)), "cache-control": "no-store"}
    return Response(b"", status_code=303, media_type="text/plain", headers=headers)


def _sign_in_first(request: AnyRequest) -> Response[object]:
    """Lead somebody who must sign in first to where they can, and back to the page they were on."""
    request.scope["state"][LED_TO] = "sign-in"
    headers = {"location": sign_in_href(_came_from(request)), "cache-control": "no-store"}
    return Response(b"", status_code=303, media_type="text/plain", headers=headers)


def _came_from(request: AnyRequest) -> str:
    """Say to which page of ours to lead somebody back."""
    if request.method in {"GET", "HEAD"}:
        query: bytes = request.scope["query_string"]
        return request.scope["path"] + (f"?{query.decode('latin-1')}" if query else "")
    came_from = urlsplit(request.headers.get("referer", ""))
    return came_from.path if came_from.netloc == request.headers.get("host") else "/"


def _sentence(answer: _Answer) -> str:
    """Say to people what happened; where in an address or a body it is, is for programs."""
    if answer.status in _ADVICE:
        return _(_ADVICE[answer.status])
    if isinstance(answer.errors, UnsetType):
        return _(answer.detail)
    return " ".join(_(error.message) for error in answer.errors)


def _page(
    request: AnyRequest, answer: _Answer, request_id: str, headers: Mapping[str, str]
) -> Response[object]:
    page = ProblemPage(
        status=answer.status,
        title=_(_HEADINGS.get(answer.status, _ANOTHER_HEADING)),
        sentence=_sentence(answer),
        request_id=request_id if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None,
    )
    # Who they are may be what failed: no name is looked up, and the way to their own page stays.
    names = (SESSION.name(https=https) for https in (True, False))
    has_session = any(cookie_in(request.scope["headers"], name) for name in names)
    seen_by = Visitor(name=_("Me")) if has_session else None
    html = _templates.get_template("problem.html").render(page=page, visitor=seen_by)
    spoken = {"content-language": language().lang, "vary": "Accept-Language, Cookie"}
    return Response(html, status_code=answer.status, media_type="text/html", headers={**headers, **spoken})
