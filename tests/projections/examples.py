"""Events short to write in a test: a community, its ideas, and people who support them."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from events.contracts import (
    AnyEvent,
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    MandateMatched,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    Money,
    OrganisationRegistered,
    OrganisationRevised,
    OrganisationRole,
    PastGrantRecorded,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    PledgeAbandoned,
    PledgeMade,
    QuarantineExtended,
    QuarantineLifted,
    Signal,
    StewardAppointed,
    StewardRemoved,
    SupportReached,
    VerifiedHow,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
    VotingRules,
)
from events.envelope import Append, Metadata
from events.streams import (
    community_id,
    community_stream,
    endpoint_stream,
    grant_stream,
    idea_stream,
    mandate_stream,
    match_stream,
    offer_stream,
    organisation_stream,
    person_stream,
    pool_stream,
    quarantine_stream,
    support_stream,
    vote_stream,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COMMONS = community_id("commons")
AUTHOR = uuid5(COMMONS, "author")
THRESHOLD = 3


def days(count: float) -> timedelta:
    """Give a span of days."""
    return timedelta(days=count)


def idea_id(number: int = 1) -> UUID:
    """Make the identifier of the idea with this number."""
    return uuid5(COMMONS, f"idea {number}")


def person_id(number: int) -> UUID:
    """Make the identifier of the person with this number."""
    return uuid5(COMMONS, f"person {number}")


def opened(
    slug: str = "commons", *, name: str = "The commons", threshold: int = THRESHOLD, at: datetime = NOON
) -> CommunityOpened:
    """Open a community."""
    rules = VotingRules(support_threshold=threshold)
    return CommunityOpened(community_id=community_id(slug), slug=slug, name=name, rules=rules, occurred_at=at)


def rules_set(threshold: int, *, slug: str = "commons", at: datetime = NOON) -> CommunityRulesSet:
    """Set a community's threshold."""
    rules = VotingRules(support_threshold=threshold)
    return CommunityRulesSet(
        community_id=community_id(slug), rules=rules, reason="Agreed in May.", occurred_at=at
    )


def joined(number: int = 1, *, at: datetime = NOON) -> PersonJoined:
    """Make a person known."""
    return PersonJoined(person_id=person_id(number), origin="sample", occurred_at=at)


def logged(number: int = 1, *, slug: str = "commons", at: datetime = NOON, **texts: object) -> IdeaLogged:
    """Log an idea; whatever is not said is plain."""
    said = {
        "title": f"Idea {number}",
        "problem": "Something is missing.",
        "proposal": "Put it there.",
        "beneficiaries": "Neighbours.",
        "themes": (),
        "places": (),
        **texts,
    }
    return IdeaLogged(
        idea_id=idea_id(number), community_id=community_id(slug), author_id=AUTHOR, occurred_at=at, **said
    )


def revised(number: int = 1, *, at: datetime = NOON, **texts: object) -> IdeaRevised:
    """Revise an idea; whatever is not said is plain."""
    said = {
        "title": f"Idea {number}, revised",
        "problem": "Something is still missing.",
        "proposal": "Put it there soon.",
        "beneficiaries": "Neighbours and guests.",
        "themes": (),
        "places": (),
        "reason": "Clearer now.",
        **texts,
    }
    return IdeaRevised(idea_id=idea_id(number), occurred_at=at, **said)


def withdrawn(number: int = 1, *, at: datetime = NOON, reason: str = "Done elsewhere.") -> IdeaWithdrawn:
    """Withdraw an idea."""
    return IdeaWithdrawn(idea_id=idea_id(number), reason=reason, occurred_at=at)


def reopened(number: int = 1, *, at: datetime = NOON, reason: str = "Needed after all.") -> IdeaReopened:
    """Open an idea again."""
    return IdeaReopened(idea_id=idea_id(number), reason=reason, occurred_at=at)


def vote(person: int = 1, *, idea: int = 1, at: datetime = NOON) -> VoteCast:
    """Support an idea."""
    return VoteCast(idea_id=idea_id(idea), person_id=person_id(person), occurred_at=at)


def votes(count: int, *, idea: int = 1, at: datetime = NOON) -> list[VoteCast]:
    """Support an idea as several people at once."""
    return [vote(person, idea=idea, at=at) for person in range(1, count + 1)]


def vote_withdrawn(
    person: int = 1, *, idea: int = 1, cast_at: datetime = NOON, at: datetime = NOON
) -> VoteWithdrawn:
    """Take support back."""
    return VoteWithdrawn(idea_id=idea_id(idea), person_id=person_id(person), cast_at=cast_at, occurred_at=at)


def verified(person: int = 1, how: VerifiedHow = "email", *, at: datetime = NOON) -> PersonVerified:
    """Verify a person in some way."""
    return PersonVerified(person_id=person_id(person), how=how, occurred_at=at)


def quarantine_id(number: int = 1) -> UUID:
    """Make the identifier of the quarantine with this number."""
    return uuid5(COMMONS, f"quarantine {number}")


def set_aside(
    *people: int, number: int = 1, signal: Signal = "shared_network", idea: int = 1, at: datetime = NOON
) -> VotesQuarantined:
    """Set aside the votes of some people."""
    return VotesQuarantined(
        quarantine_id=quarantine_id(number),
        people=tuple(map(person_id, people)),
        signal=signal,
        reason="They came all at once.",
        idea_ids=(idea_id(idea),),
        since=at,
        until=at,
        occurred_at=at,
    )


def also_set_aside(*people: int, number: int = 1, at: datetime = NOON) -> QuarantineExtended:
    """Set aside the votes of more people of the same wave."""
    return QuarantineExtended(
        quarantine_id=quarantine_id(number), people=tuple(map(person_id, people)), until=at, occurred_at=at
    )


def lifted(number: int = 1, *, at: datetime = NOON) -> QuarantineLifted:
    """Let the votes of a quarantine count again."""
    return QuarantineLifted(quarantine_id=quarantine_id(number), reason="It was an open day.", occurred_at=at)


def organisation_id(number: int = 1) -> UUID:
    """Make the identifier of the organisation with this number."""
    return uuid5(COMMONS, f"organisation {number}")


def registered(
    number: int = 1, *, name: str = "", org_id: str | None = None, at: datetime = NOON
) -> OrganisationRegistered:
    """Register an organisation; whatever is not said is plain."""
    return OrganisationRegistered(
        organisation_id=organisation_id(number),
        name=name or f"Organisation {number}",
        registered_by=AUTHOR,
        org_id=org_id,
        website="https://organisation.example.org/",
        occurred_at=at,
    )


def member(
    person: int = 1,
    *roles: OrganisationRole,
    organisation: int = 1,
    at: datetime = NOON,
) -> MemberAdded:
    """Take a person into an organisation."""
    return MemberAdded(
        organisation_id=organisation_id(organisation),
        person_id=person_id(person),
        roles=("member", *roles),
        occurred_at=at,
    )


pounds = partial(Money, currency="GBP")


def stream_of(event: AnyEvent) -> str:
    """Name the stream an event belongs to."""
    match event:
        case VoteCast() | VoteWithdrawn():
            return vote_stream(event.idea_id, event.person_id)
        case PersonJoined() | PersonProfileRevised() | PersonVerified():
            return person_stream(event.person_id)
        case (
            OrganisationRegistered()
            | OrganisationRevised()
            | MemberAdded()
            | MemberRoleChanged()
            | MemberRemoved()
        ):
            return organisation_stream(event.organisation_id)
        case VotesQuarantined() | QuarantineExtended() | QuarantineLifted():
            return quarantine_stream(event.quarantine_id)
        case CommunityOpened() | CommunityRulesSet() | VotingPaused() | VotingResumed():
            return community_stream(event.community_id)
        case StewardAppointed() | StewardRemoved():
            return community_stream(event.community_id)
        case SupportReached():
            return support_stream(event.idea_id)
        case MandateMatched():
            return match_stream(event.mandate_id, event.idea_id)
        case PastGrantRecorded():
            return grant_stream(event.grant_id)
        case _:
            return _stream_of_funding(event)


def _stream_of_funding(event: AnyEvent) -> str:
    # An event of a pool or an offer names its idea too.
    for name, stream in (
        ("endpoint_id", endpoint_stream),
        ("offer_id", offer_stream),
        ("mandate_id", mandate_stream),
        ("pool_id", pool_stream),
        ("idea_id", idea_stream),
    ):
        if name == "mandate_id" and isinstance(event, PledgeMade | PledgeAbandoned):
            continue
        if (identifier := getattr(event, name, None)) is not None:
            return stream(identifier)
    raise AssertionError(f"{type(event).__name__} belongs to no stream.")


def requests(*events: AnyEvent, actor: UUID | None = AUTHOR) -> list[Append]:
    """Make the requests that append events in this order."""
    cause = Metadata(command="Example", actor=actor)
    return [Append(stream=stream_of(event), events=[event], metadata=cause) for event in events]
