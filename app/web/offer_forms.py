"""Forms about offers: what somebody typed, as an offer or as what is wrong with it by field."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import get_args
from uuid import UUID

from app.http.offer_bodies import Cost, HypotheticalOffer, NewOffer, Service
from app.web.offer_views import TypedOffer
from app.web.typed_money import as_typed, minor_in
from domain.offer import OfferedPart
from events.contracts import NeedKind
from projections.language import gettext as _

NEEDS_TICKED_MAX = 20
"""How many needs a form can name; what covers more is offered by the API, or in two offers."""
_SHOWN_MAX = 10_000
KINDS: Mapping[str, NeedKind] = {kind: kind for kind in get_args(NeedKind)}
_SERVICE = tuple(Service.__struct_fields__)
_TEXTS = (
    *("title", "kind", "description", "runs_at", "users", "running_since", "amount", "currency", "weeks"),
    *("licence", "links", "organisation"),
    *(f"service_{name}" for name in _SERVICE),
)
_FIELD_OF = {"cost_to_adapt": "amount", "weeks_to_adapt": "weeks", "organisation_id": "organisation"}


def typed_in(form: Mapping[str, str]) -> TypedOffer:
    """Give back what was typed, as far as a page can show it."""
    fields = {name: form.get(name, "").replace("\0", "")[:_SHOWN_MAX] for name in _TEXTS}
    fields["currency"] = fields["currency"].strip().upper() or "GBP"
    needs = {found for name in form if name.startswith("need-") and (found := _uuid(name[5:]))}
    return TypedOffer(fields=fields, needs=frozenset(needs))


def typed_of(part: OfferedPart) -> TypedOffer:
    """Give what a form shows of an offer that is there."""
    cost = part.cost_to_adapt
    fields = {
        **{
            name: getattr(part, name)
            for name in ("title", "kind", "description", "runs_at", "users", "licence")
        },
        **{f"service_{name}": getattr(part, f"service_{name}") for name in _SERVICE},
        "running_since": part.running_since.isoformat() if part.running_since else "",
        "amount": as_typed(cost),
        "currency": cost.currency if cost else "GBP",
        "weeks": "" if part.weeks_to_adapt is None else str(part.weeks_to_adapt),
        "links": "\n".join(part.links),
    }
    return TypedOffer(fields=fields, needs=frozenset(part.needs))


def offer_in(form: Mapping[str, str]) -> tuple[NewOffer | None, TypedOffer]:
    """Read an offer from a form; where something is wrong there is none, and the form says what."""
    typed = typed_in(form)
    fields, errors = typed.fields, _needs_errors(typed.needs)
    if fields["kind"] not in KINDS:
        errors["kind"] = _("Choose what sort of part it is.")
    service = Service(**{name: form.get(f"service_{name}", "") for name in _SERVICE})
    offer = NewOffer(
        title=form.get("title", ""),
        needs=sorted(typed.needs),
        kind=KINDS.get(fields["kind"], "other"),
        description=form.get("description", ""),
        organisation_id=_organisation(fields["organisation"], errors),
        runs_at=form.get("runs_at", ""),
        users=form.get("users", ""),
        running_since=_day(fields["running_since"], errors),
        cost_to_adapt=_cost(fields["amount"], fields["currency"], errors),
        weeks_to_adapt=_weeks(fields["weeks"], errors),
        licence=form.get("licence", ""),
        links=fields["links"].split(),
        service=None if service == Service() else service,
    )
    for fault in offer.faults():
        errors.setdefault(_field(fault.path), fault.message)
    if errors:
        return None, TypedOffer(fields=fields, needs=typed.needs, errors=errors)
    return offer, typed


def preview_in(form: Mapping[str, str]) -> tuple[HypotheticalOffer | None, TypedOffer]:
    """Read from a form what decides the coverage; all else may still be empty or wrong, and is not spoken of yet."""
    typed = typed_in(form)
    errors = _needs_errors(typed.needs)
    cost = _cost(typed.fields["amount"], typed.fields["currency"], errors)
    asked = HypotheticalOffer(needs=sorted(typed.needs), cost_to_adapt=cost)
    for fault in asked.faults():
        errors.setdefault(_field(fault.path), fault.message)
    if errors:
        return None, TypedOffer(fields=typed.fields, needs=typed.needs, errors=errors)
    return asked, typed


def _needs_errors(needs: Collection[UUID]) -> dict[str, str]:
    if not needs:
        return {"needs": _("Tick at least one part that it covers.")}
    if len(needs) > NEEDS_TICKED_MAX:
        return {"needs": _("Tick at most %(most)s parts in one offer.", most=NEEDS_TICKED_MAX)}
    return {}


def _field(path: str) -> str:
    """Name the field of the form that a fault is about."""
    first = path.partition("[")[0]
    if first.startswith("service."):
        return first.replace(".", "_")
    first = first.partition(".")[0]
    return _FIELD_OF.get(first, first)


def _cost(amount: str, currency: str, errors: dict[str, str]) -> Cost | None:
    minor = minor_in(amount, "amount", currency, errors)
    return None if minor is None else Cost(amount_minor=minor, currency=currency)


def _uuid(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _organisation(typed: str, errors: dict[str, str]) -> UUID | None:
    if not typed:
        return None
    if (found := _uuid(typed)) is None:
        errors["organisation"] = _("Choose for whom you offer it.")
    return found


def _day(typed: str, errors: dict[str, str]) -> date | None:
    word = typed.strip()
    if not word:
        return None
    try:
        # A year, or a year and a month, is as much as many know.
        return date.fromisoformat(f"{word}-01-01"[:10] if len(word) == 4 else f"{word}-01"[:10])  # noqa: PLR2004
    except ValueError:
        errors["running_since"] = _("Give a day, a month or a year, such as 2021-03-01, 2021-03 or 2021.")
        return None


def _weeks(typed: str, errors: dict[str, str]) -> int | None:
    word = typed.strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 5):  # noqa: PLR2004
        errors["weeks"] = _("Give a number of weeks, such as 6, or leave it empty.")
        return None
    return int(word)
