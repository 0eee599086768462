"""Events of every contract drawn from its types, as wild as the types allow."""

from datetime import datetime, timedelta, timezone
from typing import Annotated, Literal, get_args, get_origin
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from events.contracts import AnyEvent
from events.envelope import RecordedEvent
from tests.events.examples import NOON

NAMED = UUID("0198f2c5-77aa-7d10-9d2c-6f5b1f0c3a12")
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=offsets)  # noqa: DTZ001  # Gets an offset.


def drawn(contract: type) -> st.SearchStrategy:
    """Draw events of a contract, each field by its type."""
    return st.builds(
        contract, **{field.name: of_type(field.type) for field in msgspec.structs.fields(contract)}
    )


def of_type(kind: object) -> st.SearchStrategy:
    """Draw values of a field's type; times always with an offset, as the contracts ask."""
    if kind is datetime or (get_origin(kind) is Annotated and get_args(kind)[0] is datetime):
        return moments
    if get_origin(kind) is Annotated:
        return of_type(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is tuple:
        return st.lists(of_type(get_args(kind)[0]), max_size=3).map(tuple)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return drawn(kind)
    if len(get_args(kind)) > 1:
        return st.one_of(*map(of_type, get_args(kind)))
    if kind is int:
        return st.integers(-(2**63), 2**63 - 1)
    if kind is str:
        return st.text(st.characters(exclude_categories=["Cs"]))
    return st.from_type(kind)


def recorded(data: AnyEvent, *, position: int = 41_200, version: int = 3) -> RecordedEvent:
    """Put an event into the log, in the stream of what it names first."""
    kind = type(data).__name__
    first = next(getattr(data, name) for name in data.__struct_fields__ if name.endswith("_id"))
    stream = f"{kind[0].lower()}{kind[1:]}-{first}"
    return RecordedEvent(position, stream, version, NAMED, kind, data, "{}", NOON)
