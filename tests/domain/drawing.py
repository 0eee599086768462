"""Commands, states and events of every aggregate drawn from a few values, so that they often meet."""

from datetime import timedelta
from types import UnionType
from typing import get_args

from hypothesis import strategies as st

from domain import (
    organisation,
)
from domain.endpoint import Paused, SigningKey, Subscription
from domain.needs import Need
from domain.offer import IdeaAtHand, OfferedPart
from domain.statement import Statement
from domain.vote import Ballot
from events.contracts import (
    MatchReason,
    Money,
    PledgeConditions,
    Thresholds,
    VotingRules,
)
from tests.domain.cast import ADA, BEN, CAFE, CLEO, COMMONS, NOON, OTHER_TEXTS, TEXTS

people = st.sampled_from([ADA, BEN, CLEO])
moments = st.sampled_from([NOON + timedelta(hours=hours) for hours in range(6)])
reasons = st.sampled_from(["", "Because."])
texts = st.sampled_from([TEXTS, OTHER_TEXTS])
rules = st.builds(
    VotingRules,
    support_threshold=st.integers(-1, 3),
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
)
pounds = st.integers(-1, 3).map(lambda minor: Money(amount_minor=minor, currency="GBP"))
statements = st.builds(
    Statement,
    title=st.just("Buses"),
    ticket_min=pounds,
    ticket_max=pounds,
    budget=pounds,
    opens_at=moments,
    closes_at=moments,
)
subscriptions = st.builds(
    Subscription,
    url=st.sampled_from(["https://a.example.org/", "https://b.example.org/"]),
    types=st.sampled_from([(), ("*",)]),
    ordered=st.booleans(),
)
FIELDS = {
    "mandate_id": st.just(COMMONS),
    "pledge_id": people,
    "pool_id": people,
    "published_by": people,
    "statement": statements,
    "amount": pounds,
    "grant_id": people,
    "funder_id": people,
    "funder_org_id": st.just("GB-CHC-1"),
    "funder_name": st.just("Trust"),
    "identifier": st.just("360G-1"),
    "recipient_id": st.none() | st.just("GB-CHC-2"),
    "recipient_name": st.none() | st.just("Society"),
    "to_individual": st.booleans(),
    "keep_minor": st.integers(0, 3),
    "budget": pounds,
    "ticket_min": pounds,
    "ticket_max": pounds,
    "opens_at": moments,
    "closes_at": moments,
    "revision": st.integers(1, 4),
    "score": st.integers(0, 100),
    "reasons": st.sampled_from([(), (MatchReason(part="theme", points=35),)]),
    "stages": st.just(()),
    "terms": reasons,
    "mode": st.sampled_from(["notify", "pledge"]),
    "thresholds": st.just(Thresholds()),
    "conditions": st.just(PledgeConditions()),
    "veto_hours": st.just(24),
    "expired": st.booleans(),
    "how": st.sampled_from(["email", "oidc", "invitation", "passkey", "age"]),
    "now": moments,
    "since": moments,
    "until": moments,
    "before": st.integers(0, 3),
    "verified_votes": st.integers(0, 12),
    "quarantine_id": st.just(COMMONS),
    "organisation_id": st.just(COMMONS),
    "by": people,
    "invited_by": people,
    "removed_by": people,
    "registered_by": people,
    "roles": st.lists(st.sampled_from(organisation.ROLES), max_size=3).map(tuple),
    "org_id": st.none(),
    "website": st.none() | st.just("https://dale.example.org/"),
    "people": st.lists(people, max_size=4).map(tuple),
    "idea_ids": st.just((CAFE,)),
    "signal": st.sampled_from(["timing", "by_hand"]),
    "occurred_at": moments,
    "cast_at": moments,
    "person_id": people,
    "author_id": people,
    "idea_id": st.just(CAFE),
    "community_id": st.just(COMMONS),
    "reason": reasons,
    "texts": texts,
    "rules": rules,
    "slug": st.just("commons"),
    "name": st.just("Commons"),
    "origin": st.sampled_from(["account", "import", "sample"]),
    "source": st.none(),
    "ballot": st.builds(
        Ballot, author_id=st.just(ADA), idea_is_open=st.booleans(), voting_is_running=st.booleans()
    ),
    "closed_by": people,
    "launched_by": people,
    "link": st.just("https://service.example.org/"),
    "note": reasons,
    "need_id": st.sampled_from([ADA, BEN]),
    "need_ids": st.permutations([ADA, BEN]).map(tuple),
    "kind": st.sampled_from(["software", "people"]),
    "description": reasons,
    "is_steward": st.booleans(),
    "need": st.builds(Need, kind=st.just("software"), title=reasons),
    "size": reasons,
    "cost": st.none() | st.just(Money(amount_minor=1, currency="GBP")),
    "title": reasons,
    "problem": reasons,
    "proposal": reasons,
    "beneficiaries": reasons,
    "themes": st.just(()),
    "places": st.just(("GB",)),
    "ask": st.none() | st.just(Money(amount_minor=1, currency="GBP")),
    "offer_id": st.just(COMMONS),
    "made_by": people,
    "accepted_by": people,
    "declined_by": people,
    "withdrawn_by": people,
    "delivered_by": people,
    "represents": st.none() | st.just(COMMONS),
    "standing": st.sampled_from(["chosen", "reserve"]),
    "part": st.builds(
        OfferedPart,
        needs=st.sampled_from([(), (CAFE,), (CAFE, COMMONS)]),
        kind=st.just("software"),
        title=reasons,
        description=st.just(""),
    ),
    "idea": st.builds(
        IdeaAtHand,
        is_open=st.booleans(),
        needs=st.sampled_from([frozenset(), frozenset({CAFE}), frozenset({CAFE, COMMONS})]),
        speakers=st.just(frozenset({ADA})),
    ),
    "needs": st.just((CAFE,)),
    "runs_at": reasons,
    "users": reasons,
    "running_since": st.none(),
    "cost_to_adapt": st.none() | st.just(Money(amount_minor=1, currency="GBP")),
    "weeks_to_adapt": st.none() | st.just(6),
    "licence": reasons,
    "links": st.just(()),
    "service_name": reasons,
    "service_description": reasons,
    "service_url": reasons,
    "service_languages": reasons,
    "service_eligibility": reasons,
    "service_fees": reasons,
    "service_schedule": reasons,
    "endpoint_id": st.just(COMMONS),
    "subscription": subscriptions,
    "url": st.sampled_from(["https://a.example.org/", "https://b.example.org/"]),
    "types": st.sampled_from([("*",), ("Idea*", "VoteCast")]),
    "format": st.sampled_from(["standard", "cloudevents_binary"]),
    "filter": st.just(""),
    "ordered": st.booleans(),
    "key_id": people,
    "public_key": st.just("whpk_AA=="),
    "keys": st.builds(
        SigningKey, key_id=people, public_key=st.just("whpk_AA=="), until=st.none() | moments
    ).map(lambda key: (key,)),
    "proof": st.sampled_from(["handshake", "challenge", "callback"]),
    "moves": st.integers(0, 3),
    "rate_per_minute": st.none() | st.just(60),
    "overlap": st.sampled_from([timedelta(), timedelta(hours=1), timedelta(days=8)]),
    "old_until": moments,
    "cause": st.sampled_from(["asked", "gone"]),
    "after": st.integers(-1, 9),
    "paused": st.none() | st.just(Paused(cause="asked", after=3)),
    "revised_by": people,
    "rotated_by": people,
    "paused_by": st.none() | people,
    "resumed_by": people,
}


def kinds(alias: object) -> tuple[type, ...]:
    """List the members of a union, which may have one only."""
    return get_args(alias) if isinstance(alias, UnionType) else (alias,)


def drawn(alias: object) -> st.SearchStrategy:
    """Draw one of the union's members, its fields from the few values above."""
    return st.one_of(
        *(st.builds(kind, **{name: FIELDS[name] for name in kind.__struct_fields__}) for kind in kinds(alias))
    )
