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
from projections.language import N_
from projections.language import gettext as _

FIELDS_MAX = 12
"""Of one event, so many fields are shown at most."""
_TEXT_MAX = 3_000
"""Longer texts are not compared here: an idea's versions can be compared on a page of their own."""
_SHORT = 300
_TEXTS = frozenset({"title", "name", "problem", "proposal", "beneficiaries", "description", "terms"})
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "problem": N_("What is wrong today"),
        "proposal": N_("What would help"),
        "beneficiaries": N_("Who it helps"),
        "ask": N_("What it asks for"),
        "ticket_min": N_("Least for one idea"),
        "ticket_max": N_("Most for one idea"),
        "opens_at": N_("Opens"),
        "closes_at": N_("Closes"),
        "mode": N_("What it does"),
        "thresholds": N_("Before it pledges"),
        "veto_hours": N_("Hours to veto"),
        "rules": N_("Rules of voting"),
        "voting_paused": N_("Voting is paused"),
        "withdrawn": N_("Taken back"),
        "lifted": N_("Counts again"),
        "standing": N_("Answer"),
        "counts_in_kind": N_("What is given in kind counts"),
        "runs_at": N_("Where it runs"),
        "service": N_("Where to find it"),
        "org_id": N_("Register number"),
        "order_of_needs": N_("Order of the parts"),
        "needs": N_("Parts it covers"),
        "cost_to_adapt": N_("Cost to adapt"),
        "title": N_("Title"),
        "themes": N_("Themes"),
        "places": N_("Places"),
        "stages": N_("Stages"),
        "closed": N_("Closed"),
        "kind": N_("Kind"),
        "description": N_("Description"),
        "size": N_("Size"),
        "cost": N_("Cost"),
        "users": N_("Users"),
        "running_since": N_("Running since"),
        "weeks_to_adapt": N_("Weeks to adapt"),
        "licence": N_("Licence"),
        "links": N_("Links"),
        "service_name": N_("Service name"),
        "service_description": N_("Service description"),
        "service_url": N_("Service url"),
        "service_languages": N_("Service languages"),
        "service_eligibility": N_("Service eligibility"),
        "service_fees": N_("Service fees"),
        "service_schedule": N_("Service schedule"),
        "budget": N_("Budget"),
        "terms": N_("Terms"),
        "conditions": N_("Conditions"),
        "paused": N_("Paused"),
        "minimum": N_("Minimum"),
        "target": N_("Target"),
        "ceiling": N_("Ceiling"),
        "deadline": N_("Deadline"),
        "status": N_("Status"),
        "amount": N_("Amount"),
        "name": N_("Name"),
        "website": N_("Website"),
        "support_threshold": N_("Support threshold"),
        "types": N_("Types"),
        "format": N_("Format"),
        "ordered": N_("Ordered"),
    }
)
_OF_PARTS: Mapping[str, str] = MappingProxyType({"needs": N_("A part it needs"), "pledges": N_("A pledge")})
_CHOICES = frozenset({"kind", "mode", "stages", "standing", "status"})
"""Fields that hold words of a contract; what others hold, somebody wrote."""
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "chosen": N_("the idea builds on it"),
        "reserve": N_("kept in reserve"),
        "pledge": N_("pledges by itself"),
        "notify": N_("tells its funder"),
        "declined": N_("declined"),
        "delivered": N_("delivered"),
        "committed": N_("committed"),
        "lapsed": N_("lapsed"),
        "cancelled": N_("cancelled"),
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
        return FieldDifference(name=_name(field), pieces=(PieceView(kind="same", text=_("changed")),))
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
    sort, _dot, identifier = field.partition(".")
    if identifier:
        return _(_OF_PARTS[sort]) if sort in _OF_PARTS else sort.capitalize()
    return _(_NAMES[field]) if field in _NAMES else field.replace("_", " ").capitalize()


def _said(field: str, value: Any) -> str:
    match value:
        case None | [] | "":
            return ""
        case bool():
            return _("yes") if value else _("no")
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
        case str() if field in _CHOICES and value in _WORDS:
            return _(_WORDS[value])
        case str():
            return excerpt(value, _SHORT)
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
