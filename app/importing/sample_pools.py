"""The sample's pools as commands, set in the past like the rest of it: opened, pledged to, committed and paid out.

A pool has the identifier that the first pool of its idea has everywhere, so whoever opens another finds this one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from app.importing.batches import Intent
from app.importing.sample.content import SampleIdea
from app.importing.sample.funders import SampleFunder
from app.importing.sample.pools import SampleMilestone, SamplePledge, SamplePool
from app.importing.sample_offers import sample_id
from domain.pool import POOL, AnyPoolCommand, OpenPool, SettlePool
from domain.pool_gathering import MakePledge
from domain.pool_payout import ConfirmFunds, PlanMilestone, ReachMilestone, ReleaseTranche
from domain.pool_terms import PoolTerms, Promise
from events.contracts import Money
from events.envelope import Metadata
from events.streams import derived_id, pool_stream

_A_MOMENT = timedelta(seconds=1)


def pool_intents(
    pools: Iterable[SamplePool],
    ideas: Mapping[str, SampleIdea],
    funders: Iterable[SampleFunder],
    now: datetime,
) -> Iterator[Intent]:
    """Give everything that is done for the pools of the sample.

    What a step causes is decided here already: the pledge that brings a pool to its minimum is two events, so the
    version of the next step follows from it.

    Raises `DomainError` where the pool would refuse a step.
    """
    admins = {funder.key: sample_id("person", funder.admin) for funder in funders}
    for pool in pools:
        author = sample_id("person", ideas[pool.idea].author)
        pool_id = derived_id("pool", str(sample_id("idea", pool.idea)), "1")
        steps = [
            (author, _opened(pool, pool_id, author, now)),
            *_pledged(pool, pool_id, admins, now),
            *_paid_out(pool, pool_id, admins, author, now),
        ]
        steps.sort(key=lambda step: step[1].now)
        version, state = 1, POOL.initial_state
        for actor, command in steps:
            metadata = Metadata(command=type(command).__name__, actor=actor)
            yield Intent(pool_stream(pool_id), version, POOL, command, metadata)
            events = POOL.decide(command, state)
            version, state = version + len(events), POOL.fold(events, state)


def _opened(pool: SamplePool, pool_id: UUID, author: UUID, now: datetime) -> AnyPoolCommand:
    at = now - timedelta(days=pool.days_ago)
    return OpenPool(
        pool_id=pool_id,
        idea_id=sample_id("idea", pool.idea),
        opened_by=author,
        idea_author_id=author,
        idea_is_open=True,
        terms=PoolTerms(
            minimum=_pounds(pool.minimum),
            target=_pounds(pool.target),
            ceiling=None if pool.ceiling is None else _pounds(pool.ceiling),
            deadline=at + timedelta(days=pool.days_open),
        ),
        now=at,
    )


def _pledged(
    pool: SamplePool, pool_id: UUID, admins: Mapping[str, UUID], now: datetime
) -> Iterator[tuple[UUID, AnyPoolCommand]]:
    for pledge in pool.pledges:
        admin = admins[pledge.funder]
        waits_for = tuple(sample_id("organisation", key) for key in pledge.waits_for)
        promise = Promise(
            pledge_id=_pledge_id(pool_id, pledge),
            organisation_id=sample_id("organisation", pledge.funder),
            amount=_pounds(pledge.amount),
            conditions=replace(pledge.conditions, with_funders=waits_for),
            description=pledge.description,
        )
        yield admin, MakePledge(promise=promise, made_by=admin, now=now - timedelta(days=pledge.days_ago))


def _paid_out(
    pool: SamplePool, pool_id: UUID, admins: Mapping[str, UUID], author: UUID, now: datetime
) -> Iterator[tuple[UUID | None, AnyPoolCommand]]:
    if not pool.milestones:
        return
    last = min(pledge.days_ago for pledge in pool.pledges)
    yield None, SettlePool(now=now - timedelta(days=last) + _A_MOMENT)
    for pledge in pool.pledges:
        if (days := pledge.confirmed_days_ago) is not None:
            admin = admins[pledge.funder]
            yield (
                admin,
                ConfirmFunds(
                    pledge_id=_pledge_id(pool_id, pledge), confirmed_by=admin, now=now - timedelta(days=days)
                ),
            )
    for milestone in pool.milestones:
        for command in _milestone(milestone, author, now):
            yield author, command


def _milestone(milestone: SampleMilestone, author: UUID, now: datetime) -> Iterator[AnyPoolCommand]:
    identifier = sample_id("milestone", milestone.key)
    yield PlanMilestone(
        milestone_id=identifier,
        title=milestone.title,
        amount=_pounds(milestone.amount),
        now=now - timedelta(days=milestone.days_ago),
    )
    if (days := milestone.reached_days_ago) is not None:
        yield ReachMilestone(
            milestone_id=identifier, reached_by=author, note=milestone.note, now=now - timedelta(days=days)
        )
    if (days := milestone.released_days_ago) is not None:
        yield ReleaseTranche(milestone_id=identifier, released_by=author, now=now - timedelta(days=days))


def _pledge_id(pool_id: UUID, pledge: SamplePledge) -> UUID:
    return derived_id("pledge", str(pool_id), pledge.funder)


def _pounds(pence: int) -> Money:
    return Money(amount_minor=pence, currency="GBP")
