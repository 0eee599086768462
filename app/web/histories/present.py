"""From what happened to what the pages of history show."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.web.addresses import event_href, idea_href, offer_href, organisation_href, pool_href
from app.web.formats import day_in_words, excerpt
from app.web.histories.asked import HistoryQuery, parameters
from app.web.histories.changes import FIELDS_MAX, differences_of
from app.web.histories.kinds import KINDS, THINGS, kind_of, thing_of
from app.web.histories.views import Downloads, Entry, HistoryPage
from app.web.present_mandates import mandate_href
from app.web.stages import Glow
from app.web.views import ActiveFilter, Choice
from projections.audit_history.timeline import Happening, Timeline
from projections.language import N_
from projections.language import gettext as _

SIGNED = frozenset(
    {
        *("IdeaLogged", "IdeaRevised", "IdeaWithdrawn", "OfferMade", "OfferRevised", "OfferWithdrawn"),
        "OfferDelivered",
    }
)
"""What people do under their own name: their ideas and offers bear it. Of all else the history does not say the name."""
_LABEL_LENGTH = 60
_GLOWS: Mapping[str, Glow | None] = {"new": "lit", "forward": "lit", "money": "half", "ended": "unlit"}
_PERIODS = ((N_("Last 7 days"), 7), (N_("Last 30 days"), 30), (N_("Last year"), 365))


class Thing(Struct, frozen=True, kw_only=True):
    """One thing whose history is shown: `href` is its page, `kicker` says of what sort it is.

    `has_parts` says that its story has other things in it, as that of an idea has its offers and its pool.
    """

    identifier: UUID
    title: str
    kicker: str
    href: str
    back_words: str
    has_parts: bool = False
    is_sample: bool = False


class Known(Struct, frozen=True, kw_only=True):
    """What identifiers are called: people under whose name something was done, and whoever or whatever is asked for."""

    people: Mapping[UUID, str]
    by: str | None = None
    about: str | None = None


def history_view(
    query: HistoryQuery, rows: Timeline, known: Known, *, thing: Thing | None, today: date, is_first: bool
) -> HistoryPage:
    """Show a page of history, of everything or of one thing."""

    def href(asked: HistoryQuery, cursor: str | None = None) -> str:
        return history_href(asked, thing=thing, cursor=cursor)

    whole = HistoryQuery(about=thing.identifier if thing else None)
    kept = {
        "about": query.about if thing is None else None,
        "by": query.by,
        "each": "1" if query.each else None,
    }
    return HistoryPage(
        action=_page(thing),
        entries=[_entry(row, known, query, thing) for row in rows.items],
        filters=[
            ActiveFilter(label=label, remove_href=href(rest)) for label, rest in _filters(query, known, thing)
        ],
        clear_href=href(whole),
        thing_choices=_choices(
            query, "thing", {key: _(name) for key, (name, _types) in THINGS.items()}, thing
        )
        if thing is None or thing.has_parts
        else [],
        kind_choices=_choices(query, "kind", {key: _(name) for key, (name, _types) in KINDS.items()}, thing),
        period_choices=[
            _period(query, _(label), today - timedelta(days=days), thing) for label, days in _PERIODS
        ],
        kept=[(name, str(value)) for name, value in kept.items() if value],
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
        downloads=Downloads(
            csv_href=f"/history.csv{_asked(parameters(query))}",
            lines_href=f"/history.jsonl{_asked(parameters(query))}",
        ),
        is_narrow=query != whole or not is_first,
        title=thing.title if thing else None,
        kicker=thing.kicker if thing else _("History"),
        back_href=thing.href if thing else None,
        back_words=thing.back_words if thing else "",
        next_href=href(query, rows.next_cursor) if rows.next_cursor else None,
        first_href=None if is_first else href(query),
        is_sample=thing.is_sample if thing else False,
    )


def history_href(query: HistoryQuery, *, thing: Thing | None = None, cursor: str | None = None) -> str:
    """Address a page of history as it is asked for."""
    return f"{_page(thing)}{_asked(parameters(query, leave_out_about=thing is not None, cursor=cursor))}"


def _page(thing: Thing | None) -> str:
    return f"{thing.href}/history" if thing else "/history"


def _asked(words: str) -> str:
    return f"?{words}" if words else ""


def _entry(row: Happening, known: Known, query: HistoryQuery, thing: Thing | None) -> Entry:
    kind = kind_of(row.type)
    together = row.votes or row.matches
    who, by = _who(row, known)
    about_words, about_href = (None, None) if thing else _about(row)
    then_href, then_words = _then(row)
    # What something begins with is no change of it.
    is_new = kind == "new" or row.type == "PledgeMade"
    return Entry(
        sentence=row.sentence,
        glow=_GLOWS.get(kind),
        when=None if together else row.occurred_at,
        day=together.day if together else None,
        who=who,
        who_href=history_href(replace(query, by=by), thing=thing) if by else None,
        why=row.why,
        about_words=about_words,
        about_href=about_href,
        differences=[] if is_new else differences_of(row.changes),
        differences_left_out=_left_out(len(row.changes)) if not is_new else None,
        each_href=_each(row, thing),
        then_href=then_href,
        then_words=then_words,
        position=row.position,
        record_href=event_href(row.position),
    )


def _each(row: Happening, thing: Thing | None) -> str | None:
    """Lead to what is told together, one by one; never for votes."""
    if row.matches is None:
        return None
    day = row.matches.day
    asked = HistoryQuery(
        about=row.subject, thing="mandate", kind=kind_of(row.type), since=day, until=day, each=True
    )
    return history_href(asked, thing=thing if thing and thing.identifier == row.subject else None)


def _left_out(changes: int) -> str | None:
    return _("and %(more)s more", more=changes - FIELDS_MAX) if changes > FIELDS_MAX else None


def _who(row: Happening, known: Known) -> tuple[str | None, UUID | None]:
    """Say who acted, as far as everybody may know it: an organisation, or a person under whose name it stands."""
    if row.votes:
        return None, None
    if row.organisation_id is not None and row.organisation:
        return row.organisation, row.organisation_id
    if row.actor is None:
        return _("By itself"), None
    if row.type in SIGNED and row.actor in known.people:
        return known.people[row.actor], row.actor
    return None, None


def _about(row: Happening) -> tuple[str | None, str | None]:
    """Lead to the thing that something belongs to."""
    match thing_of(row.type):
        case "idea":
            return _("Go to the idea"), idea_href(row.subject)
        case "offer":
            return _("Go to the offer"), offer_href(row.subject)
        case "pool":
            if not row.within_label:
                return _("Go to the pool"), pool_href(row.subject)
            of_idea = excerpt(row.within_label, _LABEL_LENGTH)
            return _("Go to the pool for “%(idea)s”", idea=of_idea), pool_href(row.subject)
        case "mandate":
            return _("Go to what is open to be funded"), mandate_href(row.subject)
        case "organisation" if row.type != "PastGrantRecorded":
            return _("Go to the organisation"), organisation_href(row.subject)
        case _:
            return None, None


def _then(row: Happening) -> tuple[str | None, str]:
    """Lead to the thing as it was right after something happened."""
    match thing_of(row.type):
        case "idea":
            return f"{idea_href(row.subject)}?as_of={row.position}", _("See the idea as it was then")
        case "pool":
            return f"{pool_href(row.subject)}?as_of={row.position}", _("See the pool as it was then")
        case "mandate" if row.type != "MandateMatched":
            return f"{mandate_href(row.subject)}?as_of={row.position}", _("See it as it was then")
        case "offer" if row.within:
            return f"{idea_href(row.within)}?as_of={row.position}", _("See the idea as it was then")
        case _:
            return None, ""


def _filters(query: HistoryQuery, known: Known, thing: Thing | None) -> Sequence[tuple[str, HistoryQuery]]:
    told: list[tuple[str, HistoryQuery]] = []
    if query.about and thing is None:
        told.append(
            (_("About: %(what)s", what=known.about or _("something else")), replace(query, about=None))
        )
    if query.by:
        told.append((_("By: %(who)s", who=known.by or _("somebody")), replace(query, by=None)))
    if query.thing:
        told.append((_(THINGS[query.thing][0]), replace(query, thing=None)))
    if query.kind:
        told.append((_(KINDS[query.kind][0]), replace(query, kind=None)))
    if query.each:
        told.append((_("One by one"), replace(query, each=False)))
    if query.since:
        told.append((_("From %(day)s", day=day_in_words(query.since)), replace(query, since=None)))
    if query.until:
        told.append((_("Until %(day)s", day=day_in_words(query.until)), replace(query, until=None)))
    return told


def _choices(
    query: HistoryQuery, field: str, names: Mapping[str, str], thing: Thing | None
) -> Sequence[Choice]:
    chosen = getattr(query, field)
    return [
        Choice(
            value=key,
            label=name,
            href=history_href(replace(query, **{field: None if key == chosen else key}), thing=thing),
            selected=key == chosen,
        )
        for key, name in names.items()
    ]


def _period(query: HistoryQuery, label: str, since: date, thing: Thing | None) -> Choice:
    return Choice(
        value=since.isoformat(),
        label=label,
        href=history_href(replace(query, since=since, until=None), thing=thing),
        selected=query.since == since and query.until is None,
    )
