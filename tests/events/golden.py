"""Golden events: fixed identifiers and keys, so that what was sealed once can be opened for ever.

To make the file of a new contract, put an event with every field set through `stored`, and write what it gives
and a line break into `tests/fixtures/events/<Type>.json`.
"""

import hashlib
from uuid import UUID, uuid5

from events.contracts import AnyEvent
from events.sealing.codec import SEALING
from events.sealing.keyring import Keys

_NAMESPACE = UUID("5b1f6a3e-0c55-5f0e-9d0a-6f1d1c7a4b20")


def event_id(type_name: str) -> UUID:
    """Give the identifier of the golden event of a type."""
    return uuid5(_NAMESPACE, type_name)


def keys(*subjects: UUID) -> Keys:
    """Give the keys of golden subjects."""
    return {subject: hashlib.sha256(b"golden" + subject.bytes).digest() for subject in subjects}


def stored(event: AnyEvent) -> str:
    """Write an event as its golden file has it, sealed."""
    identifier = event_id(type(event).__name__)
    return SEALING.encode(event, str(identifier), keys(*SEALING.subjects([event])))


def opened(type_name: str, data: str) -> AnyEvent:
    """Read a golden event, also of a type that only upcasters know."""
    identifier = event_id(type_name)
    subjects = SEALING.sealed_subjects([(0, "", 0, identifier, type_name, data)])
    return SEALING.decode(type_name, data, identifier, keys(*subjects))
