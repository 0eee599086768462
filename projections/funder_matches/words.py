"""Why an idea fits a mandate, or why not, in words for both sides."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from events.codes import places, themes
from events.contracts import MatchPart, Money
from projections.amounts import money
from projections.funder_matches.fit import (
    PARTS_MAX,
    STAGE_POINTS,
    Fit,
    IdeaFacts,
    MandateFacts,
    nearest_theme,
    place_around,
    place_inside,
)

_STAGES = {
    "logged": "still gathering support",
    "supported": "supported by enough people",
    "shaping": "being shaped",
    "funding": "gathering money",
    "delivering": "being delivered",
    "live": "live",
    "withdrawn": "withdrawn",
    "closed": "closed",
    "merged": "part of another idea",
    "hidden": "not shown",
}


class ToldReason(Struct, frozen=True, kw_only=True):
    """A part of a match: what it adds of how much at most, whether it fits, and why in words."""

    part: MatchPart
    points: int
    most: int
    fits: bool
    why: str


def told(fitted: Fit, mandate: MandateFacts, idea: IdeaFacts, at: datetime) -> list[ToldReason]:
    """Say of every part what it adds and why."""
    return [
        ToldReason(
            part=reason.part,
            points=reason.points,
            most=PARTS_MAX[reason.part],
            fits=reason.fits,
            why=why(reason.part, mandate, idea, at),
        )
        for reason in fitted.reasons
    ]


def why(part: MatchPart, mandate: MandateFacts, idea: IdeaFacts, at: datetime) -> str:
    """Say of one part why it fits or does not."""
    match part:
        case "theme":
            return _theme(mandate, idea)
        case "place":
            return _place(mandate, idea)
        case "ticket":
            return _ticket(mandate, idea)
        case "stage":
            return _stage(mandate, idea)
        case "window":
            return _window(mandate, at)
        case "pool":
            return _pool(mandate, idea)
        case "support":
            return _support(mandate, idea)
        case _:
            assert_never(part)


def _theme(mandate: MandateFacts, idea: IdeaFacts) -> str:
    if not mandate.themes:
        return "The funder is open to any theme."
    nearest = nearest_theme(mandate.themes, idea.themes)
    wanted = _listed([themes.name_of(code) for code in mandate.themes])
    if nearest is not None:
        theme, wider, steps = nearest
        if steps == 0:
            return f"The idea is about {themes.name_of(theme)}, which the funder names."
        return f"The idea is about {themes.name_of(theme)}, a part of {themes.name_of(wider)}."
    if not idea.themes:
        return f"The idea names no theme, and the funder is open to {wanted}."
    about = _listed([themes.name_of(code) for code in idea.themes], "and")
    return f"The idea is about {about}, and the funder is open to {wanted}."


def _place(mandate: MandateFacts, idea: IdeaFacts) -> str:
    if not mandate.places:
        return "The funder is open to any place."
    wanted = _listed([places.name_of(code) for code in mandate.places])
    if (inside := place_inside(mandate.places, idea.places)) is not None:
        place, wider = map(places.name_of, inside)
        if place == wider:
            return f"The idea is for {place}, which the funder names."
        return f"The idea is for {place}, which lies in {wider}."
    if (around := place_around(mandate.places, idea.places)) is not None:
        place, narrower = map(places.name_of, around)
        return f"The idea is for {place}, which takes in {narrower}."
    if not idea.places:
        return f"The idea names no place, and the funder is open to {wanted}."
    where = _listed([places.name_of(code) for code in idea.places], "and")
    return f"The idea is for {where}, and the funder is open to {wanted}."


def _ticket(mandate: MandateFacts, idea: IdeaFacts) -> str:
    least, most = (_money(amount, mandate.currency) for amount in (mandate.ticket_min, mandate.ticket_max))
    if mandate.left_minor < mandate.ticket_min:
        return f"What is left of the funder's budget is less than the {least} it gives at least."
    gives = most if mandate.ticket_min == mandate.ticket_max else f"from {least} to {most}"
    if idea.ask_minor is None or idea.ask_currency is None:
        return f"The idea names no sum yet; the funder gives {gives}."
    asked = _money(idea.ask_minor, idea.ask_currency)
    if idea.ask_currency != mandate.currency:
        return f"The idea asks for {asked}, and the funder gives {mandate.currency}."
    if idea.ask_minor < mandate.ticket_min:
        return f"The idea asks for {asked}, and the funder gives no less than {least}."
    if idea.ask_minor <= mandate.ticket_max:
        return f"The idea asks for {asked}, which the funder can give whole."
    return f"The idea asks for {asked}, of which the funder can give {most}."


def _stage(mandate: MandateFacts, idea: IdeaFacts) -> str:
    stands = f"The idea is {_STAGES.get(idea.stage, idea.stage)}"
    if idea.stage not in STAGE_POINTS:
        return f"{stands}, and no longer looks for funders."
    if mandate.stages and idea.stage not in mandate.stages:
        return f"{stands}, and the funder wants ideas that are {_listed([_STAGES[stage] for stage in mandate.stages])}."
    return f"{stands}."


def _window(mandate: MandateFacts, at: datetime) -> str:
    if mandate.status == "closed":
        return "The funder has closed this offer of money."
    if at >= mandate.closes_at:
        return f"This offer of money ended on {_day(mandate.closes_at)}."
    if mandate.status == "paused":
        return "The funder has paused this offer of money."
    if at < mandate.opens_at:
        return f"This offer of money opens on {_day(mandate.opens_at)}."
    return f"This offer of money is open until {_day(mandate.closes_at)}."


def _pool(mandate: MandateFacts, idea: IdeaFacts) -> str:
    if idea.pool_currency is None:
        return "The idea has no open pool yet."
    if idea.pool_currency != mandate.currency:
        return f"The idea's pool is in {idea.pool_currency}, and the funder gives {mandate.currency}."
    return "The idea has an open pool, so money can be pledged now."


def _support(mandate: MandateFacts, idea: IdeaFacts) -> str:
    people = "1 person supports it" if idea.votes == 1 else f"{idea.votes or 'No'} people support it"
    if idea.votes and idea.verified_votes is not None:
        people += f", {min(idea.verified_votes, idea.votes)} of them verified"
    covered = "" if idea.covered_percent is None else f"; {idea.covered_percent} % of its needs are covered"
    wanted = _thresholds(mandate)
    by_itself = f"; the pledge is made by itself from {wanted}" if wanted and mandate.mode == "pledge" else ""
    return f"{people}{covered}{by_itself}."


def _thresholds(mandate: MandateFacts) -> str:
    wanted = []
    if mandate.min_votes:
        wanted.append(f"{mandate.min_votes} verified votes")
    if mandate.min_covered:
        wanted.append(f"{mandate.min_covered} % of needs covered")
    if mandate.needs_pool:
        wanted.append("an open pool")
    return _listed(wanted, "and")


def _listed(words: Sequence[str], last: str = "or") -> str:
    *before, end = words or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def _money(amount_minor: int, currency: str) -> str:
    return money(Money(amount_minor=amount_minor, currency=currency))


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"
