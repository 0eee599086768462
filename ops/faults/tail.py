"""The `tail` campaign: a reader follows the log while writers are killed, cut off, and foreign transactions stay open."""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
import msgspec
import uvloop

from app.bootstrap import migrate
from app.cli.progress import Update
from app.embedded.postgres import embedded_postgres
from app.logs import configure_logging
from app.settings import variable_of
from events.contracts import VoteCast
from events.errors import LogUnavailableError
from events.postgres import open_store
from events.subscription import follow
from ops.faults.marks import mark_of
from ops.faults.outcomes import Outcomes
from ops.faults.planted import plant_bare_sequence
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import came_true, temporary_folder
from ops.faults.tail_check import Entry, LogCheck, Reading

WRITERS = 3
LIFE_SECONDS = (0.8, 4.0)
"""How long a writer lives after its first acknowledged append, drawn anew for each."""
CUT_SECONDS = (0.3, 1.5)
"""How long until the server cuts off the next connection."""
START_SECONDS = 30.0
SETTLE_SECONDS = 30.0
_CHUNK_BYTES = 64 * 1024
_PAGE = 10_000
_OF_WRITERS = "datname = current_database() AND application_name LIKE 'open-impact-writer-%'"
_OF_ALL = "datname = current_database() AND application_name ~ '^open-impact-(writer|reader)'"


def run_tail(*, seconds: float, seed: int, planted: bool, advance: Update) -> Report:
    """Run the campaign on a PostgreSQL of its own; `planted` breaks the log first, which must be noticed."""
    configure_logging("error", as_json=False)
    with temporary_folder() as folder, embedded_postgres(folder) as server:
        migrate(server.url)
        if planted:
            plant_bare_sequence(server.url)
        return uvloop.run(TailCampaign(server.url, seconds=seconds, seed=seed, advance=advance).run())


class TailCampaign:
    """One run of the campaign on a migrated database."""

    def __init__(self, url: str, *, seconds: float, seed: int, advance: Update) -> None:
        self._url = url
        self._seconds = seconds
        self._seed = seed
        self._advance = advance
        self._random = random.Random(seed)
        self._numbers = count(1)
        self._outcomes = Outcomes()
        self._reading = Reading()
        self._endings = Breaches("a writer ends only by being killed")
        self._kills = self._cuts = self._reader_losses = 0

    async def run(self) -> Report:
        """Run all of it, wait until the log is at rest, and check it."""
        async with _foreign_transactions(self._url) as foreign:
            reader = asyncio.create_task(self._read())
            try:
                await self._disturb(reader)
                await self._settle(reader)
            finally:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)
            foreign_still_open = await _is_open(foreign)
        return await self._report(foreign_still_open=foreign_still_open)

    async def _disturb(self, reader: "asyncio.Task[None]") -> None:
        """Keep writers running and dying, and connections breaking, for the time of the campaign."""
        disturbing = [asyncio.create_task(self._keep_writing()) for _ in range(WRITERS)]
        disturbing.append(asyncio.create_task(self._keep_cutting_off()))
        try:
            ended: set[asyncio.Task[None]] = set()
            loop = asyncio.get_running_loop()
            end = loop.time() + self._seconds
            # Whatever of these ends before its time has failed.
            while not ended and (left := end - loop.time()) > 0:
                ended, _ = await asyncio.wait(
                    [*disturbing, reader], timeout=min(1.0, left), return_when=asyncio.FIRST_COMPLETED
                )
                self._advance(round(self._seconds - left), round(self._seconds))
            for task in ended:
                task.result()
        finally:
            for task in disturbing:
                task.cancel()
            await asyncio.gather(*disturbing, return_exceptions=True)

    async def _keep_writing(self) -> None:
        while True:
            await self._let_write(next(self._numbers))

    async def _let_write(self, number: int) -> None:
        """Start a writer, hear what it says, and kill it."""
        words = (str(number), str(self._seed), str(self._seconds + START_SECONDS))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ops.faults.tail_writer", *words),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {variable_of("database_url"): self._url},
        )
        begun = asyncio.Event()
        hearing = asyncio.create_task(self._hear(process, number, begun))
        try:
            async with asyncio.timeout(START_SECONDS):
                await begun.wait()
            await asyncio.sleep(self._random.uniform(*LIFE_SECONDS))
        finally:
            self._endings.expect(
                process.returncode is None, f"writer {number} ended with exit code {process.returncode}"
            )
            if process.returncode is None:
                process.kill()
                self._kills += 1
            # Shielded, so that what it said last is heard even when the campaign ends here.
            await asyncio.shield(asyncio.gather(process.wait(), hearing))

    async def _hear(self, process: asyncio.subprocess.Process, number: int, begun: asyncio.Event) -> None:
        if process.stdout is None:
            raise TypeError("A writer without a pipe cannot be heard.")
        rest = b""
        while chunk := await process.stdout.read(_CHUNK_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._outcomes.hear(number, line.decode())
            begun.set()

    async def _keep_cutting_off(self) -> None:
        """Have the server end a connection of a writer or of the reader, now and then."""
        connection = await _connect(self._url, "cutting")
        try:
            while True:
                await asyncio.sleep(self._random.uniform(*CUT_SECONDS))
                # Only constants go into the statement.
                cut = await connection.fetch(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_OF_ALL} ORDER BY random() LIMIT 1"  # noqa: S608  # Constants of our own.
                )
                self._cuts += len(cut)
        finally:
            await connection.close()

    async def _read(self) -> None:
        """Follow the log from its beginning, and from the last position seen after every loss."""
        async with open_store(self._url, name="reader") as store:
            while True:
                try:
                    async for page in follow(store, self._reading.newest):
                        for event in page.events:
                            self._reading.see(event.position, event.event_id)
                except LogUnavailableError:
                    self._reader_losses += 1
                    await asyncio.sleep(0.05)

    async def _settle(self, reader: "asyncio.Task[None]") -> None:
        """Wait until the killed writers' last appends have ended in the server, and the reader is at the end."""
        connection = await _connect(self._url, "settling")

        async def nobody_writes() -> bool:
            return not await connection.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {_OF_WRITERS}")  # noqa: S608  # Constants of our own.

        async def all_is_read() -> bool:
            newest: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM events")
            return self._reading.newest >= newest or reader.done()

        try:
            if not await came_true(nobody_writes, SETTLE_SECONDS):
                raise TimeoutError("A killed writer's connection is still open in the server.")
            # A reader that has skipped something may never get there: then the checks say what it lacks.
            await came_true(all_is_read, SETTLE_SECONDS)
        finally:
            await connection.close()

    async def _report(self, *, foreign_still_open: bool) -> Report:
        check = LogCheck()
        connection = await _connect(self._url, "checking")
        try:
            async for entries in _log(connection):
                check.look(entries)
            events, newest = await connection.fetchrow(
                "SELECT count(*), coalesce(max(position), 0) FROM events"
            ) or (0, 0)
        finally:
            await connection.close()
        open_all_the_time = Breaches("foreign transactions stayed open")
        open_all_the_time.expect(foreign_still_open, "a foreign transaction was closed before the end")
        outcomes = self._outcomes
        return Report(
            campaign="tail",
            seed=self._seed,
            figures={
                "seconds": self._seconds,
                "events": events,
                "events a second": round(events / self._seconds),
                "appends acknowledged": len(outcomes.acknowledged),
                "appends refused (wrong version)": len(outcomes.refused),
                "appends of unknown outcome, as told": outcomes.unknown,
                "appends there but never acknowledged": check.ghosts(outcomes),
                "writers killed": self._kills,
                "connections cut off": self._cuts,
                "times the reader lost the log": self._reader_losses,
            },
            invariants=(
                *check.invariants(outcomes, self._reading, count=events, newest=newest),
                self._endings.invariant(),
                open_all_the_time.invariant(),
            ),
        )


async def _connect(url: str, name: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect as the owner, under a name that is not cut off."""
    return await asyncpg.connect(url, server_settings={"application_name": f"faults-{name}"})


@asynccontextmanager
async def _foreign_transactions(url: str) -> AsyncIterator[list["asyncpg.Connection[asyncpg.Record]"]]:
    """Leave two transactions open: one that has written to another table, and one that only holds a snapshot."""
    writing, looking = await _connect(url, "foreign"), await _connect(url, "foreign")
    try:
        await writing.execute("CREATE TABLE foreign_work (id integer)")
        await writing.execute("BEGIN; INSERT INTO foreign_work VALUES (1)")
        await looking.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM events")
        yield [writing, looking]
    finally:
        writing.terminate()
        looking.terminate()


async def _is_open(foreign: list["asyncpg.Connection[asyncpg.Record]"]) -> bool:
    writing, looking = foreign
    has_written: bool = await writing.fetchval("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
    seen: int = await looking.fetchval("SELECT count(*) FROM events")
    return has_written and seen == 0


async def _log(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[list[Entry]]:
    """Read the whole log with a statement of our own rather than through the store under test."""
    decode = msgspec.json.Decoder(VoteCast).decode
    newest = 0
    while rows := await connection.fetch(
        "SELECT position, stream, version, event_id, data FROM events WHERE position > $1 ORDER BY position LIMIT $2",
        newest,
        _PAGE,
    ):
        yield [
            Entry(position, stream, version, event_id, mark_of(decode(data)))
            for position, stream, version, event_id, data in rows
        ]
        newest = rows[-1]["position"]
