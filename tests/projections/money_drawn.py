"""What happens to pools, pledges and mandates, step by step, as the deciders let it through."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.idea import IDEA
from domain.idea import NotLogged as NoIdea
from domain.idea import Open as OpenIdea
from domain.mandate import (
    MANDATE,
    CloseMandate,
    ExpireMandate,
    PauseMandate,
    PublishMandate,
    ReleaseBudget,
    ReserveBudget,
    ResumeMandate,
    ReviseMandate,
    Unpublished,
)
from domain.mandate import Closed as ClosedMandate
from domain.mandate import Open as OpenMandate
from domain.match import MATCH, TellFunder
from domain.pool import POOL, CancelPool, Committed, OpenPool, Over, RevisePool, SettlePool
from domain.pool_gathering import AbandonPledge, MakePledge, Open, RevisePledge, WithdrawPledge
from domain.pool_payout import ConfirmFunds, Payout, PlanMilestone, ReachMilestone, ReleaseTranche
from domain.pool_terms import PoolTerms, Promise
from domain.statement import Statement
from events.contracts import AnyEvent, MatchReason, Money, PledgeConditions, Thresholds
from tests.projections.deciding import Deciding, named
from tests.projections.examples import AUTHOR, days, idea_id, organisation_id, person_id, pounds
from tests.projections.ideas_drawn import Ideas

KINDS_OF_POOLS = ("pool", "pool", "pledge", "pledge", "pledge", "settle", "payout", "payout", "payout")
KINDS_OF_MANDATES = ("mandate", "mandate", "standing", "standing", "veto", "release", "match")


class Funds:
    """Pools and mandates; `which` and `chance` choose what of a kind happens."""

    def __init__(self, deciding: Deciding, ideas: Ideas) -> None:
        self._deciding = deciding
        self._ideas = ideas
        self._reserved: list[tuple[UUID, UUID, UUID]] = []  # Mandate, pledge and pool.

    def next(self, kind: str, number: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        """Give the events of a step, or of what has to come before it; a funder has the number of its organisation."""
        match kind:
            case "pool" | "settle" | "payout":
                return self._pool(kind, number, which, chance, at)
            case "pledge":
                return self._pledge(number, which % 3, chance, at)
            case "release" if self._reserved:
                return self._release(which, at)
            case "veto":
                return self._veto(number, which, chance, at)
            case "standing" | "release":
                return self._standing(number, which, chance, at)
            case "match":
                return self._match(number, which, chance, at)
            case _:
                return self._mandate(number, which, chance, at)

    def _pool_of(self, idea: int) -> tuple[UUID, Any]:
        """Find the pool an idea has, or the one that it would have next."""
        for attempt in range(1_000):
            pool = named("pool", idea, attempt)
            state = self._deciding.state(POOL, pool)
            if not isinstance(state, Over):
                return pool, state
        raise AssertionError("No idea had so many pools.")

    def _pool(self, kind: str, idea: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        pool, state = self._pool_of(idea)
        found = self._deciding.state(IDEA, idea_id(idea))
        if isinstance(found, NoIdea):
            return self._ideas.next("log", idea, which, chance, at)
        if isinstance(state, Committed):
            command = _paying_out(state.payout, which, chance, at)
        elif isinstance(state, Open):
            command = _moving_on(kind, state, which, chance, at)
        else:
            command = OpenPool(
                pool_id=pool,
                idea_id=idea_id(idea),
                opened_by=person_id(which) if which == 3 else AUTHOR,
                organisation_id=organisation_id(which) if which == 3 else None,
                terms=_terms(idea, chance, at),
                idea_author_id=AUTHOR,
                idea_is_open=isinstance(found, OpenIdea),
                now=at,
            )
        return self._deciding.wanted(POOL, pool, command)

    def _pledge(self, idea: int, funder: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        pool, state = self._pool_of(idea)
        if not isinstance(state, Open):
            return self._pool("pool", idea, funder, chance, at)
        kind: Any = "in_kind" if chance % 5 == 0 else "money"
        for promise in state.pledges.values():
            if (promise.organisation_id, promise.kind) == (organisation_id(funder), kind):
                return self._deciding.wanted(POOL, pool, _another_mind(promise, chance, at))
        amount = pounds(amount_minor=1 + abs(chance), currency=state.terms.currency)
        promise = Promise(
            pledge_id=self._pledge_id(pool, funder, kind, state),
            organisation_id=organisation_id(funder),
            amount=amount,
            conditions=_conditions(chance, funder, amount, at),
            kind=kind,
            description="Two vans."[: chance % 2 * 9],
        )
        made = MakePledge(promise=promise, made_by=person_id(funder), now=at)
        return self._deciding.wanted(POOL, pool, made)

    def _pledge_id(self, pool: UUID, funder: int, kind: str, state: Open) -> UUID:
        """Name the next pledge of a funder: one that is gone does not come back."""
        for attempt in range(1_000):
            pledge = named(f"pledge to {pool} {kind}", funder, attempt)
            if pledge not in state.gone:
                return pledge
        raise AssertionError("No funder took back so much.")

    def _standing(self, funder: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        """Set an amount aside and pledge it, unless the process ends in between; see `app.funding.pledging`."""
        idea = funder + which % 3
        pool, state = self._pool_of(idea)
        mandate, held = self._mandate_of(funder)
        if not isinstance(held, OpenMandate):
            return self._mandate(funder, 2, chance, at)
        if not isinstance(state, Open):
            return self._pool("pool", idea, which, chance, at)
        by_itself, statement = chance % 3 > 0, held.statement
        promise = Promise(
            pledge_id=self._pledge_id(pool, funder, "standing", state),
            organisation_id=organisation_id(funder),
            amount=pounds(amount_minor=1 + abs(chance) // 2),
            conditions=statement.conditions,
            mandate_id=mandate,
            vetoable_until=at + timedelta(hours=statement.veto_hours) if by_itself else None,
        )
        making = MakePledge(promise=promise, made_by=None if by_itself else person_id(funder), now=at)
        if not self._deciding.possible(POOL, pool, making):
            return []
        reserving = ReserveBudget(
            mandate_id=mandate, pledge_id=promise.pledge_id, pool_id=pool, amount=promise.amount, now=at
        )
        events = self._deciding.wanted(MANDATE, mandate, reserving)
        if not events:
            return []
        self._reserved.append((mandate, promise.pledge_id, pool))
        return events if chance % 4 < 2 else [*events, *self._deciding.wanted(POOL, pool, making)]

    def _veto(self, idea: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        """Take back what a mandate pledged by itself, while that is possible."""
        pool, state = self._pool_of(idea)
        for promise in state.pledges.values() if isinstance(state, Open) else ():
            if promise.vetoable_until is not None:
                now = promise.vetoable_until - timedelta(minutes=1 + which)
                vetoing = WithdrawPledge(pledge_id=promise.pledge_id, reason="Not this one.", now=now)
                return self._deciding.wanted(POOL, pool, vetoing)
        return self._standing(which, idea, chance, at)

    def _release(self, which: int, at: datetime) -> Sequence[AnyEvent]:
        """Keep of what was set aside what is still pledged; a pledge that never came is refused for good first."""
        mandate, pledge, pool = self._reserved.pop(which % len(self._reserved))
        abandoning = AbandonPledge(pledge_id=pledge, mandate_id=mandate, now=at)
        abandoned = self._deciding.wanted(POOL, pool, abandoning)
        state = self._deciding.state(POOL, pool)
        keep = 0
        if isinstance(state, Open) and pledge in state.pledges:
            keep = state.pledges[pledge].amount.amount_minor
            self._reserved.append((mandate, pledge, pool))
        elif isinstance(state, Committed):
            keep = state.payout.committed.get(pledge, 0)
        releasing = ReleaseBudget(mandate_id=mandate, pledge_id=pledge, keep_minor=keep, now=at)
        return [*abandoned, *self._deciding.wanted(MANDATE, mandate, releasing)]

    def _mandate_of(self, funder: int) -> tuple[UUID, Any]:
        """Find the mandate a funder has, or the one that it would have next."""
        for attempt in range(1_000):
            mandate = named("mandate", funder, attempt)
            state = self._deciding.state(MANDATE, mandate)
            if not isinstance(state, ClosedMandate):
                return mandate, state
        raise AssertionError("No funder had so many mandates.")

    def _mandate(self, funder: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        mandate, state = self._mandate_of(funder)
        facts: dict[str, Any] = {"mandate_id": mandate, "now": at}
        said = _statement(funder, chance, at)
        if isinstance(state, Unpublished):
            command: Any = PublishMandate(
                **facts,
                organisation_id=organisation_id(funder),
                person_id=person_id(funder),
                statement=said,
            )
        elif which < 2:
            command = ReviseMandate(**facts, statement=said, reason="Clearer."[: which * 8])
        elif which < 4 and isinstance(state, OpenMandate):
            command = PauseMandate(**facts, reason="Summer.")
        elif which < 4:
            command = ResumeMandate(**facts, reason="Autumn.")
        elif chance % 2:
            command = CloseMandate(**facts, reason="All is given.")
        else:
            held = state if isinstance(state, OpenMandate) else state.mandate
            command = ExpireMandate(mandate_id=mandate, now=held.statement.closes_at)
        return self._deciding.wanted(MANDATE, mandate, command)

    def _match(self, funder: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        mandate, state = self._mandate_of(funder)
        idea = idea_id(funder + which % 3)
        if not isinstance(state, OpenMandate):
            return self._mandate(funder, which, chance, at)
        if not isinstance(self._deciding.state(IDEA, idea), OpenIdea):
            return []
        telling = TellFunder(
            mandate_id=mandate,
            idea_id=idea,
            organisation_id=organisation_id(funder),
            revision=state.revision,
            reasons=(MatchReason(part="theme", points=30), MatchReason(part="place", points=chance % 20)),
            now=at,
        )
        return self._deciding.wanted(MATCH, (mandate, idea), telling)


def _terms(idea: int, chance: int, at: datetime) -> PoolTerms:
    target = 1 + abs(chance)
    money = partial(Money, currency="EUR" if idea == 3 else "GBP")
    return PoolTerms(
        minimum=money(amount_minor=1 + target // 2),
        target=money(amount_minor=target),
        ceiling=money(amount_minor=target + 500) if chance % 3 == 0 else None,
        deadline=at + days(1 + chance % 4),
        counts_in_kind=chance % 2 == 0,
    )


def _moving_on(kind: str, state: Open, which: int, chance: int, at: datetime) -> Any:
    if kind in ("settle", "payout") and state.pledges:
        return SettlePool(now=state.terms.deadline if which > 2 else at)
    if which == 4 and kind == "settle":
        return CancelPool(cancelled_by=AUTHOR, reason="It was too early.", now=at)
    return RevisePool(terms=_terms(0, chance, at), reason="Checked."[: which * 8], now=at)


def _another_mind(promise: Promise, chance: int, at: datetime) -> Any:
    """Want to give another amount, or nothing."""
    if chance % 2:
        return WithdrawPledge(pledge_id=promise.pledge_id, reason="Later."[: chance % 3 * 3], now=at)
    amount = replace(promise.amount, amount_minor=1 + abs(chance) // 2)
    return RevisePledge(
        pledge_id=promise.pledge_id,
        amount=amount,
        conditions=_conditions(chance // 3, 0, amount, at),
        description="One van.",
        now=at,
    )


def _conditions(chance: int, funder: int, amount: Money, at: datetime) -> PledgeConditions:
    half = replace(amount, amount_minor=1 + amount.amount_minor // 2)
    choices: tuple[dict[str, Any], ...] = (
        {},
        {},
        {},
        {"min_total": replace(amount, amount_minor=500)},
        {"min_funders": 2},
        {"with_funders": (organisation_id((funder + 1) % 5),)},
        {"max_share": "0.5"},
        {"match_ratio": "1", "match_cap": half},
        {"expires_at": at + days(1)},
    )
    return PledgeConditions(**choices[chance % len(choices)])


def _paying_out(payout: Payout, which: int, chance: int, at: datetime) -> Any:
    """Want the next thing: to confirm money, to plan a step, to say that it is reached, to release its money."""
    facts = {"now": at}
    unconfirmed = sorted(set(payout.left) - payout.confirmed)
    planned = [milestone for milestone, one in payout.milestones.items() if not one.is_released]
    if unconfirmed and which < 3:
        document = "https://service.example.org/letter" if chance % 2 else None
        return ConfirmFunds(
            **facts, pledge_id=unconfirmed[0], confirmed_by=person_id(which), document=document
        )
    if not planned or which == 4:
        return PlanMilestone(
            **facts,
            milestone_id=named(f"milestone of {payout.pool_id}", len(payout.milestones)),
            title=f"Step {which}",
            amount=Money(amount_minor=1 + abs(chance) // 3, currency=payout.currency),
        )
    if not payout.milestones[planned[0]].is_reached:
        return ReachMilestone(
            **facts, milestone_id=planned[0], reached_by=AUTHOR, note="Ten visits."[: which * 9]
        )
    return ReleaseTranche(**facts, milestone_id=planned[0], released_by=AUTHOR)


def _statement(funder: int, chance: int, at: datetime) -> Statement:
    some = chance % 2
    return Statement(
        title=f"Mandate {funder}, {chance % 3}",
        ticket_min=pounds(amount_minor=1 + chance % 500),
        ticket_max=pounds(amount_minor=3_000),
        budget=pounds(amount_minor=3_000 + 2 * abs(chance)),
        opens_at=at - days(3 + some),
        closes_at=at + days(2 + chance % 9),
        themes=("EN", "HE205")[: chance % 3],
        places=("GB-ENG",)[:some],
        stages=("supported", "funding")[: chance % 3],
        terms="We answer in a week."[: some * 20],
        mode="pledge" if some else "notify",
        thresholds=Thresholds(verified_votes=chance % 3, covered_percent=chance % 50, live_pool=bool(some)),
        conditions=_conditions(chance // 2, funder, pounds(amount_minor=900), at),
        veto_hours=chance % 3 * 24,
    )
