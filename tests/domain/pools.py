"""A pool as the sentences about it speak of it: who pledges, what is asked for, what happened."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import asdict

from domain.pool import OpenPool
from domain.pool_gathering import MakePledge
from domain.pool_terms import PoolTerms, Promise
from events.contracts import (
    Money,
    PledgeConditions,
    PledgeMade,
    PoolCommitted,
    PoolOpened,
    PoolReachedMinimum,
    ResolvedPledge,
)
from tests.domain.cast import ADA, BEN, CAFE, NOON

POOL_ID = UUID("0190b000-0000-7000-8000-000000000030")
MILESTONE = UUID("0190b000-0000-7000-8000-000000000040")
DEADLINE = NOON + timedelta(days=30)
TRUST, COUNCIL, BANK = (UUID(f"0190b000-0000-7000-8000-0000000000{n}") for n in (51, 52, 53))


def pounds(amount: int, currency: str = "GBP") -> Money:
    """Give so many minor units."""
    return Money(amount_minor=amount, currency=currency)


TERMS = PoolTerms(minimum=pounds(60), target=pounds(100), ceiling=pounds(120), deadline=DEADLINE)
OPENED = PoolOpened(pool_id=POOL_ID, idea_id=CAFE, opened_by=ADA, **asdict(TERMS), occurred_at=NOON)
OPENING = OpenPool(
    pool_id=POOL_ID,
    idea_id=CAFE,
    opened_by=ADA,
    terms=TERMS,
    idea_author_id=ADA,
    idea_is_open=True,
    now=NOON,
)


def pledge_id(number: int) -> UUID:
    """Name a pledge."""
    return UUID(f"0190b000-0000-7000-8000-0000000006{number:02}")


def promise(amount: int | Money = 50, by: UUID = TRUST, number: int = 1, **more: object) -> Promise:
    """Describe a pledge; what is not a field of it is a condition."""
    fields = {key: more.pop(key) for key in ("kind", "mandate_id", "vetoable_until") if key in more}
    return Promise(
        pledge_id=pledge_id(number),
        organisation_id=by,
        conditions=PledgeConditions(**more),
        amount=amount if isinstance(amount, Money) else pounds(amount),
        **fields,
    )


def pledging(
    amount: int | Money = 50, by: UUID = TRUST, number: int = 1, now=NOON, **more: object
) -> MakePledge:
    """Want to make a pledge."""
    return MakePledge(promise=promise(amount, by, number, **more), made_by=BEN, now=now)


def pledged(amount: int = 50, by: UUID = TRUST, number: int = 1, **more: object) -> PledgeMade:
    """Say that a pledge was made."""
    return PledgeMade(
        pool_id=POOL_ID,
        idea_id=CAFE,
        made_by=BEN,
        **asdict(promise(amount, by, number, **more)),
        occurred_at=NOON,
    )


def reached(total: int = 100, at: datetime = NOON) -> PoolReachedMinimum:
    """Say that the pledges came to the minimum."""
    return PoolReachedMinimum(
        pool_id=POOL_ID,
        idea_id=CAFE,
        resolved_total=pounds(total),
        minimum=TERMS.minimum,
        occurred_at=at,
    )


def committed(*commitments: tuple[UUID, int, int]) -> PoolCommitted:
    """Say that a pool committed, with organisation, pledge's number and amount of each commitment."""
    total = pounds(sum(amount for _, _, amount in commitments))
    return PoolCommitted(
        pool_id=POOL_ID,
        idea_id=CAFE,
        resolution=tuple(
            ResolvedPledge(
                pledge_id=pledge_id(number),
                organisation_id=by,
                amount_minor=amount,
                resolved_minor=amount,
                committed_minor=amount,
            )
            for by, number, amount in commitments
        ),
        resolved_total=total,
        committed_total=total,
        occurred_at=NOON,
    )
