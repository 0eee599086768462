"""The `webhooks` of the OpenAPI 3.1 document: what a receiver has to answer, for each type of event."""

from typing import Any, TypeAlias

import msgspec

from app.webhooks.catalogue import CATALOGUE, EventType
from app.webhooks.event_examples import SOURCE
from app.webhooks.messages import CLOUDEVENTS_JSON, JSON, message_of
from app.webhooks.schemas import cloudevent_name, component_schemas, message_name
from events.contracts import EndpointFormat

Part: TypeAlias = dict[str, Any]

PREFIX = "events."
"""Before the names of these schemas, so that none is taken for one of the API's own."""

_SIGNED = {
    "webhook-id": "The event's identifier; the same however often it is sent.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "Signatures of identifier, time and body, as Standard Webhooks have them: `v1` and `v1a`.",
}
_ANSWERS = {
    "2XX": "Taken. Nothing but this is success.",
    "410": "The endpoint is gone: nothing is sent to it any more, and its owner is told.",
    "429": "Too much: it is sent again after the time in `Retry-After`, or later.",
    "default": "Not taken, redirects included: it is sent again, up to 15 times in eight days.",
}


def webhooks() -> dict[str, Part]:
    """Describe the request that each type of event makes, by its name."""
    return {kind.name: {"post": _request(kind)} for kind in CATALOGUE.values()}


def webhook_schemas() -> dict[str, Part]:
    """Give the schemas that the webhooks refer to, as components of the document."""
    return {f"{PREFIX}{name}": schema for name, schema in component_schemas(_schema).items()}


def _request(kind: EventType) -> Part:
    return {
        "operationId": f"receive{kind.name}",
        "summary": kind.title,
        "description": f"{kind.description} In the binary mode of CloudEvents the body is `data` alone "
        f"(`{PREFIX}{kind.name}`), and the rest stands in headers that begin with `ce-`.",
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, said in _SIGNED.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                JSON: _body(kind, message_name(kind), "standard"),
                CLOUDEVENTS_JSON: _body(kind, cloudevent_name(kind), "cloudevents_structured"),
            },
        },
        "responses": {status: {"description": meaning} for status, meaning in _ANSWERS.items()},
    }


def _body(kind: EventType, schema: str, written_as: EndpointFormat) -> Part:
    sent = message_of(kind.example, written_as=written_as, source=SOURCE)
    return {
        "schema": {"$ref": _schema(schema)},
        "examples": {"example": {"value": msgspec.json.decode(sent.body)}},
    }


def _schema(name: str) -> str:
    return f"#/components/schemas/{PREFIX}{name}"
