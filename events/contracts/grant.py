"""Streams `grant-<id>`: what a funder gave elsewhere, as it published it: a fact about the funder, not of this service."""

from typing import TypeAlias
from uuid import UUID

from events.contracts.base import Event, Money, TextOfGrant


class PastGrantRecorded(Event, frozen=True, kw_only=True):
    """A grant that a funder published was brought in; it was awarded when it occurred.

    The grant is known by the identifier its publisher gave it. The funder is known by its org-id, whether or not it is
    registered here. `recipient_id` and `recipient_name` are of an organisation; of a grant to a person nothing is kept
    that could tell who it was, and it says `to_individual`.
    """

    grant_id: UUID
    funder_id: UUID
    funder_org_id: str
    funder_name: str
    identifier: str
    amount: Money
    title: TextOfGrant = ""
    description: TextOfGrant = ""
    recipient_id: str | None = None
    recipient_name: str | None = None
    to_individual: bool = False
    places: tuple[str, ...] = ()


PastGrantEvent: TypeAlias = PastGrantRecorded
