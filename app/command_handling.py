"""From a command to events in the log: load, fold, decide, append; on a conflict, once more.

The permission to try is checked before, in the shell; the rules are checked by the decider.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog
from msgspec import Struct

from domain.decider import Command, Decider
from events.contracts import AnyEvent
from events.envelope import Append, Appended, IdempotencyKey, Metadata, RepeatedAnswer
from events.errors import KeyReusedError, WrongVersionError
from events.store import STREAM_PAGE_MAX, EventStore

C = TypeVar("C", bound=Command)
S = TypeVar("S")
E = TypeVar("E", bound=AnyEvent)

ATTEMPTS_MAX = 5

_log = structlog.get_logger(__name__)


class Cause(Struct, frozen=True, kw_only=True):
    """Who asks, and under which words the logs know the request."""

    actor: UUID | None = None
    request_id: str = ""
    correlation_id: str = ""


class Handled(Struct, Generic[S], frozen=True, kw_only=True):
    """What became of a command.

    `position` is one that a reader of the answer's effects can wait for; `repeated` carries the
    answer kept from the first time when the idempotency key was answered before.
    """

    position: int
    version: int
    state: S
    events: Sequence[AnyEvent] = ()
    repeated: str | None = None


class Handler:
    """Handles commands against a log."""

    def __init__(self, store: EventStore) -> None:
        self.store = store

    async def repeated(self, key: IdempotencyKey | None) -> RepeatedAnswer | None:
        """Look up whether a command was answered before.

        Raises:
            KeyReusedError: the key stands for another request.
        """
        if key is None or (kept := await self.store.repeated(key.key)) is None:
            return None
        if kept.fingerprint != key.fingerprint:
            raise KeyReusedError(key.key)
        return kept

    async def handle(
        self,
        decider: Decider[C, S, E],
        stream: str,
        command: C,
        *,
        cause: Cause,
        key: IdempotencyKey | None = None,
        expected: int | None = None,
        presume_new: bool = False,
    ) -> Handled[S]:
        """Handle a command: load the stream, decide, append; decide again when somebody was faster.

        With `presume_new` the first attempt decides on the initial state without reading; should
        the stream exist after all, the conflict tells and the second attempt reads. `expected`
        pins the version the caller saw, and a conflict is then theirs to solve.

        Raises:
            DomainError: a rule forbids it.
            WrongVersionError: the stream is not at `expected`, or was overtaken five times.
            KeyReusedError, LogBusyError, LogUnavailableError: see the store.
        """
        metadata = Metadata(
            command=type(command).__name__,
            actor=cause.actor,
            request_id=cause.request_id,
            correlation_id=cause.correlation_id,
        )
        state, version, position = decider.initial_state, 0, 0
        for attempt in range(1, ATTEMPTS_MAX + 1):
            if attempt > 1 or not presume_new:
                state, version, position = await self._load(decider, stream, state, version, position)
            if expected is not None and expected != version:
                raise WrongVersionError(stream, expected, version)
            events = decider.decide(command, state)
            if not events and key is None:
                return Handled(position=position, version=version, state=state)
            request = Append(stream=stream, events=events, metadata=metadata, expected=version, key=key)
            try:
                appended = await self.store.append(request)
            except WrongVersionError:
                if attempt == ATTEMPTS_MAX:
                    raise
                _log.debug("command_conflicted", command=metadata.command, stream=stream, attempt=attempt)
                continue
            return _handled(decider, state, events, appended)
        raise AssertionError("The last attempt returns or raises.")

    async def _load(
        self, decider: Decider[Any, S, Any], stream: str, state: S, version: int, position: int
    ) -> tuple[S, int, int]:
        """Read on from a version, to the end of the stream."""
        while True:
            page = await self.store.read_stream(stream, after=version)
            if page:
                state = decider.fold([event.data for event in page], state)
                version, position = page[-1].version, page[-1].position
            if len(page) < STREAM_PAGE_MAX:
                return state, version, position


def _handled(
    decider: Decider[Any, S, Any], state: S, events: Sequence[AnyEvent], appended: Appended
) -> Handled[S]:
    if appended.repeated:
        return Handled(
            position=appended.position, version=appended.version, state=state, repeated=appended.answer
        )
    return Handled(
        position=appended.position,
        version=appended.version,
        state=decider.fold(list(events), state),
        events=events,
    )
