"""Conditions on events: of what an endpoint's types name, only what holds is told.

A condition compares fields of an event as it is sent, named by their path, with plain values. All comparisons under `all`
must hold, and one under `any` if there are any; a field that an event does not have equals nothing and is never in range.
A threshold is a comparison, too: of `verified_votes` it `reaches` one of the marks at which support is told, and
holds of the one event by which it was passed. It is data and no language: there is nothing to parse, nothing runs, and it costs the same whatever it says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from app.http.public_log import PublicEvent
from app.webhooks.messages import thin
from domain.support import mark_above, mark_at
from projections.language import gettext as _

REACHED = "verified_votes"
"""The field that reaches marks; `before` beside it is the mark that was told before."""
TESTS_MAX = 20
FIELD_MAX = 100
VALUE_MAX = 200
NUMBER_MAX = 2**53 - 1
"""What every reader of JSON can hold exactly (RFC 8259, section 6)."""

How: TypeAlias = Literal["is", "is_not", "at_least", "at_most", "contains", "reaches"]
Value: TypeAlias = str | int | bool | None
_MISSING = object()
_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


class Comparison(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field compared with a value: `amount.amount_minor` `at_least` 100000, or `verified_votes` `reaches` 50."""

    field: str
    how: How
    value: Value


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold of an event: everything under `all`, and one thing under `any` unless that is empty."""

    all: tuple[Comparison, ...] = ()
    any: tuple[Comparison, ...] = ()


_decode = msgspec.json.Decoder(Condition).decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def written(condition: Condition | None) -> str:
    """Write a condition as an endpoint's stream keeps it; none is nothing."""
    return "" if condition is None or not (condition.all or condition.any) else _encode(condition).decode()


def read(text: str) -> Condition | None:
    """Read a condition as an endpoint's stream keeps it."""
    return _decode(text) if text else None


def faults(condition: Condition) -> Iterator[tuple[str, str]]:
    """List what is wrong with a condition: where, and what to do about it."""
    if len(condition.all) + len(condition.any) > TESTS_MAX:
        yield "", f"At most {TESTS_MAX} comparisons are allowed."
        return
    for name, comparisons in (("all", condition.all), ("any", condition.any)):
        for number, one in enumerate(comparisons):
            where = f"{name}[{number}]"
            if len(one.field) > FIELD_MAX or not _FIELD.fullmatch(one.field):
                yield f"{where}.field", "Name a field of the event, such as idea_id or amount.amount_minor."
            if (sentence := _wrong(one)) is not None:
                yield f"{where}.value", sentence


def holds(condition: Condition, event: PublicEvent) -> bool:
    """Tell whether a condition holds of an event as it is sent; its type and stream can be compared, too."""
    fields = msgspec.to_builtins({**thin(event.data), "type": event.type, "stream": event.stream})
    return all(_true(one, fields) for one in condition.all) and (
        not condition.any or any(_true(one, fields) for one in condition.any)
    )


def _wrong(comparison: Comparison) -> str | None:
    value = comparison.value
    if isinstance(value, str) and (len(value) > VALUE_MAX or "\0" in value):
        return f"At most {VALUE_MAX} characters are allowed, and none of them is NUL."
    if comparison.how in {"at_least", "at_most"} and not _is_number(value):
        return "Only whole numbers have an order."
    if _is_number(value) and not 0 <= value <= NUMBER_MAX:  # type: ignore[operator]  # It is a number.
        return f"Numbers of events are from 0 to {NUMBER_MAX}."
    return _no_mark(comparison) if comparison.how == "reaches" else None


def _no_mark(comparison: Comparison) -> str | None:
    value = comparison.value
    if comparison.field != REACHED:
        return f"Only {REACHED} reaches something."
    if not _is_number(value):
        return _("Say which number is reached, such as 50.")
    below, above = mark_at(value), mark_above(value)  # type: ignore[arg-type]  # It is a number.
    if value == below and below:
        return None
    if not below:
        return _("Support is told at certain marks only: choose %(above)s.", above=above)
    return _(
        "Support is told at certain marks only: choose %(below)s or %(above)s.", below=below, above=above
    )


def _true(comparison: Comparison, fields: Mapping[str, Any]) -> bool:
    found: Any = fields
    for name in comparison.field.split("."):
        found = found.get(name, _MISSING) if isinstance(found, Mapping) else _MISSING
    value = comparison.value
    match comparison.how:
        case "is":
            return _same(found, value)
        case "is_not":
            return not _same(found, value)
        case "contains":
            return isinstance(found, list | tuple) and any(_same(one, value) for one in found)
        case "at_least":
            return _is_number(found) and _is_number(value) and found >= value
        case "at_most":
            return _is_number(found) and _is_number(value) and found <= value
        case "reaches":
            return _reaches(found, fields.get("before"), value)


def _reaches(found: object, before: object, value: Value) -> bool:
    numbers = (before, value, found)
    return all(map(_is_number, numbers)) and before < value <= found  # type: ignore[operator]  # They are numbers.


def _same(one: object, other: object) -> bool:
    # To Python True is 1; to whoever wrote a condition it is not.
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
