"""Names of streams and the identifiers behind them.

A stream is named `<category>-<uuid>`. An identifier that must come out the same wherever it is
worked out (a vote by idea and person, a community by its short name, an
organisation by its org-id) is a UUIDv5, all others are
UUIDv7, whose order in time keeps indexes growing at one edge.
"""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

_NAMESPACE = UUID("2f6d1c9e-6c0b-5b7e-9c53-0b7f5a3c1d42")


def new_id() -> UUID:
    """Make a fresh identifier (UUIDv7, RFC 9562)."""
    return uuid7()


def derived_id(*parts: str) -> UUID:
    """Work out the identifier that belongs to these words, the same each time (UUIDv5, RFC 9562)."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))


def community_id(slug: str) -> UUID:
    """Work out a community's identifier from its short name."""
    return derived_id("community", slug)


def vote_id(idea_id: UUID, person_id: UUID) -> UUID:
    """Work out the one identifier a person's vote for an idea can have."""
    return uuid5(idea_id, person_id.bytes.hex())


def organisation_id(org_id: str) -> UUID:
    """Work out the identifier of the organisation with this org-id: there can be one only."""
    return derived_id("organisation", org_id)


def person_stream(person_id: UUID) -> str:
    """Name the stream of a person."""
    return f"person-{person_id}"


def organisation_stream(identifier: UUID) -> str:
    """Name the stream of an organisation."""
    return f"organisation-{identifier}"


def community_stream(identifier: UUID) -> str:
    """Name the stream of a community."""
    return f"community-{identifier}"


def idea_stream(idea_id: UUID) -> str:
    """Name the stream of an idea."""
    return f"idea-{idea_id}"


def quarantine_stream(quarantine_id: UUID) -> str:
    """Name the stream of a quarantine."""
    return f"quarantine-{quarantine_id}"


def support_stream(idea_id: UUID) -> str:
    """Name the stream of the marks that an idea's verified votes passed."""
    return f"support-{idea_id}"


def vote_stream(idea_id: UUID, person_id: UUID) -> str:
    """Name the stream of a person's vote for an idea."""
    return f"vote-{vote_id(idea_id, person_id)}"


def offer_stream(offer_id: UUID) -> str:
    """Name the stream of an offer."""
    return f"offer-{offer_id}"


def mandate_stream(mandate_id: UUID) -> str:
    """Name the stream of a mandate."""
    return f"mandate-{mandate_id}"


def grant_id(identifier: str) -> UUID:
    """Work out the identifier of the past grant that its publisher calls so."""
    return derived_id("grant", identifier)


def grant_stream(identifier: UUID) -> str:
    """Name the stream of a past grant."""
    return f"grant-{identifier}"


def match_id(mandate_id: UUID, idea_id: UUID) -> UUID:
    """Work out the one identifier the match of a mandate and an idea can have."""
    return uuid5(mandate_id, idea_id.bytes.hex())


def match_stream(mandate_id: UUID, idea_id: UUID) -> str:
    """Name the stream of a match."""
    return f"match-{match_id(mandate_id, idea_id)}"


def pool_stream(pool_id: UUID) -> str:
    """Name the stream of a pool."""
    return f"pool-{pool_id}"


def endpoint_stream(endpoint_id: UUID) -> str:
    """Name the stream of an endpoint."""
    return f"endpoint-{endpoint_id}"
