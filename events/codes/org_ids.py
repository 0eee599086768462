"""Identifiers of organisations: org-id, a prefix for the register and the number the organisation has in it.

The registers are those of the org-id list locator (https://org-id.guide), under the Open Database License (ODbL 1.0);
`org_id_prefixes.md` tells what of it is in `org_id_prefixes.csv`. The form of a number is checked for the registers that
most organisations here stand in, as those registers print it.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

LENGTH_MAX = 100

_TABLE = Path(__file__).parent / "org_id_prefixes.csv"
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9._/()+-]*")
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = MappingProxyType(
    {
        "GB-CHC": (
            re.compile(r"[0-9]{6,7}(-[0-9]{1,3})?"),
            "%(register)s gives six or seven digits, such as GB-CHC-1164883.",
        ),
        "GB-COH": (
            # Of registered societies the last sign may be a letter, as in IP12345R.
            re.compile(r"[A-Z0-9]{2}[0-9]{5}[A-Z0-9]"),
            "%(register)s gives eight characters with its leading zeros, such as GB-COH-09668396.",
        ),
        "GB-SC": (re.compile(r"SC[0-9]{6}"), "%(register)s gives SC and six digits, such as GB-SC-SC012345."),
        "GB-NIC": (re.compile(r"[0-9]{6}"), "%(register)s gives six digits, such as GB-NIC-100012."),
        "GB-EDU": (re.compile(r"[0-9]{6}"), "%(register)s gives six digits, such as GB-EDU-100000."),
        "GB-UKPRN": (re.compile(r"[0-9]{8}"), "%(register)s gives eight digits, such as GB-UKPRN-10007774."),
        "US-EIN": (re.compile(r"[0-9]{9}"), "%(register)s gives nine digits, such as US-EIN-123456789."),
    }
)
_TOO_LONG = "It has %(length)s characters; %(most)s are allowed."
_NO_REGISTER = (
    "Begin with the prefix of a register, such as GB-CHC- or GB-COH-; https://org-id.guide lists them."
)
_OTHER_FORM = "%(register)s gives letters and digits after the prefix, without blanks."
SENTENCES = (_TOO_LONG, _NO_REGISTER, _OTHER_FORM, *(sentence for _, sentence in _FORMS.values()))
"""All that can be said of what is no org-id, for translators."""
_SPELLINGS = (
    (re.compile(r"^(GB-CHC-)0(?=[0-9]{6}(?:-|$))"), r"\1"),  # 0202918 is 202918.
    (re.compile(r"^(US-EIN-[0-9]{2})-(?=[0-9]{7}$)"), r"\1"),  # 12-3456789 is 123456789.
)
_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "GB-CHC": "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/{}",
        "GB-COH": "https://find-and-update.company-information.service.gov.uk/company/{}",
        "GB-SC": "https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={}",
    }
)


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A register of organisations: its prefix, its name, the countries it covers, and whether org-id confirmed it."""

    prefix: str
    name: str
    country: str
    confirmed: bool


class OrgIdFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with an org-id: a sentence, and values in place of its `%(name)s`."""

    sentence: str
    values: Mapping[str, str | int] = {}

    def __str__(self) -> str:
        """Say it in English."""
        return self.sentence % self.values


@cache
def registers() -> Mapping[str, Register]:
    """Give every register that is not deprecated, by prefix; the first call reads the table."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        found = {
            row["code"]: Register(
                prefix=row["code"],
                name=row["name"],
                country=row["country"],
                confirmed=row["confirmed"] == "yes",
            )
            for row in csv.DictReader(lines)
        }
    return MappingProxyType(found)


def normalised(org_id: str) -> str:
    """Write an org-id the one way it is kept, so that an organisation has no second identifier by its spelling: in
    capitals, without blanks around it, and without what its register prints or leaves out as it likes.
    """
    written = org_id.strip().upper()
    for spelling, kept in _SPELLINGS:
        written = spelling.sub(kept, written)
    return written


def fault_of(org_id: str) -> OrgIdFault | None:
    """Say in a sentence what is wrong with a normalised org-id; nothing when it can be one."""
    if len(org_id) > LENGTH_MAX:
        return OrgIdFault(sentence=_TOO_LONG, values={"length": len(org_id), "most": LENGTH_MAX})
    prefix, number = _parts(org_id)
    if prefix not in registers():
        return OrgIdFault(sentence=_NO_REGISTER)
    form, sentence = _FORMS.get(prefix, (_NUMBER, _OTHER_FORM))
    if not form.fullmatch(number):
        return OrgIdFault(sentence=sentence, values={"register": registers()[prefix].name})
    return None


def register_of(org_id: str) -> Register | None:
    """Give the register an org-id belongs to; nothing for one we no longer know."""
    return registers().get(_parts(org_id)[0])


def page_of(org_id: str) -> str:
    """Give the address where an org-id can be looked up: in its register, or the page about that register."""
    prefix, number = _parts(org_id)
    page = _PAGES.get(prefix)
    return page.format(number.partition("-")[0]) if page else f"https://org-id.guide/list/{prefix}"


def _parts(org_id: str) -> tuple[str, str]:
    """Part an org-id into its prefix, which has one hyphen itself or, in China, two, and the number."""
    words = org_id.split("-")
    for length in (3, 2):
        prefix = "-".join(words[:length])
        if prefix in registers():
            return prefix, "-".join(words[length:])
    return "", org_id
