"""How well an idea fits a mandate: a whole number up to 100, the sum of named parts, and nothing else.

A pure function of what both say. Every part but `support` can refuse: then they do not match, and the part tells why
not. `support` adds nothing: how many people back an idea decides about its stage, and about when a mandate pledges by
itself; it is told because a funder wants to know.

The same sum is worked out in SQL (`points.py`) where ideas are ranked by it, and a test holds the two together.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from events.codes import places, themes
from events.contracts import FundableStage, MandateMode, MatchPart

MandateStatus: TypeAlias = Literal["open", "paused", "closed"]

THEME_POINTS = (35, 27, 20)
"""For the very theme, for one that lies a step below it, and for one further below."""
ANY_THEME_POINTS = 18
INSIDE_POINTS, AROUND_POINTS, ANY_PLACE_POINTS = 20, 10, 10
"""For a place within the mandate's, for one that takes the mandate's in, and where any place will do."""
WHOLE_POINTS, OPEN_ASK_POINTS, PART_POINTS_MIN = 20, 10, 4
"""For an ask that one ticket covers, for none, and for one of which a ticket is a small part."""
STAGE_POINTS: Mapping[str, int] = {"logged": 4, "supported": 6, "shaping": 8, "funding": 10}
WINDOW_POINTS = 5
POOL_POINTS = 10
SCORE_MAX = 100

PARTS_MAX: Mapping[MatchPart, int] = {
    "theme": THEME_POINTS[0],
    "place": INSIDE_POINTS,
    "ticket": WHOLE_POINTS,
    "stage": max(STAGE_POINTS.values()),
    "window": WINDOW_POINTS,
    "pool": POOL_POINTS,
    "support": 0,
}
"""The parts in the order they are told in, each with the most it can add."""


class MandateFacts(Struct, frozen=True, kw_only=True):
    """What a mandate says, as far as it decides what fits; amounts in minor units of its currency.

    No theme, place or stage named means any. `left_minor` is what is left of its budget. The thresholds are those of
    the pledges it makes by itself.
    """

    mandate_id: UUID
    organisation_id: UUID
    revision: int
    status: MandateStatus
    themes: tuple[str, ...]
    places: tuple[str, ...]
    stages: tuple[FundableStage, ...]
    currency: str
    ticket_min: int
    ticket_max: int
    left_minor: int
    opens_at: datetime
    closes_at: datetime
    mode: MandateMode = "notify"
    min_votes: int = 0
    min_covered: int = 0
    needs_pool: bool = False

    def with_money(self) -> "MandateFacts":
        """Say the same as if enough were left for one more ticket."""
        return replace(self, left_minor=max(self.left_minor, self.ticket_min))


class IdeaFacts(Struct, frozen=True, kw_only=True):
    """What an idea says and where it stands, as far as it decides what fits.

    `pool_currency` is that of its open pool, if there is one. Verified votes and coverage are for information.
    """

    idea_id: UUID
    themes: tuple[str, ...]
    places: tuple[str, ...]
    stage: str
    ask_minor: int | None = None
    ask_currency: str | None = None
    pool_id: UUID | None = None
    pool_currency: str | None = None
    votes: int = 0
    verified_votes: int | None = None
    covered_percent: int | None = None


class Reason(Struct, frozen=True, kw_only=True):
    """What a part adds to the score, or that it refuses; a part that refuses adds nothing."""

    part: MatchPart
    points: int
    fits: bool = True


class Fit(Struct, frozen=True, kw_only=True):
    """How well an idea fits a mandate, part by part; `score` is the exact sum of the parts."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_match(self) -> bool:
        """Tell whether nothing refuses."""
        return all(reason.fits for reason in self.reasons)


def fit(mandate: MandateFacts, idea: IdeaFacts, at: datetime) -> Fit:
    """Work out how well an idea fits a mandate at a moment."""
    reasons = (
        _reason("theme", theme_points(mandate.themes, idea.themes)),
        _reason("place", place_points(mandate.places, idea.places)),
        _reason("ticket", ticket_points(mandate, idea)),
        _reason("stage", stage_points(mandate.stages, idea.stage)),
        _reason("window", window_points(mandate, at)),
        _reason("pool", pool_points(mandate.currency, idea.pool_currency)),
        _reason("support", 0),
    )
    return Fit(score=sum(reason.points for reason in reasons), reasons=reasons)


def _reason(part: MatchPart, points: int | None) -> Reason:
    return Reason(part=part, points=points or 0, fits=points is not None)


def theme_points(wanted: tuple[str, ...], themes_of_idea: tuple[str, ...]) -> int | None:
    """Tell what the themes add: the nearer a mandate's theme to one of the idea's, the more; nothing refuses."""
    if not wanted:
        return ANY_THEME_POINTS
    nearest = nearest_theme(wanted, themes_of_idea)
    return None if nearest is None else THEME_POINTS[min(nearest[2], len(THEME_POINTS) - 1)]


def nearest_theme(wanted: tuple[str, ...], themes_of_idea: tuple[str, ...]) -> tuple[str, str, int] | None:
    """Find the theme of an idea that lies nearest below a wanted one: both, and how many steps apart."""
    found = [
        (steps, theme, wider)
        for theme in themes_of_idea
        for steps, wider in enumerate(themes.with_ancestors(theme))
        if wider in wanted
    ]
    if not found:
        return None
    steps, theme, wider = min(found)
    return theme, wider, steps


def place_points(wanted: tuple[str, ...], places_of_idea: tuple[str, ...]) -> int | None:
    """Tell what the places add: more for one within a mandate's place than for one that takes it in."""
    if not wanted:
        return ANY_PLACE_POINTS
    if place_inside(wanted, places_of_idea) is not None:
        return INSIDE_POINTS
    return None if place_around(wanted, places_of_idea) is None else AROUND_POINTS


def place_inside(wanted: tuple[str, ...], places_of_idea: tuple[str, ...]) -> tuple[str, str] | None:
    """Find a place of an idea that is a wanted one or lies in it: both, the nearest pair."""
    found = [
        (steps, place, wider)
        for place in places_of_idea
        for steps, wider in enumerate(places.with_ancestors(place))
        if wider in wanted
    ]
    return min(found)[1:] if found else None


def place_around(wanted: tuple[str, ...], places_of_idea: tuple[str, ...]) -> tuple[str, str] | None:
    """Find a place of an idea that takes a wanted one in: both, the nearest pair."""
    inside = place_inside(places_of_idea, wanted)
    return None if inside is None else (inside[1], inside[0])


def ticket_points(mandate: MandateFacts, idea: IdeaFacts) -> int | None:
    """Tell what the ticket adds against the ask: all for one that it covers, less the smaller a part of it it is.

    An ask in another currency refuses, and one below what the mandate gives at least; so does a mandate that has less
    left than that. No ask is neither good nor bad.
    """
    if mandate.left_minor < mandate.ticket_min:
        return None
    if idea.ask_minor is None:
        return OPEN_ASK_POINTS
    if idea.ask_currency != mandate.currency or idea.ask_minor < mandate.ticket_min:
        return None
    if idea.ask_minor <= mandate.ticket_max:
        return WHOLE_POINTS
    return max(PART_POINTS_MIN, WHOLE_POINTS * mandate.ticket_max // idea.ask_minor)


def stage_points(wanted: tuple[FundableStage, ...], stage: str) -> int | None:
    """Tell what the stage adds: the further on, the more; one that is not wanted or past funding refuses."""
    return STAGE_POINTS.get(stage) if not wanted or stage in wanted else None


def window_points(mandate: MandateFacts, at: datetime) -> int | None:
    """Tell what the window adds: its points while the mandate is open, and it refuses at all other times."""
    is_open = mandate.status == "open" and mandate.opens_at <= at < mandate.closes_at
    return WINDOW_POINTS if is_open else None


def pool_points(currency: str, pool_currency: str | None) -> int | None:
    """Tell what the pool adds: its points when money can be pledged now; one in another currency refuses."""
    if pool_currency is None:
        return 0
    return POOL_POINTS if pool_currency == currency else None
