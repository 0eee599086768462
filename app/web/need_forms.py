"""Forms about needs: what somebody typed, as a need or as what is wrong with it by field."""

from collections.abc import Mapping
from typing import get_args

from app.http.idea_bodies import Cost, NewNeed
from app.web.idea_views import Typed
from app.web.typed_money import minor_in
from events.contracts import NeedKind
from projections.language import gettext as _

_SHOWN_MAX = 10_000
_KINDS: Mapping[str, NeedKind] = {kind: kind for kind in get_args(NeedKind)}


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
        errors["kind"] = _("Choose what sort of part it is.")
    minor = minor_in(typed.amount, "amount", typed.currency, errors)
    need = NewNeed(
        kind=kind or "other",
        title=form.get("title", ""),
        description=form.get("description", ""),
        size=form.get("size", ""),
        cost=None if minor is None else Cost(amount_minor=minor, currency=typed.currency),
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
