"""The page for people who write programs: every type of event, what it means, what is in it, and an example."""

from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct

from app.http.resources import resources_of
from app.web.showing import PageRequest, show
from app.webhooks.catalogue import CATALOGUE, EventType
from app.webhooks.messages import message_of, schema_address
from app.webhooks.schemas import published_schema

_WORDS = {
    ("string", "uuid"): "an identifier",
    ("string", "date-time"): "a time",
    ("string", "date"): "a date",
    ("string", ""): "a text",
    ("integer", ""): "a whole number",
    ("boolean", ""): "true or false",
    ("null", ""): "null",
}


class FieldView(Struct, frozen=True, kw_only=True):
    """A field of an event: what it is in words, and the names or choices that belong to it."""

    name: str
    says: str
    words: tuple[str, ...] = ()


class EventTypeView(Struct, frozen=True, kw_only=True):
    """A type of event as the page shows it; the example is indented JSON."""

    name: str
    title: str
    version: int
    description: str
    schema_href: str
    fields: tuple[FieldView, ...]
    example: str


class EventChapter(Struct, frozen=True, kw_only=True):
    """The types of events that happen to one kind of thing."""

    title: str
    description: str
    types: tuple[EventTypeView, ...]


class EventTypesPage(Struct, frozen=True, kw_only=True):
    """Every type of event, by what it happens to."""

    chapters: tuple[EventChapter, ...]


@get("/about/events", include_in_schema=False)
async def show_event_types(request: PageRequest) -> Response[bytes]:
    """Show every type of event that other programs can be told of."""
    return await show(request, "events.html", event_types_page(resources_of(request).settings.public_url))


@lru_cache(maxsize=4)
def event_types_page(source: str) -> EventTypesPage:
    """Make the page for the installation at an address."""
    kinds = sorted(CATALOGUE.values(), key=lambda kind: _SUBJECTS.index(kind.subject))
    return EventTypesPage(
        chapters=tuple(
            EventChapter(
                title=subject.capitalize(),
                description=f"{first.subject_title}.",
                types=tuple(_event_type(kind, source) for kind in (first, *others)),
            )
            for subject, (first, *others) in groupby(kinds, key=lambda kind: kind.subject)
        )
    )


_SUBJECTS = list(dict.fromkeys(kind.subject for kind in CATALOGUE.values()))


def _event_type(kind: EventType, source: str) -> EventTypeView:
    schema = published_schema(kind, source)
    body = message_of(kind.example, written_as="standard", source=source).body
    return EventTypeView(
        name=kind.name,
        title=kind.title,
        version=kind.version,
        description=kind.description,
        schema_href=schema_address(kind.name, ""),
        fields=tuple(
            _field(name, said, schema["$defs"])
            for name, said in schema["$defs"][kind.name]["properties"].items()
        ),
        example=msgspec.json.format(body, indent=2).decode(),
    )


def _field(name: str, schema: dict[str, Any], definitions: dict[str, Any]) -> FieldView:
    """Say in words what a field holds."""
    parts = schema.get("anyOf", [schema])
    something = next(part for part in parts if part.get("type") != "null")
    or_null = ", or null" if len(parts) > 1 and {"type": "null"} in parts else ""
    if "anyOf" in something:
        something = something["anyOf"][0]
    if "enum" in something:
        return FieldView(name=name, says=f"a word{or_null}, today one of", words=tuple(something["enum"]))
    if "$ref" in something:
        inside = definitions[something["$ref"].rpartition("/")[2]]
        return FieldView(name=name, says=f"an object{or_null}, with", words=tuple(inside["properties"]))
    if something["type"] == "array":
        item = _field(name, something["items"], definitions)
        plural = item.says.replace("an object", "objects").replace("a word", "words")
        return FieldView(name=name, says=f"a list of {_PLURALS.get(plural, plural)}", words=item.words)
    words = _WORDS[something["type"], something.get("format", "")]
    return FieldView(name=name, says=f"{words}{or_null}")


_PLURALS = {"an identifier": "identifiers", "a text": "texts", "a time": "times"}
