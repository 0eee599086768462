"""The form by which a funder pledges, as a page has it: a sentence with blanks, of which parts are added by ticking.

Amounts are pounds rather than pence and shares per cent rather than ratios; a funder counts the others, not itself.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from decimal import Decimal
from uuid import UUID

from app.http.funding_bodies import Amount, Conditions
from app.http.pool_bodies import NewPledge
from app.web.typed_money import NOT_MONEY, minor_in
from events.contracts import PledgeKind
from projections.language import gettext as _

FIELDS = (
    *("organisation_id", "amount", "kind", "description", "min_total", "other_funders", "max_share"),
    *("match_ratio", "match_cap", "expires_on", "mandate_id"),
)
WITH = "with-"
"""Begins the names of the boxes for other funders."""
IF = "if-"
"""Begins the names of the boxes that add a part to the sentence."""
CLAUSES: Mapping[str, tuple[str, ...]] = {
    "other_funders": ("other_funders",),
    "min_total": ("min_total",),
    "max_share": ("max_share",),
    "match": ("match_ratio", "match_cap"),
    "expires": ("expires_on",),
}
"""The parts that can be added, with their blanks; the first of them has to be filled in."""
BY_TICKS = "by_ticks"
"""Says that the form has boxes for its parts; where it has none, whatever is filled in counts."""

_FIELD_OF = {
    "amount.amount_minor": "amount",
    "conditions.min_total.amount_minor": "min_total",
    "conditions.match_cap.amount_minor": "match_cap",
    "conditions.expires_at": "expires_on",
    "conditions.min_funders": "other_funders",
}


class FormError(ValueError):
    """Fields of the form are wrong; each is named with what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(next(iter(errors.values()), ""))
        self.errors = errors


def pledge_in(form: Mapping[str, str], currency: str) -> NewPledge:
    """Read a pledge from a form.

    Raises:
        FormError: fields are wrong.
    """
    form = in_sentence(form)
    errors = _half_said(form)
    amounts = {name: amount_in(form, name, currency, errors) for name in ("amount", "min_total", "match_cap")}
    amount = amounts["amount"]
    if amount is None and "amount" not in errors:
        errors["amount"] = _(NOT_MONEY)
    organisation_id = organisation_in(form.get("organisation_id", ""), errors)
    min_funders = _funders(form["other_funders"], errors)
    expires_at = _end_of_day(form.get("expires_on", ""), errors)
    share = _share(form.get("max_share", ""), errors)
    if errors or amount is None or organisation_id is None:
        raise FormError(errors)
    kind: PledgeKind = "in_kind" if form.get("kind") == "in_kind" else "money"
    body = NewPledge(
        organisation_id=organisation_id,
        amount=amount,
        kind=kind,
        description=form.get("description", "").replace("\r\n", "\n").strip(),
        mandate_id=_mandate(form.get("mandate_id", "")) if kind == "money" else None,
        conditions=Conditions(
            min_total=amounts["min_total"],
            min_funders=min_funders,
            with_funders=waits_for(form),
            max_share=share,
            match_ratio=form.get("match_ratio", "").strip() or None,
            match_cap=amounts["match_cap"],
            expires_at=expires_at,
        ),
    )
    for fault in body.faults():
        errors.setdefault(_FIELD_OF.get(fault.path, fault.path.removeprefix("conditions.")), fault.message)
    if errors:
        raise FormError(errors)
    return body


def in_sentence(form: Mapping[str, str]) -> dict[str, str]:
    """Give a form as the sentence has it: what counts all funders, as a match proposes it, counts the others there."""
    others = form.get("other_funders")
    if others is None:
        others = form.get("min_funders", "").strip()
        if others.isascii() and others.isdigit():
            others = str(int(others[:9]) - 1) if int(others[:9]) > 1 else ""
    return {**form, "other_funders": others}


def ticked(form: Mapping[str, str]) -> list[str]:
    """List the parts that belong to the sentence."""
    if BY_TICKS in form:
        return [clause for clause in CLAUSES if form.get(f"{IF}{clause}") == "on"]
    return [
        clause for clause, blanks in CLAUSES.items() if any(form.get(name, "").strip() for name in blanks)
    ]


def _half_said(form: Mapping[str, str]) -> dict[str, str]:
    """Say of each part that is ticked but empty, or filled in but not ticked, what to do; neither is guessed at."""
    errors: dict[str, str] = {}
    if BY_TICKS not in form:
        return errors
    chosen = ticked(form)
    for clause, blanks in CLAUSES.items():
        filled = [name for name in blanks if form.get(name, "").strip()]
        if clause in chosen and blanks[0] not in filled:
            errors[blanks[0]] = _("Fill this in, or take the tick away.")
        elif clause not in chosen and filled:
            errors[filled[0]] = _("Tick this as well, or empty it.")
    return errors


def amount_in(form: Mapping[str, str], name: str, currency: str, errors: dict[str, str]) -> Amount | None:
    """Read an amount in a currency's usual units; nothing where none was typed, and a word in `errors` where it is wrong."""
    minor = minor_in(form.get(name, ""), name, currency, errors)
    return None if minor is None else Amount(amount_minor=minor, currency=currency)


def organisation_in(said: str, errors: dict[str, str]) -> UUID | None:
    """Read which organisation was chosen; a word in `errors` where none was."""
    try:
        return UUID(said)
    except ValueError:
        errors["organisation_id"] = _("Choose the organisation you act for.")
        return None


def _mandate(said: str) -> UUID | None:
    """Read under which mandate a pledge is made; it stands in the form only where one came from a match."""
    with suppress(ValueError):
        return UUID(said)
    return None


def _funders(others: str, errors: dict[str, str]) -> int | None:
    """Read how many others have to give, and count the one who pledges, too."""
    others = others.strip()
    if not others:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", others) or int(others) == 0:
        errors["other_funders"] = _("Give a number, such as 2.")
        return None
    return int(others) + 1


def _share(said: str, errors: dict[str, str]) -> str | None:
    said = said.strip().rstrip("%").strip()
    if not said:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", said):
        errors["max_share"] = _("Give a number from 1 to 100, such as 50.")
        return None
    return f"{Decimal(said) / 100:f}"


def _end_of_day(said: str, errors: dict[str, str]) -> datetime | None:
    """Read a day; what holds until a day holds on it, too."""
    if not said.strip():
        return None
    try:
        day = datetime.strptime(said.strip(), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        errors["expires_on"] = _("Give a day, such as 2027-03-31.")
        return None
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def waits_for(form: Mapping[str, str]) -> list[UUID]:
    """Read for which other funders a pledge waits."""
    found = []
    for name in form:
        if name.startswith(WITH):
            try:
                found.append(UUID(name.removeprefix(WITH)))
            except ValueError:
                continue
    return found
