"""The AsyncAPI 3.0 document: what is sent to other programs, in each of the ways to write it."""

from typing import Any, TypeAlias

from msgspec import Struct, json

from app.webhooks.catalogue import CATALOGUE, EventType
from app.webhooks.messages import CLOUDEVENTS_JSON, JSON, Message, message_of
from app.webhooks.schemas import cloudevent_name, component_schemas, message_name
from events.contracts import EndpointFormat

Part: TypeAlias = dict[str, Any]

_SIGNED: Part = {
    "webhook-id": {
        "type": "string",
        "format": "uuid",
        "description": "The event's identifier; the same however often it is sent.",
    },
    "webhook-timestamp": {
        "type": "string",
        "pattern": "^[0-9]+$",
        "description": "When this attempt was made, in seconds since 1970.",
    },
    "webhook-signature": {
        "type": "string",
        "description": "Signatures of identifier, time and body, with blanks between them: `v1,…` (HMAC-SHA256 with "
        "the endpoint's secret) and `v1a,…` (Ed25519).",
    },
}
_ATTRIBUTES = (
    *("specversion", "id", "source", "type", "subject", "time", "dataschema"),
    *("sequence", "position", "recordedtime"),
)
_DESCRIPTION = """\
What happens at Open Impact, as it is sent to the endpoints that other programs register: signed as Standard Webhooks
1.0.0 ask for, and written as the endpoint wants it. Texts that people wrote are not sent; the API gives them by the
identifiers that are.

Each event is sent at least once, and is known by its identifier. `version` (in CloudEvents `sequence`) counts the events
of one stream and `position` all events, both without a gap. Fields are added and choices get more words; nothing
else of a type changes.
"""


class _Way(Struct, frozen=True, kw_only=True):
    """A way to write a message, and the names it goes by in the document."""

    format: EndpointFormat
    channel: str
    title: str
    description: str
    content_type: str
    headers: str
    suffix: str

    def message(self, kind: EventType) -> str:
        return f"{kind.name}{self.suffix}"

    def payload(self, kind: EventType) -> str:
        match self.format:
            case "standard":
                return message_name(kind)
            case "cloudevents_structured":
                return cloudevent_name(kind)
            case "cloudevents_binary":
                return kind.name


_WAYS = (
    _Way(
        format="standard",
        channel="standard",
        title="Standard Webhooks",
        description="The body is the envelope of the public log, with `timestamp` beside it.",
        content_type=JSON,
        headers="SignedHeaders",
        suffix="",
    ),
    _Way(
        format="cloudevents_structured",
        channel="cloudeventsStructured",
        title="CloudEvents 1.0, structured",
        description="The body is a CloudEvent whose data is the event.",
        content_type=CLOUDEVENTS_JSON,
        headers="SignedHeaders",
        suffix="Structured",
    ),
    _Way(
        format="cloudevents_binary",
        channel="cloudeventsBinary",
        title="CloudEvents 1.0, binary",
        description="The body is the event, and the attributes of the CloudEvent are headers.",
        content_type=JSON,
        headers="SignedCloudEventHeaders",
        suffix="Binary",
    ),
)


def asyncapi_document(source: str, *, version: str) -> Part:
    """Describe all that the installation at an address sends; `version` is that of the API."""
    return {
        "asyncapi": "3.0.0",
        "id": f"{source.rstrip('/')}/api/asyncapi.json",
        "info": {
            "title": "Open Impact events",
            "version": version,
            "description": _DESCRIPTION,
            "contact": {"name": "The Open Impact engineers", "url": f"{source.rstrip('/')}/about/events"},
            "license": {
                "name": "AGPL-3.0-or-later",
                "url": "https://www.gnu.org/licenses/agpl-3.0.html",
            },
            "tags": [_tag(kind) for _, kind in sorted({k.subject: k for k in CATALOGUE.values()}.items())],
        },
        "defaultContentType": JSON,
        "channels": {way.channel: _channel(way) for way in _WAYS},
        "operations": {f"send{way.channel[0].upper()}{way.channel[1:]}": _operation(way) for way in _WAYS},
        "components": {
            "messages": {
                way.message(kind): _message(way, kind, source) for way in _WAYS for kind in CATALOGUE.values()
            },
            "schemas": {
                **component_schemas(_schema),
                "SignedHeaders": _headers(_SIGNED),
                "SignedCloudEventHeaders": _headers(
                    {**_SIGNED, **{f"ce-{name}": {"type": "string"} for name in _ATTRIBUTES}}
                ),
            },
        },
    }


def _channel(way: _Way) -> Part:
    return {
        "address": None,  # Each endpoint has one of its own.
        "title": way.title,
        "description": f"{way.description} Its address is the one that the endpoint was registered with.",
        "messages": {
            kind.name: {"$ref": f"#/components/messages/{way.message(kind)}"} for kind in CATALOGUE.values()
        },
    }


def _operation(way: _Way) -> Part:
    return {
        "action": "send",
        "title": f"Send an event as {way.title}",
        "summary": f"Tells an endpoint that asked for {way.title} of an event.",
        "description": "An answer of 2xx takes the event. Whatever else comes, or nothing, and it is sent again, up to 15 "
        "times in eight days; 410 ends it.",
        "channel": {"$ref": f"#/channels/{way.channel}"},
        "messages": [
            {"$ref": f"#/channels/{way.channel}/messages/{kind.name}"} for kind in CATALOGUE.values()
        ],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }


def _message(way: _Way, kind: EventType, source: str) -> Part:
    return {
        "name": kind.name,
        "title": f"{kind.title} ({way.title})",
        "summary": kind.description,
        "contentType": way.content_type,
        "tags": [_tag(kind)],
        "headers": {"$ref": _schema(way.headers)},
        "payload": {"$ref": _schema(way.payload(kind))},
        "examples": [_example(message_of(kind.example, written_as=way.format, source=source))],
    }


def _tag(kind: EventType) -> Part:
    return {"name": kind.subject, "description": f"{kind.subject_title}."}


def _example(sent: Message) -> Part:
    attributes = {name: said for name, said in sent.headers.items() if name != "content-type"}
    signed = {
        "webhook-id": sent.id,
        "webhook-timestamp": "1793628300",
        "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    }
    return {"headers": {**signed, **attributes}, "payload": json.decode(sent.body)}


def _headers(properties: Part) -> Part:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _schema(name: str) -> str:
    return f"#/components/schemas/{name}"
