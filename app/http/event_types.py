"""What other programs can hold us to: the types of events, their schemas, and the AsyncAPI document."""

import hashlib
from functools import lru_cache
from typing import Any

import msgspec
from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.http.etags import is_unchanged
from app.http.openapi import VERSION, read_answers
from app.http.parameters import IfNoneMatch
from app.http.resources import ApiRequest, resources_of
from app.webhooks.asyncapi import asyncapi_document
from app.webhooks.catalogue import CATALOGUE
from app.webhooks.event_examples import SOURCE
from app.webhooks.messages import schema_address
from app.webhooks.schemas import published_schema

SCHEMA_JSON = "application/schema+json"
_CACHING = {"cache-control": "public, max-age=3600"}
_SHOWN = CATALOGUE["VotingResumed"]


class PublishedType(Struct, frozen=True, kw_only=True):
    """A type of event, what it means in a sentence, and where the JSON Schema of its messages is.

    `subject` is what its streams are of. Of a type and version nothing changes but that fields are added and choices get
    more words; a change beyond that has another name and version.
    """

    type: str
    version: int
    title: str
    description: str
    subject: str
    schema: str


class PublishedTypes(Struct, frozen=True, kw_only=True):
    """All types of events, in one page."""

    items: list[PublishedType]
    next_cursor: str | None = None


EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "type": _SHOWN.name,
            "version": _SHOWN.version,
            "title": _SHOWN.title,
            "description": _SHOWN.description,
            "subject": _SHOWN.subject,
            "schema": schema_address(_SHOWN.name, SOURCE),
        }
    ],
    "next_cursor": None,
}
# Its beginning: a schema refers to its own parts, which an example within another document does not have.
SCHEMA_EXAMPLE: dict[str, Any] = {
    word: said for word, said in published_schema(_SHOWN, SOURCE).items() if isinstance(said, str)
}


class EventTypeController(Controller):
    """The routes of what is promised about events."""

    path = "/api"
    tags = ("events",)

    @get(
        "/v1/event-types",
        operation_id="listEventTypes",
        summary="All types of events",
        responses=read_answers(PublishedTypes, EXAMPLE),
        sync_to_thread=False,
    )
    def list_event_types(self, request: ApiRequest, if_none_match: IfNoneMatch = None) -> Response[bytes]:
        """List every type of event that the log can hold and that other programs can be told of."""
        return _answer(_types(_source(request)), "application/json", if_none_match)

    @get(
        "/v1/event-types/{type_name:str}/schema.json",
        operation_id="getEventTypeSchema",
        summary="The schema of a type of event",
        media_type=SCHEMA_JSON,
        responses=read_answers(dict[str, Any], SCHEMA_EXAMPLE, 404, media_type=SCHEMA_JSON),
        sync_to_thread=False,
    )
    def get_event_type_schema(
        self, request: ApiRequest, type_name: FromPath[str], if_none_match: IfNoneMatch = None
    ) -> Response[bytes]:
        """Read the JSON Schema (draft 2020-12) of a type's messages.

        The whole describes the body of Standard Webhooks; the part `#data` the event alone, which is the data of a
        CloudEvent, and the part `#cloudevent` a CloudEvent in structured mode.
        """
        if type_name not in CATALOGUE:
            raise NotFoundException(detail="There is no such type of event.")
        return _answer(_schema(type_name, _source(request)), SCHEMA_JSON, if_none_match)

    @get(
        "/asyncapi.json",
        operation_id="getAsyncApi",
        summary="What is sent to other programs, as an AsyncAPI 3.0 document",
        responses=read_answers(
            dict[str, Any], {"asyncapi": "3.0.0", "info": {"title": "Open Impact events"}}
        ),
        sync_to_thread=False,
    )
    def get_async_api(self, request: ApiRequest, if_none_match: IfNoneMatch = None) -> Response[bytes]:
        """Read the description of all messages to endpoints, in every way to write them, with an example of each."""
        return _answer(_asyncapi(_source(request)), "application/json", if_none_match)


def _source(request: ApiRequest) -> str:
    return resources_of(request).settings.public_url.rstrip("/")


def _answer(encoded: bytes, media_type: str, if_none_match: str | None) -> Response[bytes]:
    etag = f'"{hashlib.sha256(encoded).hexdigest()[:16]}"'
    headers = {**_CACHING, "etag": etag}
    if is_unchanged(if_none_match, etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(encoded, media_type=media_type, headers=headers)


@lru_cache(maxsize=4)
def _types(source: str) -> bytes:
    return msgspec.json.encode(
        PublishedTypes(
            items=[
                PublishedType(
                    type=kind.name,
                    version=kind.version,
                    title=kind.title,
                    description=kind.description,
                    subject=kind.subject,
                    schema=schema_address(kind.name, source),
                )
                for kind in CATALOGUE.values()
            ]
        )
    )


@lru_cache(maxsize=4 * len(CATALOGUE))
def _schema(type_name: str, source: str) -> bytes:
    return msgspec.json.encode(published_schema(CATALOGUE[type_name], source))


@lru_cache(maxsize=4)
def _asyncapi(source: str) -> bytes:
    return msgspec.json.encode(asyncapi_document(source, version=VERSION))
