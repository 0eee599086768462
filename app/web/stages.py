"""The stages of an idea as people see them: names, meanings, and a row of bulbs."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from projections.language import N_
from projections.language import gettext as _

Glow: TypeAlias = Literal["lit", "half", "unlit"]

STEPS: tuple[str, ...] = ("logged", "supported", "shaping", "funding", "delivering", "live")
"""The way of an idea, in order; a bulb for each."""

STAGE_NAMES: Mapping[str, str] = {
    "logged": N_("Logged"),
    "supported": N_("Supported"),
    "shaping": N_("Shaping"),
    "funding": N_("Funding"),
    "delivering": N_("Delivering"),
    "live": N_("Live"),
    "merged": N_("Merged"),
    "withdrawn": N_("Withdrawn"),
    "closed": N_("Closed"),
}

STAGE_MEANINGS: Mapping[str, str] = {
    "logged": N_("Somebody wrote it down: what is wrong today, and what would help."),
    "supported": N_("Enough people said that it matters to them too."),
    "shaping": N_("Others bring parts they already run: software, people, space, know-how."),
    "funding": N_("Funders put money in one pool, each on their own terms."),
    "delivering": N_("The money is promised and the service is being built."),
    "live": N_("People can use it."),
}


class StageBulb(Struct, frozen=True, kw_only=True):
    """One bulb on the way: lit when that stage is behind the idea, half lit when the idea is there now."""

    stage: str
    name: str
    glow: Glow


def stage_name(stage: str) -> str:
    """Name a stage; one we do not know is its own name."""
    return _(STAGE_NAMES[stage]) if stage in STAGE_NAMES else stage


def stage_meaning(stage: str) -> str:
    """Say what a stage on the way of an idea means."""
    return _(STAGE_MEANINGS[stage])


def stage_bulbs(stage: str) -> tuple[StageBulb, ...]:
    """Light the six bulbs for an idea at `stage`.

    A live idea has all six lit; an idea that left the way (withdrawn, merged, closed) has none.
    """
    here = STEPS.index(stage) if stage in STEPS else -1
    return tuple(
        StageBulb(stage=step, name=stage_name(step), glow=_glow(number, here))
        for number, step in enumerate(STEPS)
    )


def _glow(number: int, here: int) -> Glow:
    if number < here or number == here == len(STEPS) - 1:
        return "lit"
    return "half" if number == here else "unlit"
