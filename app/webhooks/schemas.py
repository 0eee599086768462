"""The JSON Schemas (draft 2020-12) of messages, made from the contracts and thus from what is sent.

A schema is open: fields that it does not know are allowed, because fields are added. For the same reason a choice
names what can be chosen today and lets other words pass, so that a message of tomorrow is valid by the schema of
today. What a schema promises beyond that is held by the golden files in `tests/fixtures/schemas`.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, defstruct

from app.webhooks.catalogue import CATALOGUE, EventType, sentence_of
from app.webhooks.messages import DATA_ANCHOR, JSON, SEQUENCE_DIGITS, schema_address, thin_fields
from events.contracts.base import Event

Schema: TypeAlias = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
CLOUDEVENT_ANCHOR = "cloudevent"
"""What the part of a published schema is called that describes a structured CloudEvent."""
_CLOUDEVENT = "CloudEvent"

_UUID: Schema = {"type": "string", "format": "uuid"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def published_schema(kind: EventType, source: str) -> Schema:
    """Make the schema of a type as it is published at its address.

    The whole describes the body of Standard Webhooks; the part named by the anchor `data` an event alone, which is
    the data of a CloudEvent, and the part named `cloudevent` a CloudEvent in structured mode.
    """

    def reference(name: str) -> str:
        return f"#/$defs/{name}"

    definitions = data_schemas(kind.contract, reference)
    alone = definitions.pop(kind.name)
    return {
        "$schema": DRAFT,
        "$id": schema_address(kind.name, source),
        **message_schema(kind, reference),
        "$defs": {
            kind.name: {"$anchor": DATA_ANCHOR, **alone},
            **definitions,
            _CLOUDEVENT: {"$anchor": CLOUDEVENT_ANCHOR, **cloudevent_schema(kind, reference)},
        },
    }


def component_schemas(reference: Callable[[str], str]) -> dict[str, Schema]:
    """Make the schemas of all types as the components of a larger document, which refers to them its own way."""
    made: dict[str, Schema] = {}
    for kind in CATALOGUE.values():
        made |= data_schemas(kind.contract, reference)
        made[message_name(kind)] = message_schema(kind, reference)
        made[cloudevent_name(kind)] = cloudevent_schema(kind, reference)
    return made


def message_name(kind: EventType) -> str:
    """Name the schema of a type's Standard Webhooks body within a larger document."""
    return f"{kind.name}Message"


def cloudevent_name(kind: EventType) -> str:
    """Name the schema of a type's structured CloudEvents within a larger document."""
    return f"{kind.name}{_CLOUDEVENT}"


def message_schema(kind: EventType, reference: Callable[[str], str]) -> Schema:
    """Describe the body of Standard Webhooks: the public log's envelope."""
    return _object(
        kind.title,
        kind.description,
        {
            "type": {"const": kind.name},
            "timestamp": {**_MOMENT, "description": "When the log took the event down."},
            "position": {
                "type": "integer",
                "minimum": 1,
                "description": "Counts all events of the log from 1, without a gap.",
            },
            "id": {**_UUID, "description": "The event's own; the same however often it is sent."},
            "stream": {"type": "string", "description": "What the event happened to."},
            "version": {
                "type": "integer",
                "minimum": 1,
                "description": "Counts the events of the stream from 1, without a gap.",
            },
            "occurred_at": {**_MOMENT, "description": "When it happened."},
            "recorded_at": {**_MOMENT, "description": "When the log took the event down."},
            "data": {"$ref": reference(kind.name)},
        },
    )


def cloudevent_schema(kind: EventType, reference: Callable[[str], str]) -> Schema:
    """Describe a CloudEvent in structured mode."""
    return _object(
        f"{kind.title}, as a CloudEvent",
        kind.description,
        {
            "specversion": {"const": "1.0"},
            "id": {**_UUID, "description": "The event's own; the same however often it is sent."},
            "source": {"type": "string", "format": "uri-reference", "description": "The installation."},
            "type": {"const": kind.name},
            "subject": {"type": "string", "description": "The stream: what the event happened to."},
            "time": {**_MOMENT, "description": "When it happened."},
            "datacontenttype": {"const": JSON},
            "dataschema": {"type": "string", "format": "uri", "description": "The schema of `data`."},
            "sequence": {
                "type": "string",
                "pattern": f"^[0-9]{{{SEQUENCE_DIGITS}}}$",
                "description": "Counts the events of the subject from 1; can be compared as text.",
            },
            "position": {
                "type": "string",
                "pattern": "^[1-9][0-9]*$",
                "description": "Counts all events of the log from 1, without a gap.",
            },
            "recordedtime": {**_MOMENT, "description": "When the log took the event down."},
            "data": {"$ref": reference(kind.name)},
        },
    )


def data_schemas(contract: type[Event], reference: Callable[[str], str]) -> dict[str, Schema]:
    """Describe an event alone, without the texts that people wrote, and the values inside it, each by its name."""
    _, made = msgspec.json.schema_components([_thin_contract(contract)], ref_template="{name}")
    # As JSON, in which a default is what other programs see of it.
    definitions = msgspec.json.decode(msgspec.json.encode(made), type=dict[str, Schema])
    return {name: _as_published(schema, reference) for name, schema in definitions.items()}


@cache
def _thin_contract(contract: type[Event]) -> type[Struct]:
    """Make the contract of what is sent of an event."""
    shown = thin_fields(contract)
    fields = [field for field in msgspec.structs.fields(contract) if field.name in shown]
    return defstruct(
        contract.__name__,
        [
            (field.name, field.type) if field.required else (field.name, field.type, field.default)
            for field in fields
        ],
        namespace={"__doc__": sentence_of(contract)},
        frozen=True,
        kw_only=True,
    )


def _object(title: str, description: str, properties: dict[str, Schema]) -> Schema:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _as_published(schema: Any, reference: Callable[[str], str]) -> Any:
    """Open the choices of a schema, point its references where its document has them, and tidy its sentences."""
    if isinstance(schema, list):
        return [_as_published(part, reference) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _as_published(part, reference) for name, part in schema.items()}
    # What is looked for are words and lists: a field may be called the same, and is a mapping.
    if isinstance(made.get("enum"), list):
        made = {"anyOf": [{"enum": made.pop("enum")}, {"type": "string"}], **made}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = reference(made["$ref"])
    if isinstance(made.get("description"), str):
        made["description"] = " ".join(made["description"].split())
    return made
