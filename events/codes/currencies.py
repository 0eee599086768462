"""Currencies: the codes of ISO 4217 that money can be counted in, and how many digits their minor unit has.

The codes are as pycountry publishes them. The digits are ISO 4217's own: two, but for the exceptions listed here.
Codes without any minor unit (gold, test codes, units of account) are not currencies to us.
"""

from collections.abc import Mapping
from functools import cache

_USUAL_DIGITS = 2
_OTHER_DIGITS = {
    None: "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX",
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


def is_currency(code: str) -> bool:
    """Say whether the code is a currency that money can be counted in, written as `GBP`."""
    return code in _exponents()


def exponent(code: str) -> int:
    """Give the number of digits of the minor unit: 2 for GBP (pence), 0 for JPY, 3 for KWD.

    Raises `KeyError` for a code that is not a currency: a guess here would be wrong by a factor of ten or more.
    """
    return _exponents()[code]


@cache
def _exponents() -> Mapping[str, int]:
    """Give the digits of every published code that has a minor unit."""
    import pycountry  # noqa: PLC0415 - it costs 40 ms, which only those who ask for a currency should pay.

    other = {code: digits for digits, codes in _OTHER_DIGITS.items() for code in codes.split()}
    digits_of = {
        currency.alpha_3: other.get(currency.alpha_3, _USUAL_DIGITS) for currency in pycountry.currencies
    }
    return {code: digits for code, digits in digits_of.items() if digits is not None}
