"""Published codes for pickers: themes and places, as lists that may be cached for a day."""

import hashlib
from collections.abc import Iterable
from functools import cache

import msgspec
from litestar import Controller, Response, get
from msgspec import Struct

from app.http import examples
from app.http.etags import is_unchanged
from app.http.openapi import read_answers
from app.http.parameters import IfNoneMatch
from events.codes.places import Place, places
from events.codes.themes import THEMES, Theme

_CACHING = {"cache-control": "public, max-age=86400"}


class Code(Struct, frozen=True, kw_only=True):
    """A code, its name for people, and the wider code it belongs to."""

    code: str
    name: str
    parent: str | None


class CodeList(Struct, frozen=True, kw_only=True):
    """All codes of a kind, in one page."""

    items: list[Code]
    next_cursor: str | None = None


class CodeController(Controller):
    """The routes of codes."""

    path = "/api/v1"
    tags = ("codes",)

    @get(
        "/themes",
        operation_id="listThemes",
        summary="All themes",
        responses=read_answers(CodeList, examples.CODES),
        sync_to_thread=False,
    )
    def list_themes(self, if_none_match: IfNoneMatch = None) -> Response[bytes]:
        """List the themes an idea can carry: UKCAT (CC BY 4.0) and the Sustainable Development Goals."""
        return _cached(_themes(), if_none_match)

    @get(
        "/places",
        operation_id="listPlaces",
        summary="All places",
        responses=read_answers(CodeList, examples.CODES),
        sync_to_thread=False,
    )
    def list_places(self, if_none_match: IfNoneMatch = None) -> Response[bytes]:
        """List the places an idea can be about: ISO 3166 countries and subdivisions, and English regions."""
        return _cached(_places(), if_none_match)


def _cached(encoded: bytes, if_none_match: str | None) -> Response[bytes]:
    etag = f'"{hashlib.sha256(encoded).hexdigest()[:16]}"'
    headers = {**_CACHING, "etag": etag}
    if is_unchanged(if_none_match, etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(encoded, media_type="application/json", headers=headers)


@cache
def _themes() -> bytes:
    return _encoded(THEMES.values())


@cache
def _places() -> bytes:
    return _encoded(sorted(places().values(), key=lambda place: place.code))


def _encoded(codes: Iterable[Theme | Place]) -> bytes:
    return msgspec.json.encode(
        CodeList(items=[Code(code=code.code, name=code.name, parent=code.parent) for code in codes])
    )
