"""The reactor that notes what is due where: a row for each event and endpoint, in the transaction of its checkpoint.

An endpoint that is told of events as they come has a row as soon as the event is read. One that is behind, because it
agreed late, was paused, or has too much waiting, is brought up by reading the log from where it stands, page by page,
together with all that stand within the same page, and only while there is room in its queue; when it has reached the
checkpoint it is told of events as they come again. So nothing is left out, nothing is noted twice, and no queue grows
without end. See ops/decisions/0036.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from app.folding import folded
from app.http.public_log import PublicLog
from app.reactors.turns import Turn, take_turns, turn_of
from app.webhooks.conditions import Condition, holds, read
from app.webhooks.endpoints import CATEGORY, SQL, know_all_types, take_note
from domain.endpoint import ENDPOINT, Registered
from events.connections import Connection, Pool
from events.envelope import RecordedEvent, TailPage
from events.store import EventStore
from events.streams import endpoint_stream
from projections.statements import statement

NAME = "webhooks"
WAITING_MAX = 10_000
"""How much may wait for one endpoint before it is told nothing more for now."""
_PAGE = 1_000
_ROOM = 2_000
"""Below how many waiting ones an endpoint that is behind gets more."""
_BEHIND_A_TURN = 1_000
_STOPS_A_TURN = 20
"""At how many places of the log those who stand there are brought up in a turn."""
_NOTED_AT_ONCE = 20_000
_REPEATED_A_TURN = 20
_CONDITIONS_KEPT_MAX = 10_000
_COUNT_SECONDS = 5.0
_WAIT_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Notes what is due, and wakes whoever sends it."""

    def __init__(
        self,
        pool: Pool,
        store: EventStore,
        public_log: PublicLog,
        on_noted: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool = pool
        self._store = store
        self._public_log = public_log
        self._on_noted = on_noted
        self._conditions: dict[UUID, tuple[int, Condition | None]] = {}
        self._knows_all_types = False
        self._counted_at = float("-inf")
        self._stop = 0

    async def run(self) -> None:
        """Note what is due until cancelled."""
        await take_turns(NAME, self._store, self.react, wait_seconds=_WAIT_SECONDS)

    async def react(self) -> int | None:
        """Note everything that is due by now; tell the position reached, or nothing when somebody else is at it.

        Raises:
            LogUnavailableError: the database cannot be reached; what was not noted will be.
        """
        while True:
            async with turn_of(self._pool, NAME) as turn:
                if turn is None:
                    return None
                reached, noted = await self._take(turn)
                more = reached > turn.position or noted > 0
            if noted:
                self._on_noted()
            if not more:
                return reached

    async def _take(self, turn: Turn) -> tuple[int, int]:
        """Take a turn; tell the position reached, and how much was noted."""
        if not self._knows_all_types:
            await know_all_types(turn.connection)
            self._knows_all_types = True
        await self._hold_back(turn)
        page = await self._store.read_tail(turn.position, limit=_PAGE)
        noted = await self._dispatch(turn.connection, page.events)
        if page.reached > turn.position:
            await turn.done(page.reached)
        noted += await self._bring_up(turn, page)
        return page.reached, noted + await self._repeat(turn.connection)

    async def _hold_back(self, turn: Turn) -> None:
        """Tell whoever has too much waiting nothing more for now; looked at now and then, so the bound is a soft one."""
        if monotonic() - self._counted_at < _COUNT_SECONDS:
            return
        self._counted_at = monotonic()
        await turn.connection.execute(statement(SQL, "fall_behind"), turn.position, WAITING_MAX)

    async def _dispatch(self, connection: Connection, events: Sequence[RecordedEvent]) -> int:
        """Note for whom events are due that just came; what changes an endpoint counts from the event after it."""
        noted = 0
        for of_endpoints, some in groupby(events, key=lambda event: event.category == CATEGORY):
            stretch = list(some)
            if of_endpoints:
                # Also they may be told of, one by one: each may change who is told of the next.
                for event in stretch:
                    noted += await self._note(connection, [event])
                    await take_note(connection, self._store, event)
            else:
                noted += await self._note(connection, stretch)
        return noted

    async def _note(self, connection: Connection, events: Sequence[RecordedEvent]) -> int:
        types = sorted({event.type for event in events})
        told = await connection.fetch(statement(SQL, "told"), types)
        return await _save(connection, await self._due(events, told))

    async def _bring_up(self, turn: Turn, page: TailPage) -> int:
        """Bring those who are behind nearer to the end of a page: several stops, at each of which one read serves many."""
        noted = await self._board(turn, page, page.reached)
        after, at_the_stop = self._stop, await self._behind(turn.connection, self._stop, turn.position - 1)
        # Round and round the log, a page at a time from wherever the next ones stand: who is far behind keeps nobody waiting.
        self._stop = at_the_stop[-1]["behind_at"] + 1 if len(at_the_stop) == _BEHIND_A_TURN else 0
        for stops, (first, together) in enumerate(_stretches(at_the_stop)):
            if stops == _STOPS_A_TURN:
                self._stop = first
                break
            types = sorted({name for row in together for name in row["type_names"]})
            read = await self._store.read_tail(first, limit=_PAGE, types=types)
            noted += await self._serve(turn.connection, together, read, page.reached)
        return noted + (self._stop != after)

    async def _board(self, turn: Turn, page: TailPage, position: int) -> int:
        """Bring those up that fell behind within the page that is at hand, without reading anything again."""
        rows = await self._behind(turn.connection, turn.position, position)
        return await self._serve(turn.connection, rows, page, position) if rows else 0

    async def _behind(self, connection: Connection, first: int, last: int) -> list[asyncpg.Record]:
        return await connection.fetch(statement(SQL, "behind"), first, last, _BEHIND_A_TURN, _ROOM)

    async def _serve(
        self, connection: Connection, rows: Sequence[asyncpg.Record], page: TailPage, position: int
    ) -> int:
        """Note what a page has for endpoints that stand within it, and move them to its end; tell how much there was to do.

        Those for whom there is no room in one statement stay where they are and come next.
        """
        events = [event for event in page.events if event.position <= position]
        types = {event.type for event in events}
        due: list[tuple[UUID, int, str]] = []
        served: list[UUID] = []
        for row in rows:
            if len(due) >= _NOTED_AT_ONCE:
                break
            there = await self._due_at(row, events, types)
            due += [one for one in there if one[1] > row["behind_at"]]
            served.append(row["endpoint_id"])
        noted = await _save(connection, due)
        # Those who have caught up are told of events as they come.
        at = page.reached if page.reached < position else None
        await connection.execute(statement(SQL, "move_on"), served, at)
        # There may be more to do at once, even where nothing of this page was wanted.
        return noted + (at is not None) + (len(served) < len(rows) or len(rows) == _BEHIND_A_TURN)

    async def _repeat(self, connection: Connection) -> int:
        """Note some of what was asked for once more, of each wish a page at most."""
        noted = 0
        for row in await connection.fetch(statement(SQL, "replays"), _REPEATED_A_TURN, _ROOM):
            page = await self._store.read_tail(row["reached"], limit=_PAGE, types=row["type_names"])
            events = [event for event in page.events if event.position <= row["until"]]
            await _save(connection, await self._due(events, [row]), repetition=row["repetition"])
            await connection.execute(
                statement(SQL, "replayed"), row["repetition"], max(page.reached, row["reached"])
            )
            noted += 1
        return noted

    async def _due(
        self, events: Sequence[RecordedEvent], told: Sequence[asyncpg.Record]
    ) -> list[tuple[UUID, int, str]]:
        """List which events are due at which endpoints: those of its types of which its condition holds."""
        due, types = [], {event.type for event in events}
        for row in told:
            due += await self._due_at(row, events, types)
        return due

    async def _due_at(
        self, row: asyncpg.Record, events: Sequence[RecordedEvent], types: set[str]
    ) -> list[tuple[UUID, int, str]]:
        names = types.intersection(row["type_names"])
        if not names:
            return []
        wanted = [event for event in events if event.type in names]
        condition = await self._condition(row) if row["has_condition"] else None
        return [
            (row["endpoint_id"], event.position, event.stream)
            for event in wanted
            if condition is None or self._meets(condition, event)
        ]

    def _meets(self, condition: Condition, event: RecordedEvent) -> bool:
        try:
            return holds(condition, self._public_log.published(event))
        except Exception:  # noqa: BLE001  # It fails where it is sent, with its reason, and holds up nothing here.
            _log.exception("webhook_event_unreadable", position=event.position)
            return True

    async def _condition(self, row: asyncpg.Record) -> Condition | None:
        """Give the condition of an endpoint as of a version of its stream, which is kept at hand."""
        endpoint_id, version = row["endpoint_id"], row["version"]
        version_kept, condition = self._conditions.get(endpoint_id, (0, None))
        if version_kept != version:
            found = await folded(
                self._store, ENDPOINT, endpoint_stream(endpoint_id), while_=lambda one: one.version <= version
            )
            state = found.state
            condition = read(state.subscription.filter) if isinstance(state, Registered) else None
            if len(self._conditions) >= _CONDITIONS_KEPT_MAX:
                self._conditions.clear()
            self._conditions[endpoint_id] = (version, condition)
        return condition


def _stretches(rows: Sequence[asyncpg.Record]) -> Iterator[tuple[int, list[asyncpg.Record]]]:
    """Put those together that stand within a page of the log from the first of them; they are in the order of the log."""
    start = 0
    while start < len(rows):
        first = rows[start]["behind_at"]
        end = bisect_left(rows, first + _PAGE, lo=start, key=itemgetter("behind_at"))
        yield first, list(rows[start:end])
        start = end


async def _save(connection: Connection, due: Sequence[tuple[UUID, int, str]], *, repetition: int = 0) -> int:
    if due:
        endpoints, positions, streams = zip(*due, strict=True)
        await connection.execute(
            statement(SQL, "save_deliveries"), list(endpoints), list(positions), list(streams), repetition
        )
        _log.debug("deliveries_noted", deliveries=len(due))
    return len(due)
