"""The `import` campaign: an import is killed half-way, and PostgreSQL under it, until it has come through."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import uvloop

from app.cli.progress import Update
from app.logs import configure_logging
from ops.faults.aftermath import board, cast_votes, connected, newest_position, stopped, verified
from ops.faults.budget_file import write_budget
from ops.faults.import_check import Imported, check_import
from ops.faults.instance import OPEN_IMPACT, Instance, running
from ops.faults.planted import plant_vote
from ops.faults.report import Breaches, Invariant, Report
from ops.faults.surroundings import came_true, temporary_folder

PROJECTS, BALLOTS_MAX, BALLOTS_A_KILL = 60, 8_000, 3_000
COMMUNITY = "exampleton"
IMPORT, DATABASE = "import", "PostgreSQL"
ORDER = (IMPORT, DATABASE)
"""Who is killed, in turns."""
IMPORT_SECONDS = 300.0
_LOOK_SECONDS = 0.01
_LAST_SHARE = 0.6
"""Every kill comes within this part of the file: on a busy machine we look late, and events must still be missing."""


def run_import(*, kills: int, seed: int, planted: bool, advance: Update) -> Report:
    """Run the campaign on an installation of its own; `planted` adds a vote that nobody cast, which must be noticed."""
    configure_logging("error", as_json=False)
    return uvloop.run(_run(kills, seed, planted=planted, advance=advance))


async def _run(kills: int, seed: int, *, planted: bool, advance: Update) -> Report:
    with temporary_folder() as folder:
        file = folder / "budget.pb"
        ballots = min(BALLOTS_MAX, kills * BALLOTS_A_KILL)
        votes_of = write_budget(file, projects=PROJECTS, ballots=ballots, seed=seed)
        async with running(folder) as instance:
            campaign = ImportCampaign(instance, file, votes_of, ballots=ballots, kills=kills, seed=seed)
            return await campaign.run(advance, planted=planted)


class ImportCampaign:
    """One run of the campaign on an installation that runs."""

    def __init__(
        self,
        instance: Instance,
        file: Path,
        votes_of: Mapping[str, int],
        *,
        ballots: int,
        kills: int,
        seed: int,
    ) -> None:
        self._instance = instance
        self._ballots = ballots
        self._words = ("import", "pabulib", str(file), "--community", COMMUNITY, "--json")
        self._votes_of = votes_of
        self._kills = kills
        self._seed = seed
        self._random = random.Random(seed)
        self._importing: asyncio.subprocess.Process | None = None
        self._newest = 0
        self._killed: Counter[str] = Counter()
        self._half_way = Breaches("every kill comes while events are missing")
        self._polite = Breaches("an import that loses the database goes on, or ends with one sentence")

    async def run(self, advance: Update, *, planted: bool) -> Report:
        """Interrupt the import, bring it to its end, and check everything."""
        before = await newest_position(self._instance.database_url())
        total = len(self._votes_of) + self._ballots + sum(self._votes_of.values())
        try:
            for number in range(self._kills):
                share = (number + self._random.uniform(0.2, 0.9)) / self._kills * _LAST_SHARE
                await self._interrupt(ORDER[number % len(ORDER)], before + int(share * total), before + total)
                advance(number + 1, self._kills)
        finally:
            if self._importing is not None and self._importing.returncode is None:
                self._importing.kill()
                await self._importing.communicate()
        ends = Breaches("imported again, it comes to its end")
        adds_nothing = Breaches("imported once more, it adds nothing")
        for breaches, wanted in ((ends, None), (adds_nothing, 0)):
            said = await self._instance.command(*self._words, within=IMPORT_SECONDS)
            appended = msgspec.json.decode(said.output)["appended"] if said.code == 0 else None
            breaches.expect(
                said.code == 0 and wanted in {None, appended}, f"{appended} added; {said.errors[-300:]}"
            )
        if planted:
            await plant_vote(self._instance.database_url())
        return await self._report([ends.invariant(), adds_nothing.invariant()])

    async def _interrupt(self, victim: str, position: int, end: int) -> None:
        """Kill the import, or PostgreSQL under it, as soon as the log has reached a position."""
        importing = self._importing = self._importing or await self._start()
        await came_true(lambda: self._has_come_to(position), IMPORT_SECONDS, every=_LOOK_SECONDS)
        pid = importing.pid if victim == IMPORT else self._instance.part(DATABASE)
        newest = self._newest
        struck = pid is not None and importing.returncode is None and newest < end
        if pid is not None and struck:
            os.kill(pid, signal.SIGKILL)
            self._killed[victim] += 1
        self._half_way.expect(
            struck, f"{victim} could not be killed at {newest} of {end}; exit code {importing.returncode}"
        )
        if victim == IMPORT:
            await importing.communicate()
            self._importing = None
        else:
            await self._outlives_the_loss(importing, newest)

    async def _outlives_the_loss(self, importing: asyncio.subprocess.Process, newest: int) -> None:
        """See the import go on after the database is back, or end with one sentence."""
        await came_true(lambda: self._has_come_to(newest + 1), IMPORT_SECONDS)
        if importing.returncode is None:
            self._polite.expect(
                await newest_position(self._instance.database_url()) > newest, "it stands still"
            )
            return
        _, errors = await importing.communicate()
        self._importing = None
        said = errors.decode(errors="replace")
        is_polite = importing.returncode == 0 or (importing.returncode == 1 and "Traceback" not in said)
        self._polite.expect(is_polite, f"exit code {importing.returncode}: {said[-300:]}")

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(*OPEN_IMPACT, *self._words),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=self._instance.environment(),
        )

    async def _has_come_to(self, position: int) -> bool:
        if self._importing is None or self._importing.returncode is not None:
            return True
        self._newest = await newest_position(self._instance.database_url())
        return self._newest >= position

    async def _report(self, before: Sequence[Invariant]) -> Report:
        instance = self._instance
        checked: list[Invariant] = []
        if await instance.becomes_ready():
            imported = await _imported(instance)
            checked += check_import(imported, votes_of=self._votes_of, ballots=self._ballots)
            checked += await verified(instance)
            checked += await stopped(instance)
        if self._killed[DATABASE]:
            checked.append(self._polite.invariant())
        return Report(
            campaign="import",
            seed=self._seed,
            figures={
                "projects": len(self._votes_of),
                "ballots": self._ballots,
                "votes": sum(self._votes_of.values()),
                **{f"kills of {victim}": times for victim, times in sorted(self._killed.items())},
            },
            invariants=(*checked, *before, self._half_way.invariant()),
        )


async def _imported(instance: Instance) -> Imported:
    """Read what the import left, with statements of our own."""
    url = instance.database_url()
    connection = await connected(url)
    try:
        ideas = await connection.fetch(
            "SELECT (data->>'idea_id')::uuid, data->'source'->>'id' FROM events WHERE type = 'IdeaLogged'"
        )
        authors = await connection.fetch("SELECT data->>'author_id' FROM events WHERE type = 'IdeaLogged'")
        joined = await connection.fetch("SELECT data->>'person_id' FROM events WHERE type = 'PersonJoined'")
    finally:
        await connection.close()
    author_ids = {row[0] for row in authors}
    votes = [pair for pair, _ in await cast_votes(url)]
    shown = await board(instance.port, min_position=await newest_position(url), community=COMMUNITY)
    return Imported(
        ideas=[(row[0], row[1]) for row in ideas],
        votes=votes,
        voters=[UUID(row[0]) for row in joined if row[0] not in author_ids],
        board=shown,
    )
