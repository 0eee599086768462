"""Why an idea fits a mandate, or why not, in words for both sides."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import assert_never

from msgspec import Struct

from events.contracts import FundableStage, MatchPart, Money
from projections.amounts import money
from projections.codes import place_name, theme_name
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
from projections.language import N_, day, in_a_row, ngettext, one_of, percent, pgettext
from projections.language import gettext as _

_PERCENT = Decimal(100)
_STAGES: Mapping[str, str] = MappingProxyType(
    {
        "logged": N_("still gathering support"),
        "supported": N_("supported by enough people"),
        "shaping": N_("being shaped"),
        "funding": N_("gathering money"),
        "delivering": N_("being delivered"),
        "live": N_("live"),
        "withdrawn": N_("withdrawn"),
        "closed": N_("closed"),
        "merged": N_("part of another idea"),
        "hidden": N_("not shown"),
    }
)


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
        return _("The funder is open to any theme.")
    nearest = nearest_theme(mandate.themes, idea.themes)
    wanted = one_of([theme_name(code) for code in mandate.themes])
    if nearest is not None:
        theme, wider, steps = nearest
        if steps == 0:
            return _("The idea is about %(theme)s, which the funder names.", theme=theme_name(theme))
        return _(
            "The idea is about %(theme)s, a part of %(wider)s.",
            theme=theme_name(theme),
            wider=theme_name(wider),
        )
    if not idea.themes:
        return _("The idea names no theme, and the funder is open to %(wanted)s.", wanted=wanted)
    about = in_a_row([theme_name(code) for code in idea.themes])
    return _(
        "The idea is about %(themes)s, and the funder is open to %(wanted)s.", themes=about, wanted=wanted
    )


def _place(mandate: MandateFacts, idea: IdeaFacts) -> str:
    if not mandate.places:
        return _("The funder is open to any place.")
    wanted = one_of([place_name(code) for code in mandate.places])
    if (inside := place_inside(mandate.places, idea.places)) is not None:
        place, wider = map(place_name, inside)
        if place == wider:
            return _("The idea is for %(place)s, which the funder names.", place=place)
        return _("The idea is for %(place)s, which lies in %(wider)s.", place=place, wider=wider)
    if (around := place_around(mandate.places, idea.places)) is not None:
        place, narrower = map(place_name, around)
        return _("The idea is for %(place)s, which takes in %(narrower)s.", place=place, narrower=narrower)
    if not idea.places:
        return _("The idea names no place, and the funder is open to %(wanted)s.", wanted=wanted)
    where = in_a_row([place_name(code) for code in idea.places])
    return _("The idea is for %(places)s, and the funder is open to %(wanted)s.", places=where, wanted=wanted)


def _ticket(mandate: MandateFacts, idea: IdeaFacts) -> str:
    least, most = (_money(amount, mandate.currency) for amount in (mandate.ticket_min, mandate.ticket_max))
    if mandate.left_minor < mandate.ticket_min:
        return _(
            "What is left of the funder's budget is less than the %(least)s it gives at least.", least=least
        )
    if idea.ask_minor is None or idea.ask_currency is None:
        if mandate.ticket_min == mandate.ticket_max:
            return _("The idea names no sum yet; the funder gives %(amount)s.", amount=most)
        return _(
            "The idea names no sum yet; the funder gives from %(least)s to %(most)s.", least=least, most=most
        )
    asked = _money(idea.ask_minor, idea.ask_currency)
    if idea.ask_currency != mandate.currency:
        return _(
            "The idea asks for %(asked)s, and the funder gives %(currency)s.",
            asked=asked,
            currency=mandate.currency,
        )
    if idea.ask_minor < mandate.ticket_min:
        return _(
            "The idea asks for %(asked)s, and the funder gives no less than %(least)s.",
            asked=asked,
            least=least,
        )
    if idea.ask_minor <= mandate.ticket_max:
        return _("The idea asks for %(asked)s, which the funder can give whole.", asked=asked)
    return _("The idea asks for %(asked)s, of which the funder can give %(most)s.", asked=asked, most=most)


def _stage(mandate: MandateFacts, idea: IdeaFacts) -> str:
    stands = _(_STAGES.get(idea.stage, idea.stage))
    if idea.stage not in STAGE_POINTS:
        return _("The idea is %(stands)s, and no longer looks for funders.", stands=stands)
    if mandate.stages and idea.stage not in mandate.stages:
        return _(
            "The idea is %(stands)s, and the funder wants ideas that are %(wanted)s.",
            stands=stands,
            wanted=one_of([_wanted_stage(stage) for stage in mandate.stages]),
        )
    return _("The idea is %(stands)s.", stands=stands)


def _wanted_stage(stage: FundableStage) -> str:
    """Say where ideas stand, of which there are many, as some languages have to know."""
    match stage:
        case "logged":
            return pgettext("ideas", "still gathering support")
        case "supported":
            return pgettext("ideas", "supported by enough people")
        case "shaping":
            return pgettext("ideas", "being shaped")
        case "funding":
            return pgettext("ideas", "gathering money")
        case _:
            assert_never(stage)


def _window(mandate: MandateFacts, at: datetime) -> str:
    if mandate.status == "closed":
        return _("The funder has closed this offer of money.")
    if at >= mandate.closes_at:
        return _("This offer of money ended on %(day)s.", day=day(mandate.closes_at))
    if mandate.status == "paused":
        return _("The funder has paused this offer of money.")
    if at < mandate.opens_at:
        return _("This offer of money opens on %(day)s.", day=day(mandate.opens_at))
    return _("This offer of money is open until %(day)s.", day=day(mandate.closes_at))


def _pool(mandate: MandateFacts, idea: IdeaFacts) -> str:
    if idea.pool_currency is None:
        return _("The idea has no open pool yet.")
    if idea.pool_currency != mandate.currency:
        return _(
            "The idea's pool is in %(theirs)s, and the funder gives %(currency)s.",
            theirs=idea.pool_currency,
            currency=mandate.currency,
        )
    return _("The idea has an open pool, so money can be pledged now.")


def _support(mandate: MandateFacts, idea: IdeaFacts) -> str:
    said = [_people(idea)]
    if idea.covered_percent is not None:
        covered = percent(idea.covered_percent / _PERCENT)
        said.append(_("%(share)s of its needs are covered.", share=covered))
    wanted = list(_thresholds(mandate))
    if wanted and mandate.mode == "pledge":
        said.append(_("The pledge is made by itself from %(thresholds)s.", thresholds=in_a_row(wanted)))
    return " ".join(said)


def _people(idea: IdeaFacts) -> str:
    if not idea.votes:
        return _("No people support it.")
    if idea.verified_votes is None:
        return ngettext("%(count)s person supports it.", "%(count)s people support it.", idea.votes)
    return ngettext(
        "%(count)s person supports it, %(verified)s of them verified.",
        "%(count)s people support it, %(verified)s of them verified.",
        idea.votes,
        verified=min(idea.verified_votes, idea.votes),
    )


def _thresholds(mandate: MandateFacts) -> Iterator[str]:
    if mandate.min_votes:
        yield ngettext("%(count)s verified vote", "%(count)s verified votes", mandate.min_votes)
    if mandate.min_covered:
        yield _("%(share)s of needs covered", share=percent(mandate.min_covered / _PERCENT))
    if mandate.needs_pool:
        yield _("an open pool")


def _money(amount_minor: int, currency: str) -> str:
    return money(Money(amount_minor=amount_minor, currency=currency))
