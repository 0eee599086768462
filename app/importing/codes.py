"""From the words of other systems to the service's codes: themes, countries and currencies."""

from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType

import pycountry

THEMES = MappingProxyType(
    {
        "children and youth": ("BE102", "BE115"),
        "culture": ("AR101",),
        "education": ("ED",),
        "environmental protection": ("EN102",),
        "health": ("HE",),
        "health and welfare": ("HE", "SW"),
        "municipal infrastructure and security": ("EC200",),
        "public space": ("FA105",),
        "public transit and roads": ("EC200",),
        "recreation": ("LE105",),
        "sport": ("LE106",),
        "sport and recreation": ("LE106", "LE105"),
        "urban greenery": ("FA104",),
        "welfare": ("SW",),
    }
)
"""The project categories of Pabulib and the UKCAT codes that plainly mean the same."""

_CURRENCIES = MappingProxyType(
    {"CA": "CAD", "CH": "CHF", "CZ": "CZK", "DE": "EUR", "ES": "EUR", "FR": "EUR", "GB": "GBP", "IT": "EUR"}
    | {"NL": "EUR", "PL": "PLN", "PT": "EUR", "UA": "UAH", "US": "USD"}
)
"""The currency of a country whose file names none."""

# ISO 4217 gives every other currency two; pycountry carries no minor units.
_MINOR_UNITS = MappingProxyType(
    dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0)
    | dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0)
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)


def country_of(name: str) -> str | None:
    """Find the ISO 3166 alpha-2 code of a country by its English name, or None ("Worldwide")."""
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return None


def currency_of(country: str | None) -> str | None:
    """Give the ISO 4217 code of the currency that a country (alpha-2) budgets in, where we know it."""
    return _CURRENCIES.get(country or "")


def is_currency(code: str) -> bool:
    """Tell whether a code is one of ISO 4217."""
    return pycountry.currencies.get(alpha_3=code) is not None


def minor_units(amount: Decimal, currency: str) -> int:
    """Turn an amount in units (1234.5) into minor units (123450), rounding half to even."""
    scaled = amount.scaleb(_MINOR_UNITS.get(currency, 2))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
