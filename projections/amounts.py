"""How an amount of money is said wherever people read it: in sentences of read models and on pages alike."""

from collections.abc import Mapping

from events.codes.currencies import exponent
from events.contracts.base import Money
from projections.language import language, number

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

CURRENCY_SIGNS: Mapping[str, str] = {"GBP": "£", "EUR": "€", "USD": "US$"}


def money(amount: Money) -> str:
    """Say an amount: "£18,400", "£18,400.50", "PLN 25,000". Whole amounts lose their zeros."""
    digits = exponent(amount.currency)
    whole, minor = divmod(abs(amount.amount_minor), 10**digits)
    point = language().locale.number_symbols["latn"]["decimal"]
    said = number(whole) if minor == 0 else f"{number(whole)}{point}{minor:0{digits}d}"
    sign = MINUS if amount.amount_minor < 0 else ""
    mark = CURRENCY_SIGNS.get(amount.currency) or f"{amount.currency}{NO_BREAK_SPACE}"
    return f"{sign}{mark}{said}"
