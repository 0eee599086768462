"""From what the queries answer about mandates to what their pages show."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from msgspec.structs import replace

from app.importing.sample_funders import SAMPLE_FUNDERS
from app.web.formats import day_in_words
from app.web.funding_words import condition_sentences, threshold_sentences, ticket_words
from app.web.mandate_form import OFFERED_PLACES
from app.web.mandate_views import (
    BudgetBar,
    FundersPage,
    FundersQuery,
    MandateAct,
    MandateCard,
    MandatePage,
    RevisionItem,
    ThemeBar,
)
from app.web.stages import stage_name
from app.web.views import ActiveFilter, Choice, EmptyReason, Label
from events.codes import themes
from projections.amounts import money
from projections.codes import place_name, theme_name
from projections.language import N_, ngettext, one_of, pgettext
from projections.language import gettext as _
from projections.mandates.queries import (
    STATUSES,
    MandateDetail,
    MandateRevision,
    MandateRows,
    MandateSays,
    MandateStatus,
    ThemeOpen,
)

STATUS_LABELS: Mapping[MandateStatus, str] = {
    "open": N_("Open"),
    "not_yet_open": N_("Opens soon"),
    "paused": N_("Paused"),
    "closed": N_("Closed"),
    "expired": N_("Ended"),
}
BAR_WIDTH = 600
"""How many units a bar is long; a part that is anything at all is at least as long as to be seen."""
_PART_LEAST = 6
_THEMES_DRAWN = 12
_STAGES = ("logged", "supported", "shaping", "funding")


def mandate_href(mandate_id: UUID) -> str:
    """Address a mandate's page."""
    return f"/mandates/{mandate_id}"


def funder_href(organisation_id: UUID) -> str:
    """Address a funder's page."""
    return f"/funders/{organisation_id}"


def funders_href(query: FundersQuery, *, cursor: str | None = None) -> str:
    """Address the list of mandates as `query` asks for it."""
    asked = {name: getattr(query, name) for name in FundersQuery.__struct_fields__} | {"cursor": cursor}
    parameters = urlencode({name: value for name, value in asked.items() if value})
    return f"/funders?{parameters}" if parameters else "/funders"


def funders_view(
    query: FundersQuery, rows: MandateRows, *, is_first: bool, by_theme: Sequence[ThemeOpen] = ()
) -> FundersPage:
    """Show a page of mandates, with what is open by theme where that is known."""
    is_whole = query == FundersQuery() and is_first
    reason: EmptyReason = "nothing_yet" if is_whole else "no_match"
    return FundersPage(
        cards=tuple(map(mandate_card, rows.items)),
        filters=_filters(query),
        theme_choices=_choices(query, "theme", _offered_themes(query.theme), theme_name),
        place_choices=_choices(query, "place", _with(query.place, OFFERED_PLACES), place_name),
        stage_choices=_choices(query, "stage", _STAGES, stage_name),
        status_choices=_choices(query, "status", STATUSES, _status_name),
        by_theme=theme_bars(by_theme),
        next_href=funders_href(query, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=None if is_first else funders_href(query),
        empty_reason=None if rows.items else reason,
    )


def theme_bars(found: Sequence[ThemeOpen]) -> tuple[ThemeBar, ...]:
    """Draw how many funders are open to the themes to which most are, and to any theme, beside the longest bar."""
    named = [one for one in found if one.theme is not None][:_THEMES_DRAWN]
    drawn = [*named, *(one for one in found if one.theme is None)]
    most = max((one.funders for one in drawn), default=1)
    return tuple(
        ThemeBar(
            name=_("Any theme") if one.theme is None else theme_name(one.theme),
            href=None if one.theme is None else funders_href(FundersQuery(theme=one.theme)),
            funders=one.funders,
            left=tuple(one.left),
            percent=round(100 * one.funders / most, 1),
        )
        for one in drawn
    )


def mandate_card(mandate: MandateDetail) -> MandateCard:
    """Show a mandate in a list."""
    return MandateCard(
        href=mandate_href(mandate.mandate_id),
        title=mandate.title,
        funder_name=mandate.organisation_name or _("An organisation"),
        funder_href=funder_href(mandate.organisation_id),
        gives=ticket_words(mandate.ticket_min, mandate.ticket_max),
        until=_status_sentence(mandate),
        themes=_themes(mandate),
        places=_places(mandate),
        status=mandate.status,
        status_label=_(STATUS_LABELS[mandate.status]),
        bar=budget_bar(mandate),
        is_sample=mandate.organisation_id in SAMPLE_FUNDERS,
    )


def mandate_view(
    mandate: MandateDetail,
    revisions: Sequence[MandateRevision],
    *,
    names: Mapping[UUID, str],
    may_act: bool = False,
    error: str | None = None,
) -> MandatePage:
    """Show a mandate; `revisions` are its latest, the newest first, and `names` those of funders it waits for."""
    return MandatePage(
        mandate_id=mandate.mandate_id,
        title=mandate.title,
        funder_name=mandate.organisation_name or _("An organisation"),
        funder_href=funder_href(mandate.organisation_id),
        status=mandate.status,
        status_label=_(STATUS_LABELS[mandate.status]),
        status_sentence=_status_sentence(mandate),
        gives=ticket_words(mandate.ticket_min, mandate.ticket_max),
        window=_window(mandate),
        themes=_themes(mandate),
        places=_places(mandate),
        stages=one_of([stage_name(stage) for stage in mandate.stages]),
        terms=mandate.terms,
        conditions=condition_sentences(mandate.conditions, names),
        pledges_alone=_pledges_alone(mandate),
        automatic=threshold_sentences(mandate.thresholds) if mandate.mode == "pledge" else (),
        bar=budget_bar(mandate),
        revisions=_revision_items(revisions),
        json_href=f"/api/v1/mandates/{mandate.mandate_id}",
        can=_acts(mandate.status) if may_act else (),
        error=error,
        is_sample=mandate.organisation_id in SAMPLE_FUNDERS,
    )


def budget_bar(mandate: MandateDetail) -> BudgetBar:
    """Draw how the budget of a mandate is used."""

    def part(minor: int) -> int:
        return 0 if minor == 0 else max(_PART_LEAST, round(BAR_WIDTH * minor / mandate.budget.amount_minor))

    return BudgetBar(
        budget=mandate.budget,
        committed=mandate.committed,
        reserved=mandate.reserved,
        left=mandate.left,
        width=BAR_WIDTH,
        committed_width=part(mandate.committed.amount_minor),
        reserved_width=part(mandate.reserved.amount_minor),
    )


def _acts(status: MandateStatus) -> tuple[MandateAct, ...]:
    match status:
        case "open" | "not_yet_open":
            return ("revise", "pause", "close")
        case "paused":
            return ("revise", "resume", "close")
        case "closed" | "expired":
            return ()


def _status_sentence(mandate: MandateDetail) -> str:
    match mandate.status:
        case "open":
            return _("Open until %(day)s.", day=day_in_words(mandate.closes_at))
        case "not_yet_open":
            return _("Opens on %(day)s.", day=day_in_words(mandate.opens_at))
        case "paused":
            return _("Paused by its funder for now.")
        case "closed":
            return _("Closed on %(day)s.", day=day_in_words(mandate.closed_at or mandate.closes_at))
        case "expired":
            return _("Ended on %(day)s.", day=day_in_words(mandate.closes_at))


def _window(says: MandateSays) -> str:
    return _(
        "From %(opens)s until %(closes)s",
        opens=day_in_words(says.opens_at),
        closes=day_in_words(says.closes_at),
    )


def _pledges_alone(mandate: MandateSays) -> str | None:
    """Say that a mandate pledges by itself, and for how long that can be taken back; nothing where it only tells."""
    if mandate.mode != "pledge":
        return None
    waits = bool(threshold_sentences(mandate.thresholds))
    if not mandate.veto_hours:
        if waits:
            return _("When an idea fits, a pledge is made by itself, at once and for good, as soon as:")
        return _("When an idea fits, a pledge is made by itself, at once and for good.")
    if waits:
        return ngettext(
            "When an idea fits, a pledge is made by itself, which the funder can take back within %(count)s hour, as soon as:",
            "When an idea fits, a pledge is made by itself, which the funder can take back within %(count)s hours, as soon as:",
            mandate.veto_hours,
        )
    return ngettext(
        "When an idea fits, a pledge is made by itself, which the funder can take back within %(count)s hour.",
        "When an idea fits, a pledge is made by itself, which the funder can take back within %(count)s hours.",
        mandate.veto_hours,
    )


def _themes(mandate: MandateDetail) -> tuple[Label, ...]:
    return tuple(
        Label(code=code, name=theme_name(code), href=funders_href(FundersQuery(theme=code)))
        for code in mandate.themes
    )


def _places(mandate: MandateDetail) -> tuple[Label, ...]:
    return tuple(
        Label(code=code, name=place_name(code), href=funders_href(FundersQuery(place=code)))
        for code in mandate.places
    )


def _revision_items(revisions: Sequence[MandateRevision]) -> tuple[RevisionItem, ...]:
    """Say what each revision changed; the last one listed may go on from one that is not."""
    before = [*(one.says for one in revisions), None][1:]
    return tuple(
        RevisionItem(
            revision=one.revision,
            when=one.revised_at,
            changes=_changes(one.says, earlier) if earlier else (),
            why=one.reason,
            position=one.position,
        )
        for one, earlier in zip(revisions, before, strict=True)
    )


def _changes(says: MandateSays, before: MandateSays) -> tuple[str, ...]:
    told = _told(says)
    return tuple(
        _("%(part)s: %(said)s", part=_(part), said=told[part])
        if told[part]
        else _("%(part)s: nothing any more", part=_(part))
        for part, earlier in _told(before).items()
        if told[part] != earlier
    )


def _told(says: MandateSays) -> dict[str, str]:
    """Say each part of what a mandate says in a few words, by the text that names it."""
    return {
        N_("Title"): says.title,
        N_("For one idea"): ticket_words(says.ticket_min, says.ticket_max),
        N_("Budget"): money(says.budget),
        N_("Open"): _window(says),
        N_("Themes"): ", ".join(map(theme_name, says.themes)) or pgettext("themes", "any"),
        N_("Places"): ", ".join(map(place_name, says.places)) or pgettext("places", "any"),
        N_("Stages"): ", ".join(map(stage_name, says.stages)) or pgettext("stages", "any"),
        N_("Terms"): says.terms,
        N_("Conditions"): " ".join(condition_sentences(says.conditions, {})),
        N_("What it does"): _("pledges by itself") if says.mode == "pledge" else _("tells its funder"),
        N_("Before it pledges"): " ".join(threshold_sentences(says.thresholds)),
        N_("Time to veto"): ngettext("%(count)s hour", "%(count)s hours", says.veto_hours),
    }


def _filters(query: FundersQuery) -> tuple[ActiveFilter, ...]:
    told: list[tuple[str, FundersQuery]] = []
    if query.theme:
        told.append((_("Theme: %(name)s", name=theme_name(query.theme)), replace(query, theme=None)))
    if query.place:
        told.append((_("Place: %(name)s", name=place_name(query.place)), replace(query, place=None)))
    if query.stage:
        told.append((_("Stage: %(name)s", name=stage_name(query.stage)), replace(query, stage=None)))
    if query.status:
        told.append((_status_name(query.status), replace(query, status=None)))
    return tuple(ActiveFilter(label=label, remove_href=funders_href(rest)) for label, rest in told)


def _status_name(status: str) -> str:
    return _(next((label for known, label in STATUS_LABELS.items() if known == status), status))


def _choices(
    query: FundersQuery, field: str, codes: Sequence[str], name_of: Callable[[str], str]
) -> tuple[Choice, ...]:
    chosen = getattr(query, field)
    return tuple(
        Choice(
            value=code,
            label=name_of(code),
            href=funders_href(replace(query, **{field: None if code == chosen else code})),
            selected=code == chosen,
        )
        for code in codes
    )


def _offered_themes(chosen: str | None) -> Sequence[str]:
    widest = [theme for theme in themes.THEMES.values() if theme.parent is None]
    return _with(chosen, [theme.code for theme in sorted(widest, key=lambda theme: _(theme.name))])


def _with(chosen: str | None, codes: Sequence[str]) -> Sequence[str]:
    return [chosen, *codes] if chosen and chosen not in codes else codes
