"""The form of a mandate: from what was typed to a body that can be sent, and from a mandate to what would be typed.

Themes and places are chosen by a picker, stages are boxes; money is typed in whole units, as people do.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from msgspec import Struct

from app.http.bodies import PLACES_MAX, THEMES_MAX
from app.http.funding_bodies import Amount, Conditions
from app.http.mandate_bodies import NewMandate, ThresholdsReached
from app.suggestion import Suggestion
from app.web.mandate_views import CodeBox
from app.web.picking import Kind, Picker, looks_for, picker, ticked
from app.web.stages import stage_name
from app.web.typed_money import as_typed, minor_in
from events.codes.places import ENGLISH_REGIONS
from events.contracts import FundableStage, MandateMode
from projections.language import N_
from projections.language import gettext as _
from projections.mandates.queries import MandateSays

CURRENCIES = ("GBP", "EUR", "USD", "CAD", "AUD", "CHF", "PLN", "SEK")
STAGES: tuple[FundableStage, ...] = ("logged", "supported", "shaping", "funding")
FIELDS_MAX = 200
"""How many fields the form may have: each box that is ticked is one."""
OFFERED_PLACES = ("GB", "GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS", *ENGLISH_REGIONS)
_NOT_TYPED = N_("Fill this in.")
_PERCENT = Decimal(100)


class Typed(Struct, frozen=True, kw_only=True):
    """What a form comes to: the body to send if it can be read, and what is wrong with which field."""

    body: NewMandate | None
    errors: dict[str, str]


def read(form: Mapping[str, str], organisation_id: UUID | None) -> Typed:
    """Read what was typed; every field that cannot be read or meant is named with what to do."""
    errors: dict[str, str] = {}
    if organisation_id is None:
        errors["organisation"] = _("Choose whose money this is.")
    currency = form.get("currency", "")
    least, most, budget = (
        _amount(form, name, currency, errors) for name in ("ticket_min", "ticket_max", "budget")
    )
    opens, closes = _day(form, "opens", errors), _day(form, "closes", errors, needed=True)
    conditions = _conditions(form, currency, errors)
    thresholds = ThresholdsReached(
        verified_votes=_number(form, "verified_votes", errors) or 0,
        covered_percent=_number(form, "covered_percent", errors) or 0,
        live_pool="live_pool" in form,
    )
    veto_hours = _number(form, "veto_hours", errors)
    if least is None or most is None or budget is None or closes is None or organisation_id is None:
        return Typed(body=None, errors=errors)
    body = NewMandate(
        organisation_id=organisation_id,
        title=form.get("title", ""),
        ticket_min=least,
        ticket_max=most,
        budget=budget,
        opens_at=datetime.combine(opens, time(), UTC) if opens else None,
        # A day that is named is still part of it.
        closes_at=datetime.combine(closes, time(), UTC) + timedelta(days=1, seconds=-1),
        themes=list(ticked(form, "theme")),
        places=list(ticked(form, "place")),
        stages=[stage for stage in STAGES if f"stage-{stage}" in form],
        terms=form.get("terms", "").replace("\r\n", "\n"),
        mode=_mode(form),
        thresholds=thresholds,
        conditions=conditions,
        veto_hours=24 if veto_hours is None else veto_hours,
    )
    for fault in body.faults():
        errors.setdefault(_field(fault.path), fault.message)
    return Typed(body=None if errors else body, errors=errors)


def typed_of(says: MandateSays) -> dict[str, str]:
    """Give what somebody would type to say what a mandate says."""
    conditions, thresholds = says.conditions, says.thresholds
    typed = {
        "title": says.title,
        "currency": says.budget.currency,
        "ticket_min": as_typed(says.ticket_min),
        "ticket_max": as_typed(says.ticket_max),
        "budget": as_typed(says.budget),
        "opens": says.opens_at.astimezone(UTC).date().isoformat(),
        "closes": says.closes_at.astimezone(UTC).date().isoformat(),
        "terms": says.terms,
        "mode": says.mode,
        "verified_votes": str(thresholds.verified_votes or ""),
        "covered_percent": str(thresholds.covered_percent or ""),
        "veto_hours": str(says.veto_hours),
        "min_funders": str(conditions.min_funders or ""),
        "min_total": as_typed(conditions.min_total),
        "max_share": _percent_of(conditions.max_share),
        "match_ratio": conditions.match_ratio or "",
        "match_cap": as_typed(conditions.match_cap),
    }
    if thresholds.live_pool:
        typed["live_pool"] = "on"
    typed |= {f"theme-{code}": "on" for code in says.themes}
    typed |= {f"place-{code}": "on" for code in says.places}
    return typed | {f"stage-{stage}": "on" for stage in says.stages}


def typed_suggestion(suggestion: Suggestion) -> dict[str, str]:
    """Give what somebody would type to follow a suggestion."""
    return {
        "currency": suggestion.budget.currency,
        "ticket_min": as_typed(suggestion.ticket_min),
        "ticket_max": as_typed(suggestion.ticket_max),
        "budget": as_typed(suggestion.budget),
        **{f"theme-{code}": "on" for code in suggestion.themes},
        **{f"place-{code}": "on" for code in suggestion.places},
    }


def code_picker(kind: Kind, form: Mapping[str, str]) -> Picker:
    """Offer themes or places: those that are ticked, and what was found if something is looked for."""
    most = THEMES_MAX if kind == "theme" else PLACES_MAX
    return picker(kind, chosen=ticked(form, kind), suggested=(), search=looks_for(form, kind), most=most)


def stage_boxes(typed: Mapping[str, str]) -> tuple[CodeBox, ...]:
    """Offer the stages at which an idea can be funded."""
    return tuple(
        CodeBox(field=f"stage-{stage}", name=stage_name(stage), ticked=f"stage-{stage}" in typed)
        for stage in STAGES
    )


def _field(path: str) -> str:
    """Say in which field of the form a part of the body is typed."""
    name = re.split(r"[.\[]", path.removeprefix("conditions.").removeprefix("thresholds."))[0]
    return {"opens_at": "opens", "closes_at": "closes"}.get(name, name)


def _mode(form: Mapping[str, str]) -> MandateMode:
    return "pledge" if form.get("mode") == "pledge" else "notify"


def _amount(
    form: Mapping[str, str], name: str, currency: str, errors: dict[str, str], *, needed: bool = True
) -> Amount | None:
    minor = minor_in(form.get(name, ""), name, currency, errors)
    if minor is not None:
        return Amount(amount_minor=minor, currency=currency)
    if needed:
        errors.setdefault(name, _(_NOT_TYPED))
    return None


def _number(form: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        errors[name] = _("Give a whole number.")
        return None
    return int(text)


def _day(form: Mapping[str, str], name: str, errors: dict[str, str], *, needed: bool = False) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        if needed:
            errors[name] = _(_NOT_TYPED)
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors[name] = _("Give a day as year-month-day, such as 2027-03-31.")
        return None
    if not 2000 <= day.year < 2100:  # noqa: PLR2004  # As for programs, see the bodies.
        errors[name] = _("Give a day between the years 2000 and 2100.")
        return None
    return day


def _conditions(form: Mapping[str, str], currency: str, errors: dict[str, str]) -> Conditions:
    share = form.get("max_share", "").strip().rstrip("%").strip()
    ratio = form.get("match_ratio", "").strip()
    return Conditions(
        min_funders=_number(form, "min_funders", errors),
        min_total=_amount(form, "min_total", currency, errors, needed=False),
        max_share=_share(share) if share else None,
        match_ratio=ratio or None,
        match_cap=_amount(form, "match_cap", currency, errors, needed=False),
    )


def _share(percent: str) -> str:
    """Give a percentage as the share that programs send; what is none stays as it is, to be refused."""
    try:
        return f"{(Decimal(percent) / _PERCENT).normalize():f}"
    except (InvalidOperation, ValueError):
        return percent


def _percent_of(share: str | None) -> str:
    return "" if share is None else f"{(Decimal(share) * _PERCENT).normalize():f}"
