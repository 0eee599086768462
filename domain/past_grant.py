"""A past grant is recorded once, as its funder published it, and stays as it was."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from domain.decider import Command, Decider, DomainError
from events.contracts import Money, PastGrantEvent, PastGrantRecorded


class RecordPastGrant(Command, frozen=True, kw_only=True):
    """Record a grant; `now` is when it was awarded."""

    grant_id: UUID
    funder_id: UUID
    funder_org_id: str
    funder_name: str
    identifier: str
    amount: Money
    title: str = ""
    description: str = ""
    recipient_id: str | None = None
    recipient_name: str | None = None
    to_individual: bool = False
    places: tuple[str, ...] = ()


PastGrantCommand: TypeAlias = RecordPastGrant


class Unrecorded(Struct, frozen=True):
    """Nothing is known of the grant."""


class Recorded(Struct, frozen=True):
    """The grant is known."""


PastGrantState: TypeAlias = Unrecorded | Recorded


class GrantAmountError(DomainError):
    """A grant is of some money; an amount below nothing is a mistake."""


class GrantToAPersonError(DomainError):
    """Of a grant to a person nothing may be kept that could tell who it was."""


def decide(command: PastGrantCommand, state: PastGrantState) -> Sequence[PastGrantEvent]:
    """Decide what a command about a past grant causes."""
    if isinstance(state, Recorded):
        return []
    if command.amount.amount_minor < 0:
        raise GrantAmountError
    tells = (command.recipient_id, command.recipient_name, command.title, command.description)
    if command.to_individual and any(tells):
        raise GrantToAPersonError
    return [
        PastGrantRecorded(
            grant_id=command.grant_id,
            funder_id=command.funder_id,
            funder_org_id=command.funder_org_id,
            funder_name=command.funder_name,
            identifier=command.identifier,
            amount=command.amount,
            title=command.title,
            description=command.description,
            recipient_id=command.recipient_id,
            recipient_name=command.recipient_name,
            to_individual=command.to_individual,
            places=command.places,
            occurred_at=command.now,
        )
    ]


def evolve(_state: PastGrantState, _event: PastGrantEvent) -> PastGrantState:
    """Work out the grant after an event."""
    return Recorded()


PAST_GRANT: Decider[PastGrantCommand, PastGrantState, PastGrantEvent] = Decider(decide, evolve, Unrecorded())
