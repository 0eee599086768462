"""The invariants of the `pledges` campaign, on what the log holds and what the writers were answered.

An answer is explained when the decider would have given it in one of the states that the stream passed through
while the act was under way: then the stream's own order is a serial order in which everybody was answered rightly.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.folding import Folded
from domain.decider import Decider, DomainError
from domain.mandate import MANDATE, ReserveBudget
from domain.mandate import Open as OpenMandate
from domain.pool import POOL, Committed
from domain.pool_gathering import MakePledge, Open, RevisePledge, WithdrawPledge
from domain.pool_resolution import counted
from domain.pool_terms import Promise
from events.contracts import Money, PoolCommitted
from ops.bench.naive_descent import resolve_naively
from ops.faults.pledge_outcomes import BUSY, DONE, FAILED, Outcome
from ops.faults.report import Breaches, Invariant

_ROUNDS_MAX = 1_000_000


class States:
    """Every state that a stream passed through, with the position that led to it."""

    def __init__(self, decider: Decider[Any, Any, Any], found: Folded[Any]) -> None:
        self.decider = decider
        self.positions = [0]
        self.states = [decider.initial_state]
        for event in found.events:
            self.positions.append(event.position)
            self.states.append(decider.evolve(self.states[-1], event.data))

    def between(self, since: int, until: int) -> Sequence[Any]:
        """List the states from that at one position to that at another."""
        return self.states[bisect_right(self.positions, since) - 1 : bisect_right(self.positions, until)]

    def at(self, position: int) -> Any:
        """Give the state at a position."""
        return self.states[bisect_right(self.positions, position) - 1]


class PledgeCheck:
    """Collects what was checked over all histories."""

    def __init__(self) -> None:
        self._explained = Breaches("every answer is explained by the order of the stream")
        self._expected = Breaches("nobody is answered with an error of ours")
        self._sums = Breaches("commitments are the resolved total or the ceiling, to the penny")
        self._oracle = Breaches("the resolution is what lowering one by one leads to")
        self._budget = Breaches("no mandate ever sets aside more than its budget")
        self._covered = Breaches("whatever is pledged under a mandate is set aside at every moment")
        self._released = Breaches("at the end as much is set aside as pools hold")

    def look(
        self,
        outcomes: Iterable[Outcome],
        pools: Mapping[UUID, Folded[Any]],
        mandate: Folded[Any] | None,
        now: datetime,
    ) -> None:
        """Check one history, which has come to rest and whose pools are settled."""
        states = {pool_id: States(POOL, found) for pool_id, found in pools.items()}
        budget = None if mandate is None else States(MANDATE, mandate)
        for outcome in outcomes:
            if outcome.answer == BUSY:
                continue
            self._expected.expect(outcome.answer != FAILED, outcome.detail)
            if outcome.answer != FAILED:
                explained = _explains(states[outcome.pool_id], budget, outcome, now)
                self._explained.expect(explained, f"{outcome.act} was answered {outcome.answer}")
        for pool_id, each in states.items():
            self._settled(each, pools[pool_id])
        if budget is not None:
            self._budgets(states.values(), budget)

    def _settled(self, states: States, found: Folded[Any]) -> None:
        for number, event in enumerate(found.events):
            if not isinstance(committed := event.data, PoolCommitted):
                continue
            before: Open = states.states[number]
            total = committed.resolved_total.amount_minor
            ceiling = before.terms.ceiling
            allowed = total if ceiling is None else min(total, ceiling.amount_minor)
            paid = sum(one.committed_minor for one in committed.resolution)
            self._sums.expect(
                paid == committed.committed_total.amount_minor == allowed
                and sum(one.resolved_minor for one in committed.resolution) == total
                and all(0 <= one.committed_minor <= one.amount_minor for one in committed.resolution),
                f"{paid} of {allowed} are committed",
            )
            counting = counted(before.pledges.values(), before.terms, before.terms.deadline)
            resolved = {str(one.pledge_id): one.resolved_minor for one in committed.resolution}
            self._oracle.expect(
                resolve_naively(counting, rounds_max=_ROUNDS_MAX) == resolved, f"{resolved} differs"
            )

    def _budgets(self, pools: Iterable[States], budget: States) -> None:
        moments = sorted({position for each in (*pools, budget) for position in each.positions})
        for position in moments:
            mandate = budget.at(position)
            if not isinstance(mandate, OpenMandate):
                continue
            most = mandate.statement.budget.amount_minor
            self._budget.expect(
                mandate.reserved_minor <= most, f"{mandate.reserved_minor} of {most} at {position}"
            )
            for pledge_id, amount in _held(each.at(position) for each in pools).items():
                kept = mandate.reservations.get(pledge_id)
                set_aside = kept.amount_minor if kept else 0
                self._covered.expect(set_aside >= amount, f"{set_aside} for {amount} at {position}")
        last = budget.states[-1]
        kept_at_end = {pledge_id: one.amount_minor for pledge_id, one in last.reservations.items()}
        held = _held(each.states[-1] for each in pools)
        self._released.expect(kept_at_end == held, f"{kept_at_end} for {held}")

    def invariants(self) -> tuple[Invariant, ...]:
        """Give what was found."""
        checks = (self._explained, self._expected, self._sums, self._oracle)
        money = (self._budget, self._covered, self._released)
        return tuple(each.invariant() for each in (*checks, *money))


def _held(states: Iterable[Any]) -> dict[UUID, int]:
    """Add up what pools hold under mandates, by pledge."""
    held: dict[UUID, int] = {}
    for state in states:
        match state:
            case Open():
                held |= {
                    one.pledge_id: one.amount.amount_minor
                    for one in state.pledges.values()
                    if one.mandate_id is not None
                }
            case Committed():
                under = {one.pledge_id for one in state.pool.pledges.values() if one.mandate_id is not None}
                held |= {key: amount for key, amount in state.payout.committed.items() if key in under}
            case _:
                continue
    return held


def _explains(pool: States, budget: States | None, outcome: Outcome, now: datetime) -> bool:
    """Tell whether an answer is that of the decider in a state of its time."""
    money = Money(amount_minor=outcome.amount, currency="GBP")
    command: MakePledge | RevisePledge | WithdrawPledge
    match outcome.act:
        case "make":
            assert outcome.funder is not None
            promise = Promise(
                pledge_id=outcome.pledge_id,
                organisation_id=outcome.funder,
                amount=money,
                conditions=outcome.conditions,
                mandate_id=outcome.mandate,
            )
            command = MakePledge(now=now, promise=promise)
        case "revise":
            command = RevisePledge(
                now=now, pledge_id=outcome.pledge_id, amount=money, conditions=outcome.conditions
            )
        case "withdraw":
            command = WithdrawPledge(now=now, pledge_id=outcome.pledge_id)
    if any(
        _answer(pool.decider, command, state) == outcome.answer
        for state in pool.between(outcome.since, outcome.until)
    ):
        return True
    if outcome.mandate is None or budget is None or outcome.act != "make":
        return False
    reserve = ReserveBudget(
        now=now,
        mandate_id=outcome.mandate,
        pledge_id=outcome.pledge_id,
        pool_id=outcome.pool_id,
        amount=money,
    )
    return outcome.answer != DONE and any(
        _answer(budget.decider, reserve, state) == outcome.answer
        for state in budget.between(outcome.since, outcome.until)
    )


def _answer(decider: Decider[Any, Any, Any], command: Any, state: Any) -> str:
    """Say how a command is answered: done when it is so already, else the broken rule, or that it was still to do."""
    try:
        return "to do" if decider.decide(command, state) else DONE
    except DomainError as error:
        return type(error).__name__
