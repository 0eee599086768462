"""Streams `endpoint-<id>`: where another program wants to hear of events, and what it wants to hear."""

from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event, TextOfEndpoint, UTCDateTime

EndpointFormat: TypeAlias = Literal["standard", "cloudevents_binary", "cloudevents_structured"]
"""How events are written for an endpoint: as Standard Webhooks say, or as CloudEvents 1.0 in one of its two modes."""

EndpointProof: TypeAlias = Literal["handshake", "challenge", "callback"]
"""How an endpoint agreed: by the CloudEvents handshake (OPTIONS), by giving back the challenge it was sent, or later at the
address it was given with the handshake."""

PauseCause: TypeAlias = Literal["asked", "exhausted", "gone", "receiver"]
"""Why nothing is sent to an endpoint: somebody in charge asked for it, an event could not be delivered in all its
attempts, the endpoint answered that it is gone (410), or it asked not to be sent anything any more."""


class EndpointRegistered(Event, frozen=True, kw_only=True):
    """Somebody, for themselves or for an organisation, wants events sent to an address.

    `types` are names of event types, or beginnings of names followed by a star. `filter` is the condition on an event
    as JSON, or empty; `ordered` says that an event waits for those of its stream that came before it. What is sent is
    signed with the key `key_id`, whose public half is `public_key`.
    """

    endpoint_id: UUID
    registered_by: UUID
    url: TextOfEndpoint
    types: tuple[str, ...]
    key_id: UUID
    public_key: str
    organisation_id: UUID | None = None
    format: EndpointFormat = "standard"
    filter: TextOfEndpoint = ""
    ordered: bool = False


class EndpointVerified(Event, frozen=True, kw_only=True):
    """Whoever is at the address agreed to be sent events, at most so many a minute if a number is named."""

    endpoint_id: UUID
    proof: EndpointProof
    rate_per_minute: int | None = None


class EndpointRevised(Event, frozen=True, kw_only=True):
    """An endpoint is like this from now on; at another address it has to agree again."""

    endpoint_id: UUID
    revised_by: UUID
    url: TextOfEndpoint
    types: tuple[str, ...]
    format: EndpointFormat = "standard"
    filter: TextOfEndpoint = ""
    ordered: bool = False


class SecretRotated(Event, frozen=True, kw_only=True):
    """What is sent to an endpoint is signed with a new key; until a moment with the keys before it as well."""

    endpoint_id: UUID
    rotated_by: UUID
    key_id: UUID
    public_key: str
    old_until: UTCDateTime


class EndpointPaused(Event, frozen=True, kw_only=True):
    """Nothing more is sent to an endpoint; everything after a position of the log is still to come."""

    endpoint_id: UUID
    cause: PauseCause
    after: int
    paused_by: UUID | None = None


class EndpointResumed(Event, frozen=True, kw_only=True):
    """Events are sent to an endpoint again, beginning after a position of the log."""

    endpoint_id: UUID
    resumed_by: UUID
    after: int


class EndpointRemoved(Event, frozen=True, kw_only=True):
    """An endpoint is sent nothing more, for ever."""

    endpoint_id: UUID
    removed_by: UUID


EndpointEvent: TypeAlias = (
    EndpointRegistered
    | EndpointVerified
    | EndpointRevised
    | SecretRotated
    | EndpointPaused
    | EndpointResumed
    | EndpointRemoved
)
