"""The sample's organisations, needs and offers as commands, set in the past like the rest of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.importing.batches import Intent
from app.importing.sample.content import SOURCE_COLLECTION, SOURCE_SYSTEM, SampleIdea
from app.importing.sample.offers import SampleNeed, SampleOffer, SampleOffers, SampleOrganisation
from domain.needs import NEEDS, AddNeed, Need
from domain.offer import (
    OFFER,
    AcceptOffer,
    DeclineOffer,
    DeliverOffer,
    IdeaAtHand,
    MakeOffer,
    OfferCommand,
    OfferedPart,
)
from domain.organisation import ORGANISATION, AddMember, RegisterOrganisation
from events.contracts import Money
from events.envelope import Metadata
from events.streams import derived_id, idea_stream, offer_stream, organisation_stream


def sample_id(kind: str, key: str) -> UUID:
    """Work out the identifier of something in the sample."""
    return derived_id(kind, SOURCE_SYSTEM, SOURCE_COLLECTION, key)


def offer_intents(
    content: SampleOffers, ideas: Mapping[str, SampleIdea], steps: Mapping[str, int], now: datetime
) -> Iterator[Intent]:
    """Give everything that is done for organisations, needs and offers; `steps` counts what each idea went through."""
    for organisation in content.organisations:
        yield from _organisation(organisation, content, now)
    for idea_key in dict.fromkeys(need.idea for need in content.needs):
        of_idea = [need for need in content.needs if need.idea == idea_key]
        for version, need in enumerate(of_idea, start=steps[idea_key] + 1):
            yield _need(need, ideas[idea_key], version, now)
    for offer in content.offers:
        needs = [need for need in content.needs if need.idea == offer.idea]
        yield from _offer(offer, ideas[offer.idea], needs, now)


def _organisation(organisation: SampleOrganisation, content: SampleOffers, now: datetime) -> Iterator[Intent]:
    identifier, admin = sample_id("organisation", organisation.key), sample_id("person", organisation.admin)
    at = now - timedelta(days=organisation.days_ago)
    stream = organisation_stream(identifier)
    registered = RegisterOrganisation(
        organisation_id=identifier, person_id=admin, name=organisation.name, roles=("offers",), now=at
    )
    # Registering is two events, the organisation and its first administrator, of which the first is looked for.
    yield Intent(stream, 1, ORGANISATION, registered, Metadata(command="RegisterOrganisation", actor=admin))
    acting = {offer.by for offer in content.offers if offer.organisation == organisation.key}
    for version, key in enumerate(sorted(acting - {organisation.admin}), start=3):
        added = AddMember(
            organisation_id=identifier,
            person_id=sample_id("person", key),
            roles=("offers",),
            invited_by=admin,
            now=at + timedelta(hours=version),
        )
        yield Intent(stream, version, ORGANISATION, added, Metadata(command="AddMember", actor=admin))


def _need(need: SampleNeed, idea: SampleIdea, version: int, now: datetime) -> Intent:
    idea_id, author = sample_id("idea", idea.key), sample_id("person", idea.author)
    command = AddNeed(
        idea_id=idea_id,
        person_id=author,
        is_steward=False,
        need_id=sample_id("need", need.key),
        need=Need(
            kind=need.kind,
            title=need.title,
            description=need.description,
            size=need.size,
            cost=_pounds(need.cost),
        ),
        now=now - timedelta(days=need.days_ago),
    )
    return Intent(idea_stream(idea_id), version, NEEDS, command, Metadata(command="AddNeed", actor=author))


def _offer(offer: SampleOffer, idea: SampleIdea, needs: list[SampleNeed], now: datetime) -> Iterator[Intent]:
    author, maker = sample_id("person", idea.author), sample_id("person", offer.by)
    at_hand = IdeaAtHand(
        is_open=True,
        needs=frozenset(sample_id("need", need.key) for need in needs),
        speakers=frozenset({author}),
    )
    offer_id = sample_id("offer", offer.key)
    organisation_id = sample_id("organisation", offer.organisation) if offer.organisation else None
    commands: list[tuple[UUID, OfferCommand]] = [
        (
            maker,
            MakeOffer(
                offer_id=offer_id,
                idea_id=sample_id("idea", offer.idea),
                person_id=maker,
                organisation_id=organisation_id,
                part=_part(offer),
                idea=at_hand,
                now=now - timedelta(days=offer.days_ago),
            ),
        )
    ]
    if (answer := offer.answer) is not None:
        at = now - timedelta(days=answer.days_ago)
        answered: OfferCommand
        if answer.declined is not None:
            answered = DeclineOffer(
                offer_id=offer_id, person_id=author, idea=at_hand, reason=answer.declined, now=at
            )
        else:
            standing = answer.standing or "chosen"
            answered = AcceptOffer(
                offer_id=offer_id, person_id=author, idea=at_hand, standing=standing, now=at
            )
        commands.append((author, answered))
        if answer.delivered_days_ago is not None:
            delivered = DeliverOffer(
                offer_id=offer_id,
                person_id=maker,
                represents=organisation_id,
                idea=at_hand,
                link=answer.link,
                now=now - timedelta(days=answer.delivered_days_ago),
            )
            commands.append((maker, delivered))
    for version, (actor, command) in enumerate(commands, start=1):
        metadata = Metadata(command=type(command).__name__, actor=actor)
        yield Intent(offer_stream(offer_id), version, OFFER, command, metadata)


def _part(offer: SampleOffer) -> OfferedPart:
    service = offer.service
    return OfferedPart(
        needs=tuple(sample_id("need", key) for key in offer.needs),
        kind=offer.kind,
        title=offer.title,
        description=offer.description,
        runs_at=offer.runs_at,
        users=offer.users,
        running_since=offer.running_since,
        cost_to_adapt=_pounds(offer.cost_to_adapt),
        weeks_to_adapt=offer.weeks_to_adapt,
        licence=offer.licence,
        links=offer.links,
        service_name=service.name if service else "",
        service_languages=service.languages if service else "",
        service_eligibility=service.eligibility if service else "",
        service_fees=service.fees if service else "",
        service_schedule=service.schedule if service else "",
    )


def _pounds(pence: int | None) -> Money | None:
    return None if pence is None else Money(amount_minor=pence, currency="GBP")
