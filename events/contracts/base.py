"""What every event has in common, and the values that several events carry."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

UTCDateTime: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset; a naive time is refused when it is read."""

SEALED_FOR = "sealed_for"

TextOfPerson: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "person_id"})]
"""What is personal about somebody, such as a name: the log holds it sealed with that person's key."""

TextOfIdea: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "idea_id"})]
"""Free text that people wrote into an idea or about it: the log holds it sealed with the idea's key."""

TextOfCommunity: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "community_id"})]
"""Free text that people wrote about a community: the log holds it sealed with the community's key."""

TextOfQuarantine: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "quarantine_id"})]
"""The reason somebody wrote for setting votes aside: the log holds it sealed with the quarantine's key."""


TextOfOffer: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "offer_id"})]
"""Free text that people wrote into an offer or about it: the log holds it sealed with the offer's key."""

TextOfMandate: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "mandate_id"})]
"""Free text that people wrote into a mandate or about it: the log holds it sealed with the mandate's key."""

TextOfPool: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "pool_id"})]
"""Free text that people wrote about a pool or a pledge in it: the log holds it sealed with the pool's key."""


TextOfGrant: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "grant_id"})]
"""Free text about a past grant, which may name people: the log holds it sealed with the grant's key."""

TextOfEndpoint: TypeAlias = Annotated[str, Meta(extra={SEALED_FOR: "endpoint_id"})]
"""Where an endpoint is and what it listens for, which concerns its owner alone: the log holds it sealed with the
endpoint's key, and the public log leaves it out."""


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """A fact that happened, in the past tense.

    `occurred_at` is when it happened in the world; for imported facts it lies before the moment
    the log recorded them.
    """

    occurred_at: UTCDateTime


class Money(Struct, frozen=True, kw_only=True, gc=False):
    """An amount in integer minor units (pence, cents) of an ISO 4217 currency."""

    amount_minor: int
    currency: str
