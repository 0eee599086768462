"""Reads what a funder gave, as 360Giving has it (JSON, https://standard.threesixtygiving.org): one row a grant.

- The funder and the recipient are organisations under their identifiers; the funder's is an org-id.
- A grant to a person (`recipientIndividual`, or `toIndividualsDetails`) is read without anything that could tell who
  it was: its texts are left out as well, because they often do.
- A day is written as the standard has it (2014-03-17, with a time or without), or as British spreadsheets write it
  (17/03/2014), which a file that says so everywhere can only mean one way.
- Places are those where the grant was of use (`beneficiaryLocation`, and the older "Recipient Org Beneficiary
  Location"), by their code or name; where there is none we know, there is none.

Memory: one grant at a time, and 16 bytes and their place in a set for each identifier.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.importing.codes import is_currency, minor_units
from app.importing.json_items import Item, items_of
from app.importing.records import ID_LIMIT, quoted
from app.importing.rows import TEXT_LIMIT, TITLE_LIMIT, BadRow, cut
from events.codes.org_ids import fault_of, normalised
from events.codes.places import is_place, named_in_gb
from events.contracts import Money
from events.streams import grant_id

GRANT_LIMIT = 2_000_000
AMOUNT_MINOR_MAX = 10**15
PLACES_MAX = 20
NAME_LIMIT = 300

_BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_WHOLE_UK = frozenset({"national (uk)", "whole of uk", "uk", "united kingdom", "uk-wide", "national"})


class PastGrant(Struct, frozen=True, kw_only=True):
    """A grant that was awarded; of one to a person there is neither recipient nor text."""

    identifier: str
    funder_org_id: str
    funder_name: str
    amount: Money
    awarded_at: datetime
    title: str
    description: str
    recipient_id: str | None
    recipient_name: str | None
    to_individual: bool
    places: tuple[str, ...]


class GrantsFile:
    """A file of grants. A wrong row ends the reading, or is given to `skip` and left out."""

    def __init__(self, path: Path, *, skip: Callable[[BadRow], None] | None = None) -> None:
        self._path, self._skip = path, skip

    def grants(self) -> Iterator[PastGrant]:
        """Read every grant, in the file's order.

        Raises:
            BadRow: the file is no such file, or a row is wrong and nobody wants to skip it.
        """
        seen: set[UUID] = set()
        for item in items_of(self._path, "grants"):
            try:
                grant = self._grant(item)
                identifier = grant_id(grant.identifier)
                if identifier in seen:
                    raise self._bad(item, f"the grant {quoted(grant.identifier)} is listed a second time.")
            except BadRow as wrong:
                if self._skip is None:
                    raise
                self._skip(wrong)
                continue
            seen.add(identifier)
            if len(seen) > GRANT_LIMIT:
                raise self._bad(item, f"the file has more than {GRANT_LIMIT:,} grants; split it.")
            yield grant

    def _grant(self, item: Item) -> PastGrant:
        row = item.members
        identifier = self._text(item, row, "id", ID_LIMIT, needed=True)
        funder = self._organisation(item, "fundingOrganization")
        if funder is None:
            raise self._bad(item, "fundingOrganization is missing; say who gave it.")
        funder_id, funder_name = normalised(funder[0]), funder[1]
        if fault_of(funder_id) is not None:
            raise self._bad(
                item,
                f"the funder's id is {quoted(funder[0])} where an org-id such as GB-CHC-258583 is expected.",
            )
        to_individual = any(row.get(name) for name in ("recipientIndividual", "toIndividualsDetails"))
        recipient = None if to_individual else self._organisation(item, "recipientOrganization")
        if recipient is None and not to_individual:
            raise self._bad(item, "recipientOrganization is missing; say who got it.")
        return PastGrant(
            identifier=identifier,
            funder_org_id=funder_id,
            funder_name=funder_name,
            amount=self._amount(item),
            awarded_at=self._awarded(item),
            title="" if to_individual else cut(self._text(item, row, "title"), TITLE_LIMIT),
            description="" if to_individual else cut(self._text(item, row, "description"), TEXT_LIMIT),
            recipient_id=_known(recipient[0]) if recipient else None,
            recipient_name=recipient[1] if recipient else None,
            to_individual=to_individual,
            places=_places(row),
        )

    def _organisation(self, item: Item, name: str) -> tuple[str, str] | None:
        """Give identifier and name of the first organisation in a list."""
        listed = item.members.get(name)
        if listed in (None, []):
            return None
        if not isinstance(listed, list) or not isinstance(listed[0], dict):
            raise self._bad(item, f"{name} is no list of organisations.")
        found: dict[str, Any] = listed[0]
        identifier = self._text(item, found, "id", ID_LIMIT, needed=True, of=name)
        return identifier, cut(self._text(item, found, "name", needed=True, of=name), NAME_LIMIT)

    def _amount(self, item: Item) -> Money:
        currency = self._text(item, item.members, "currency", needed=True)
        if not is_currency(currency):
            raise self._bad(item, f"currency is {quoted(currency)} where an ISO 4217 code is expected.")
        given = item.members.get("amountAwarded")
        try:
            amount = Decimal(str(given)) if not isinstance(given, bool) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise self._bad(
                item, f"amountAwarded is {quoted(str(given))} where an amount of money is expected."
            )
        if amount < 0:
            raise self._bad(item, f"amountAwarded is {amount}; a grant cannot be less than nothing.")
        if amount > AMOUNT_MINOR_MAX or (minor := minor_units(amount, currency)) > AMOUNT_MINOR_MAX:
            raise self._bad(
                item, f"amountAwarded is {quoted(str(given))}, which is more money than we count."
            )
        return Money(amount_minor=minor, currency=currency)

    def _awarded(self, item: Item) -> datetime:
        text = self._text(item, item.members, "awardDate", needed=True)
        try:
            if british := _BRITISH_DAY.fullmatch(text):
                day, month, year = map(int, british.groups())
                found = date(year, month, day)
            else:
                found = datetime.fromisoformat(text).date()
        except ValueError as error:
            raise self._bad(
                item, f"awardDate is {quoted(text)} where a day such as 2014-03-17 is expected."
            ) from error
        if not 1900 <= found.year < 2100:  # noqa: PLR2004  # What a grant of today's currencies can be of.
            raise self._bad(item, f"awardDate is {quoted(text)}, which cannot be meant.")
        return datetime.combine(found, time(), UTC)

    def _text(
        self,
        item: Item,
        members: Mapping[str, Any],
        name: str,
        longest: int | None = None,
        *,
        needed: bool = False,
        of: str | None = None,
    ) -> str:
        where = f"{of}'s {name}" if of else name
        value = members.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise self._bad(item, f"{where} is {quoted(str(value))} where a text is expected.")
        text = " ".join(value.replace("\0", " ").split())
        if needed and not text:
            raise self._bad(item, f"{where} is missing.")
        if longest is not None and len(text) > longest:
            raise self._bad(item, f"{where} is longer than {longest} characters.")
        return text

    def _bad(self, item: Item, sentence: str) -> BadRow:
        return BadRow(self._path, item.line, f"grants[{item.number}]: {sentence}")


def _known(identifier: str) -> str:
    """Give an org-id as it is registered here; publishers call recipients by words of their own as well."""
    plain = normalised(identifier)
    return plain if fault_of(plain) is None else identifier


def _places(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Find where a grant was of use, as far as we know the places."""
    listed = row.get("beneficiaryLocation")
    named = [
        *(listed if isinstance(listed, list) else []),
        row.get("Recipient Org Beneficiary Location"),
    ]
    found: list[str] = []
    for location in named:
        if not isinstance(location, dict):
            continue
        codes = (location.get("geoCode"), location.get("countryCode"))
        name = location.get("name") or location.get("Name")
        code = next((code for code in codes if isinstance(code, str) and is_place(code)), None)
        if isinstance(name, str):
            code = _place_named(name) or code
        if code is not None and code not in found:
            found.append(code)
    return tuple(found[:PLACES_MAX])


def _place_named(name: str) -> str | None:
    return "GB" if " ".join(name.casefold().split()) in _WHOLE_UK else named_in_gb(name)
