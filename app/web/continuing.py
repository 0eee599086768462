"""Going on with a form after signing in: what was typed is shown, and sent as it was when its sender says so."""

import re
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.access.kept_forms import KeptForm, KeptFormEndedError, KeptFormOverError, KeptFormUnknownError
from app.http.cookies import KEPT_FORMS, cookie_in
from app.http.resources import actor_of, resources_of
from app.web.addresses import continue_href
from app.web.showing import PageRequest, seen_elsewhere, show
from projections.language import N_
from projections.language import gettext as _

_NO_STORE = {"cache-control": "no-store"}
_LONG = 240
_LINES = 4
_BEGINNING = 60
_BUTTON = "act"
_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


_LABELS = frozenset(
    {
        N_("Act"),
        N_("Amount"),
        N_("Beneficiaries"),
        N_("By mail"),
        N_("Ceiling"),
        N_("Choice"),
        N_("Closes"),
        N_("Closes at"),
        N_("Code"),
        N_("Community"),
        N_("Counts in kind"),
        N_("Currency"),
        N_("Deadline"),
        N_("Description"),
        N_("Document"),
        N_("Email"),
        N_("Expires on"),
        N_("Kind"),
        N_("Link"),
        N_("Match cap"),
        N_("Match ratio"),
        N_("Max share"),
        N_("Min funders"),
        N_("Min total"),
        N_("Minimum"),
        N_("Mode"),
        N_("Name"),
        N_("Need"),
        N_("Note"),
        N_("Opens"),
        N_("Opens at"),
        N_("Ordered"),
        N_("Org id"),
        N_("Organisation"),
        N_("Organisation id"),
        N_("Overlap"),
        N_("Person id"),
        N_("Problem"),
        N_("Proposal"),
        N_("Reason"),
        N_("Runs at"),
        N_("Service name"),
        N_("Size"),
        N_("Standing"),
        N_("Sure"),
        N_("Target"),
        N_("Terms"),
        N_("Threshold"),
        N_("Title"),
        N_("To"),
        N_("Until"),
        N_("Url"),
        N_("Website"),
    }
)
"""What people know a field by, made from its name; a field that is not here is called by its name."""


class TypedField(Struct, frozen=True, kw_only=True):
    """A field as somebody filled it in; a long text has a `beginning`, and is folded."""

    label: str
    value: str
    beginning: str | None = None


class ContinuePage(Struct, frozen=True, kw_only=True):
    """A form to go on with: what was typed, what else goes with it, and all of it as it is sent; or why there is none."""

    href: str
    came_from: str = "/"
    until: datetime | None = None
    typed: tuple[TypedField, ...] = ()
    besides: tuple[TypedField, ...] = ()
    sent: tuple[tuple[str, str], ...] = ()
    error: str | None = None


@get("/continue/{kept_id:uuid}", include_in_schema=False)
async def show_kept_form(request: PageRequest, kept_id: FromPath[UUID]) -> Response[bytes]:
    """Show what somebody typed before they had to sign in."""
    try:
        form, until = await resources_of(request).kept_forms.look(
            kept_id, browser=_browser(request), person_id=actor_of(request).person_id
        )
    except KeptFormUnknownError as error:
        raise NotFoundException from error
    except (KeptFormOverError, KeptFormEndedError) as error:
        return await _over(request, kept_id, error)
    return await show(request, "continue.html", continue_view(kept_id, form, until), headers=_NO_STORE)


@post("/continue/{kept_id:uuid}", include_in_schema=False)
async def send_kept_form(request: PageRequest, kept_id: FromPath[UUID]) -> Response[bytes]:
    """Have the browser send the form to where it was going (307, RFC 9110: the same fields), once."""
    try:
        form = await _ended(request, kept_id)
    except (KeptFormOverError, KeptFormEndedError) as error:
        return await _over(request, kept_id, error)
    headers = {"location": form.action, **_NO_STORE}
    return Response(b"", status_code=HTTPStatus.TEMPORARY_REDIRECT, media_type="text/plain", headers=headers)


@post("/continue/{kept_id:uuid}/discard", include_in_schema=False)
async def discard_kept_form(request: PageRequest, kept_id: FromPath[UUID]) -> Response[bytes]:
    """Forget the form, and lead back to the page it was on."""
    try:
        form = await _ended(request, kept_id)
    except (KeptFormOverError, KeptFormEndedError) as error:
        return await _over(request, kept_id, error)
    return seen_elsewhere(form.came_from)


CONTINUING = (show_kept_form, send_kept_form, discard_kept_form)


def continue_view(kept_id: UUID, form: KeptForm, until: datetime) -> ContinuePage:
    """Make the page of a form that is kept; what stands for something else is not shown among what was typed."""
    fields = [(name, value) for name, value in form.fields if value.strip()]
    return ContinuePage(
        href=continue_href(kept_id),
        came_from=form.came_from,
        until=until,
        typed=tuple(_field(name, value) for name, value in fields if not _stands_for(name, value)),
        besides=tuple(_field(name, value) for name, value in fields if _stands_for(name, value)),
        sent=form.fields,
    )


def _field(name: str, value: str) -> TypedField:
    label = _label(name)
    if len(value) <= _LONG and value.count("\n") < _LINES:
        return TypedField(label=label, value=value)
    return TypedField(label=label, value=value, beginning=f"{' '.join(value.split())[:_BEGINNING].rstrip()}…")


def _label(name: str) -> str:
    """Call a field by what people know it by, or by its own name where it has no other."""
    words = " ".join(re.split(r"[\s_.\[\]-]+", _IDENTIFIER.sub("", name))).strip()
    plain = f"{words[:1].upper()}{words[1:]}"
    if not plain:
        return _("Choice")
    return _(plain) if plain in _LABELS else plain


def _stands_for(name: str, value: str) -> bool:
    """Tell whether a field is a choice, a button or an identifier rather than words of its sender."""
    return name == _BUTTON or bool(_IDENTIFIER.search(name) or _IDENTIFIER.fullmatch(value)) or value == "on"


async def _ended(request: PageRequest, kept_id: UUID) -> KeptForm:
    try:
        return await resources_of(request).kept_forms.end(
            kept_id, browser=_browser(request), person_id=actor_of(request).person_id
        )
    except KeptFormUnknownError as error:
        raise NotFoundException from error


async def _over(
    request: PageRequest, kept_id: UUID, error: KeptFormOverError | KeptFormEndedError
) -> Response[bytes]:
    page = ContinuePage(href=continue_href(kept_id), error=_(str(error)))
    return await show(request, "continue.html", page, status=HTTPStatus.GONE, headers=_NO_STORE)


def _browser(request: PageRequest) -> str | None:
    name = KEPT_FORMS.name(https=resources_of(request).is_https)
    return cookie_in(request.scope["headers"], name)
