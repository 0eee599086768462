"""Rows of the log to events: what every store does with what it holds."""

from collections.abc import Sequence

from events.envelope import RecordedEvent
from events.errors import UnreadableEventError
from events.sealing.codec import SEALING, Row, SealingCodec
from events.sealing.keyring import NO_KEYS, Keyring, Keys


async def opened(rows: Sequence[Row], keyring: Keyring, codec: SealingCodec = SEALING) -> list[RecordedEvent]:
    """Decode rows of the log; all keys that open them are looked up in one go.

    Raises:
        UnreadableEventError: an event of an unknown type or shape, or that cannot be opened, named by its position.
        LogUnavailableError: the keys cannot be reached just now.
    """
    subjects = codec.sealed_subjects(rows)
    return recorded_events(rows, await keyring.found(subjects) if subjects else NO_KEYS, codec)


def recorded_events(
    rows: Sequence[Row], keys: Keys = NO_KEYS, codec: SealingCodec = SEALING
) -> list[RecordedEvent]:
    """Decode rows of the log with keys at hand.

    Raises:
        UnreadableEventError: an event of an unknown type or shape, or that cannot be opened, named by its position.
    """
    plain, decode_plain, decode = codec.plain, codec.decode_plain, codec.decode
    try:
        return [
            RecordedEvent(
                position,
                stream,
                version,
                event_id,
                type_name,
                decode_plain(type_name, data)
                if type_name in plain
                else decode(type_name, data, event_id, keys),
                metadata,
                recorded_at,
            )
            for position, stream, version, event_id, type_name, data, metadata, recorded_at in rows
        ]
    except UnreadableEventError as error:
        for position, _, _, event_id, type_name, data, *_ in rows:
            try:
                decode(type_name, data, event_id, keys)
            except UnreadableEventError as named:
                raise UnreadableEventError(named.type_name, named.reason, position) from named
        raise error from None
