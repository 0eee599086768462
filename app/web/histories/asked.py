"""What a reader asks of the history: read from an address and written into one."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from app.web.histories.kinds import KINDS, THINGS
from events.contracts import CONTRACTS
from projections.audit_history.queries import HistoryFilter

NOTHING = ("-",)
"""No type is called so: what is of one kind and about another sort of thing is nothing."""
_YES = "1"
_ALL = tuple(contract.__name__ for contract in CONTRACTS)


class HistoryQuery(Struct, frozen=True, kw_only=True):
    """What to show: every condition given must hold.

    `kind` and `thing` are keys of `KINDS` and `THINGS`, `about` is one thing, `by` a person or an organisation, and
    the days count from the beginning of `since` to the end of `until`, in UTC. With `each`, what is told together about one
    thing comes one by one.
    """

    thing: str | None = None
    kind: str | None = None
    about: UUID | None = None
    by: UUID | None = None
    since: date | None = None
    until: date | None = None
    each: bool = False

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything is left out."""
        return self != HistoryQuery(about=self.about)


def query_from(asked: Mapping[str, str], about: UUID | None = None) -> HistoryQuery:
    """Read what an address asks for; what cannot be meant is left out. `about` is the thing whose page it is."""
    thing, kind = asked.get("thing", ""), asked.get("kind", "")
    return HistoryQuery(
        thing=thing if thing in THINGS else None,
        kind=kind if kind in KINDS else None,
        about=about or identifier(asked.get("about", "")),
        by=identifier(asked.get("by", "")),
        since=day_in(asked.get("since", "")),
        until=day_in(asked.get("until", "")),
        each=asked.get("each") == _YES,
    )


def parameters(query: HistoryQuery, *, leave_out_about: bool = False, cursor: str | None = None) -> str:
    """Write what is asked for as the query of an address, without the question mark."""
    asked = {name: getattr(query, name) for name in HistoryQuery.__struct_fields__}
    asked |= {"each": _YES if query.each else None, "cursor": cursor}
    if leave_out_about:
        asked["about"] = None
    return urlencode({name: str(value) for name, value in asked.items() if value})


def filter_of(query: HistoryQuery, *, by_organisation: bool) -> HistoryFilter:
    """Give what is asked for as the read model has it."""
    return HistoryFilter(
        subject=query.about,
        actor=None if by_organisation else query.by,
        organisation=query.by if by_organisation else None,
        types=_types(query),
        since=_begin(query.since) if query.since else None,
        until=_begin(query.until + timedelta(days=1)) if query.until and query.until < date.max else None,
        each=query.each,
    )


def _types(query: HistoryQuery) -> tuple[str, ...] | None:
    if query.kind is None and query.thing is None:
        return None
    of_kind = KINDS[query.kind][1] if query.kind else _ALL
    of_thing = THINGS[query.thing][1] if query.thing else _ALL
    return tuple(name for name in of_kind if name in of_thing) or NOTHING


def identifier(text: str) -> UUID | None:
    """Read an identifier, if it is one."""
    try:
        return UUID(text) if len(text) == 36 else None  # noqa: PLR2004  # As long as one is.
    except ValueError:
        return None


def day_in(text: str) -> date | None:
    """Read a day, if it is one."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None  # noqa: PLR2004  # 2026-11-02.
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
