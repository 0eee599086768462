"""The reactor that watches fresh votes and sets aside those of a wave.

It reads the tail with a checkpoint of its own, and looks at all recent votes of every idea that was just voted for.
Whatever it finds has an identifier that follows from what was found, so that finding it again, after a crash or in
another worker, changes nothing: the effects are there exactly once, although the work may be done twice. One worker
at a time does it, whoever holds the checkpoint's row.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from app.command_handling import Cause, Handler
from app.reactors.signals import REASONS, WINDOW, FreshVote, Wave, waves_in
from app.reactors.turns import take_turns, turn_of
from domain.quarantine import QUARANTINE, SetVotesAside
from events.connections import Connection, Pool
from events.contracts import VoteCast
from events.envelope import RecordedEvent
from events.store import EventStore
from events.streams import quarantine_stream
from projections.state import Positions

NAME = "fair_votes"
PAGE_EVENTS = 5_000
VOTES_MAX = 20_000
"""How many of an idea's newest votes are looked at."""
SETTLE_SECONDS = 2.0
"""How long fresh votes are let be until they are looked at: what is noted beside them comes a little later."""
RISKY_FOR = timedelta(hours=6)
"""How long a network from which a wave came asks its voters for a proof of work."""
_WAIT_SECONDS = 60.0

_log = structlog.get_logger(__name__)

_VOTES = """
SELECT v.person_id, v.cast_at, v.cast_at - a.created_at AS account_age, o.network, a.disposable AS is_disposable
  FROM (SELECT * FROM fair_votes.votes WHERE idea_id = $1 ORDER BY position DESC LIMIT $2) v
  JOIN accounts a USING (person_id)
  LEFT JOIN LATERAL (
    SELECT network FROM vote_origins o WHERE o.person_id = v.person_id ORDER BY noted_at DESC LIMIT 1) o ON true
 WHERE v.ended IS NULL AND v.cast_at > $3 AND v.cast_at <= $4
   AND NOT EXISTS (
     SELECT FROM fair_votes.quarantined d JOIN fair_votes.quarantines q USING (quarantine_id)
      WHERE d.person_id = v.person_id AND q.lifted_position IS NOT NULL)
"""
_STANDING = """
SELECT quarantine_id FROM fair_votes.set_aside s JOIN fair_votes.quarantines q USING (quarantine_id)
 WHERE s.idea_id = $1 AND q.lifted_position IS NULL
"""


async def watch_votes(pool: Pool, store: EventStore, *, settle_seconds: float = SETTLE_SECONDS) -> None:
    """Watch votes until cancelled; losing the database is waited out."""
    positions = Positions(pool)
    await take_turns(
        NAME,
        store,
        lambda: react(pool, store, positions, settle_seconds=settle_seconds),
        wait_seconds=_WAIT_SECONDS,
    )


async def react(
    pool: Pool, store: EventStore, positions: Positions, *, settle_seconds: float = SETTLE_SECONDS
) -> int | None:
    """Look at all votes that are new since the checkpoint, and move it on; tell the position reached.

    Nothing when somebody else is at it, or when the read model does not come along.

    Raises:
        LogUnavailableError: the database cannot be reached; what was not looked at will be.
    """
    while True:
        async with turn_of(pool, NAME) as turn:
            if turn is None:
                return None
            page = await store.read_tail(turn.position, limit=PAGE_EVENTS, types=[VoteCast.__name__])
            if page.reached == turn.position:
                return turn.position
            ideas = _freshly_voted_for(page.events)
            if ideas:
                await asyncio.sleep(settle_seconds)
                if not await positions.wait(NAME, page.reached):
                    return None
            for idea_id, newest in ideas.items():
                await _look_at(turn.connection, store, idea_id, newest)
            await turn.done(page.reached)


def _freshly_voted_for(events: Sequence[RecordedEvent]) -> dict[UUID, datetime]:
    """List the ideas that were voted for just now, each with its newest vote; imported votes are of the past."""
    ideas: dict[UUID, datetime] = {}
    for event in events:
        data = event.data
        if isinstance(data, VoteCast) and event.recorded_at - data.occurred_at < WINDOW:
            ideas[data.idea_id] = max(data.occurred_at, ideas.get(data.idea_id, data.occurred_at))
    return ideas


async def _look_at(connection: Connection, store: EventStore, idea_id: UUID, newest: datetime) -> None:
    rows = await connection.fetch(_VOTES, idea_id, VOTES_MAX, newest - WINDOW, newest)
    votes = [FreshVote(**row) for row in rows]
    standing = {row["quarantine_id"] for row in await connection.fetch(_STANDING, idea_id)}
    for wave in waves_in(idea_id, votes, standing):
        await _set_aside(connection, store, idea_id, wave)


async def _set_aside(connection: Connection, store: EventStore, idea_id: UUID, wave: Wave) -> None:
    times = [vote.cast_at for vote in wave.votes]
    command = SetVotesAside(
        now=datetime.now(UTC),
        quarantine_id=wave.quarantine_id,
        people=tuple(vote.person_id for vote in wave.votes),
        signal=wave.signal,
        reason=REASONS[wave.signal],
        idea_ids=(idea_id,),
        since=min(times),
        until=max(times),
    )
    handled = await Handler(store).handle(
        QUARANTINE, quarantine_stream(wave.quarantine_id), command, cause=Cause()
    )
    if not handled.events:
        return
    _log.warning(
        "votes_set_aside",
        quarantine_id=str(wave.quarantine_id),
        idea_id=str(idea_id),
        signal=wave.signal,
        people=len(wave.votes),
    )
    if wave.network is not None:
        await connection.execute(
            """
            INSERT INTO risky_networks (network, until) VALUES ($1, $2)
            ON CONFLICT (network) DO UPDATE SET until = excluded.until
            """,
            wave.network,
            command.now + RISKY_FOR,
        )
