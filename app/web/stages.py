"""The stages of an idea as people see them: names, meanings, and a row of bulbs."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Glow: TypeAlias = Literal["lit", "half", "unlit"]

STEPS: tuple[str, ...] = ("logged", "supported", "shaping", "funding", "delivering", "live")
"""The way of an idea, in order; a bulb for each."""

STAGE_NAMES: Mapping[str, str] = {
    "logged": "Logged",
    "supported": "Supported",
    "shaping": "Shaping",
    "funding": "Funding",
    "delivering": "Delivering",
    "live": "Live",
    "merged": "Merged",
    "withdrawn": "Withdrawn",
    "closed": "Closed",
}

STAGE_MEANINGS: Mapping[str, str] = {
    "logged": "Somebody wrote it down: what is wrong today, and what would help.",
    "supported": "Enough people said that it matters to them too.",
    "shaping": "Others bring parts they already run: software, people, space, know-how.",
    "funding": "Funders put money in one pool, each on their own terms.",
    "delivering": "The money is promised and the service is being built.",
    "live": "People can use it.",
}


class StageBulb(Struct, frozen=True, kw_only=True):
    """One bulb on the way: lit when that stage is behind the idea, half lit when the idea is there now."""

    stage: str
    name: str
    glow: Glow


def stage_bulbs(stage: str) -> tuple[StageBulb, ...]:
    """Light the six bulbs for an idea at `stage`.

    A live idea has all six lit; an idea that left the way (withdrawn, merged, closed) has none.
    """
    here = STEPS.index(stage) if stage in STEPS else -1
    return tuple(
        StageBulb(stage=step, name=STAGE_NAMES[step], glow=_glow(number, here))
        for number, step in enumerate(STEPS)
    )


def _glow(number: int, here: int) -> Glow:
    if number < here or number == here == len(STEPS) - 1:
        return "lit"
    return "half" if number == here else "unlit"
