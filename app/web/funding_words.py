"""Funding in words: what a pledge depends on, what a mandate gives, and until when."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.web.formats import day_in_words, plural
from events.contracts import Money, PledgeConditions, Thresholds
from projections.amounts import money

_WHOLE = Decimal(1)


def condition_sentences(conditions: PledgeConditions, names: Mapping[UUID, str]) -> tuple[str, ...]:
    """Say each condition of a pledge as a sentence; `names` are those of the funders it names."""
    said: list[str] = []
    if conditions.min_funders is not None:
        said.append(
            f"At least {plural(conditions.min_funders, 'funder', 'funders')} have to be in it, this one included."
        )
    if conditions.with_funders:
        named = [names.get(funder, "An organisation that is not here") for funder in conditions.with_funders]
        said.append(f"{listed(named)} {'has' if len(named) == 1 else 'have'} to be in it.")
    if conditions.min_total is not None:
        said.append(f"All pledges together have to reach {money(conditions.min_total)}.")
    if conditions.max_share is not None:
        said.append(f"It gives at most {percent(conditions.max_share)} of what all give together.")
    if conditions.match_ratio is not None:
        said.append(_match_sentence(conditions.match_ratio, conditions.match_cap))
    if conditions.expires_at is not None:
        said.append(f"A pledge stands until {day_in_words(conditions.expires_at)}.")
    return tuple(said)


def _match_sentence(ratio: str, cap: Money | None) -> str:
    most = f", at most {money(cap)}" if cap is not None else ""
    times = Decimal(ratio).normalize()
    if times == _WHOLE:
        return f"It gives as much as the others give together{most}."
    return f"It gives {times:f} times what the others give together{most}."


def threshold_sentences(thresholds: Thresholds) -> tuple[str, ...]:
    """Say what an idea must have reached before a mandate pledges by itself."""
    said: list[str] = []
    if thresholds.verified_votes:
        said.append(
            f"The idea has at least {plural(thresholds.verified_votes, 'verified vote', 'verified votes')}."
        )
    if thresholds.covered_percent:
        said.append(f"At least {thresholds.covered_percent}% of what it needs is covered.")
    if thresholds.live_pool:
        said.append("A pool is open for it.")
    return tuple(said)


def ticket_words(least: Money, most: Money) -> str:
    """Say what one idea can get: "£5,000 to £25,000 for one idea"."""
    if least == most:
        return f"{money(most)} for one idea"
    return f"{money(least)} to {money(most)} for one idea"


def percent(share: str) -> str:
    """Say a share such as "0.5" as "50%"."""
    return f"{(Decimal(share) * 100).normalize():f}%"


def listed(names: Sequence[str], word: str = "and") -> str:
    """Say names one after the other: "A, B and C"."""
    if len(names) < 2:  # noqa: PLR2004  # One name stands alone.
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
