"""What a reader can ask of the board: sorts, stages, themes and places as links and as options, and how
to take back what was asked."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from app.web.addresses import board_href
from app.web.stages import STEPS, stage_name
from app.web.views import ActiveFilter, BoardQuery, Choice, Label
from projections.language import N_
from projections.language import gettext as _

SORT_NAMES: Mapping[str, str] = {
    "momentum": N_("Gaining support"),
    "votes": N_("Most votes"),
    "newest": N_("Newest"),
    "funding_gap": N_("Most money still to find"),
}


OPEN_NEEDS = "open"


def sort_choices(query: BoardQuery) -> tuple[Choice, ...]:
    """Offer every order of the board, keeping the search and the filters."""
    return tuple(
        Choice(
            value=sort, label=_(name), href=board_href(replace(query, sort=sort)), selected=sort == query.sort
        )
        for sort, name in SORT_NAMES.items()
    )


def stage_choices(query: BoardQuery) -> tuple[Choice, ...]:
    """Offer the six stages on an idea's way; choosing the chosen one again takes it off."""
    return tuple(
        Choice(
            value=stage,
            label=stage_name(stage),
            href=board_href(replace(query, stage=None if stage == query.stage else stage)),
            selected=stage == query.stage,
        )
        for stage in STEPS
    )


def needs_choices(query: BoardQuery) -> tuple[Choice, ...]:
    """Offer the ideas that still lack a part."""
    return (
        Choice(
            value=OPEN_NEEDS,
            label=_("Parts are missing"),
            href=board_href(replace(query, needs=OPEN_NEEDS)),
            selected=query.needs == OPEN_NEEDS,
        ),
    )


def theme_choices(query: BoardQuery, themes: Iterable[Label]) -> tuple[Choice, ...]:
    """Offer themes, in the order given."""
    return tuple(
        Choice(
            value=theme.code,
            label=theme.name,
            href=board_href(replace(query, theme=theme.code)),
            selected=theme.code == query.theme,
        )
        for theme in themes
    )


def place_choices(query: BoardQuery, places: Iterable[Label]) -> tuple[Choice, ...]:
    """Offer places, in the order given."""
    return tuple(
        Choice(
            value=place.code,
            label=place.name,
            href=board_href(replace(query, place=place.code)),
            selected=place.code == query.place,
        )
        for place in places
    )


def active_filters(
    query: BoardQuery,
    *,
    theme_name: str | None = None,
    place_name: str | None = None,
    community_name: str | None = None,
) -> tuple[ActiveFilter, ...]:
    """Say what narrows the board down, each with the board without it; a code stands in for a missing name."""
    told: list[tuple[str, BoardQuery]] = []
    if query.q.strip():
        told.append((_("Words: “%(words)s”", words=query.q.strip()), replace(query, q="")))
    if query.theme:
        told.append((_("Theme: %(name)s", name=theme_name or query.theme), replace(query, theme=None)))
    if query.place:
        told.append((_("Place: %(name)s", name=place_name or query.place), replace(query, place=None)))
    if query.stage:
        told.append((_("Stage: %(name)s", name=stage_name(query.stage)), replace(query, stage=None)))
    if query.needs:
        told.append((_("Parts are missing"), replace(query, needs=None)))
    if query.community:
        told.append(
            (_("Community: %(name)s", name=community_name or query.community), replace(query, community=None))
        )
    return tuple(ActiveFilter(label=label, remove_href=board_href(rest)) for label, rest in told)
