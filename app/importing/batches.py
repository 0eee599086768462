"""Many commands decided and appended in batches, each event exactly once however often it is tried.

Whoever imports knows of every command which version its stream has once it is done: the first thing
that happens to a person is version 1, the second is version 2. So a command needs no reading to be
new. It is decided on the state before it and appended at that version, and where the log answers
that the stream is already there, an earlier run has done it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from domain.decider import Command, Decider, DomainError
from events.envelope import Append, Appended, Metadata
from events.errors import KeyReusedError, WrongVersionError
from events.store import GROUP_EVENTS_MAX, EventStore

BATCH_MAX = GROUP_EVENTS_MAX
_WAITING_MAX = 2

Answers = list[Appended | WrongVersionError | KeyReusedError]


# Intents come by the hundred thousand and refer to nothing that could form a cycle.
class Intent(Struct, frozen=True, gc=False):
    """A command to carry out unless its stream is at `version` or beyond, which is where its one event leads."""

    stream: str
    version: int
    decider: Decider[Any, Any, Any]
    command: Command
    metadata: Metadata


class Written(Struct, frozen=True, kw_only=True):
    """How many commands led to events, and how many had nothing left to do."""

    appended: int
    unchanged: int


class BatchWriter:
    """Carries out intents in their order, with a few batches on their way at any time."""

    def __init__(self, store: EventStore, advance: Callable[[int], None]) -> None:
        self._store = store
        self._advance = advance
        self._waiting: deque[asyncio.Task[Answers]] = deque()
        self._appended = self._unchanged = 0

    @property
    def written(self) -> Written:
        """Tell what became of all intents so far."""
        return Written(appended=self._appended, unchanged=self._unchanged)

    async def write(self, intents: Iterable[Intent]) -> None:
        """Carry out all intents; when this returns, every one of them is in the log.

        `advance` hears how many were settled, batch by batch. Batches are handed over in order, and
        the log in PostgreSQL takes appends first come, first served: its events stand in the order
        of the intents, so that nobody reads an effect before its cause.

        Raises:
            DomainError: a rule forbids one; those of earlier batches are in the log.
            WrongVersionError: a stream is not yet at the version before its intent's.
            LogUnavailableError, LogBusyError: see the store; writing the same again goes on.
        """
        try:
            batch: dict[str, Intent] = {}
            for intent in intents:
                # A stream has one intent a batch, so that none is decided before the one before it is in the log.
                if len(batch) == BATCH_MAX or intent.stream in batch:
                    await self._send(batch)
                    batch = {}
                batch[intent.stream] = intent
            await self._send(batch)
            await self._settle(0)
        finally:
            for waiting in self._waiting:
                waiting.cancel()
            await asyncio.gather(*self._waiting, return_exceptions=True)
            self._waiting.clear()

    async def _send(self, batch: dict[str, Intent]) -> None:
        """Decide a batch and set its append going."""
        states = await self._later_states([intent for intent in batch.values() if intent.version > 1])
        requests: list[Append] = []
        refused: dict[str, DomainError] = {}
        for stream, intent in batch.items():
            version, state = states.get(stream, (0, intent.decider.initial_state))
            if version >= intent.version:
                continue
            try:
                events = intent.decider.decide(intent.command, state)
            except DomainError as error:
                refused[stream] = error
                continue
            if events:
                expected = intent.version - 1
                requests.append(
                    Append(stream=stream, events=events, metadata=intent.metadata, expected=expected)
                )
        await self._require_done_before([batch[stream] for stream in refused], refused)
        self._unchanged += len(batch) - len(requests)
        self._advance(len(batch) - len(requests))
        if requests:
            self._waiting.append(asyncio.create_task(self._store.append_many(requests)))
            await self._settle(_WAITING_MAX)

    async def _later_states(self, intents: list[Intent]) -> dict[str, tuple[int, Any]]:
        """Read how far the streams are whose intent is not their first, once all that was sent has arrived."""
        if not intents:
            return {}
        await self._settle(0)
        found = await self._store.read_streams([intent.stream for intent in intents])
        return {
            intent.stream: (len(events), intent.decider.fold([event.data for event in events]))
            for intent in intents
            if (events := found.get(intent.stream))
        }

    async def _require_done_before(self, intents: list[Intent], refused: dict[str, DomainError]) -> None:
        """Accept a refusal of what is in the log already: a rule may have turned against it since."""
        states = await self._later_states(intents)
        for intent in intents:
            version, _ = states.get(intent.stream, (0, None))
            if version < intent.version:
                raise refused[intent.stream]

    async def _settle(self, waiting_max: int) -> None:
        """Wait until at most some batches are on their way, and count what became of the others."""
        while len(self._waiting) > waiting_max:
            answers = await self._waiting[0]
            self._waiting.popleft()
            for answer in answers:
                if isinstance(answer, Appended):
                    self._appended += 1
                elif isinstance(answer, WrongVersionError) and answer.actual > (answer.expected or 0):
                    self._unchanged += 1
                else:
                    raise answer
            self._advance(len(answers))
