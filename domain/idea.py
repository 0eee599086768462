"""An idea is logged by its author in a community, revised, and withdrawn and reopened if need be."""

from collections.abc import Sequence
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    IdeaClosed,
    IdeaEvent,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    Money,
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    ServiceLaunched,
    Source,
)


class IdeaTexts(Struct, frozen=True, kw_only=True):
    """What an author says about an idea."""

    title: str
    problem: str
    proposal: str
    beneficiaries: str
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ask: Money | None = None


class LogIdea(Command, frozen=True, kw_only=True):
    """Log an idea."""

    idea_id: UUID
    community_id: UUID
    author_id: UUID
    texts: IdeaTexts
    source: Source | None = None


class ReviseIdea(Command, frozen=True, kw_only=True):
    """Replace the idea's texts."""

    idea_id: UUID
    person_id: UUID
    texts: IdeaTexts
    reason: str = ""


class WithdrawIdea(Command, frozen=True, kw_only=True):
    """Take the idea back."""

    idea_id: UUID
    person_id: UUID
    reason: str


class ReopenIdea(Command, frozen=True, kw_only=True):
    """Open a withdrawn idea again."""

    idea_id: UUID
    person_id: UUID
    reason: str = ""


IdeaCommand: TypeAlias = LogIdea | ReviseIdea | WithdrawIdea | ReopenIdea


class NotLogged(Struct, frozen=True):
    """No idea yet."""


class Open(Struct, frozen=True, kw_only=True):
    """An idea that can be supported and revised."""

    idea_id: UUID
    community_id: UUID
    author_id: UUID
    texts: IdeaTexts


class Withdrawn(Struct, frozen=True, kw_only=True):
    """An idea its author took back."""

    idea: Open


IdeaState: TypeAlias = NotLogged | Open | Withdrawn


class IdeaUnknownError(DomainError):
    """There is no such idea."""


class IdeaLoggedBeforeError(DomainError):
    """An idea with this identifier was logged before."""


class NotTheAuthorError(DomainError):
    """Only the person who logged an idea can change it."""


class IdeaIsWithdrawnError(DomainError):
    """This idea was withdrawn; reopen it first."""


def decide(command: IdeaCommand, state: IdeaState) -> Sequence[IdeaEvent]:
    """Decide what a command about an idea causes."""
    match state:
        case NotLogged():
            return _decide_logging(command)
        case Open():
            return _decide_open(command, state)
        case Withdrawn():
            return _decide_withdrawn(command, state)
        case _:
            assert_never(state)


def _decide_logging(command: IdeaCommand) -> Sequence[IdeaEvent]:
    if not isinstance(command, LogIdea):
        raise IdeaUnknownError
    texts = command.texts
    return [
        IdeaLogged(
            idea_id=command.idea_id,
            community_id=command.community_id,
            author_id=command.author_id,
            title=texts.title,
            problem=texts.problem,
            proposal=texts.proposal,
            beneficiaries=texts.beneficiaries,
            themes=texts.themes,
            places=texts.places,
            ask=texts.ask,
            source=command.source,
            occurred_at=command.now,
        )
    ]


def _decide_open(command: IdeaCommand, state: Open) -> Sequence[IdeaEvent]:
    match command:
        case LogIdea():
            return _logged_again(command, state)
        case ReviseIdea(texts=texts):
            _require_author(command.person_id, state)
            if texts == state.texts:
                return []
            return [
                IdeaRevised(
                    idea_id=state.idea_id,
                    title=texts.title,
                    problem=texts.problem,
                    proposal=texts.proposal,
                    beneficiaries=texts.beneficiaries,
                    themes=texts.themes,
                    places=texts.places,
                    ask=texts.ask,
                    reason=command.reason,
                    occurred_at=command.now,
                )
            ]
        case WithdrawIdea(reason=reason):
            _require_author(command.person_id, state)
            return [IdeaWithdrawn(idea_id=state.idea_id, reason=reason, occurred_at=command.now)]
        case ReopenIdea():
            _require_author(command.person_id, state)
            return []
        case _:
            assert_never(command)


def _decide_withdrawn(command: IdeaCommand, state: Withdrawn) -> Sequence[IdeaEvent]:
    match command:
        case LogIdea():
            return _logged_again(command, state.idea)
        case ReviseIdea():
            _require_author(command.person_id, state.idea)
            raise IdeaIsWithdrawnError
        case WithdrawIdea():
            _require_author(command.person_id, state.idea)
            return []
        case ReopenIdea(reason=reason):
            _require_author(command.person_id, state.idea)
            return [IdeaReopened(idea_id=state.idea.idea_id, reason=reason, occurred_at=command.now)]
        case _:
            assert_never(command)


def _logged_again(command: LogIdea, state: Open) -> Sequence[IdeaEvent]:
    """Answer a repetition with nothing new; anybody else's claim to the identifier is refused."""
    if command.author_id != state.author_id:
        raise IdeaLoggedBeforeError
    return []


def _require_author(person_id: UUID, state: Open) -> None:
    if person_id != state.author_id:
        raise NotTheAuthorError


def evolve(state: IdeaState, event: IdeaEvent) -> IdeaState:
    """Work out the idea after an event."""
    match event:
        case IdeaLogged():
            return Open(
                idea_id=event.idea_id,
                community_id=event.community_id,
                author_id=event.author_id,
                texts=_texts(event),
            )
        case IdeaRevised():
            return replace(state, texts=_texts(event)) if isinstance(state, Open) else state
        case IdeaWithdrawn():
            return Withdrawn(idea=state) if isinstance(state, Open) else state
        case IdeaReopened():
            return state.idea if isinstance(state, Withdrawn) else state
        case IdeaClosed() | ServiceLaunched() | NeedAdded() | NeedRevised() | NeedRemoved() | NeedsOrdered():
            return state
        case _:
            assert_never(event)


def _texts(event: IdeaLogged | IdeaRevised) -> IdeaTexts:
    return IdeaTexts(
        title=event.title,
        problem=event.problem,
        proposal=event.proposal,
        beneficiaries=event.beneficiaries,
        themes=event.themes,
        places=event.places,
        ask=event.ask,
    )


IDEA: Decider[IdeaCommand, IdeaState, IdeaEvent] = Decider(decide, evolve, NotLogged())
