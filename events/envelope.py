"""What surrounds an event in the log: where it stands, who caused it, when it was recorded."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from events.contracts import AnyEvent


class Metadata(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who and what caused an event.

    `actor` is a person's identifier, or empty for the service itself. `request_id` and
    `correlation_id` are the words under which the logs of the running service know the cause.
    """

    command: str
    actor: UUID | None = None
    correlation_id: str = ""
    request_id: str = ""


_decode_metadata = msgspec.json.Decoder(Metadata).decode
encode_metadata = msgspec.json.Encoder().encode


class RecordedEvent(Struct, frozen=True, gc=False):
    """An event as the log holds it.

    `position` counts all events from 1 without a gap, in the order they were committed; `version`
    counts the events of the stream from 1. The metadata is decoded when somebody asks for it.
    """

    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    data: AnyEvent
    raw_metadata: str
    recorded_at: datetime

    @property
    def metadata(self) -> Metadata:
        """Decode who and what caused the event."""
        return _decode_metadata(self.raw_metadata)

    @property
    def category(self) -> str:
        """Name the kind of stream the event belongs to, such as `idea`."""
        return self.stream.partition("-")[0]


class IdempotencyKey(Struct, frozen=True, kw_only=True):
    """A caller's word for one command, so that sending it twice does it once.

    `fingerprint` is a digest of the command as sent; `answer` is what to answer a repetition, as
    JSON, position excepted.
    """

    key: UUID
    fingerprint: bytes
    answer: str


class Append(Struct, frozen=True, kw_only=True):
    """A request to append events to one stream.

    `expected` is the version the caller decided upon (0: the stream does not exist yet), or
    nothing when any version will do.
    """

    stream: str
    events: Sequence[AnyEvent]
    metadata: Metadata
    expected: int | None = None
    key: IdempotencyKey | None = None

    def __post_init__(self) -> None:
        """Refuse a name that no stream can have; empty or with control characters it would confuse a group.

        Raises:
            ValueError: the stream's name is empty or holds what cannot be printed.
        """
        if not self.stream or not self.stream.isprintable():
            raise ValueError(f"A stream is named by a printable word, not by {self.stream!r}.")


class Appended(Struct, frozen=True, kw_only=True):
    """The answer to an append: the last position and version it reached.

    `repeated` says that the same idempotency key was answered before; `answer` is the answer kept
    from then, and the position is the one of then.
    """

    position: int
    version: int
    repeated: bool = False
    answer: str | None = None


class RepeatedAnswer(Struct, frozen=True, kw_only=True):
    """What the log kept of a command under its idempotency key."""

    fingerprint: bytes
    answer: str
    position: int


class TailPage(Struct, frozen=True, kw_only=True):
    """Events after a cursor, in order, and the cursor to go on from.

    `reached` may lie beyond the last event here when a selection by type left some out.
    """

    events: list[RecordedEvent]
    reached: int
