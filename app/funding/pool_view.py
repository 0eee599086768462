"""A pool as it is shown, to programs and to people: resolved as it stands, with what binds each pledge in words.

An open pool is resolved at the moment it is read, so the view is what a settlement now would find; an ended one is
shown as its last event has it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from domain.pledge_explanation import Binding
from domain.pool_resolution import EXPIRED, NOT_COUNTED, ResolvedPool, gains, resolved
from domain.pool_terms import PoolTerms, Promise
from events.contracts import Money, PledgeConditions, PledgeKind
from projections.amounts import money
from projections.language import N_, in_a_row, ngettext
from projections.language import gettext as _
from projections.pools.queries import MilestoneRow, PledgeRow, PoolStatus, PoolWithPledges

SOMEBODY = N_("an organisation that is not registered")


class BindingView(Struct, frozen=True, kw_only=True):
    """A condition that lowers a pledge, and what it needs, as a sentence and in parts."""

    condition: str
    needs: str
    more: Money | None = None
    funders: int | None = None
    waits_for: list[UUID] = []


class PledgeView(Struct, frozen=True, kw_only=True):
    """A pledge: `resolved` is what it comes to given all others, `committed` what it became, `released` what was paid.

    `money` says how far the money is: promised, confirmed by the funder, or released. `counts` is false for what
    expired, and for what is given in kind where the pool does not count that.
    """

    pledge_id: UUID
    organisation_id: UUID
    organisation: str
    amount: Money
    conditions: PledgeConditions
    kind: PledgeKind
    description: str
    mandate_id: UUID | None
    is_standing: bool
    vetoable_until: datetime | None
    made_at: datetime
    resolved: Money
    committed: Money
    released: Money
    counts: bool
    binding: list[BindingView]
    money: str
    confirmed_at: datetime | None
    document: str | None


class PoolDetail(Struct, frozen=True, kw_only=True):
    """A pool with its resolution and explanation; `missing` is what its target still lacks."""

    pool_id: UUID
    idea_id: UUID
    organisation_id: UUID | None
    status: PoolStatus
    minimum: Money
    target: Money
    ceiling: Money | None
    deadline: datetime
    counts_in_kind: bool
    opened_at: datetime
    ended_at: datetime | None
    at_deadline: bool
    reason: str
    resolved_total: Money
    committed_total: Money
    missing: Money
    pledges: list[PledgeView]
    milestones: list[MilestoneRow]
    version: int
    position: int


class Gain(Struct, frozen=True, kw_only=True):
    """What another pledge gains by a hypothetical one."""

    pledge_id: UUID
    organisation_id: UUID
    amount: Money


class Preview(PoolDetail, frozen=True, kw_only=True):
    """A pool as it would be with one more pledge, and what that unlocks: in all, and of whose pledge how much."""

    pledge_id: UUID
    unlocks: Money
    gains: list[Gain]


def terms_of(found: PoolWithPledges) -> PoolTerms:
    """Give what a pool asks for as the domain has it."""
    pool = found.pool
    return PoolTerms(
        minimum=pool.minimum,
        target=pool.target,
        ceiling=pool.ceiling,
        deadline=pool.deadline,
        counts_in_kind=pool.counts_in_kind,
    )


def promise_of(pledge: PledgeRow) -> Promise:
    """Give a pledge as the domain has it."""
    return Promise(
        pledge_id=pledge.pledge_id,
        organisation_id=pledge.organisation_id,
        amount=pledge.amount,
        conditions=pledge.conditions,
        kind=pledge.kind,
        description=pledge.description,
        mandate_id=pledge.mandate_id,
        vetoable_until=pledge.vetoable_until,
    )


def detail_of(found: PoolWithPledges, names: Mapping[UUID, str], now: datetime) -> PoolDetail:
    """Show a pool as it stands."""
    terms, promises = terms_of(found), [promise_of(pledge) for pledge in found.pledges]
    outcome = resolved(promises, terms, min(now, terms.deadline)) if found.pool.status == "open" else None
    return _detail(found, outcome, names)


def preview_of(found: PoolWithPledges, another: Promise, names: Mapping[UUID, str], now: datetime) -> Preview:
    """Show an open pool as it would be with one more pledge, or with one revised."""
    terms = terms_of(found)
    before = [promise_of(pledge) for pledge in found.pledges]
    known = {pledge.pledge_id for pledge in found.pledges}
    rows = [
        _as_revised(pledge, another) if pledge.pledge_id == another.pledge_id else pledge
        for pledge in found.pledges
    ]
    if another.pledge_id not in known:
        rows.append(_as_made(another, now))
    after = [promise_of(pledge) for pledge in rows]
    with_it = PoolWithPledges(pool=found.pool, pledges=rows, milestones=found.milestones)
    gained = gains(before, another, terms, now)
    whose = {one.pledge_id: one.organisation_id for one in after}
    return Preview(
        **asdict(_detail(with_it, resolved(after, terms, min(now, terms.deadline)), names)),
        pledge_id=another.pledge_id,
        unlocks=Money(amount_minor=sum(gained.values()), currency=terms.currency),
        gains=[
            Gain(
                pledge_id=pledge_id,
                organisation_id=whose[pledge_id],
                amount=Money(amount_minor=amount, currency=terms.currency),
            )
            for pledge_id, amount in gained.items()
        ],
    )


def _as_made(promise: Promise, now: datetime) -> PledgeRow:
    return PledgeRow(
        pledge_id=promise.pledge_id,
        organisation_id=promise.organisation_id,
        mandate_id=promise.mandate_id,
        kind=promise.kind,
        amount=promise.amount,
        conditions=promise.conditions,
        description=promise.description,
        made_at=now,
        revised_at=None,
        vetoable_until=None,
        is_standing=False,
        resolved=None,
        committed=None,
        binding=[],
        confirmed_at=None,
        document=None,
    )


def _as_revised(pledge: PledgeRow, promise: Promise) -> PledgeRow:
    return replace(pledge, amount=promise.amount, conditions=promise.conditions)


def _detail(found: PoolWithPledges, outcome: ResolvedPool | None, names: Mapping[UUID, str]) -> PoolDetail:
    pool = found.pool

    def in_currency(amount: int) -> Money:
        return Money(amount_minor=amount, currency=pool.target.currency)

    total = pool.resolved_total or in_currency(0)
    committed = pool.committed_total or in_currency(0)
    if outcome is not None:
        total, committed = in_currency(outcome.resolved_total), in_currency(outcome.committed_total)
    return PoolDetail(
        pool_id=pool.pool_id,
        idea_id=pool.idea_id,
        organisation_id=pool.organisation_id,
        status=pool.status,
        minimum=pool.minimum,
        target=pool.target,
        ceiling=pool.ceiling,
        deadline=pool.deadline,
        counts_in_kind=pool.counts_in_kind,
        opened_at=pool.opened_at,
        ended_at=pool.ended_at,
        at_deadline=pool.at_deadline,
        reason=pool.reason,
        resolved_total=total,
        committed_total=committed if pool.status == "committed" else in_currency(0),
        missing=in_currency(max(0, pool.target.amount_minor - total.amount_minor)),
        pledges=[_pledge(pledge, found, outcome, names) for pledge in found.pledges],
        milestones=found.milestones,
        version=pool.version,
        position=pool.position,
    )


def _pledge(
    pledge: PledgeRow, found: PoolWithPledges, outcome: ResolvedPool | None, names: Mapping[UUID, str]
) -> PledgeView:
    currency = found.pool.target.currency
    amounts = (
        pledge.resolved.amount_minor if pledge.resolved else 0,
        pledge.committed.amount_minor if pledge.committed else 0,
    )
    conditions: Sequence[str] = pledge.binding
    bindings = [BindingView(condition=condition, needs=_(_ENDED[condition])) for condition in conditions]
    if outcome is not None:
        one = outcome.of(pledge.pledge_id)
        amounts, conditions = (one.resolved_minor, 0), one.binding
        explained = outcome.bindings.get(pledge.pledge_id, ())
        bindings = [_binding(binding, currency, names) for binding in explained] or [
            BindingView(condition=condition, needs=_(_ENDED[condition])) for condition in conditions
        ]
    released = sum(
        part.amount.amount_minor
        for milestone in found.milestones
        for part in milestone.parts
        if part.pledge_id == pledge.pledge_id
    )
    return PledgeView(
        pledge_id=pledge.pledge_id,
        organisation_id=pledge.organisation_id,
        organisation=names.get(pledge.organisation_id) or _(SOMEBODY),
        amount=pledge.amount,
        conditions=pledge.conditions,
        kind=pledge.kind,
        description=pledge.description,
        mandate_id=pledge.mandate_id,
        is_standing=pledge.is_standing,
        vetoable_until=pledge.vetoable_until,
        made_at=pledge.made_at,
        resolved=Money(amount_minor=amounts[0], currency=currency),
        committed=Money(amount_minor=amounts[1], currency=currency),
        released=Money(amount_minor=released, currency=currency),
        counts=not {EXPIRED, NOT_COUNTED} & set(conditions),
        binding=bindings,
        money="released" if released else "confirmed" if pledge.confirmed_at else "promised",
        confirmed_at=pledge.confirmed_at,
        document=pledge.document,
    )


_ENDED: Mapping[str, str] = {
    "min_total": N_("The pool's total was too small for it."),
    "min_funders": N_("Too few funders gave."),
    "with_funders": N_("A funder it waited for did not give."),
    "max_share": N_("It was limited to its part of the total."),
    "match_ratio": N_("It matched what the others gave."),
    "match_cap": N_("Its own cap limits what it matches."),
    EXPIRED: N_("It has expired."),
    NOT_COUNTED: N_("It is given in kind, which this pool does not count as money."),
}


def _binding(binding: Binding, currency: str, names: Mapping[UUID, str]) -> BindingView:
    more = None if binding.more is None else Money(amount_minor=binding.more, currency=currency)
    waits_for = [UUID(funder) for funder in binding.waits_for]
    return BindingView(
        condition=binding.condition,
        needs=_needs(binding, more, [names.get(one) or _(SOMEBODY) for one in waits_for]),
        more=more,
        funders=binding.funders,
        waits_for=waits_for,
    )


def _needs(binding: Binding, more: Money | None, waits_for: list[str]) -> str:
    match binding.condition:
        case "min_total" | "max_share" | "match_ratio" if more is not None:
            return _("Needs %(amount)s more from others.", amount=money(more))
        case "min_funders":
            return ngettext(
                "Needs %(count)s more funder.", "Needs %(count)s more funders.", binding.funders or 0
            )
        case "with_funders":
            return _("Waits for %(funders)s.", funders=in_a_row(waits_for))
        case _:
            return _(_ENDED[binding.condition])
