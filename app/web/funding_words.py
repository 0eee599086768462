"""Funding in words: what a pledge depends on, what a mandate gives, and until when."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from babel.numbers import format_decimal

from app.web.formats import day_in_words, in_a_row
from events.contracts import Money, PledgeConditions, Thresholds
from projections.amounts import money
from projections.language import gettext as _
from projections.language import language, ngettext, percent

_WHOLE = Decimal(1)
_PERCENT = Decimal(100)


def condition_sentences(conditions: PledgeConditions, names: Mapping[UUID, str]) -> tuple[str, ...]:
    """Say each condition of a pledge as a sentence; `names` are those of the funders it names."""
    said: list[str] = []
    if conditions.min_funders is not None:
        said.append(
            ngettext(
                "At least %(count)s funder has to be in it, this one included.",
                "At least %(count)s funders have to be in it, this one included.",
                conditions.min_funders,
            )
        )
    if conditions.with_funders:
        named = [
            names.get(funder, _("An organisation that is not here")) for funder in conditions.with_funders
        ]
        said.append(
            ngettext(
                "%(funders)s has to be in it.",
                "%(funders)s have to be in it.",
                len(named),
                funders=in_a_row(named),
            )
        )
    if conditions.min_total is not None:
        said.append(_("All pledges together have to reach %(amount)s.", amount=money(conditions.min_total)))
    if conditions.max_share is not None:
        said.append(
            _(
                "It gives at most %(share)s of what all give together.",
                share=percent(Decimal(conditions.max_share)),
            )
        )
    if conditions.match_ratio is not None:
        said.append(_match_sentence(Decimal(conditions.match_ratio), conditions.match_cap))
    if conditions.expires_at is not None:
        said.append(_("A pledge stands until %(day)s.", day=day_in_words(conditions.expires_at)))
    return tuple(said)


def _match_sentence(ratio: Decimal, cap: Money | None) -> str:
    if ratio == _WHOLE:
        if cap is None:
            return _("It gives as much as the others give together.")
        return _("It gives as much as the others give together, at most %(most)s.", most=money(cap))
    times = format_decimal(ratio, locale=language().locale, decimal_quantization=False)
    if cap is None:
        return _("It gives %(times)s times what the others give together.", times=times)
    return _(
        "It gives %(times)s times what the others give together, at most %(most)s.",
        times=times,
        most=money(cap),
    )


def threshold_sentences(thresholds: Thresholds) -> tuple[str, ...]:
    """Say what an idea must have reached before a mandate pledges by itself."""
    said: list[str] = []
    if thresholds.verified_votes:
        said.append(
            ngettext(
                "The idea has at least %(count)s verified vote.",
                "The idea has at least %(count)s verified votes.",
                thresholds.verified_votes,
            )
        )
    if thresholds.covered_percent:
        covered = percent(thresholds.covered_percent / _PERCENT)
        said.append(_("At least %(share)s of what it needs is covered.", share=covered))
    if thresholds.live_pool:
        said.append(_("A pool is open for it."))
    return tuple(said)


def ticket_words(least: Money, most: Money) -> str:
    """Say what one idea can get: "£5,000 to £25,000 for one idea"."""
    if least == most:
        return _("%(amount)s for one idea", amount=money(most))
    return _("%(least)s to %(most)s for one idea", least=money(least), most=money(most))
