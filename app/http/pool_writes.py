"""What is written about pools, for programs and pages alike: who may, what is decided, and what is answered."""

from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET

from app.access.relations import require_role
from app.folding import Folded, folded
from app.funding.permission import require_in_charge
from app.funding.pledging import in_turn, pledge, revise, settle, withdraw
from app.funding.pool_view import Preview
from app.http.bodies import OptionalReason, Reason
from app.http.envelope import read_body
from app.http.etags import require_match
from app.http.idempotency import Attempt, Written, attempt
from app.http.pool_bodies import (
    Confirmation,
    NewMilestone,
    NewPledge,
    NewPool,
    NewTranche,
    PledgeChanges,
    PoolChanges,
    Reached,
    utc,
)
from app.http.pool_reads import last_open, pool_of, preview
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from domain.idea import IDEA, current
from domain.idea import Open as OpenIdea
from domain.pool import (
    POOL,
    AnyPoolCommand,
    CancelPool,
    OpenPool,
    Over,
    PoolNotReadyError,
    PoolState,
    RevisePool,
)
from domain.pool_gathering import Open, PledgeUnknownError, RevisePledge, WithdrawPledge, promise_in
from domain.pool_payout import ConfirmFunds, PlanMilestone, ReachMilestone, ReleaseTranche
from domain.pool_terms import PoolTerms, Promise
from events.contracts import PledgeMade
from events.streams import derived_id, idea_stream, new_id, pool_stream

W = TypeVar("W", bound=Written)

_POOLS_OF_AN_IDEA_MAX = 1_000


class PoolWritten(Written, frozen=True, kw_only=True):
    """A pool was opened or changed."""

    pool_id: UUID


class PledgeWritten(PoolWritten, frozen=True, kw_only=True):
    """A pledge was made or changed; read its pool to see whether it committed by that."""

    pledge_id: UUID


class MilestoneWritten(PoolWritten, frozen=True, kw_only=True):
    """A milestone was planned, reached or paid for."""

    milestone_id: UUID


async def opened(request: ApiRequest, idea_id: UUID, body: NewPool) -> PoolWritten:
    """Open the idea's next pool.

    The pools of an idea are numbered, and the first that is not over is the one, so two cannot be open at a time.

    Raises:
        DomainError, RoleNeededError, LogUnavailableError: see the deciders.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, PoolWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    idea = (await folded(resources.store, IDEA, idea_stream(idea_id))).state
    author_id = current(idea).author_id
    if body.organisation_id is not None:
        await require_role(resources.store, actor, body.organisation_id, "funder")
    pool_id = await _next_pool(resources, idea_id)
    command = OpenPool(
        now=now(),
        pool_id=pool_id,
        idea_id=idea_id,
        opened_by=actor.person_id,
        organisation_id=body.organisation_id,
        idea_author_id=author_id,
        idea_is_open=isinstance(idea, OpenIdea),
        terms=PoolTerms(
            minimum=body.minimum.money,
            target=body.target.money,
            ceiling=body.ceiling.money if body.ceiling else None,
            deadline=utc(body.deadline),
            counts_in_kind=body.counts_in_kind,
        ),
    )
    return await _written(request, this, pool_id, command, PoolWritten(position=0, pool_id=pool_id))


async def _next_pool(resources: Resources, idea_id: UUID) -> UUID:
    for number in range(1, _POOLS_OF_AN_IDEA_MAX):
        pool_id = derived_id("pool", str(idea_id), str(number))
        if not isinstance((await folded(resources.store, POOL, pool_stream(pool_id))).state, Over):
            return pool_id
    raise AssertionError("No idea had so many pools.")


async def revised(request: ApiRequest, pool_id: UUID, body: PoolChanges, if_match: str | None) -> PoolWritten:
    """Change what a pool asks for.

    Raises:
        OutdatedError: it is not what the caller read.
        DomainError, LogUnavailableError: see the decider.
    """
    resources = resources_of(request)
    this = await attempt(request, PoolWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier

    async def revise() -> PoolWritten:
        found = await pool_of(resources.store, pool_id)
        await require_in_charge(resources.store, actor_of(request), last_open(found.state))
        require_match(if_match, found.version)
        terms = last_open(found.state).terms
        after = PoolTerms(
            minimum=terms.minimum if body.minimum is UNSET else body.minimum.money,
            target=terms.target if body.target is UNSET else body.target.money,
            ceiling=terms.ceiling if body.ceiling is UNSET else body.ceiling.money if body.ceiling else None,
            deadline=terms.deadline if body.deadline is UNSET else utc(body.deadline),
            counts_in_kind=terms.counts_in_kind if body.counts_in_kind is UNSET else body.counts_in_kind,
        )
        answer = PoolWritten(position=0, pool_id=pool_id)
        handled = await resources.handler.handle(
            POOL,
            pool_stream(pool_id),
            RevisePool(now=now(), terms=after, reason=body.reason.strip()),
            cause=cause_of(request, actor_of(request).person_id),
            key=this.keeping(answer),
            # What was left out is taken from this version, so it must be the one that is revised.
            expected=found.version,
        )
        return this.answered(answer, handled)

    return await on_the_latest(revise)


async def pledged(request: ApiRequest, pool_id: UUID, body: NewPledge) -> PledgeWritten:
    """Make a pledge for an organisation whose money the actor may commit.

    Raises:
        DomainError, RoleNeededError, OperationalError: see `app.funding.pledging`.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, PledgeWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    await pool_of(resources.store, pool_id)
    await require_role(resources.store, actor, body.organisation_id, "funder")
    promise = promised(body, _identifier(this, pool_id))
    answer = PledgeWritten(position=0, pool_id=pool_id, pledge_id=promise.pledge_id)
    handled = await pledge(
        resources.handler,
        pool_id,
        promise,
        made_by=actor.person_id,
        cause=cause_of(request, actor.person_id),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)


def promised(body: NewPledge, pledge_id: UUID) -> Promise:
    """Give a pledge as the domain has it."""
    return Promise(
        pledge_id=pledge_id,
        organisation_id=body.organisation_id,
        amount=body.amount.money,
        conditions=body.conditions.conditions,
        kind=body.kind,
        description=body.description.strip(),
        mandate_id=body.mandate_id,
    )


async def pledge_revised(
    request: ApiRequest, pool_id: UUID, pledge_id: UUID, body: PledgeChanges
) -> PledgeWritten:
    """Revise a pledge of an organisation whose money the actor may commit.

    Raises:
        DomainError, RoleNeededError, OperationalError: see `app.funding.pledging`.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, PledgeWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    before = await _pledge_of_actor(request, pool_id, pledge_id)
    answer = PledgeWritten(position=0, pool_id=pool_id, pledge_id=pledge_id)
    handled = await revise(
        resources.handler,
        pool_id,
        RevisePledge(
            now=now(),
            pledge_id=pledge_id,
            amount=before.amount if body.amount is UNSET else body.amount.money,
            conditions=before.conditions if body.conditions is UNSET else body.conditions.conditions,
            description=before.description if body.description is UNSET else body.description.strip(),
        ),
        cause_of(request, actor.person_id),
        this.keeping(answer),
    )
    return this.answered(answer, handled)


async def pledge_withdrawn(
    request: ApiRequest, pool_id: UUID, pledge_id: UUID, reason: str | None = None
) -> PledgeWritten:
    """Withdraw or veto a pledge; the reason is the caller's or the body's.

    Raises:
        DomainError, RoleNeededError, OperationalError: see `app.funding.pledging`.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, PledgeWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    if reason is None:
        raw = await read_body(request)
        reason = msgspec.json.decode(raw, type=OptionalReason).reason if raw else ""
    await _pledge_of_actor(request, pool_id, pledge_id)
    answer = PledgeWritten(position=0, pool_id=pool_id, pledge_id=pledge_id)
    handled = await withdraw(
        resources.handler,
        pool_id,
        WithdrawPledge(now=now(), pledge_id=pledge_id, reason=reason.strip()),
        cause_of(request, actor.person_id),
        this.keeping(answer),
    )
    return this.answered(answer, handled)


async def previewed(request: ApiRequest, pool_id: UUID, body: NewPledge) -> Preview:
    """Show a pool with one more pledge; whatever rule would refuse the pledge refuses this.

    Raises:
        DomainError: see the decider.
        LogUnavailableError: the database cannot be reached.
    """
    return await preview(resources_of(request), pool_id, promised(body, new_id()), now())


async def committed(request: ApiRequest, pool_id: UUID) -> PoolWritten:
    """Commit a pool if it can.

    Raises:
        PoolNotReadyError: it cannot.
        DomainError, OperationalError: see the decider.
    """
    resources = resources_of(request)
    found = await pool_of(resources.store, pool_id)
    await require_in_charge(resources.store, actor_of(request), last_open(found.state))
    handled = await settle(resources.handler, pool_id)
    if isinstance(handled.state, Open):
        raise PoolNotReadyError
    return PoolWritten(position=handled.position, pool_id=pool_id)


async def cancelled(request: ApiRequest, pool_id: UUID, body: Reason) -> PoolWritten:
    """Call a pool off.

    Raises:
        DomainError, OperationalError: see the decider.
    """
    person = actor_of(request).person_id
    command = CancelPool(now=now(), cancelled_by=person, reason=body.reason.strip())
    return await _in_charge(request, pool_id, command, PoolWritten(position=0, pool_id=pool_id))


async def confirmed(request: ApiRequest, pool_id: UUID, pledge_id: UUID, body: Confirmation) -> PledgeWritten:
    """Confirm for a funder that its money is there.

    Raises:
        DomainError, RoleNeededError, OperationalError: see the decider.
    """
    this = await attempt(request, PledgeWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    await _pledge_of_actor(request, pool_id, pledge_id)
    person = actor_of(request).person_id
    command = ConfirmFunds(now=now(), pledge_id=pledge_id, confirmed_by=person, document=body.document)
    answer = PledgeWritten(position=0, pool_id=pool_id, pledge_id=pledge_id)
    return await _written(request, this, pool_id, command, answer)


async def milestone_planned(request: ApiRequest, pool_id: UUID, body: NewMilestone) -> MilestoneWritten:
    """Plan a milestone.

    Raises:
        DomainError, OperationalError: see the decider.
    """
    milestone_id = _identifier(await attempt(request, MilestoneWritten), pool_id)
    command = PlanMilestone(
        now=now(), milestone_id=milestone_id, title=body.title.strip(), amount=body.amount.money
    )
    answer = MilestoneWritten(position=0, pool_id=pool_id, milestone_id=milestone_id)
    return await _in_charge(request, pool_id, command, answer)


async def milestone_reached(
    request: ApiRequest, pool_id: UUID, milestone_id: UUID, body: Reached
) -> MilestoneWritten:
    """Say that a milestone is reached.

    Raises:
        DomainError, OperationalError: see the decider.
    """
    person = actor_of(request).person_id
    command = ReachMilestone(
        now=now(), milestone_id=milestone_id, reached_by=person, link=body.link, note=body.note.strip()
    )
    answer = MilestoneWritten(position=0, pool_id=pool_id, milestone_id=milestone_id)
    return await _in_charge(request, pool_id, command, answer)


async def tranche_released(request: ApiRequest, pool_id: UUID, body: NewTranche) -> MilestoneWritten:
    """Release what belongs to a milestone.

    Raises:
        DomainError, OperationalError: see the decider.
    """
    command = ReleaseTranche(
        now=now(), milestone_id=body.milestone_id, released_by=actor_of(request).person_id
    )
    answer = MilestoneWritten(position=0, pool_id=pool_id, milestone_id=body.milestone_id)
    return await _in_charge(request, pool_id, command, answer)


async def _pledge_of_actor(request: ApiRequest, pool_id: UUID, pledge_id: UUID) -> Promise:
    """Give a pledge of an organisation whose money the actor may commit, also one that was withdrawn."""
    resources = resources_of(request)
    found = await pool_of(resources.store, pool_id)
    promise = last_open(found.state).pledges.get(pledge_id) or _made(found, pledge_id)
    await require_role(resources.store, actor_of(request), promise.organisation_id, "funder")
    return promise


def _made(found: Folded[PoolState], pledge_id: UUID) -> Promise:
    for event in found.events:
        if isinstance(event.data, PledgeMade) and event.data.pledge_id == pledge_id:
            return promise_in(event.data)
    raise PledgeUnknownError


async def _in_charge(request: ApiRequest, pool_id: UUID, command: AnyPoolCommand, answer: W) -> W:
    """Handle a command of somebody in charge of the pool."""
    resources = resources_of(request)
    this = await attempt(request, type(answer))
    if (earlier := await this.earlier()) is not None:
        return earlier
    found = await pool_of(resources.store, pool_id)
    await require_in_charge(resources.store, actor_of(request), last_open(found.state))
    return await _written(request, this, pool_id, command, answer)


async def _written(
    request: ApiRequest, this: Attempt[W], pool_id: UUID, command: AnyPoolCommand, answer: W
) -> W:
    cause = cause_of(request, actor_of(request).person_id)
    handled = await in_turn(
        resources_of(request).handler, pool_id, lambda: command, cause, this.keeping(answer)
    )
    return this.answered(answer, handled)


def _identifier(this: Attempt[W], pool_id: UUID) -> UUID:
    """Make an identifier in a pool, the same one for attempts under the same key.

    A key is forgotten after some days; used again then, it makes something of its own in another pool.
    """
    return new_id() if this.key is None else derived_id("made under", str(pool_id), str(this.key))
