"""A first mandate suggested from what a funder has funded: no more than a beginning that people change.

Themes and places are those of a good part of the past grants; the amounts for one idea are those between which half of
them lie, and the budget is that of a middling year. Each part comes with its reason.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from events.codes import places, themes
from events.contracts import Money
from projections.amounts import money
from projections.codes import place_name, theme_name
from projections.language import gettext as _
from projections.past_grants.queries import UsualGrants

THEMES_MAX = 5
PLACES_MAX = 5
_PART_LEAST = 0.1
_GRANTS_LEAST = 2
_DIGITS_KEPT = 2


class Reason(Struct, frozen=True, kw_only=True):
    """Why a field of a suggestion is as it is, in a sentence."""

    field: str
    reason: str


class Suggestion(Struct, frozen=True, kw_only=True):
    """What a funder might say that it is open to."""

    themes: list[str]
    places: list[str]
    ticket_min: Money
    ticket_max: Money
    budget: Money
    reasons: list[Reason]


def suggestion_from(usual: UsualGrants) -> Suggestion:
    """Suggest a first mandate from what was usual."""
    counted_themes = [(one.theme, one.grants) for one in usual.themes]
    counted_places = [(one.place, one.grants) for one in usual.places]
    chosen_themes = _often(counted_themes, usual.grants, THEMES_MAX, themes.with_ancestors)
    chosen_places = _often(counted_places, usual.grants, PLACES_MAX, places.with_ancestors)
    least, most = _rounded(usual.lower_quartile, up=False), _rounded(usual.upper_quartile, up=True)
    budget = _rounded(usual.year, up=True)
    return Suggestion(
        themes=[theme for theme, _grants in chosen_themes],
        places=[place for place, _grants in chosen_places],
        ticket_min=least,
        ticket_max=most,
        budget=budget if budget.amount_minor >= most.amount_minor else most,
        reasons=list(_reasons(usual, chosen_themes, chosen_places)),
    )


def _often(
    counted: Sequence[tuple[str, int]], grants: int, most: int, around: Callable[[str], tuple[str, ...]]
) -> list[tuple[str, int]]:
    """Choose what a good part of the grants speak of; what lies within something chosen is in it already."""
    least = max(_GRANTS_LEAST, grants * _PART_LEAST)
    often = {code: count for code, count in counted if count >= least}
    return [(code, count) for code, count in often.items() if not set(around(code)[1:]) & often.keys()][:most]


def _reasons(
    usual: UsualGrants, chosen_themes: Sequence[tuple[str, int]], chosen_places: Sequence[tuple[str, int]]
) -> Iterator[Reason]:
    for theme, count in chosen_themes:
        sentence = _(
            "%(count)s of %(grants)s past grants speak of “%(theme)s”.",
            count=count,
            grants=usual.grants,
            theme=theme_name(theme),
        )
        yield Reason(field="themes", reason=sentence)
    for place, count in chosen_places:
        sentence = _(
            "%(count)s of %(grants)s past grants were for %(place)s.",
            count=count,
            grants=usual.grants,
            place=place_name(place),
        )
        yield Reason(field="places", reason=sentence)
    lower, upper = money(usual.lower_quartile), money(usual.upper_quartile)
    middle = _(
        "Half of the %(grants)s past grants were of %(lower)s to %(upper)s.",
        grants=usual.grants,
        lower=lower,
        upper=upper,
    )
    yield Reason(field="ticket_min", reason=middle)
    year = _("In a middling year %(amount)s were given in all.", amount=money(usual.year))
    yield Reason(field="budget", reason=year)


def _rounded(amount: Money, *, up: bool) -> Money:
    """Round to two digits, as people say amounts; what has no more stays as it is."""
    step = 10 ** max(0, len(str(amount.amount_minor)) - _DIGITS_KEPT)
    whole, rest = divmod(amount.amount_minor, step)
    return replace(amount, amount_minor=max(1, (whole + (1 if up and rest else 0)) * step))
