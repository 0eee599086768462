"""A writer of the tail campaign, as a process of its own: `python -m ops.faults.tail_writer NUMBER SEED SECONDS`.

The database's address comes through the environment, because everyone can read command lines. The
writer says the outcome of each request on its standard output (see `outcomes`).
"""

import asyncio
import os
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import uvloop

from app.logs import configure_logging
from app.settings import variable_of
from events.contracts import VoteCast
from events.envelope import Append, Appended, IdempotencyKey, Metadata
from events.errors import OperationalError, WrongVersionError
from events.postgres import PostgresStore, open_store
from events.streams import derived_id, new_id
from ops.faults.marks import marked_events
from ops.faults.outcomes import say_acknowledged, say_failed, say_refused, say_unknown

TASKS = 16
STREAMS = 5_000
HOT_STREAMS = 8
EVENTS_MAX = 5
HOT_SHARE = 0.2
KEYED_SHARE = 0.1
ATTEMPTS = 3
READ_ON_MAX = 1_000
_METADATA = Metadata(command="FaultCampaign")
_PAUSE_SECONDS = 0.05


class Writer:
    """Appends marked events without a pause: to many streams and to a few that everybody writes to.

    Every other writer only begins streams, which the log appends without looking first, as long as its
    presumptions hold; what they come to under three processes at once is the point.
    """

    def __init__(self, store: PostgresStore, number: int, seed: int) -> None:
        self._store = store
        self._number = number
        self._random = random.Random(f"{seed} {number}")
        self._requests = 0
        self._versions: dict[str, int] = {}

    async def run(self) -> None:
        """Append for as long as nobody ends this process."""
        async with asyncio.TaskGroup() as group:
            for _ in range(TASKS):
                group.create_task(self._go_on())

    async def _go_on(self) -> None:
        while True:
            if self._number % 2:
                await self._begin()
                continue
            if self._random.random() < HOT_SHARE:
                await self._decide_and_append(_stream("hot", self._random.randrange(HOT_STREAMS)))
                continue
            stream = _stream("many", self._random.randrange(STREAMS))
            number, events = self._next_request()
            await self._append(stream, number, events, twice=self._random.random() < KEYED_SHARE)

    def _next_request(self) -> tuple[int, Sequence[VoteCast]]:
        self._requests += 1
        size = self._random.randint(1, EVENTS_MAX)
        return self._requests, marked_events(self._number, self._requests, size, datetime.now(UTC))

    async def _begin(self) -> None:
        number, events = self._next_request()
        stream = _stream(f"new {self._number}", number)
        request = Append(stream=stream, events=events, metadata=_METADATA, expected=0)
        self._say(number, await asyncio.gather(self._store.append(request), return_exceptions=True))

    async def _append(self, stream: str, number: int, events: Sequence[VoteCast], *, twice: bool) -> None:
        """Append a request; `twice` sends it two times at once under one key, and both must hear the same."""
        key = IdempotencyKey(key=new_id(), fingerprint=number.to_bytes(8), answer="{}") if twice else None
        request = Append(stream=stream, events=events, metadata=_METADATA, key=key)
        sent = [self._store.append(request) for _ in range(2 if twice else 1)]
        self._say(number, await asyncio.gather(*sent, return_exceptions=True))

    async def _decide_and_append(self, stream: str) -> None:
        """Append at the version this writer knows of; where somebody was faster, read on and decide again."""
        for _ in range(ATTEMPTS):
            known = self._versions.get(stream, 0)
            number, events = self._next_request()
            request = Append(stream=stream, events=events, metadata=_METADATA, expected=known)
            try:
                appended = await self._store.append(request)
            except WrongVersionError as conflict:
                say_refused(number)
                await self._read_on(stream, known, conflict.actual)
            except Exception as error:  # noqa: BLE001  # Sorted out, and said, in one place.
                return self._say(number, [error])
            else:
                self._versions[stream] = max(self._versions.get(stream, 0), appended.version)
                return self._say(number, [appended])
        return None

    async def _read_on(self, stream: str, known: int, actual: int) -> None:
        try:
            events = await self._store.read_stream(stream, after=max(known, actual - READ_ON_MAX))
        except OperationalError:
            await asyncio.sleep(_PAUSE_SECONDS)
            return
        reached = events[-1].version if events else known
        if reached < actual:
            say_failed(0, f"{stream} reads up to {reached} although it was said to be at {actual}")
        self._versions[stream] = max(self._versions.get(stream, 0), reached)

    def _say(self, number: int, answers: Sequence[Appended | BaseException]) -> None:
        appended = {(answer.position, answer.version) for answer in answers if isinstance(answer, Appended)}
        unexpected = [
            answer
            for answer in answers
            if isinstance(answer, BaseException)
            and (isinstance(answer, WrongVersionError) or not isinstance(answer, OperationalError))
        ]
        if unexpected:
            say_failed(number, repr(unexpected[0]))
        if len(appended) > 1:
            say_failed(number, f"two answers under one key: {sorted(appended)}")
        elif appended:
            say_acknowledged(number, *appended.pop())
        elif not unexpected:
            say_unknown(number)


def _stream(kind: str, number: int) -> str:
    identifier: UUID = derived_id("fault-campaign", kind, str(number))
    return f"vote-{identifier}"


async def _main(url: str, number: int, seed: int, seconds: float) -> None:
    async with open_store(url, name=f"writer-{number}") as store, asyncio.timeout(seconds):
        await Writer(store, number, seed).run()


if __name__ == "__main__":
    configure_logging("error", as_json=False)
    uvloop.run(
        _main(os.environ[variable_of("database_url")], int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
    )
