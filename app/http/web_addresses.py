"""Addresses of pages elsewhere that people give us: an organisation's website, a service, evidence."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from app.http.bodies import fault
from app.http.problems import FieldProblem

WEB_ADDRESS_MAX = 500


def web_address_faults(path: str, given: str) -> Iterator[FieldProblem]:
    """List what is wrong with the address of a page."""
    address = given.strip()
    if len(address) > WEB_ADDRESS_MAX:
        yield fault(path, f"It has {len(address)} characters; {WEB_ADDRESS_MAX} are allowed.")
    elif not _is_web_address(address):
        yield fault(path, "Give an address that begins with https:// or http://.")


def _is_web_address(address: str) -> bool:
    if any(not char.isprintable() or char.isspace() for char in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
