"""An idea is logged in a community, revised, launched as a service or withdrawn or closed, and reopened if need be.

What it still lacks is told in `domain.needs`, over the same stream.
"""

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


class CloseIdea(Command, frozen=True, kw_only=True):
    """Bring the idea to an end that is no success."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    reason: str


class LaunchService(Command, frozen=True, kw_only=True):
    """Say where the service is that the idea has become, or where it has moved to."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool
    link: str
    note: str = ""


class ReopenIdea(Command, frozen=True, kw_only=True):
    """Take back the end that the idea came to: withdrawn, closed or launched."""

    idea_id: UUID
    person_id: UUID
    is_steward: bool = False
    reason: str = ""


IdeaCommand: TypeAlias = LogIdea | ReviseIdea | WithdrawIdea | CloseIdea | LaunchService | ReopenIdea


class NotLogged(Struct, frozen=True):
    """No idea yet."""


class Open(Struct, frozen=True, kw_only=True):
    """An idea that can be supported and revised; `link` leads to the service it has become, if it has."""

    idea_id: UUID
    community_id: UUID
    author_id: UUID
    texts: IdeaTexts
    link: str | None = None


class Withdrawn(Struct, frozen=True, kw_only=True):
    """An idea its author took back."""

    idea: Open


class Closed(Struct, frozen=True, kw_only=True):
    """An idea that came to an end, and who said so."""

    idea: Open
    closed_by: UUID


IdeaState: TypeAlias = NotLogged | Open | Withdrawn | Closed


class IdeaUnknownError(DomainError):
    """There is no such idea."""


class IdeaLoggedBeforeError(DomainError):
    """An idea with this identifier was logged before."""


class NotTheAuthorError(DomainError):
    """Only the person who logged an idea can change it."""


class NotInChargeError(DomainError):
    """Only the idea's author and the stewards of its community can do this."""


class ClosedByStewardError(DomainError):
    """A steward closed this idea; ask a steward of its community to open it again."""


class IdeaIsWithdrawnError(DomainError):
    """This idea was withdrawn; reopen it first."""


class IdeaIsClosedError(DomainError):
    """This idea was closed; reopen it first."""


def current(state: IdeaState) -> Open:
    """Give an idea as it is, or as it was when it ended.

    Raises:
        IdeaUnknownError: there is none.
    """
    match state:
        case NotLogged():
            raise IdeaUnknownError
        case Open():
            return state
        case Withdrawn(idea=idea) | Closed(idea=idea):
            return idea
        case _:
            assert_never(state)


def decide(command: IdeaCommand, state: IdeaState) -> Sequence[IdeaEvent]:
    """Decide what a command about an idea causes."""
    match state:
        case NotLogged():
            return _decide_logging(command)
        case Open():
            return _decide_open(command, state)
        case Withdrawn():
            return _decide_withdrawn(command, state)
        case Closed():
            return _decide_closed(command, state)
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
        case CloseIdea(person_id=person_id, reason=reason):
            _require_in_charge(command, state)
            return [
                IdeaClosed(idea_id=state.idea_id, closed_by=person_id, reason=reason, occurred_at=command.now)
            ]
        case LaunchService():
            _require_in_charge(command, state)
            return _launch(command, state)
        case ReopenIdea(reason=reason):
            _require_in_charge(command, state)
            return _reopened(command, state) if state.link is not None else []
        case _:
            assert_never(command)


def _launch(command: LaunchService, state: Open) -> Sequence[IdeaEvent]:
    if command.link == state.link:
        return []
    return [
        ServiceLaunched(
            idea_id=state.idea_id,
            launched_by=command.person_id,
            link=command.link,
            note=command.note,
            occurred_at=command.now,
        )
    ]


def _reopened(command: ReopenIdea, state: Open) -> Sequence[IdeaEvent]:
    return [IdeaReopened(idea_id=state.idea_id, reason=command.reason, occurred_at=command.now)]


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
        case CloseIdea() | LaunchService():
            _require_in_charge(command, state.idea)
            raise IdeaIsWithdrawnError
        case ReopenIdea():
            _require_author(command.person_id, state.idea)
            return _reopened(command, state.idea)
        case _:
            assert_never(command)


def _decide_closed(command: IdeaCommand, state: Closed) -> Sequence[IdeaEvent]:
    match command:
        case LogIdea():
            return _logged_again(command, state.idea)
        case ReviseIdea() | WithdrawIdea():
            _require_author(command.person_id, state.idea)
            raise IdeaIsClosedError
        case CloseIdea():
            _require_in_charge(command, state.idea)
            return []
        case LaunchService():
            _require_in_charge(command, state.idea)
            raise IdeaIsClosedError
        case ReopenIdea():
            _require_in_charge(command, state.idea)
            if state.closed_by != state.idea.author_id and not command.is_steward:
                raise ClosedByStewardError
            return _reopened(command, state.idea)
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


def _require_in_charge(command: CloseIdea | LaunchService | ReopenIdea, state: Open) -> None:
    if command.person_id != state.author_id and not command.is_steward:
        raise NotInChargeError


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
        case IdeaClosed(closed_by=closed_by):
            return Closed(idea=state, closed_by=closed_by) if isinstance(state, Open) else state
        case ServiceLaunched(link=link):
            return replace(state, link=link) if isinstance(state, Open) else state
        case IdeaReopened():
            return _back(state)
        case NeedAdded() | NeedRevised() | NeedRemoved() | NeedsOrdered():
            return state
        case _:
            assert_never(event)


def _back(state: IdeaState) -> IdeaState:
    """Take back every end: whoever reopens an idea twice has reopened it once."""
    match state:
        case Withdrawn(idea=idea) | Closed(idea=idea):
            return replace(idea, link=None)
        case Open():
            return replace(state, link=None)
        case NotLogged():
            return state
        case _:
            assert_never(state)


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
