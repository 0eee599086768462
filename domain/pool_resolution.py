"""What the pledges of one pool come to at a moment, and why: which of them count, and the explanation of each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from msgspec import Struct

from domain.pledge_explanation import Binding, explain
from domain.pledge_resolution import ConditionalPledge, ratio_of, resolve, scale
from domain.pool_terms import PoolTerms, Promise
from events.contracts import ResolvedPledge

EXPIRED = "expires_at"
NOT_COUNTED = "in_kind"
"""What stands for the conditions of a pledge that does not count at all."""


class ResolvedPool(Struct, frozen=True, kw_only=True):
    """What each pledge comes to and what binds it, in the order in which they were made; amounts in minor units.

    `resolved_total` is before the ceiling, `committed_total` under it. Conditions name funders by organisation.
    """

    pledges: tuple[ResolvedPledge, ...]
    bindings: Mapping[UUID, tuple[Binding, ...]]
    resolved_total: int
    committed_total: int

    def of(self, pledge_id: UUID) -> ResolvedPledge:
        """Give what one pledge comes to; raises KeyError."""
        return next((one for one in self.pledges if one.pledge_id == pledge_id), None) or _missing(pledge_id)


def _missing(pledge_id: UUID) -> ResolvedPledge:
    raise KeyError(pledge_id)


def why_not_counted(promise: Promise, terms: PoolTerms, moment: datetime) -> str | None:
    """Say why a pledge does not count at a moment, or None if it does."""
    expires_at = promise.conditions.expires_at
    if expires_at is not None and expires_at <= moment:
        return EXPIRED
    if promise.kind == "in_kind" and not terms.counts_in_kind:
        return NOT_COUNTED
    return None


def counted(promises: Iterable[Promise], terms: PoolTerms, moment: datetime) -> list[ConditionalPledge]:
    """List the pledges that count at a moment, as their resolution reads them."""
    return [conditional(one) for one in promises if why_not_counted(one, terms, moment) is None]


def conditional(promise: Promise) -> ConditionalPledge:
    """Read a pledge as its resolution does: minor units, exact ratios, identifiers as text."""
    said = promise.conditions
    return ConditionalPledge(
        id=str(promise.pledge_id),
        funder=str(promise.organisation_id),
        amount=promise.amount.amount_minor,
        min_total=None if said.min_total is None else said.min_total.amount_minor,
        min_funders=said.min_funders,
        with_funders=tuple(map(str, said.with_funders)),
        max_share=_ratio(said.max_share),
        match_ratio=_ratio(said.match_ratio),
        match_cap=None if said.match_cap is None else said.match_cap.amount_minor,
    )


def _ratio(text: str | None) -> Fraction | None:
    return None if text is None else ratio_of(text)


def resolved(promises: Sequence[Promise], terms: PoolTerms, moment: datetime) -> ResolvedPool:
    """Resolve the pledges of a pool at a moment, scale them to its ceiling, and explain each."""
    counting = counted(promises, terms, moment)
    resolution = resolve(counting)
    scaled = scale(resolution, None if terms.ceiling is None else terms.ceiling.amount_minor)
    explained = explain(counting, resolution)
    pledges = []
    for promise in promises:
        id_ = str(promise.pledge_id)
        reason = why_not_counted(promise, terms, moment)
        pledges.append(
            ResolvedPledge(
                pledge_id=promise.pledge_id,
                organisation_id=promise.organisation_id,
                amount_minor=promise.amount.amount_minor,
                resolved_minor=resolution.amounts.get(id_, 0),
                committed_minor=scaled.get(id_, 0),
                binding=(reason,) if reason else tuple(one.condition for one in explained[id_]),
            )
        )
    return ResolvedPool(
        pledges=tuple(pledges),
        bindings={UUID(id_): bindings for id_, bindings in explained.items()},
        resolved_total=resolution.total,
        committed_total=sum(scaled.values()),
    )


def gains(
    promises: Sequence[Promise], another: Promise, terms: PoolTerms, moment: datetime
) -> dict[UUID, int]:
    """Say what one more pledge, or a revision of one, unlocks: what each other pledge gains by it."""
    others = [one for one in promises if one.pledge_id != another.pledge_id]
    before = resolve(counted(promises, terms, moment)).amounts
    after = resolve(counted([*others, another], terms, moment)).amounts
    return {
        one.pledge_id: gain
        for one in others
        if (gain := after.get(str(one.pledge_id), 0) - before.get(str(one.pledge_id), 0))
    }
