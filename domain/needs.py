"""What an idea still lacks is named, described anew, put in order, and removed when it is there or was never needed.

The needs stand in their idea's own stream, so that nobody can name one for an idea that ended a moment ago.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from domain.idea import IdeaIsClosedError, IdeaIsWithdrawnError, IdeaUnknownError, NotInChargeError
from events.contracts import (
    IdeaClosed,
    IdeaEvent,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    Money,
    NeedAdded,
    NeedKind,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    ServiceLaunched,
)

NEEDS_MAX = 1_000
"""How many needs an idea can have at once."""


class Need(Struct, frozen=True, kw_only=True):
    """A part that an idea lacks; `size` and `cost` are estimates."""

    kind: NeedKind
    title: str
    description: str = ""
    size: str = ""
    cost: Money | None = None


class AddNeed(Command, frozen=True, kw_only=True):
    """Name a part that the idea lacks."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    need_id: UUID
    need: Need


class ReviseNeed(Command, frozen=True, kw_only=True):
    """Describe a need anew."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    need_id: UUID
    need: Need


class RemoveNeed(Command, frozen=True, kw_only=True):
    """Say that the idea does not lack a part any more, or never did."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    need_id: UUID
    reason: str


class OrderNeeds(Command, frozen=True, kw_only=True):
    """Put the needs in an order; all of them are named."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    need_ids: tuple[UUID, ...]


NeedsCommand: TypeAlias = AddNeed | ReviseNeed | RemoveNeed | OrderNeeds


class NoIdea(Struct, frozen=True):
    """No idea yet, and so nothing that it lacks."""


class Needs(Struct, frozen=True, kw_only=True):
    """What an idea lacks, in order, and what was removed; `ended` says how the idea ended, if it has."""

    author_id: UUID
    order: tuple[UUID, ...] = ()
    needs: dict[UUID, Need] = {}
    removed: frozenset[UUID] = frozenset()
    ended: Literal["withdrawn", "closed"] | None = None


NeedsState: TypeAlias = NoIdea | Needs


class NeedUnknownError(DomainError):
    """The idea has no such need."""


class NeedAddedBeforeError(DomainError):
    """A need with this identifier was named before."""


class TooManyNeedsError(DomainError):
    """An idea can have at most 1,000 needs; remove one first."""


class NeedsOutOfDateError(DomainError):
    """The order must name every need of the idea once; read the needs again, then order them."""


def decide(command: NeedsCommand, state: NeedsState) -> Sequence[IdeaEvent]:
    """Decide what a command about an idea's needs causes."""
    if isinstance(state, NoIdea):
        raise IdeaUnknownError
    if command.person_id != state.author_id and not command.is_steward:
        raise NotInChargeError
    _require_open(state)
    match command:
        case AddNeed():
            return _add(command, state)
        case ReviseNeed():
            return _revise(command, state)
        case RemoveNeed():
            return _remove(command, state)
        case OrderNeeds():
            return _order(command, state)
        case _:
            assert_never(command)


def _require_open(state: Needs) -> None:
    match state.ended:
        case "withdrawn":
            raise IdeaIsWithdrawnError
        case "closed":
            raise IdeaIsClosedError
        case None:
            return
        case _:
            assert_never(state.ended)


def _add(command: AddNeed, state: Needs) -> Sequence[IdeaEvent]:
    need_id, need = command.need_id, command.need
    if state.needs.get(need_id) == need:
        return []
    if need_id in state.needs or need_id in state.removed:
        raise NeedAddedBeforeError
    if len(state.needs) >= NEEDS_MAX:
        raise TooManyNeedsError
    return [
        NeedAdded(
            idea_id=command.idea_id,
            need_id=need_id,
            kind=need.kind,
            title=need.title,
            description=need.description,
            size=need.size,
            cost=need.cost,
            occurred_at=command.now,
        )
    ]


def _revise(command: ReviseNeed, state: Needs) -> Sequence[IdeaEvent]:
    need_id, need = command.need_id, command.need
    if need_id not in state.needs:
        raise NeedUnknownError
    if state.needs[need_id] == need:
        return []
    return [
        NeedRevised(
            idea_id=command.idea_id,
            need_id=need_id,
            kind=need.kind,
            title=need.title,
            description=need.description,
            size=need.size,
            cost=need.cost,
            occurred_at=command.now,
        )
    ]


def _remove(command: RemoveNeed, state: Needs) -> Sequence[IdeaEvent]:
    need_id = command.need_id
    if need_id in state.removed:
        return []
    if need_id not in state.needs:
        raise NeedUnknownError
    return [
        NeedRemoved(idea_id=command.idea_id, need_id=need_id, reason=command.reason, occurred_at=command.now)
    ]


def _order(command: OrderNeeds, state: Needs) -> Sequence[IdeaEvent]:
    if command.need_ids == state.order:
        return []
    if sorted(command.need_ids) != sorted(state.order):
        raise NeedsOutOfDateError
    return [NeedsOrdered(idea_id=command.idea_id, need_ids=command.need_ids, occurred_at=command.now)]


def evolve(state: NeedsState, event: IdeaEvent) -> NeedsState:
    """Work out the needs after an event."""
    if isinstance(event, IdeaLogged):
        return Needs(author_id=event.author_id)
    if isinstance(state, NoIdea):
        return state
    match event:
        case NeedAdded(need_id=need_id):
            order = (*state.order, need_id) if need_id not in state.needs else state.order
            return replace(state, order=order, needs={**state.needs, need_id: _need(event)})
        case NeedRevised(need_id=need_id):
            known = need_id in state.needs
            return replace(state, needs={**state.needs, need_id: _need(event)}) if known else state
        case NeedRemoved(need_id=need_id):
            return _without(state, need_id)
        case NeedsOrdered(need_ids=need_ids):
            return replace(state, order=need_ids) if sorted(need_ids) == sorted(state.order) else state
        case IdeaWithdrawn():
            return replace(state, ended="withdrawn")
        case IdeaClosed():
            return replace(state, ended="closed")
        case IdeaReopened():
            return replace(state, ended=None)
        case IdeaRevised() | ServiceLaunched():
            return state
        case _:
            assert_never(event)


def _need(event: NeedAdded | NeedRevised) -> Need:
    return Need(
        kind=event.kind,
        title=event.title,
        description=event.description,
        size=event.size,
        cost=event.cost,
    )


def _without(state: Needs, need_id: UUID) -> Needs:
    return replace(
        state,
        order=tuple(other for other in state.order if other != need_id),
        needs={other: need for other, need in state.needs.items() if other != need_id},
        removed=state.removed | {need_id},
    )


NEEDS: Decider[NeedsCommand, NeedsState, IdeaEvent] = Decider(decide, evolve, NoIdea())
