"""The `pledges` campaign: many pledge, revise and withdraw at once from several processes that are killed meanwhile.

A history is 500 acts, on one pool by sixty funders or on ten pools under one mandate's budget. Afterwards the reactors
and the timer come by, as a worker's do, and everything is checked against the log.
"""

import asyncio
import os
import random
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from app.cli.progress import Update
from app.command_handling import Cause, Handler
from app.folding import folded
from app.funding.pledging import in_turn, settle
from app.reactors.budgets import release_abandoned, release_ended
from app.settings import variable_of
from domain.mandate import MANDATE, PublishMandate
from domain.pool import POOL, OpenPool
from domain.pool_terms import PoolTerms
from domain.statement import Statement
from events.connections import Pool, open_pool
from events.contracts import Money
from events.postgres import open_store
from events.store import EventStore
from events.streams import mandate_stream, new_id, pool_stream
from ops.faults.pledge_check import PledgeCheck
from ops.faults.pledge_outcomes import BUSY, DONE, FAILED, Finished, Order, Outcome, Told, heard
from ops.faults.report import Report
from ops.faults.surroundings import came_true, on_a_database

WRITERS = 3
ACTS = 500
FUNDERS, POOLS = 60, 10
BUDGET = 250
KILL_SHARE = 0.7
"""In how many histories a writer is killed at a moment drawn at random."""
_PART_SECONDS = 120.0
_SETTLE_SECONDS = 30.0
_SECRET = "a campaign's secret key that opens nothing else"  # noqa: S105  # It is used for an empty database.


def run_pledges(*, histories: int, seed: int, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own."""
    return on_a_database(lambda url: PledgesCampaign(url, histories, seed, advance).run())


class _Process:
    """A writer process, and what it says."""

    def __init__(self, process: asyncio.subprocess.Process, outcomes: list[Outcome]) -> None:
        self._process = process
        self._outcomes = outcomes
        self._finished = asyncio.Event()
        self._hearing = asyncio.create_task(self._hear())

    async def obey(self, order: Order) -> bool:
        """Give an order and wait until it is done; tell whether it was, rather than the process killed."""
        self._finished.clear()
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        finishing = asyncio.create_task(self._finished.wait())
        await asyncio.wait(
            [finishing, self._hearing], timeout=_PART_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        finishing.cancel()
        return self._finished.is_set()

    async def kill(self) -> None:
        """Kill it without a word, and hear what it said before."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._hearing

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            match heard(line):
                case Told(outcome=outcome):
                    self._outcomes.append(outcome)
                case Finished():
                    self._finished.set()
                case None:
                    continue


class PledgesCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, histories: int, seed: int, advance: Update) -> None:
        self._url = url
        self._histories = histories
        self._seed = seed
        self._advance = advance
        self._random = random.Random(seed)
        self._check = PledgeCheck()
        self._outcomes: list[Outcome] = []
        self._answers = {DONE: 0, BUSY: 0, FAILED: 0, "refused": 0}
        self._kills = self._begun = 0

    async def run(self) -> Report:
        """Run every history, and check each when it has come to rest."""
        async with (
            open_pool(self._url, name="campaign", size_max=6) as pool,
            open_store(self._url, name="campaign", pool=pool, secret=_SECRET) as store,
        ):
            writers = [await self._writer() for _ in range(WRITERS)]
            try:
                for number in range(1, self._histories + 1):
                    await self._history(number, writers, pool, store)
                    self._advance(number, self._histories)
            finally:
                for writer in writers:
                    await writer.kill()
        figures = {"histories": self._histories, "writers killed": self._kills}
        figures |= {f"answers: {answer}": count for answer, count in self._answers.items()}
        return Report(
            campaign="pledges", seed=self._seed, figures=figures, invariants=self._check.invariants()
        )

    async def _writer(self) -> _Process:
        self._begun += 1
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ops.faults.pledge_writer", str(self._begun), str(self._seed)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
            env=os.environ | {variable_of("database_url"): self._url, variable_of("secret_key"): _SECRET},
        )
        return _Process(process, self._outcomes)

    async def _history(self, number: int, writers: list[_Process], pool: Pool, store: EventStore) -> None:
        """Let the writers act, kill one of them perhaps, bring everything to rest, and check it."""
        self._outcomes.clear()
        now = datetime.now(UTC)
        order = await self._scene(store, number, now)
        parts = [asyncio.create_task(writer.obey(order)) for writer in writers]
        if self._random.random() < KILL_SHARE:
            victim = self._random.randrange(WRITERS)
            await self._after_some_acts()
            await writers[victim].kill()
            writers[victim] = await self._writer()
            self._kills += 1
        await asyncio.gather(*parts)
        await self._at_rest(pool)
        await self._as_a_worker_would(pool, store, order, now)
        found = {pool_id: await folded(store, POOL, pool_stream(pool_id)) for pool_id in order.pools}
        mandate = order.mandate and await folded(store, MANDATE, mandate_stream(order.mandate))
        self._check.look(self._outcomes, found, mandate or None, now)
        for outcome in self._outcomes:
            kind = outcome.answer if outcome.answer in self._answers else "refused"
            self._answers[kind] += 1

    async def _after_some_acts(self) -> None:
        enough = self._random.randint(1, ACTS // 2)

        async def acted() -> bool:
            return len(self._outcomes) >= enough

        await came_true(acted, _PART_SECONDS, every=0.002)

    async def _at_rest(self, pool: Pool) -> None:
        """Wait until the server has ended what a killed writer had sent."""

        async def nobody_writes() -> bool:
            return not await pool.fetchval(
                """
                SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name LIKE 'open-impact-writer-%'
                   AND state <> 'idle'
                """
            )

        await came_true(nobody_writes, _SETTLE_SECONDS)

    async def _as_a_worker_would(self, pool: Pool, store: EventStore, order: Order, now: datetime) -> None:
        """Release what was abandoned, settle every pool at its deadline, and release what ended."""
        await release_abandoned(pool, store, now + timedelta(hours=1))
        for pool_id in order.pools:
            await settle(Handler(store), pool_id, now + timedelta(days=31))
        await release_ended(pool, store)

    async def _scene(self, store: EventStore, number: int, now: datetime) -> Order:
        """Make the pools of a history: one for sixty funders, or ten under one mandate."""
        under_a_mandate = number % 2 == 0
        funders = [new_id() for _ in range(1 if under_a_mandate else FUNDERS)]
        pools = [await self._pool(store, now) for _ in range(POOLS if under_a_mandate else 1)]
        mandate = await self._mandate(store, funders[0], now) if under_a_mandate else None
        return Order(history=number, acts=ACTS // WRITERS, pools=pools, funders=funders, mandate=mandate)

    async def _pool(self, store: EventStore, now: datetime) -> UUID:
        pool_id, author = new_id(), new_id()
        target = self._random.choice([400, 100_000, 100_000])
        command = OpenPool(
            now=now,
            pool_id=pool_id,
            idea_id=new_id(),
            opened_by=author,
            idea_author_id=author,
            idea_is_open=True,
            terms=PoolTerms(
                minimum=_pounds(1),
                target=_pounds(target),
                ceiling=_pounds(max(target, self._random.randint(200, 2_000))),
                deadline=now + timedelta(days=30),
            ),
        )
        await in_turn(Handler(store), pool_id, lambda: command, Cause())
        return pool_id

    async def _mandate(self, store: EventStore, funder: UUID, now: datetime) -> UUID:
        mandate_id = new_id()
        statement = Statement(
            title="A campaign",
            ticket_min=_pounds(1),
            ticket_max=_pounds(BUDGET),
            budget=_pounds(BUDGET),
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=90),
        )
        command = PublishMandate(
            now=now, mandate_id=mandate_id, organisation_id=funder, person_id=funder, statement=statement
        )
        await Handler(store).handle(MANDATE, mandate_stream(mandate_id), command, cause=Cause())
        return mandate_id


def _pounds(amount: int) -> Money:
    return Money(amount_minor=amount, currency="GBP")
