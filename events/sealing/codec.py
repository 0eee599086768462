"""Events to what the log stores and back: the codec's JSON with the marked texts sealed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from events.codec import CODEC, Codec
from events.contracts import AnyEvent
from events.errors import UnreadableEventError
from events.sealing.boxes import Box, BrokenBoxError, sealed
from events.sealing.keyring import Keys
from events.sealing.marks import Marks, marks_of

SEALED = "sealed"
"""The field of stored JSON beside the emptied texts; no contract may have one of this name."""


Row: TypeAlias = tuple[int, str, int, UUID, str, str, str, datetime] | asyncpg.Record
"""Position, stream, version, event id, type, data, metadata and time, in the order of the log's columns."""


class _Stored(Struct):
    sealed: Any = None


_box_of = msgspec.json.Decoder(_Stored).decode
_raw = msgspec.json.Decoder(dict[str, Any]).decode


class SealingCodec:
    """Encodes and decodes events for a log; the types in `plain` hold nothing sealed and cost nothing more."""

    def __init__(self, codec: Codec = CODEC) -> None:
        self._codec = codec
        marks = {contract.__name__: marks_of(contract) for contract in codec.contracts}
        self._marks: dict[str, Marks] = {name: found for name, found in marks.items() if found is not None}
        self.plain = frozenset(name for name, found in marks.items() if found is None)
        self.decode_plain = codec.decode

    def subjects(self, events: Iterable[AnyEvent]) -> set[UUID]:
        """Name the subjects whose keys are needed to encode events."""
        plain = self.plain
        return {
            marks.subject_of(event)
            for event in events
            if (name := type(event).__name__) not in plain
            if (marks := self._marks.get(name)) is not None and marks.texts_of(event)
        }

    def encode(self, event: AnyEvent, event_id: str, keys: Keys) -> str:
        """Write an event as the log stores it.

        Raises:
            UnreadableEventError: the event could not be read again.
        """
        data, type_name = self._codec.encode(event), type(event).__name__
        marks = self._marks.get(type_name)
        if marks is None or not (texts := marks.texts_of(event)):
            return data
        subject = marks.subject_of(event)
        key = keys.get(subject)
        if key is None:
            raise AssertionError(f"The key of {subject} was not made before {type_name} was encoded.")
        emptied = self._codec.encode(replace(event, **dict.fromkeys(texts, "")))
        box = sealed(texts, key, subject=subject, event_id=event_id, type_name=type_name)
        return f'{emptied[:-1]},"{SEALED}":"{box}"}}'

    def sealed_subjects(self, rows: Iterable[Row]) -> set[UUID]:
        """Name the subjects whose keys are needed to decode rows of the log; what is malformed needs none."""
        plain = self.plain
        boxes = (self._box(row[5]) for row in rows if row[4] not in plain)
        return {box.subject for box in boxes if box is not None}

    def decode(self, type_name: str, data: str, event_id: UUID, keys: Keys) -> AnyEvent:
        """Read an event as the log stores it; texts whose key was destroyed are empty.

        Raises:
            UnreadableEventError: type or shape are unknown, the key is missing, or the seal is broken.
        """
        if type_name in self.plain:
            return self.decode_plain(type_name, data)
        try:
            box = self._read_box(data)
            if box is None:
                return self.decode_plain(type_name, data)
            if box.subject not in keys:
                raise UnreadableEventError(
                    type_name, f"the key of {box.subject}, which opens it, is missing."
                )
            key = keys[box.subject]
            if key is None:
                return self.decode_plain(type_name, data)
            texts = box.opened(key, event_id=event_id, type_name=type_name)
        except BrokenBoxError as error:
            raise UnreadableEventError(type_name, str(error)) from error
        return self._codec.convert(type_name, {**_raw(data), **texts})

    def _box(self, data: str) -> Box | None:
        try:
            return self._read_box(data)
        except BrokenBoxError:
            return None

    def _read_box(self, data: str) -> Box | None:
        try:
            word = _box_of(data).sealed
        except msgspec.MsgspecError:
            return None  # Not even an object: the codec says what is wrong with it.
        if word is None:
            return None
        if not isinstance(word, str):
            raise BrokenBoxError
        return Box.read(word)


SEALING = SealingCodec()
