"""Mandates, pools and pledges in a real log, for what the reactors and the timer make of them."""

from datetime import UTC, datetime, timedelta

from app.command_handling import Cause, Handler
from app.folding import folded
from app.funding.pledging import in_turn
from domain.mandate import MANDATE, PublishMandate
from domain.pool import POOL, OpenPool
from domain.pool_terms import PoolTerms, Promise
from domain.statement import Statement
from events.contracts import Money, PledgeConditions
from events.streams import mandate_stream, new_id, pool_stream

NOW = datetime.now(UTC)
AUTHOR = new_id()


def pounds(amount):
    """Give so many minor units."""
    return Money(amount_minor=amount, currency="GBP")


async def mandate(store, *, budget=100, organisation_id=None):
    """Publish a mandate; gives its identifier and that of its organisation."""
    mandate_id, funder = new_id(), organisation_id or new_id()
    statement = Statement(
        title="Getting about",
        ticket_min=pounds(1),
        ticket_max=pounds(budget),
        budget=pounds(budget),
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=90),
    )
    command = PublishMandate(
        now=NOW, mandate_id=mandate_id, organisation_id=funder, person_id=AUTHOR, statement=statement
    )
    await Handler(store).handle(MANDATE, mandate_stream(mandate_id), command, cause=Cause())
    return mandate_id, funder


async def pool_of(store, *, minimum=60, target=100, ceiling=None, days=30, currency="GBP"):
    """Open a pool, some days before its deadline."""
    pool_id = new_id()
    terms = PoolTerms(
        minimum=Money(amount_minor=minimum, currency=currency),
        target=Money(amount_minor=target, currency=currency),
        ceiling=None if ceiling is None else Money(amount_minor=ceiling, currency=currency),
        deadline=NOW + timedelta(days=days),
    )
    command = OpenPool(
        now=NOW,
        pool_id=pool_id,
        idea_id=new_id(),
        opened_by=AUTHOR,
        idea_author_id=AUTHOR,
        idea_is_open=True,
        terms=terms,
    )
    await in_turn(Handler(store), pool_id, lambda: command, Cause())
    return pool_id


def promise(amount, by=None, *, under=None, pledge_id=None, vetoable_until=None, **conditions):
    """Describe a pledge."""
    return Promise(
        pledge_id=pledge_id or new_id(),
        organisation_id=by or new_id(),
        amount=pounds(amount),
        mandate_id=under,
        vetoable_until=vetoable_until,
        conditions=PledgeConditions(**conditions),
    )


async def reserved(store, mandate_id):
    """Read what a mandate has set aside for which pledge."""
    state = (await folded(store, MANDATE, mandate_stream(mandate_id))).state
    return {pledge_id: one.amount_minor for pledge_id, one in state.reservations.items()}


async def happened(store, pool_id):
    """List the names of what happened to a pool."""
    return [event.type for event in (await folded(store, POOL, pool_stream(pool_id))).events]
