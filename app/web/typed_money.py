"""Money as people type it into a form, and as a form shows it again: in whole units, with or without signs and commas."""

import re
from decimal import Decimal

from app.http.bodies import AMOUNT_MAX
from events.codes.currencies import exponent, is_currency
from events.contracts import Money
from projections.language import N_, ngettext
from projections.language import gettext as _

NOT_MONEY = N_("Give an amount such as 5,000 or 5,000.50.")

_SIGNS = dict.fromkeys(map(ord, "£€$, \u00a0\u202f"))
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")


def minor_in(text: str, name: str, currency: str, errors: dict[str, str]) -> int | None:
    """Read an amount in minor units of a currency.

    Nothing where nothing was typed, or where it is wrong: then `errors` says what to do, under the field's name.
    """
    plain = text.translate(_SIGNS)
    if not plain:
        return None
    if not _AMOUNT.fullmatch(plain):
        errors[name] = _(NOT_MONEY)
        return None
    if not is_currency(currency):
        errors["currency"] = _("Give the code of a currency, such as GBP.")
        return None
    digits = exponent(currency)
    minor = Decimal(plain).scaleb(digits)
    if minor != minor.to_integral_value():
        errors[name] = ngettext(
            "%(currency)s has %(count)s digit after the point at most.",
            "%(currency)s has %(count)s digits after the point at most.",
            digits,
            currency=currency,
        )
        return None
    if minor > AMOUNT_MAX:
        errors[name] = _("This is more than can be written down here; give a smaller amount.")
        return None
    return int(minor)


def as_typed(amount: Money | None) -> str:
    """Write an amount as somebody would type it, without its currency: 25000, or 25000.50; nothing for none."""
    if amount is None:
        return ""
    digits = exponent(amount.currency)
    whole, minor = divmod(amount.amount_minor, 10**digits)
    return str(whole) if minor == 0 else f"{whole}.{minor:0{digits}d}"
