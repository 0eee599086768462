"""The reactor that lets mandates pledge by themselves, within seconds of an idea crossing their thresholds.

A mandate with the mode `pledge` said yes beforehand. When an idea that fits it has an open pool and has reached what it
asks for, its pledge is made here: first the amount is set aside in the mandate's budget, then it is pledged to the
pool (`app.funding.pledging`). The identifier of the pledge follows from mandate and pool, so that there is one at most,
whoever makes it and however often: one that is there, was withdrawn or was vetoed is left alone. Only where it was
abandoned, which means that it never came, another attempt has another identifier.

Killed in between, the checkpoint has not moved, and the next worker comes to the same pair. It finds what was set
aside and pledges it, or, where the pool or the thresholds do not allow it any more, sees to it that the pledge cannot
come and what was set aside is free again.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import structlog

from app.command_handling import Cause, Handler
from app.folding import folded
from app.funding.pledging import pledge, release
from app.reactors.turns import take_turns, turn_of
from domain.decider import DomainError
from domain.mandate import MANDATE
from domain.mandate import Open as OpenMandate
from domain.pool import POOL
from domain.pool_gathering import Open as OpenPool
from domain.pool_gathering import resolution_of
from domain.pool_terms import Promise
from domain.standing_pledge import Reached, has_crossed, standing_amount
from events.connections import Pool
from events.contracts import PledgeAbandoned, PledgeMade
from events.envelope import RecordedEvent
from events.errors import WrongVersionError
from events.store import EventStore
from events.streams import derived_id, mandate_stream, pool_stream
from projections.coverage.queries import of_idea as coverage_of_idea
from projections.fair_votes.queries import fair_tallies
from projections.funder_matches.fit import IdeaFacts, MandateFacts, fit
from projections.funder_matches.queries import (
    all_for_idea,
    changes_between,
    idea_facts,
    ideas_for,
    mandate_facts,
    mandates_opened,
)
from projections.state import Positions

NAME = "standing_pledges"
WATCHED = ("funder_matches", "fair_votes", "coverage")
LOOK_BACK = timedelta(days=7)
"""How far back mandates that opened by themselves are looked for when a worker begins."""
IDEAS_MAX = 1_000
"""How many ideas with an open pool a mandate that was published, revised or opened is held against, the best first."""
_CHANGES_A_TURN = 200
_WAIT_SECONDS = 0.5

_VOTED_FOR = """
SELECT i.idea_id FROM funder_matches.ideas i JOIN fair_votes.tallies t USING (idea_id)
 WHERE i.pool_id IS NOT NULL AND t.position > $1 AND t.position <= $2
"""

_log = structlog.get_logger(__name__)


def standing_pledge_id(mandate_id: UUID, pool_id: UUID, attempt: int = 1) -> UUID:
    """Work out the identifier of a mandate's own pledge to a pool; attempts before the present one were abandoned."""
    named = ("standing", str(mandate_id), str(pool_id))
    return derived_id(*named) if attempt == 1 else derived_id(*named, str(attempt))


def next_pledge_id(mandate_id: UUID, events: Sequence[RecordedEvent], pool_id: UUID) -> UUID | None:
    """Tell under which identifier a mandate may pledge to a pool by itself, from what happened there.

    Nothing where it has pledged, whatever became of that.
    """
    made = {event.data.pledge_id for event in events if isinstance(event.data, PledgeMade)}
    abandoned = {event.data.pledge_id for event in events if isinstance(event.data, PledgeAbandoned)}
    for attempt in count(1):
        pledge_id = standing_pledge_id(mandate_id, pool_id, attempt)
        if pledge_id in made:
            return None
        if pledge_id not in abandoned:
            return pledge_id
    raise AssertionError("There is always one more attempt.")


class StandingPledges:
    """Pledges for mandates; one worker at a time does."""

    def __init__(self, pool: Pool, store: EventStore) -> None:
        self._pool = pool
        self._handler = Handler(store)
        self._store = store
        self._positions = Positions(pool)
        self._looked_until: datetime | None = None

    async def run(self) -> None:
        """Pledge until cancelled."""
        await take_turns(NAME, self._store, self.react, wait_seconds=_WAIT_SECONDS)

    async def react(self, now: datetime | None = None) -> int | None:
        """Pledge wherever something changed since the checkpoint; tell the position reached.

        Nothing when somebody else is at it, or when a read model does not come along.

        Raises:
            LogUnavailableError: the database cannot be reached; what was not pledged will be.
        """
        at = now or datetime.now(UTC)
        head = await self._store.head()
        for projection in WATCHED:
            if not await self._positions.wait(projection, head):
                return None
        while True:
            async with turn_of(self._pool, NAME) as turn:
                if turn is None:
                    return None
                await self._for_opened(at)
                if turn.position >= head:
                    return turn.position
                changes = await changes_between(self._pool, turn.position, head, limit=_CHANGES_A_TURN)
                voted = await self._pool.fetch(_VOTED_FOR, turn.position, changes.reached)
                await self._for_ideas({*changes.ideas, *(row["idea_id"] for row in voted)}, at)
                await self._for_mandates(changes.mandates, at)
                await turn.done(changes.reached)

    async def _for_opened(self, at: datetime) -> None:
        since = self._looked_until or at - LOOK_BACK
        await self._for_mandates(await mandates_opened(self._pool, since, at), at)
        self._looked_until = at

    async def _for_ideas(self, idea_ids: Collection[UUID], at: datetime) -> None:
        for idea in (await idea_facts(self._pool, idea_ids)).values():
            if idea.pool_id is not None:
                matches = await all_for_idea(self._pool, idea, at, whatever_is_left=True)
                await self._consider_all(((match.mandate, idea) for match in matches), at)

    async def _for_mandates(self, mandate_ids: Collection[UUID], at: datetime) -> None:
        for known in (await mandate_facts(self._pool, mandate_ids)).values():
            mandate = known.with_money()
            if mandate.mode == "pledge":
                found = await ideas_for(self._pool, mandate, at, limit=IDEAS_MAX, with_pool=True)
                ideas = await idea_facts(self._pool, found)
                await self._consider_all(((mandate, ideas[idea]) for idea in found if idea in ideas), at)

    async def _consider_all(self, pairs: Iterable[tuple[MandateFacts, IdeaFacts]], at: datetime) -> None:
        for mandate, idea in pairs:
            if mandate.mode == "pledge" and idea.pool_id is not None and fit(mandate, idea, at).is_match:
                await self._consider(mandate.mandate_id, idea.idea_id, idea.pool_id)

    async def _consider(self, mandate_id: UUID, idea_id: UUID, pool_id: UUID) -> None:
        """Make a mandate's own pledge to a pool, if there is none yet and it may; the streams say so, not the tables."""
        found = await folded(self._store, POOL, pool_stream(pool_id))
        pool, pledge_id = found.state, next_pledge_id(mandate_id, found.events, pool_id)
        if pledge_id is None:
            return
        mandate = (await folded(self._store, MANDATE, mandate_stream(mandate_id))).state
        if not isinstance(mandate, OpenMandate):
            return
        promise = (
            await self._promise(mandate, pool, idea_id, pledge_id) if isinstance(pool, OpenPool) else None
        )
        try:
            if promise is not None:
                await self._pledge(pool_id, promise)
            if pledge_id in mandate.reservations:
                # What was set aside before a crash may be more than is pledged now.
                await release(self._handler, pool_id, pledge_id, mandate_id)
        except WrongVersionError:
            _log.warning("standing_pledge_put_off", mandate_id=str(mandate_id), pool_id=str(pool_id))
            raise

    async def _pledge(self, pool_id: UUID, promise: Promise) -> None:
        told = {"mandate_id": str(promise.mandate_id), "pool_id": str(pool_id)}
        try:
            await pledge(self._handler, pool_id, promise, made_by=None, cause=Cause())
        except DomainError as error:
            _log.info("standing_pledge_refused", rule=str(error), **told)
        else:
            _log.info("standing_pledge_made", **told)

    async def _promise(
        self, mandate: OpenMandate, pool: OpenPool, idea_id: UUID, pledge_id: UUID
    ) -> Promise | None:
        now, statement = datetime.now(UTC), mandate.statement
        if statement.mode != "pledge" or pool.terms.currency != statement.budget.currency:
            return None
        if any(
            (one.organisation_id, one.kind) == (mandate.organisation_id, "money")
            for one in pool.pledges.values()
        ):
            return None  # Somebody of the organisation has pledged already, and knows why so much.
        if not has_crossed(statement.thresholds, await self._reached(idea_id)):
            return None
        lacking = pool.terms.target.amount_minor - resolution_of(pool, now).resolved_total
        present = mandate.reservations.get(pledge_id)
        amount = standing_amount(mandate, lacking, present.amount_minor if present else 0)
        if amount is None:
            return None
        return Promise(
            pledge_id=pledge_id,
            organisation_id=mandate.organisation_id,
            amount=amount,
            conditions=statement.conditions,
            mandate_id=mandate.mandate_id,
            vetoable_until=now + timedelta(hours=statement.veto_hours) if statement.veto_hours else None,
        )

    async def _reached(self, idea_id: UUID) -> Reached:
        tallies = await fair_tallies(self._pool, [idea_id])
        known = await coverage_of_idea(self._pool, idea_id)
        return Reached(
            verified_votes=tallies[idea_id].verified_votes,
            covered_percent=0 if known is None else known.coverage.covered_percent,
        )
