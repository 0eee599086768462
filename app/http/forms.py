"""Forms that people send from our pages: their fields, read strictly."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from app.http.envelope import read_body
from app.http.problems import MalformedError
from projections.language import gettext as _

_FIELDS_MAX = 50
FORM_TYPE = "application/x-www-form-urlencoded"


async def form_of(request: Request[Any, Any, Any], *, most: int = _FIELDS_MAX) -> Mapping[str, str]:
    """Read a form's fields, of which there are so many at most.

    Raises:
        MalformedError: this is no form, not in UTF-8, or has a field twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in {FORM_TYPE, ""}:
        raise MalformedError.of("", _("Send this as a form of a page."))
    body = await read_body(request)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most, errors="strict")
    except ValueError as error:
        raise MalformedError.of("", _("This form cannot be read; go back and send it again.")) from error
    form = dict(fields)
    if len(form) < len(fields):
        raise MalformedError.of("", _("A field of this form is there twice; go back and send it again."))
    return form
