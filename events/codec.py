"""Events to JSON and back, by the type name in the log."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from events.contracts import CONTRACTS, AnyEvent
from events.errors import UnreadableEventError
from events.upcasting import UPCASTERS, Json, Upcaster

_UPCASTS_MAX = 100


class Codec:
    """Encodes and decodes the events of a set of contracts, old shapes included."""

    def __init__(
        self, contracts: Iterable[type[AnyEvent]] = CONTRACTS, upcasters: Mapping[str, Upcaster] = UPCASTERS
    ) -> None:
        self._contracts: dict[str, type[Any]] = {contract.__name__: contract for contract in contracts}
        self._decoders = {name: msgspec.json.Decoder(kind).decode for name, kind in self._contracts.items()}
        self.contracts = tuple(self._contracts.values())
        self._encode = msgspec.json.Encoder().encode
        self._upcasters = dict(upcasters)

    def encode(self, event: AnyEvent) -> str:
        """Write an event as JSON, which is read back at once: the log never takes what it could not give.

        Raises:
            UnreadableEventError: the event is of no known type, or a time in it lacks its offset.
        """
        data = self._encode(event).decode()
        self.decode(type(event).__name__, data)
        return data

    def decode(self, type_name: str, data: str) -> AnyEvent:
        """Read an event of a stored type.

        Raises:
            UnreadableEventError: the type is unknown to this release, or the data does not fit it.
        """
        try:
            return self._decoders[type_name](data)  # type: ignore[no-any-return]  # Any event by name.
        except KeyError:
            return self.convert(type_name, msgspec.json.decode(data))
        except msgspec.MsgspecError as error:
            raise UnreadableEventError(type_name, str(error)) from error

    def convert(self, type_name: str, raw: Json) -> AnyEvent:
        """Read an event of a stored type from its JSON as a plain object.

        Raises:
            UnreadableEventError: the type is unknown to this release, or the data does not fit it.
        """
        name = type_name
        for _ in range(_UPCASTS_MAX):
            if name in self._contracts:
                try:
                    return msgspec.convert(raw, self._contracts[name])  # type: ignore[no-any-return]  # As above.
                except msgspec.MsgspecError as error:
                    raise UnreadableEventError(type_name, str(error)) from error
            if name not in self._upcasters:
                break
            step = self._upcasters[name]
            try:
                raw, name = step.change(raw), step.to
            except Exception as error:
                raise UnreadableEventError(type_name, f"its upcaster failed with {error!r}.") from error
        raise UnreadableEventError(type_name, "this release does not know the type.")


CODEC = Codec()
