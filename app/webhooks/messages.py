"""What is sent for an event: the event as the public log shows it, without the texts that people wrote.

A message is thin. Identifiers, amounts, codes, dates and choices are in it; a text somebody wrote is not, because it
could be personal, could not be taken back from whoever received it, and is erased here when its author asks for that.
Whoever needs a text reads it from the API, by the identifiers, and gets it as it is now.

As Standard Webhooks have it, the body is the envelope of the public log. As CloudEvents
1.0, the envelope becomes attributes and the body's data is the event alone: `time` is when it happened,
`recordedtime` when the log took it down, `subject` the stream, `sequence` the number within the stream, with zeros in
front so that it can be compared as text, and `position` the number within the log. It is text as well, because an
integer attribute ends at 2³¹.

The same event makes the same bytes whenever it is sent; what differs between attempts is in the headers of its
signature.
"""

from functools import cache
from typing import Any, assert_never
from urllib.parse import quote

import msgspec
from msgspec import Struct, structs

from app.http.public_log import PublicEvent
from events.contracts import EndpointFormat
from events.sealing.marks import marks_of

JSON = "application/json"
CLOUDEVENTS_JSON = "application/cloudevents+json"
SEQUENCE_DIGITS = 19
"""As many as the greatest version of a stream can have."""
DATA_ANCHOR = "data"
"""What the part of a published schema is called that describes an event alone, without an envelope."""

# What the HTTP binding of CloudEvents lets stand in a header as it is (section 3.1.3.2).
_PLAIN = "".join(sign for sign in map(chr, range(0x21, 0x7F)) if sign not in '"%')
_encode = msgspec.json.Encoder().encode


class Message(Struct, frozen=True, kw_only=True):
    """What is sent: the body, and the headers that belong to it, whose names are in small letters.

    `id` is the event's; it is the same for every endpoint and in every attempt, so that a receiver knows what it
    has had before.
    """

    id: str
    headers: dict[str, str]
    body: bytes


def message_of(event: PublicEvent, *, written_as: EndpointFormat, source: str) -> Message:
    """Write an event of the public log as a message; `source` is the address of this installation."""
    match written_as:
        case "standard":
            return Message(id=str(event.id), headers={"content-type": JSON}, body=_encode(enveloped(event)))
        case "cloudevents_structured":
            body = _encode({**attributes_of(event, source), "data": thin(event.data)})
            return Message(id=str(event.id), headers={"content-type": CLOUDEVENTS_JSON}, body=body)
        case "cloudevents_binary":
            attributes = attributes_of(event, source)
            content_type = attributes.pop("datacontenttype")
            headers = {f"ce-{name}": quote(value, safe=_PLAIN) for name, value in attributes.items()}
            return Message(
                id=str(event.id),
                headers={"content-type": content_type, **headers},
                body=_encode(thin(event.data)),
            )
        case _:
            assert_never(written_as)


def enveloped(event: PublicEvent) -> dict[str, Any]:
    """Give the body that Standard Webhooks ask for: the public log's envelope, with an event that is thin."""
    return {**structs.asdict(event), "data": thin(event.data)}


def attributes_of(event: PublicEvent, source: str) -> dict[str, str]:
    """Give the attributes that CloudEvents ask for, as they are written."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": source,
        "type": event.type,
        "subject": event.stream,
        "time": msgspec.to_builtins(event.occurred_at),
        "datacontenttype": JSON,
        "dataschema": f"{schema_address(event.type, source)}#{DATA_ANCHOR}",
        "sequence": f"{event.version:0{SEQUENCE_DIGITS}}",
        "position": str(event.position),
        "recordedtime": msgspec.to_builtins(event.recorded_at),
    }


def thin(event: Struct) -> dict[str, Any]:
    """Give an event's fields without the texts that people wrote, which are not even there as empty ones."""
    return {name: getattr(event, name) for name in thin_fields(type(event))}


@cache
def thin_fields(contract: type[Struct]) -> tuple[str, ...]:
    """Name the fields of a contract that messages carry, in their order."""
    marks = marks_of(contract)
    left_out = frozenset(marks.fields) if marks is not None else frozenset[str]()
    return tuple(name for name in contract.__struct_fields__ if name not in left_out)


def schema_address(type_name: str, source: str) -> str:
    """Say where the schema of a type's messages is published."""
    return f"{source.rstrip('/')}/api/v1/event-types/{type_name}/schema.json"
