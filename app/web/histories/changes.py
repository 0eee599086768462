"""What an event changed, before and after, in words that people use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from app.differences import difference
from app.web.formats import excerpt, time_in_words
from app.web.funding_words import condition_sentences, threshold_sentences
from app.web.idea_views import FieldDifference, PieceView
from app.web.need_kinds import KIND_NAMES
from app.web.stages import STAGE_NAMES
from events.contracts import Money, PledgeConditions, Thresholds
from projections.amounts import money
from projections.audit_history.queries import Change
from projections.codes import place_name, theme_name

FIELDS_MAX = 12
"""Of one event, so many fields are shown at most."""
_TEXT_MAX = 3_000
"""Longer texts are not compared here: an idea's versions can be compared on a page of their own."""
_SHORT = 300
_TEXTS = frozenset({"title", "name", "problem", "proposal", "beneficiaries", "description", "terms"})
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "problem": "What is wrong today",
        "proposal": "What would help",
        "beneficiaries": "Who it helps",
        "ask": "What it asks for",
        "ticket_min": "Least for one idea",
        "ticket_max": "Most for one idea",
        "opens_at": "Opens",
        "closes_at": "Closes",
        "mode": "What it does",
        "thresholds": "Before it pledges",
        "veto_hours": "Hours to veto",
        "rules": "Rules of voting",
        "voting_paused": "Voting is paused",
        "withdrawn": "Taken back",
        "lifted": "Counts again",
        "standing": "Answer",
        "counts_in_kind": "What is given in kind counts",
        "runs_at": "Where it runs",
        "service": "Where to find it",
        "org_id": "Register number",
        "order_of_needs": "Order of the parts",
        "needs": "Parts it covers",
        "cost_to_adapt": "Cost to adapt",
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "chosen": "the idea builds on it",
        "reserve": "kept in reserve",
        "pledge": "pledges by itself",
        "notify": "tells its funder",
        **{str(kind): name for kind, name in KIND_NAMES.items()},
        **STAGE_NAMES,
    }
)
"""Words of a contract, as people say them."""


def differences_of(changes: Sequence[Change]) -> list[FieldDifference]:
    """Say what changed, field by field: texts word by word, all else as it was and as it is."""
    told = [_difference(change) for change in changes[:FIELDS_MAX]]
    return [one for one in told if one.pieces]


def _difference(change: Change) -> FieldDifference:
    field, before, after = change.field, change.before, change.after
    if (
        field in _TEXTS
        and isinstance(before, str)
        and isinstance(after, str)
        and len(before + after) < _TEXT_MAX
    ):
        pieces = tuple(PieceView(kind=piece.kind, text=piece.text) for piece in difference(before, after))
        return FieldDifference(name=_name(field), pieces=pieces)
    if (
        isinstance(before, list)
        and isinstance(after, list)
        and field in {"themes", "places", "stages", "links"}
    ):
        gone = [one for one in before if one not in after]
        before, after = gone, [one for one in after if one not in change.before]
    if field in {"order_of_needs", "needs"}:
        return FieldDifference(name=_name(field), pieces=(PieceView(kind="same", text="changed"),))
    return _replaced(_name(field), _said(field, before), _said(field, after))


def _replaced(name: str, before: str, after: str) -> FieldDifference:
    if before == after:
        return FieldDifference(name=name, pieces=())
    pieces = []
    if before:
        pieces.append(PieceView(kind="removed", text=before))
    if before and after:
        pieces.append(PieceView(kind="same", text=" "))
    if after:
        pieces.append(PieceView(kind="added", text=after))
    return FieldDifference(name=name, pieces=tuple(pieces))


def _name(field: str) -> str:
    sort, _, identifier = field.partition(".")
    if identifier:
        return {"needs": "A part it needs", "pledges": "A pledge"}.get(sort, sort.capitalize())
    return _NAMES.get(field) or field.replace("_", " ").capitalize()


def _said(field: str, value: Any) -> str:
    match value:
        case None | [] | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case {"amount_minor": int(), "currency": str()}:
            return money(msgspec.convert(value, Money))
        case dict() if field == "conditions":
            return " ".join(condition_sentences(msgspec.convert(value, PledgeConditions), {}))
        case dict() if field == "thresholds":
            return " ".join(threshold_sentences(msgspec.convert(value, Thresholds)))
        case dict():
            parts = [(name, said) for name, one in value.items() if (said := _said(name, one))]
            return "; ".join(f"{_name(name)}: {said}" for name, said in parts)
        case list():
            return ", ".join(_code(field, one) for one in value)
        case str() if field.endswith("_at") or field == "deadline":
            return _moment(value)
        case str():
            return excerpt(_WORDS.get(value, value), _SHORT)
        case _:
            return str(value)


def _code(field: str, value: Any) -> str:
    match field:
        case "themes":
            return theme_name(value)
        case "places":
            return place_name(value)
        case _:
            return _said(field, value)


def _moment(text: str) -> str:
    try:
        return time_in_words(datetime.fromisoformat(text))
    except ValueError:
        return text
