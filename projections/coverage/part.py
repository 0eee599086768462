"""What is offered, as it is kept and shown."""

from datetime import date

from msgspec import Struct

from events.contracts import Money, NeedKind, OfferMade, OfferRevised


class ServiceDescription(Struct, frozen=True, kw_only=True):
    """What is offered as a public service, in the words of the Human Services Data Specification (HSDS 3.0)."""

    name: str = ""
    description: str = ""
    url: str = ""
    languages: str = ""
    eligibility: str = ""
    fees: str = ""
    schedule: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """What somebody runs already, and what is to be known of it before it is used elsewhere."""

    kind: NeedKind
    title: str
    description: str
    runs_at: str
    users: str
    running_since: date | None
    cost_to_adapt: Money | None
    weeks_to_adapt: int | None
    licence: str
    links: tuple[str, ...]
    service: ServiceDescription | None


def part_of(offer: OfferMade | OfferRevised) -> Part:
    """Take what is offered out of an event."""
    service = ServiceDescription(
        name=offer.service_name,
        description=offer.service_description,
        url=offer.service_url,
        languages=offer.service_languages,
        eligibility=offer.service_eligibility,
        fees=offer.service_fees,
        schedule=offer.service_schedule,
    )
    return Part(
        kind=offer.kind,
        title=offer.title,
        description=offer.description,
        runs_at=offer.runs_at,
        users=offer.users,
        running_since=offer.running_since,
        cost_to_adapt=offer.cost_to_adapt,
        weeks_to_adapt=offer.weeks_to_adapt,
        licence=offer.licence,
        links=offer.links,
        service=None if service == ServiceDescription() else service,
    )
