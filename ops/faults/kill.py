"""The `kill` campaign: people vote while parts of a whole installation, or all of it, are killed without a word."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

import asyncpg
import redis.asyncio
import uvloop

from app.cli.progress import Update
from app.logs import configure_logging
from ops.faults.aftermath import board, cast_votes, newest_position, stopped, verified
from ops.faults.http_line import OK, HttpLine, NoAnswerError
from ops.faults.instance import Instance, running
from ops.faults.planted import plant_lazy_commit
from ops.faults.population import populate
from ops.faults.report import Breaches, Invariant, Report
from ops.faults.surroundings import came_true, temporary_folder
from ops.faults.vote_check import check_board, check_votes
from ops.faults.voting import Voting

SESSION, EVERYTHING = "a session of PostgreSQL", "open-impact up"
VICTIMS = ("web", "worker 1", "PostgreSQL", "Valkey", SESSION, EVERYTHING)
"""Parts by the names that `run.json` gives them, one server process of PostgreSQL, and the one above all."""

PEOPLE, IDEAS = 300, 200
VOTES_A_SECOND = 200.0
RECOVERY_SECONDS = 60.0
_BEGIN_SECONDS = 15.0
_ANSWERS = 30
_NEXT_SECONDS = (0.1, 1.2)
_EARLY_SHARE = 0.2
"""How often the next kill comes while what was killed before is still on its way back."""
_SETTLE_SECONDS = 0.5


def run_kill(*, kills: int, seed: int, planted: bool, advance: Update) -> Report:
    """Run the campaign on an installation of its own; `planted` makes its commits lazy, which must be noticed."""
    configure_logging("error", as_json=False)
    return uvloop.run(_run(kills, seed, planted=planted, advance=advance))


async def _run(kills: int, seed: int, *, planted: bool, advance: Update) -> Report:
    with temporary_folder() as folder:
        async with running(folder) as instance:
            population = await populate(
                instance.database_url(), instance.secret_key(), people=PEOPLE, ideas=IDEAS
            )
            if planted:
                plant_lazy_commit(instance.database_url())
            voting = Voting(instance.port, population, votes_a_second=VOTES_A_SECOND)
            # Only a crash of the database can take back what it has acknowledged.
            victims = ("PostgreSQL",) if planted else VICTIMS
            campaign = KillCampaign(instance, voting, kills=kills, seed=seed, victims=victims)
            return await campaign.run(advance)


class KillCampaign:
    """One run of the campaign on an installation that runs."""

    def __init__(
        self, instance: Instance, voting: Voting, *, kills: int, seed: int, victims: Sequence[str]
    ) -> None:
        self._instance = instance
        self._voting = voting
        self._kills = kills
        self._seed = seed
        self._random = random.Random(seed)
        self._victims = victims
        self._killed: Counter[str] = Counter()
        self._recoveries: list[tuple[float, str]] = []
        self._recovers = Breaches(f"votes go on within {RECOVERY_SECONDS:.0f} s of a kill, by themselves")
        self._without_valkey = Breaches("votes and board go on without Valkey, and after it was flushed")

    async def run(self, advance: Update) -> Report:
        """Kill under load, let it come to rest, and check everything."""
        began = time.monotonic()
        load = asyncio.create_task(self._voting.run())
        try:
            if await self._begins():
                await self._disturb(advance)
                await self._do_without_valkey()
        finally:
            load.cancel()
            await asyncio.gather(load, return_exceptions=True)
        seconds = time.monotonic() - began
        await asyncio.sleep(_SETTLE_SECONDS)
        return await self._report(seconds)

    async def _begins(self) -> bool:
        """See people vote before anything is done to them; a campaign against what never worked says nothing."""
        begins = await self._voting.grows(_ANSWERS, within=_BEGIN_SECONDS)
        self._recovers.expect(begins, "no vote at the beginning")
        return begins

    async def _disturb(self, advance: Update) -> None:
        """Kill one after the other; mostly when votes go on after the last kill, sometimes before."""
        for number, victim in enumerate(self._drawn_victims(), 1):
            if not await self._strike(victim):
                self._recovers.expect(holds=False, example=f"{victim} did not come back to be killed")
                return
            struck_at = time.monotonic()
            self._killed[victim] += 1
            advance(number, self._kills)
            if number < self._kills and self._random.random() < _EARLY_SHARE:
                await asyncio.sleep(self._random.uniform(0.0, 0.5))
                continue
            goes_on = await self._voting.grows(_ANSWERS, within=RECOVERY_SECONDS)
            self._recovers.expect(goes_on, f"no votes after the kill of {victim}")
            if not goes_on:
                return
            self._recoveries.append((round(time.monotonic() - struck_at, 2), victim))
            await asyncio.sleep(self._random.uniform(*_NEXT_SECONDS))

    def _drawn_victims(self) -> Iterator[str]:
        """Draw victims at random but each as often: the supervisor gives up on a part that keeps failing at once."""
        drawn: list[str] = []
        for _ in range(self._kills):
            if not drawn:
                drawn = self._random.sample(list(self._victims), len(self._victims))
            yield drawn.pop()

    async def _strike(self, victim: str) -> bool:
        """Kill a process at a moment when it runs; False when it does not come to run."""
        if victim == EVERYTHING:
            self._instance.kill()
            self._instance.start()
            return True
        return await came_true(lambda: self._is_struck(victim), RECOVERY_SECONDS)

    async def _is_struck(self, victim: str) -> bool:
        pid = await self._session() if victim == SESSION else self._instance.part(victim)
        # A number may be somebody else's by now: only a process of this installation is killed.
        if pid is None or pid not in self._instance.left_behind():
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    async def _session(self) -> int | None:
        """Choose one of the service's connections; its process in the server is the victim."""
        with suppress(OSError, RuntimeError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self._instance.database_url(), timeout=2.0)
            try:
                pid: int | None = await connection.fetchval(
                    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'open-impact-%' ORDER BY random()"
                )
            finally:
                await connection.close()
            return pid
        return None

    async def _do_without_valkey(self) -> None:
        """Stop Valkey in its tracks for a while, then let it forget everything."""
        await came_true(self._instance.is_ready, RECOVERY_SECONDS)
        pid = self._instance.part("Valkey")
        if pid is None:
            self._without_valkey.expect(holds=False, example="Valkey is not running")
            return
        os.kill(pid, signal.SIGSTOP)
        try:
            await self._goes_on("while Valkey does not answer")
        finally:
            os.kill(pid, signal.SIGCONT)
        client = redis.asyncio.Redis.from_url(self._instance.redis_url())
        await client.flushall()
        await client.aclose()
        await self._goes_on("after Valkey was flushed")

    async def _goes_on(self, when: str) -> None:
        self._without_valkey.expect(
            await self._voting.grows(_ANSWERS, within=RECOVERY_SECONDS), f"no votes {when}"
        )
        line = HttpLine(self._instance.port)
        with suppress(NoAnswerError):
            answer = await line.ask("GET", "/api/v1/ideas")
            self._without_valkey.expect(answer.status == OK, f"the board answered {answer.status} {when}")
        line.close()

    async def _report(self, seconds: float) -> Report:
        instance, voting = self._instance, self._voting
        runs = Breaches("`open-impact up` ends only by being killed")
        runs.expect(not instance.has_ended(), f"it said: {instance.log().strip()[-300:]}")
        figures: dict[str, float] = {
            "seconds": round(seconds, 1),
            **{f"kills of {victim}": times for victim, times in sorted(self._killed.items())},
            "votes acknowledged": len(voting.acknowledged),
            "votes sent again after no answer": voting.retries,
            "votes cast again, changing nothing": voting.repetitions,
        }
        for victim in sorted({victim for _, victim in self._recoveries}):
            figures[f"longest without votes after {victim}, seconds"] = max(
                seconds for seconds, after in self._recoveries if after == victim
            )
        checked: list[Invariant] = []
        if await instance.becomes_ready():
            cast = await cast_votes(instance.database_url())
            figures["votes there but never acknowledged"] = len(
                {pair for pair, _ in cast} - set(voting.acknowledged)
            )
            newest = await newest_position(instance.database_url())
            shown = await board(instance.port, min_position=newest)
            pairs = [pair for pair, _ in cast]
            checked += check_votes(cast, asked=voting.asked, acknowledged=voting.acknowledged)
            checked.append(check_board(shown, pairs, voting.population.ideas))
            checked += await verified(instance)
            checked += await stopped(instance)
        answers = Breaches("a vote is answered with 200, or 503 and when to try again")
        answers.checked = voting.answers
        answers.note_all(voting.unexpected)
        return Report(
            campaign="kill",
            seed=self._seed,
            figures=figures,
            invariants=(
                *checked,
                *(breaches.invariant() for breaches in (answers, self._recovers, self._without_valkey, runs)),
            ),
        )
