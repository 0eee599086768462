"""Addresses of pages elsewhere that people give us: an organisation's website, a service, evidence."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from app.http.bodies import fault, too_long
from app.http.problems import FieldProblem
from projections.language import gettext as _

WEB_ADDRESS_MAX = 500


def web_address_faults(path: str, given: str) -> Iterator[FieldProblem]:
    """List what is wrong with the address of a page."""
    address = given.strip()
    if len(address) > WEB_ADDRESS_MAX:
        yield fault(path, too_long(len(address), WEB_ADDRESS_MAX))
    elif not _is_web_address(address):
        yield fault(path, _("Give an address that begins with https:// or http://."))


def _is_web_address(address: str) -> bool:
    if any(not char.isprintable() or char.isspace() for char in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
