"""How quickly 100,000 ideas and 2,000 mandates find each other, beside comparing each with each.

Method. A log of 300,000 events (ideas and votes) and the mandates of `funders` is folded by funder_matches in a process of
its own. Then one change after another is appended, applied to the read model, and the list that it changes is read:
for an idea all mandates open to it, for a mandate the first page of what fits it. What is measured is all three
together, by one caller. Beside it, `fit` compares one idea with every mandate, and one mandate with every idea, with all
facts in memory; both ways must find the same.

Limits. The tables fit into memory, and one caller asks. The lists are read without titles and names.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from msgspec import Struct

from app.bootstrap import migrate
from events.connections import Connection, Pool, open_pool
from events.envelope import Append
from events.postgres import PostgresStore, open_store
from ops.bench.children import answer_of
from ops.bench.content import SECRET, fill_log, idea_id, vote_requests
from ops.bench.funders import (
    BREADTHS,
    Breadth,
    breadth_of,
    idea_requests,
    mandate_id,
    publish_requests,
    revise_requests,
)
from ops.bench.loops import closed_loop
from ops.bench.machine import Others
from ops.bench.rebuilding import Rebuilt
from ops.bench.session import Case, Measured, Session, percentiles
from projections.building import apply_next, building
from projections.checkpoints import Lease, take_lease
from projections.funder_matches import FunderMatches
from projections.funder_matches.fit import IdeaFacts, MandateFacts, fit
from projections.funder_matches.queries import (
    all_for_idea,
    idea_facts,
    ideas_for,
    mandate_facts,
    matches_of_mandate,
)

_EVENTS, _IDEAS, _MANDATES = 300_000, 100_000, 2_000
_PAGE = 50
_VOTES_AFTER = 3_000
"""Votes after the mandates: a rebuild leaves the last events to the build that is live, and must have seen all of them."""
_APPENDED_AT_ONCE = 500
_CHANGES_A_SECOND_MAX = 300
_SAMPLE = 20
_SEED = 11


class _World(Struct, frozen=True, kw_only=True):
    """The live read model as its only writer has it, and how much there is."""

    pool: Pool
    store: PostgresStore
    connection: Connection
    lease: Lease
    ideas: int
    mandates: int

    async def changed(self, request: Append) -> None:
        """Append a change and bring the read model up to date with it."""
        await self.store.append(request)
        await apply_next(self.connection, self.store, FunderMatches(), self.lease, limit=5_000)


async def run(session: Session) -> None:
    """Measure every case of `matching` and add what was found to the report."""
    ideas, mandates = session.sized(_IDEAS, least=200), session.sized(_MANDATES, least=40)
    with session.database() as url:
        migrate(url)
        await fill_log(url, session.sized(_EVENTS, least=1_000), ideas, say=session.say)
        async with open_store(url, name="bench", secret=SECRET) as store:
            session.say(f"publishing {mandates:,} mandates")
            requests = [*publish_requests(mandates), *vote_requests(_VOTES_AFTER, ideas)]
            for start in range(0, len(requests), _APPENDED_AT_ONCE):
                await store.append_many(requests[start : start + _APPENDED_AT_ONCE])
        await session.in_rounds([Case("matching_rebuild", partial(_rebuild, url))])
        async with _live(url, ideas, mandates) as world:
            session.report.note(f"{await _all_matches(world):,} pairs matched at the beginning.")
            await session.in_rounds(_cases(session, world))


async def _rebuild(url: str) -> Measured:
    others = Others()
    rebuilt = await answer_of(["-m", "ops.bench.rebuilding", "funder_matches"], Rebuilt, url)
    values = {"matching_rebuild": rebuilt.seconds, "matching_rebuild_rss": rebuilt.rss_at_end}
    return Measured(values, others.share())


@asynccontextmanager
async def _live(url: str, ideas: int, mandates: int) -> AsyncIterator[_World]:
    async with AsyncExitStack() as held:
        pool = await held.enter_async_context(open_pool(url, name="bench"))
        store = await held.enter_async_context(open_store(url, name="bench", pool=pool, secret=SECRET))
        connection = await held.enter_async_context(building(pool, "funder_matches"))
        lease = await take_lease(connection, "funder_matches", "live", "bench")
        assert lease is not None, "nobody else is there"
        while await apply_next(connection, store, FunderMatches(), lease, limit=5_000):
            pass
        yield _World(
            pool=pool, store=store, connection=connection, lease=lease, ideas=ideas, mandates=mandates
        )


async def _all_matches(world: _World) -> int:
    at, matches = datetime.now(UTC), 0
    for mandate in (await mandate_facts(world.pool, [*map(mandate_id, range(world.mandates))])).values():
        matches += len(await ideas_for(world.pool, mandate, at, limit=world.ideas))
    return matches


def _cases(session: Session, world: _World) -> list[Case]:
    draw = random.Random(_SEED)
    changes = int(session.seconds * _CHANGES_A_SECOND_MAX)

    def revisions(breadth: Breadth) -> list[Append]:
        those = [number for number in range(world.mandates) if breadth_of(number) == breadth]
        return list(revise_requests(draw.choices(those, k=changes), draw))

    return [
        Case(
            "matching_idea",
            partial(
                _measure,
                session,
                "matching_idea",
                lambda: list(idea_requests(world.ideas, changes, draw)),
                partial(_idea_changed, world),
            ),
        ),
        *(
            Case(
                f"matching_{breadth}",
                partial(
                    _measure,
                    session,
                    f"matching_{breadth}",
                    partial(revisions, breadth),
                    partial(_mandate_changed, world),
                ),
            )
            for breadth in BREADTHS
        ),
        Case(
            "matching_vote",
            partial(
                _measure,
                session,
                "matching_vote",
                lambda: vote_requests(changes * 5, world.ideas),
                world.changed,
            ),
        ),
        Case("matching_cross", partial(_cross, world, draw)),
    ]


async def _measure(
    session: Session,
    name: str,
    make: Callable[[], list[Append]],
    act: Callable[[Append], Awaitable[None]],
) -> Measured:
    window = await closed_loop([act], make(), session.seconds)
    return Measured(percentiles(name, window.calls), window.others)


async def _idea_changed(world: _World, request: Append) -> None:
    await world.changed(request)
    identifier = _named(request, "idea_id")
    facts = await idea_facts(world.pool, [identifier])
    await all_for_idea(world.pool, facts[identifier], datetime.now(UTC))


async def _mandate_changed(world: _World, request: Append) -> None:
    await world.changed(request)
    identifier = _named(request, "mandate_id")
    facts = await mandate_facts(world.pool, [identifier])
    await matches_of_mandate(world.pool, facts[identifier], datetime.now(UTC), limit=_PAGE)


def _named(request: Append, field: str) -> UUID:
    identifier = getattr(request.events[0], field)
    assert isinstance(identifier, UUID)
    return identifier


async def _cross(world: _World, draw: random.Random) -> Measured:
    """Compare a few ideas with all mandates, and as many mandates with all ideas; both ways must agree."""
    others, at = Others(), datetime.now(UTC)
    mandates = list((await mandate_facts(world.pool, [*map(mandate_id, range(world.mandates))])).values())
    ideas = list((await idea_facts(world.pool, [*map(idea_id, range(world.ideas))])).values())
    by_idea, by_mandate = [], []
    for idea in draw.sample(ideas, _SAMPLE):
        seconds, found = _compared([(mandate, idea) for mandate in mandates], at)
        by_idea.append(seconds)
        listed = [match.mandate.mandate_id for match in await all_for_idea(world.pool, idea, at)]
        assert sorted(listed) == sorted(mandate.mandate_id for mandate, _ in found)
    for mandate in draw.sample(mandates, _SAMPLE):
        seconds, found = _compared([(mandate, idea) for idea in ideas], at)
        by_mandate.append(seconds)
        wanted = await ideas_for(world.pool, mandate, at, limit=world.ideas)
        assert sorted(wanted) == sorted(idea.idea_id for _, idea in found)
    values = percentiles("matching_cross_idea", by_idea) | percentiles("matching_cross_mandate", by_mandate)
    return Measured(values, others.share())


def _compared(
    pairs: list[tuple[MandateFacts, IdeaFacts]], at: datetime
) -> tuple[float, list[tuple[MandateFacts, IdeaFacts]]]:
    """Compare each with each, and tell how long it took and what fits."""
    began = time.perf_counter()
    fitting = [(mandate, idea) for mandate, idea in pairs if fit(mandate, idea, at).is_match]
    return time.perf_counter() - began, fitting
