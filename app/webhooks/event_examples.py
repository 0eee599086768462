"""An example of every type of event, made from its contract, so that none can be out of date. All of it is invented."""

from datetime import UTC, date, datetime, timedelta
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from app.http.public_log import PublicEvent
from app.webhooks.messages import thin_fields
from events.contracts.base import Event, Money

SOURCE = "https://open-impact.example"
_EVENT = UUID("0198f2c5-77aa-7d10-9d2c-6f5b1f0c3a12")
_NAMES = UUID("6d3a8f10-52c4-5b7e-8f21-0c9b7a4e1d35")
_NOW = datetime(2026, 11, 2, 14, 5, tzinfo=UTC)
_RECORDED = _NOW + timedelta(microseconds=2_100)
_LATER = _NOW + timedelta(days=91)
_ENDS = frozenset({"closes_at", "deadline", "until", "expires_at", "old_until", "vetoable_until"})

_WORDS = {
    "binding": "min_total",
    "collection": "uk_durham_2025",
    "currency": "GBP",
    "document": "https://trust.example.org/letters/2026-17.pdf",
    "funder_name": "The Dales Trust",
    "funder_org_id": "GB-CHC-0000001",
    "id": "17",
    "identifier": "360G-dales-2026-17",
    "link": "https://minibus.example.org/",
    "links": "https://rota.example.org/",
    "match_ratio": "1",
    "max_share": "0.5",
    "name": "The Dales Trust",
    "org_id": "GB-CHC-0000001",
    "places": "GB-DUR",
    "public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "recipient_id": "GB-COH-00000002",
    "recipient_name": "Upper Teesdale Transport",
    "slug": "dales",
    "system": "pabulib",
    "themes": "BE108",
    "types": "Idea*",
    "website": "https://trust.example.org/",
}
_NUMBERS = {
    "after": 41_200,
    "before": 45,
    "amount_minor": 1_840_000,
    "committed_minor": 1_500_000,
    "covered_percent": 60,
    "min_funders": 3,
    "points": 25,
    "rate_per_minute": 60,
    "resolved_minor": 1_840_000,
    "revision": 2,
    "score": 87,
    "support_threshold": 50,
    "verified_votes": 50,
    "veto_hours": 24,
    "weeks_to_adapt": 6,
}
_AMOUNTS = {
    "budget": 20_000_000,
    "ceiling": 2_500_000,
    "committed_total": 1_500_000,
    "min_total": 1_000_000,
    "minimum": 1_500_000,
    "target": 2_000_000,
    "ticket_max": 2_000_000,
    "ticket_min": 500_000,
}


def example_of(contract: type[Event]) -> PublicEvent:
    """Make an event of a contract as the public log shows it, with no text in it that somebody would have written."""
    shown = thin_fields(contract)
    values: dict[str, Any] = {
        field.name: _value(field.type, field.name) if field.name in shown else ""
        for field in msgspec.structs.fields(contract)
    }
    data = contract(**values)
    category = contract.__module__.rpartition(".")[2]
    return PublicEvent(
        type=contract.__name__,
        timestamp=_RECORDED,
        position=41_200,
        id=_EVENT,
        stream=f"{category}-{values.get(f'{category}_id', _named(category))}",
        version=3,
        occurred_at=data.occurred_at,
        recorded_at=_RECORDED,
        data=data,
    )


def _value(kind: Any, name: str) -> Any:
    if get_origin(kind) is Annotated:
        return _value(get_args(kind)[0], name)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return (_value(get_args(kind)[0], name),)
    if get_args(kind):
        return _value(next(one for one in get_args(kind) if one is not NoneType), name)
    if kind is Money:
        return Money(amount_minor=_AMOUNTS.get(name, 1_840_000), currency=_WORDS["currency"])
    if issubclass(kind, Struct):
        return kind(**{field.name: _value(field.type, field.name) for field in msgspec.structs.fields(kind)})
    made: dict[type[Any], Any] = {
        UUID: _named(name.removesuffix("s")),
        bool: False,
        int: _NUMBERS.get(name, 1),
        str: _WORDS.get(name, name.replace("_", " ")),
        date: date(2024, 4, 1),
        datetime: _LATER if name in _ENDS else _NOW,
    }
    return made[kind]


def _named(name: str) -> UUID:
    return uuid5(_NAMES, name)
