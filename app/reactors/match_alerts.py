"""The reactor that tells funders of what fits, once a mandate and idea, within a second of it fitting.

It asks the read model what changed since its checkpoint, and for each changed idea or mandate what fits and was not
told. The event goes to a stream that the mandate and the idea name together and that must be new, so however often
this is done, by however many workers, there is one.

A mandate that is published or revised finds many ideas that were there before. Its funder is told of the best of them;
the whole list is a page of its own, and each of the others is told when it changes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from app.reactors.turns import take_turns, turn_of
from domain.match import MATCH, TellFunder, Untold
from events.connections import Pool
from events.contracts import MatchReason
from events.envelope import Append, Appended, Metadata
from events.store import EventStore
from events.streams import match_stream
from projections.funder_matches.fit import fit
from projections.funder_matches.queries import (
    Match,
    all_for_idea,
    changes_between,
    idea_facts,
    ideas_for,
    mandate_facts,
    mandates_opened,
    told_of,
)
from projections.state import Positions

NAME = "match_alerts"
TOLD_AT_ONCE = 100
"""Of how many ideas that were there before a funder is told when its mandate is published, revised or opens."""
LOOK_BACK = timedelta(days=7)
"""How far back mandates that opened by themselves are looked for when a worker begins."""
_CHANGES_A_TURN = 500
_APPENDS_AT_ONCE = 1_000
_WAIT_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class MatchAlerts:
    """Tells funders; `looked_until` is the moment up to which opening windows were noticed."""

    def __init__(self, pool: Pool, store: EventStore) -> None:
        self._pool = pool
        self._store = store
        self._positions = Positions(pool)
        self._looked_until: datetime | None = None

    async def run(self) -> None:
        """Tell funders until cancelled."""
        await take_turns(NAME, self._store, self.react, wait_seconds=_WAIT_SECONDS)

    async def react(self, now: datetime | None = None) -> int | None:
        """Tell of everything that came to fit since the checkpoint; tell the position reached.

        Nothing when somebody else is at it, or when the read model does not come along.

        Raises:
            LogUnavailableError: the database cannot be reached; what was not told will be.
        """
        at = now or datetime.now(UTC)
        head = await self._store.head()
        if not await self._positions.wait("funder_matches", head):
            return None
        while True:
            async with turn_of(self._pool, NAME) as turn:
                if turn is None:
                    return None
                await self._tell_of_opened(at)
                if turn.position >= head:
                    return turn.position
                changes = await changes_between(self._pool, turn.position, head, limit=_CHANGES_A_TURN)
                for idea in (await idea_facts(self._pool, changes.ideas)).values():
                    await self._tell(await all_for_idea(self._pool, idea, at), at)
                for mandate_id in changes.mandates:
                    await self._tell_of_mandate(mandate_id, at)
                await turn.done(changes.reached)

    async def _tell_of_opened(self, at: datetime) -> None:
        since = self._looked_until or at - LOOK_BACK
        for mandate_id in await mandates_opened(self._pool, since, at):
            await self._tell_of_mandate(mandate_id, at)
        self._looked_until = at

    async def _tell_of_mandate(self, mandate_id: UUID, at: datetime) -> None:
        mandate = (await mandate_facts(self._pool, [mandate_id]))[mandate_id]
        found = await ideas_for(self._pool, mandate, at, limit=TOLD_AT_ONCE, untold=True)
        ideas = (await idea_facts(self._pool, found)).values()
        await self._tell(
            [Match(mandate=mandate, idea=idea, fit=fit(mandate, idea, at)) for idea in ideas], at
        )

    async def _tell(self, matches: Sequence[Match], at: datetime) -> None:
        pairs = [(match.mandate.mandate_id, match.idea.idea_id) for match in matches]
        told = await told_of(self._pool, pairs)
        requests = [
            _request(match, at)
            for match, pair in zip(matches, pairs, strict=True)
            if match.fit.is_match and pair not in told
        ]
        for start in range(0, len(requests), _APPENDS_AT_ONCE):
            answers = await self._store.append_many(requests[start : start + _APPENDS_AT_ONCE])
            # A stream that is not new any more was told before the read model shows it.
            fresh = sum(isinstance(answer, Appended) for answer in answers)
            _log.info("funders_told", matches=fresh)


def _request(match: Match, at: datetime) -> Append:
    command = TellFunder(
        now=at,
        mandate_id=match.mandate.mandate_id,
        idea_id=match.idea.idea_id,
        organisation_id=match.mandate.organisation_id,
        revision=match.mandate.revision,
        reasons=tuple(MatchReason(part=reason.part, points=reason.points) for reason in match.fit.reasons),
    )
    return Append(
        stream=match_stream(command.mandate_id, command.idea_id),
        events=MATCH.decide(command, Untold()),
        metadata=Metadata(command=type(command).__name__),
        expected=0,
    )
