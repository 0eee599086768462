"""Mandates as tests make them: published over HTTP by somebody who may commit an organisation's money."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.command_handling import Cause
from domain.mandate import MANDATE, ReserveBudget
from events.contracts import Money
from events.streams import mandate_stream, new_id
from tests.http.organisations import registered

PATH = "/api/v1/mandates"


def pounds(minor, currency="GBP"):
    """Write money as requests have it."""
    return {"amount_minor": minor, "currency": currency}


def in_days(days):
    """Write the moment in so many days."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def stated(organisation_id, **changes):
    """Write what a mandate says; whatever is not said is plain."""
    return {
        "organisation_id": str(organisation_id),
        "title": "Getting about",
        "ticket_min": pounds(1_000),
        "ticket_max": pounds(5_000),
        "budget": pounds(10_000),
        "closes_at": in_days(30),
        **changes,
    }


async def funder(service):
    """Register an organisation whose first member may commit its money; give the person and its identifier."""
    person = await service.person("Fay Sample")
    path = await registered(person, name=f"Trust {new_id()}", roles=["funder"])
    return person, UUID(path.rpartition("/")[2])


async def published(person, organisation_id, **changes):
    """Publish a mandate and give its address."""
    answer = await person.send("POST", PATH, stated(organisation_id, **changes))
    assert answer.status_code == 201, answer.text
    return f"{PATH}/{answer.json()['mandate_id']}"


async def reserve(service, path, minor, *, pledge_id=None):
    """Set money of a mandate aside for a pledge."""
    mandate_id = UUID(path.rpartition("/")[2])
    command = ReserveBudget(
        now=datetime.now(UTC),
        mandate_id=mandate_id,
        pledge_id=pledge_id or new_id(),
        pool_id=new_id(),
        amount=Money(amount_minor=minor, currency="GBP"),
    )
    handler = service.resources.handler
    return await handler.handle(MANDATE, mandate_stream(mandate_id), command, cause=Cause())
