"""The sample's funders and their mandates as commands, set in the past like the rest of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from app.importing.batches import Intent
from app.importing.sample.funders import SampleFunder, SampleFunders, SampleMandate, read_sample_funders
from app.importing.sample_offers import sample_id
from domain.mandate import MANDATE, PublishMandate
from domain.organisation import ORGANISATION, RegisterOrganisation
from domain.statement import Statement
from events.contracts import Money
from events.envelope import Metadata
from events.streams import mandate_stream, organisation_stream

SAMPLE_FUNDERS: frozenset[UUID] = frozenset(
    sample_id("organisation", funder.key) for funder in read_sample_funders().funders
)
"""The funders that are sample data, and are shown as such."""


def funder_intents(content: SampleFunders, now: datetime) -> Iterator[Intent]:
    """Give everything that is done for the funders of the sample."""
    admins = {funder.key: funder.admin for funder in content.funders}
    for funder in content.funders:
        yield _registered(funder, now)
    for mandate in content.mandates:
        yield _published(mandate, admins[mandate.funder], now)


def _registered(funder: SampleFunder, now: datetime) -> Intent:
    identifier, admin = sample_id("organisation", funder.key), sample_id("person", funder.admin)
    command = RegisterOrganisation(
        organisation_id=identifier,
        person_id=admin,
        name=funder.name,
        roles=("funder",),
        now=now - timedelta(days=funder.days_ago),
    )
    metadata = Metadata(command="RegisterOrganisation", actor=admin)
    return Intent(organisation_stream(identifier), 1, ORGANISATION, command, metadata)


def _published(mandate: SampleMandate, admin_key: str, now: datetime) -> Intent:
    identifier, admin = sample_id("mandate", mandate.key), sample_id("person", admin_key)
    at = now - timedelta(days=mandate.days_ago)
    statement = Statement(
        title=mandate.title,
        ticket_min=_pounds(mandate.ticket_min),
        ticket_max=_pounds(mandate.ticket_max),
        budget=_pounds(mandate.budget),
        opens_at=at,
        closes_at=at + timedelta(days=mandate.days_open),
        themes=mandate.themes,
        places=mandate.places,
        stages=mandate.stages,
        terms=mandate.terms,
        mode=mandate.mode,
        thresholds=mandate.thresholds,
        conditions=mandate.conditions,
    )
    command = PublishMandate(
        mandate_id=identifier,
        organisation_id=sample_id("organisation", mandate.funder),
        person_id=admin,
        statement=statement,
        now=at,
    )
    metadata = Metadata(command="PublishMandate", actor=admin)
    return Intent(mandate_stream(identifier), 1, MANDATE, command, metadata)


def _pounds(pence: int) -> Money:
    return Money(amount_minor=pence, currency="GBP")
