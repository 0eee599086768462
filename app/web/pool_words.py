"""What a pledge depends on and how far a pool is, in sentences."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from app.funding.pool_view import SOMEBODY, PledgeView, PoolDetail
from app.web.formats import day_in_words, in_a_row
from events.contracts import Money, PledgeConditions
from projections import language
from projections.amounts import money
from projections.language import N_, ngettext
from projections.language import gettext as _

MONEY_WORDS: Mapping[str, str] = {
    "promised": N_("promised"),
    "confirmed": N_("confirmed: the money is there"),
    "released": N_("released"),
}


def conditions_in_words(conditions: PledgeConditions, names: Mapping[UUID, str]) -> list[str]:
    """Say each condition of a pledge as a sentence."""
    said = []
    if conditions.min_total is not None:
        said.append(
            _("Only if the pool comes to %(total)s or more in all.", total=money(conditions.min_total))
        )
    if conditions.min_funders is not None:
        said.append(
            ngettext(
                "Only if %(count)s funder or more give.",
                "Only if %(count)s funders or more give.",
                conditions.min_funders,
            )
        )
    if conditions.with_funders:
        funders = [names.get(one) or _(SOMEBODY) for one in conditions.with_funders]
        said.append(
            ngettext(
                "Only if %(funders)s gives too.",
                "Only if %(funders)s give too.",
                len(funders),
                funders=in_a_row(funders),
            )
        )
    return [*said, *_limits(conditions)]


def promise_in_words(pledge: PledgeView, names: Mapping[UUID, str]) -> list[str]:
    """Say back what somebody is about to promise: whose, how much and if what, and what limits it."""
    conditions = pledge.conditions
    whose, amount = pledge.organisation, money(pledge.amount)
    is_money = pledge.kind == "money"
    if not (ifs := _ifs(conditions, names)):
        if is_money:
            whole = _("%(funder)s gives %(amount)s.", funder=whose, amount=amount)
        else:
            whole = _("%(funder)s gives something worth %(amount)s.", funder=whose, amount=amount)
        return [whole, *_limits(conditions)]
    if is_money:
        whole = _(
            "%(funder)s gives %(amount)s, if %(conditions)s.",
            funder=whose,
            amount=amount,
            conditions=in_a_row(ifs),
        )
    else:
        whole = _(
            "%(funder)s gives something worth %(amount)s, if %(conditions)s.",
            funder=whose,
            amount=amount,
            conditions=in_a_row(ifs),
        )
    return [whole, *_limits(conditions)]


def _ifs(conditions: PledgeConditions, names: Mapping[UUID, str]) -> list[str]:
    """Say what has to come true, to go on from "if"."""
    said = []
    if conditions.min_funders is not None and conditions.min_funders > 1:
        said.append(
            ngettext(
                "at least %(count)s other funder joins",
                "at least %(count)s other funders join",
                conditions.min_funders - 1,
            )
        )
    if conditions.min_total is not None:
        said.append(_("the pool comes to %(total)s or more in all", total=money(conditions.min_total)))
    if conditions.with_funders:
        funders = [names.get(one) or _(SOMEBODY) for one in conditions.with_funders]
        said.append(
            ngettext("%(funders)s gives too", "%(funders)s give too", len(funders), funders=in_a_row(funders))
        )
    return said


def _limits(conditions: PledgeConditions) -> list[str]:
    said = []
    if conditions.max_share is not None:
        said.append(
            _("At most %(share)s of the whole.", share=language.percent(Decimal(conditions.max_share)))
        )
    if conditions.match_ratio is not None:
        said.append(_match(Decimal(conditions.match_ratio), conditions.match_cap))
    if conditions.expires_at is not None:
        said.append(_("Only until %(day)s.", day=day_in_words(conditions.expires_at)))
    return said


def _match(ratio: Decimal, cap: Money | None) -> str:
    if cap is None:
        if ratio == 1:
            return _("As much as the others give together.")
        return _("%(times)s times what the others give together.", times=language.decimal(ratio))
    if ratio == 1:
        return _("As much as the others give together, at most %(cap)s.", cap=money(cap))
    return _(
        "%(times)s times what the others give together, at most %(cap)s.",
        times=language.decimal(ratio),
        cap=money(cap),
    )


def status_in_words(pool: PoolDetail) -> str:
    """Say where a pool stands."""
    match pool.status:
        case "open":
            total, missing = pool.resolved_total, pool.missing
            if not missing.amount_minor:
                return _("%(total)s comes together: the target is reached.", total=money(total))
            if total.amount_minor:
                return _(
                    "%(total)s has come together so far; %(missing)s more would reach the target.",
                    total=money(total),
                    missing=money(missing),
                )
            return _(
                "Nothing has come together yet; %(missing)s would reach the target.",
                missing=money(missing),
            )
        case "committed":
            total = pool.committed_total
            if pool.at_deadline:
                return _("%(total)s is committed. The pool closed at its deadline.", total=money(total))
            return _(
                "%(total)s is committed. The pool closed when it reached its target.", total=money(total)
            )
        case "lapsed":
            return _("It ended at its deadline without its minimum, and nobody owes anything.")
        case _:
            return _("It was called off, and nobody owes anything.")
