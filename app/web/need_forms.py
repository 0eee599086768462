"""Forms about needs: what somebody typed, as a need or as what is wrong with it by field."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from app.http.bodies import AMOUNT_MAX
from app.http.idea_bodies import Cost, NewNeed
from app.web.idea_views import Typed
from events.codes.currencies import exponent, is_currency
from events.contracts import NeedKind

_SHOWN_MAX = 10_000
_KINDS: Mapping[str, NeedKind] = {kind: kind for kind in get_args(NeedKind)}
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,4})?")
_SIGNS = "£€$ ,\u00a0"


def typed_in(form: Mapping[str, str]) -> Typed:
    """Give back what was typed, as far as a page can show it."""

    def shown(name: str, otherwise: str = "") -> str:
        return form.get(name, otherwise).replace("\0", "")[:_SHOWN_MAX]

    return Typed(
        kind=shown("kind"),
        title=shown("title"),
        description=shown("description"),
        size=shown("size"),
        amount=shown("amount"),
        currency=shown("currency", "GBP").strip().upper(),
    )


def need_in(form: Mapping[str, str]) -> tuple[NewNeed | None, Typed]:
    """Read a need from a form; where something is wrong there is none, and the form says what."""
    typed, errors = typed_in(form), {}
    kind = _KINDS.get(typed.kind)
    if kind is None:
        errors["kind"] = "Choose what sort of part it is."
    cost, wrong = _cost(typed.amount, typed.currency)
    if wrong:
        errors["amount"] = wrong
    need = NewNeed(
        kind=kind or "other",
        title=form.get("title", ""),
        description=form.get("description", ""),
        size=form.get("size", ""),
        cost=cost,
    )
    for fault in need.faults():
        errors.setdefault(fault.path.partition(".")[0].replace("cost", "amount"), fault.message)
    if errors:
        return None, Typed(
            kind=typed.kind,
            title=typed.title,
            description=typed.description,
            size=typed.size,
            amount=typed.amount,
            currency=typed.currency,
            errors=errors,
        )
    return need, typed


def _cost(amount: str, currency: str) -> tuple[Cost | None, str | None]:
    """Read an amount of money as people type it: 4200, 4,200.50, £4,200."""
    plain = amount.strip().translate(dict.fromkeys(map(ord, _SIGNS)))
    if not plain:
        return None, None
    if not is_currency(currency):
        return None, "Give the code of a currency, such as GBP."
    if not _AMOUNT.fullmatch(plain):
        return None, "Give an amount such as 4200 or 4200.50, or leave it empty."
    minor = Decimal(plain).scaleb(exponent(currency))
    if minor != minor.to_integral_value() or minor > AMOUNT_MAX:
        return None, "Give an amount that can be paid in this currency."
    return Cost(amount_minor=int(minor), currency=currency), None
