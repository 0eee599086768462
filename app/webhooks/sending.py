"""Sending what is due: at least once, in the endpoint's own time, and without one holding up another.

Any number of workers send side by side. Each takes rows that are due under a lease, and reports what came of them under the
number of the attempt, so that a late one changes nothing that another has taken since. A worker that dies between sending
and reporting leaves the event to be sent again, with the same identifier. See ops/decisions/0036.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Literal, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from msgspec import Struct
from msgspec.structs import replace

from app.command_handling import Cause, Handler
from app.http.public_log import PublicLog
from app.outbound.client import Outbound
from app.outbound.messages import OutboundError, Request
from app.webhooks.answers import not_taken, shown_answer
from app.webhooks.deliveries import told_up_to
from app.webhooks.endpoints import SQL
from app.webhooks.messages import message_of
from app.webhooks.schedule import SILENCE, Meaning, meaning_of, next_attempt
from app.webhooks.targets import Target, Targets
from app.webhooks.under_way import SOON_SECONDS, UnderWay
from domain.decider import DomainError
from domain.endpoint import ENDPOINT, PauseEndpoint
from events.connections import LOST, REFUSED, Pool
from events.contracts import PauseCause
from events.envelope import RecordedEvent
from events.errors import OperationalError, WrongVersionError
from events.postgres import PostgresStore
from events.streams import endpoint_stream
from projections.statements import statement

AT_ONCE_PER_ENDPOINT_MAX = 8
"""An endpoint begins with two at once; what it takes allows it one more each, and what it does not take fewer."""
FAILURES_MAX = 5
"""After so many failures in a row an endpoint rests, and is then tried with one event at a time."""
LEASE = timedelta(seconds=30)
"""After how long an attempt of which nothing was heard is made again; one takes 20 seconds at most."""
POLL_SECONDS = 1.0
THROTTLED_REST = timedelta(seconds=60)
_GATHER_SECONDS = 0.02
_FULL_SECONDS = 0.25
"""After how long to look again whether there is room, where there was none."""
_PUT_OFF = timedelta(days=1)

Outcome: TypeAlias = Literal["delivered", "aborted"]

_log = structlog.get_logger(__name__)


class Taken(Struct, frozen=True, kw_only=True):
    """A delivery that is this worker's to attempt."""

    delivery_id: int
    endpoint_id: UUID
    position: int
    attempts: int
    version: int


class Report(Struct, frozen=True, kw_only=True):
    """What came of an attempt; without an outcome it is due again at `due_at`, and with `pause` its endpoint is paused.

    `is_ours` says that nothing was sent by our own fault, for which the endpoint does not rest.
    """

    taken: Taken
    began_at: datetime
    milliseconds: int
    outcome: Outcome | None = None
    due_at: datetime | None = None
    rest_until: datetime | None = None
    pause: PauseCause | None = None
    status: int | None = None
    answer: str = ""
    error: str = ""
    is_ours: bool = False


class Sender:
    """Sends what is due until it is stopped; `wake` is set by whoever has noted something to send."""

    def __init__(  # Everything it works with, each by its name.
        self,
        pool: Pool,
        store: PostgresStore,
        outbound: Outbound,
        public_log: PublicLog,
        *,
        public_url: str,
        wake: asyncio.Event | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._pool = pool
        self._store = store
        self._handler = Handler(store)
        self._outbound = outbound
        self._public_log = public_log
        self._source = public_url.rstrip("/")
        self._origin = urlsplit(public_url).hostname or ""
        self._targets = Targets(pool, store, store.keyring)
        self._wake = wake or asyncio.Event()
        self._clock = clock
        self._chance = chance
        self._under_way: UnderWay[Report] = UnderWay()

    async def run(self, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Send whatever is due, when woken and at every interval, until cancelled."""
        try:
            while True:
                try:
                    await self.step()
                except (*LOST, *REFUSED, OperationalError) as error:
                    _log.warning("webhooks_put_off", error=repr(error))
                except Exception:  # noqa: BLE001  # Whatever it is, it is loud, and the rest of the worker goes on.
                    _log.exception("webhooks_failed")
                await self._wait(poll_seconds if self._under_way.room() else min(poll_seconds, _FULL_SECONDS))
        finally:
            for task in self._under_way.tasks:
                task.cancel()
            await asyncio.gather(*self._under_way.tasks, return_exceptions=True)

    async def send_due(self) -> int:
        """Send everything that is due now and wait for what comes of it; tell how many attempts were made.

        Raises:
            LogUnavailableError, OSError, asyncpg.PostgresError: the database is away; what was taken is due again later.
        """
        total = 0
        while took := await self.step():
            total += took
            await asyncio.wait(self._under_way.tasks)
        return total

    async def step(self) -> int:
        """Report what has ended, and begin what is due as far as there is room; tell how much was begun.

        Raises:
            LogUnavailableError, OSError, asyncpg.PostgresError: the database is away; what was taken is due again later.
        """
        await self._report(self._under_way.ended())
        taken = await self._take(self._under_way.room())
        if taken:
            events = await self._readable(sorted({one.position for one in taken}))
            for one in taken:
                task = asyncio.create_task(self._attempt(one, events.get(one.position)))
                self._under_way.add(task, one.endpoint_id)
        return len(taken)

    async def _wait(self, seconds: float) -> None:
        woken = asyncio.create_task(self._wake.wait())
        await asyncio.wait(
            {woken, *self._under_way.tasks}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        woken.cancel()
        self._wake.clear()
        if any(task.done() for task in self._under_way.tasks):
            # Others end at the same time: they are reported together.
            await asyncio.sleep(_GATHER_SECONDS)

    async def _take(self, room: int) -> list[Taken]:
        if room <= 0:
            return []
        at = self._clock()
        rows = await self._pool.fetch(
            statement(SQL, "take"),
            at,
            at + LEASE,
            room,
            AT_ONCE_PER_ENDPOINT_MAX,
            *self._under_way.by_endpoint(),
            FAILURES_MAX,
        )
        return [Taken(**row) for row in rows]

    async def _readable(self, positions: Sequence[int]) -> dict[int, RecordedEvent]:
        """Read events by position; one that cannot be read is left out, and found by halves."""
        try:
            return {event.position: event for event in await self._store.read_positions(positions)}
        except (*LOST, *REFUSED, OperationalError):
            raise
        except Exception:  # noqa: BLE001  # Whatever it is, it is that event's, and the others go on.
            if len(positions) == 1:
                _log.exception("webhook_event_unreadable", position=positions[0])
                return {}
        half = len(positions) // 2
        return await self._readable(positions[:half]) | await self._readable(positions[half:])

    async def _attempt(self, taken: Taken, event: RecordedEvent | None) -> Report:
        """Make one attempt; whatever goes wrong is what came of it."""
        began_at, began = self._clock(), monotonic()
        if event is None:
            unread = Report(taken=taken, began_at=began_at, milliseconds=0, error=_UNREADABLE, is_ours=True)
            return self._judged(unread, SILENCE)
        is_ours = False
        meaning, status, answer, error = SILENCE, None, "", ""
        try:
            target = await self._targets.target(taken.endpoint_id, taken.version)
            if target is None:
                return Report(taken=taken, began_at=began_at, milliseconds=0, outcome="aborted")
            got = await self._outbound.send(self._request(target, event, began_at))
            status, answer = got.status, shown_answer(got.body)
            meaning = meaning_of(got.status, got.headers, self._clock())
            error = "" if meaning.verdict == "delivered" else not_taken(got.status)
        except OutboundError as problem:
            error = str(problem)
        except Exception as problem:  # noqa: BLE001  # One delivery must not end the others.
            _log.exception("webhook_attempt_failed", delivery_id=taken.delivery_id)
            error, is_ours = f"It could not be sent: {type(problem).__name__}.", True
        milliseconds = round(1000 * (monotonic() - began))
        report = Report(
            taken=taken,
            began_at=began_at,
            milliseconds=milliseconds,
            status=status,
            answer=answer,
            error=error,
            is_ours=is_ours,
        )
        return self._judged(report, meaning)

    def _request(self, target: Target, event: RecordedEvent, at: datetime) -> Request:
        message = message_of(
            self._public_log.published(event), written_as=target.written_as, source=self._source
        )
        return target.signed_request(
            message_id=message.id,
            at=at,
            body=message.body,
            headers={**message.headers, "webhook-request-origin": self._origin},
        )

    def _judged(self, report: Report, meaning: Meaning) -> Report:
        """Say what follows from what an answer means."""
        now = self._clock()
        pause: PauseCause | None = None
        if meaning.disables:
            pause = "gone" if report.status == _GONE else "receiver"
        if meaning.verdict in {"delivered", "aborted"}:
            outcome: Outcome = "delivered" if meaning.verdict == "delivered" else "aborted"
            return replace(report, outcome=outcome, pause=pause)
        due_at = next_attempt(report.taken.attempts, now, self._chance(), not_before=meaning.not_before)
        rest = now + THROTTLED_REST if meaning.verdict == "throttled" else None
        if due_at is None:
            # It stays, so that it comes first when the endpoint goes on.
            return replace(report, due_at=now + _PUT_OFF, pause=pause or "exhausted")
        return replace(report, due_at=due_at, rest_until=meaning.not_before or rest, pause=pause)

    async def _report(self, reports: Sequence[Report]) -> None:
        if not reports:
            return
        now = self._clock()
        rows = [
            (
                one.taken.delivery_id,
                one.taken.attempts,
                one.outcome,
                one.due_at,
                one.began_at,
                one.milliseconds,
                one.status,
                one.answer,
                one.error,
            )
            for one in reports
        ]
        await self._pool.execute(
            statement(SQL, "report"), *(list(column) for column in zip(*rows, strict=True)), now
        )
        await self._let_rest(reports, now)
        for one in reports:
            if one.pause is not None:
                await self._pause(one.taken.endpoint_id, one.pause)

    async def _let_rest(self, reports: Sequence[Report], now: datetime) -> None:
        reports = [one for one in reports if not one.is_ours]
        failed = Counter(one.taken.endpoint_id for one in reports if one.outcome is None)
        succeeded = Counter(one.taken.endpoint_id for one in reports if one.outcome is not None)
        silent = {
            one.taken.endpoint_id
            for one in reports
            if one.outcome is None and one.milliseconds >= 1000 * SOON_SECONDS
        }
        asked: dict[UUID, datetime] = {}
        for one in reports:
            if one.rest_until is not None:
                asked[one.taken.endpoint_id] = max(
                    one.rest_until, asked.get(one.taken.endpoint_id, one.rest_until)
                )
        endpoints = sorted({*failed, *succeeded})
        await self._pool.execute(
            statement(SQL, "rest"),
            endpoints,
            [succeeded[endpoint] for endpoint in endpoints],
            [failed[endpoint] for endpoint in endpoints],
            [endpoint in silent for endpoint in endpoints],
            [asked.get(endpoint) for endpoint in endpoints],
            now,
            FAILURES_MAX,
            AT_ONCE_PER_ENDPOINT_MAX,
        )

    async def _pause(self, endpoint_id: UUID, cause: PauseCause) -> None:
        """Pause an endpoint at the first event that it did not take."""
        after = await told_up_to(self._pool, endpoint_id)
        command = PauseEndpoint(now=self._clock(), endpoint_id=endpoint_id, cause=cause, after=after)
        try:
            await self._handler.handle(ENDPOINT, endpoint_stream(endpoint_id), command, cause=Cause())
        except (DomainError, WrongVersionError) as error:
            # It is removed by now, or others change it: the next attempt says it again.
            _log.info("webhook_not_paused", endpoint_id=str(endpoint_id), error=repr(error))
        else:
            _log.warning("webhook_paused", endpoint_id=str(endpoint_id), cause=cause, after=after)


_GONE = 410
_UNREADABLE = "It could not be sent: this release cannot read the event; the worker's log says why."
