"""Events of every type drawn by their contracts, with texts that are hard to write, and with a mark in what is sealed."""

import random
from datetime import UTC, date, datetime, timedelta
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct

from events.contracts import AnyEvent
from events.contracts.base import Event
from events.sealing.marks import marks_of

MARK = "What somebody wrote about a neighbour"
"""In every text that is sealed, and thus in nothing that is sent."""
_TEXTS = (
    "",
    "plain words",
    "Ärzte für Łódź, 文字 🚲",
    'quotes " and \\ and </script>',
    "line\nline\r\n\ttab",
    "\u2028\u00a0\ufeff\u202e",
    "0",
    "x" * 2_000,
)
_WHOLE_MAX = 2**53 - 1
"""What every reader of JSON has exactly."""
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_MICROSECONDS = 10**14


def drawn_event(contract: type[Event], chance: random.Random) -> AnyEvent:
    """Draw an event of a contract."""
    marks = marks_of(contract)
    sealed = marks.fields if marks is not None else ()
    values: dict[str, Any] = {
        one.name: MARK if one.name in sealed else _value(one.type, chance)
        for one in msgspec.structs.fields(contract)
    }
    return contract(**values)  # type: ignore[return-value]  # Every contract is one of the union.


def stream_of(event: AnyEvent) -> str:
    """Name a stream of the event's own."""
    category = type(event).__module__.rpartition(".")[2]
    first = next(getattr(event, name) for name in event.__struct_fields__ if name.endswith("_id"))
    return f"{category}-{first}"


def _value(kind: Any, chance: random.Random) -> Any:
    if get_origin(kind) is Annotated:
        return _value(get_args(kind)[0], chance)
    if get_origin(kind) is Literal:
        return chance.choice(get_args(kind))
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], chance) for _ in range(chance.randrange(3)))
    if get_args(kind):
        return _value(chance.choice(get_args(kind)), chance)
    if issubclass(kind, Struct):
        return kind(**{one.name: _value(one.type, chance) for one in msgspec.structs.fields(kind)})
    moment = _BEGAN + timedelta(microseconds=chance.randrange(_MICROSECONDS))
    made: dict[type[Any], Any] = {
        NoneType: None,
        UUID: UUID(int=chance.getrandbits(128), version=4),
        bool: chance.random() < 0.5,
        int: chance.choice((0, 1, chance.randrange(_WHOLE_MAX))),
        str: chance.choice(_TEXTS),
        date: moment.date(),
        datetime: moment,
    }
    return made[kind]
