"""One run of `open-impact bench`: its server, its rounds, and what it has to say meanwhile."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from msgspec import Struct
from psycopg import sql

from app.embedded.postgres import PostgresHandle
from events.connections import SERVICE_ROLE
from ops.bench.machine import DISTURBED, Others, load_average
from ops.bench.report import Report

_DISTURBED_NOTE = (
    "Warning: other programs used more than a tenth of the machine while some windows were measured "
    "(others_share lists the largest share of every round); compare ratios rather than figures."
)

_LOOK_SECONDS = 0.5

_numbers = count(1)


class Measured(Struct, frozen=True):
    """What one window gave: values by case, and the share of the machine that others took meanwhile."""

    values: Mapping[str, float]
    others: float = 0.0


class Case(Struct, frozen=True):
    """Something to measure once a round: its set-up is not in the window it measures."""

    name: str
    measure: Callable[[], Awaitable[Measured]]


class Session(Struct, frozen=True, kw_only=True):
    """What every bench works with.

    `seconds` is how long a window lasts, `scale` the part of the full sizes of logs and boards that is
    made. `again` is how often a window is measured anew when others used the machine meanwhile, and
    `patience` how many seconds it may wait before it for them to stop.
    """

    postgres: PostgresHandle
    folder: Path
    report: Report
    rounds: int
    seconds: float
    scale: float
    again: int
    patience: float
    say: Callable[[str], None]

    def sized(self, full: int, *, least: int = 1) -> int:
        """Scale a number of events or ideas."""
        return max(least, round(full * self.scale))

    async def in_rounds(self, cases: Sequence[Case]) -> None:
        """Measure all cases in turn, round after round."""
        for number in range(1, self.rounds + 1):
            load, shares = load_average(), [0.0]
            for case in cases:
                await self._wait_for_quiet()
                self.say(f"round {number} of {self.rounds}: {case.name}")
                measured = await self._least_disturbed(case)
                self.report.add(measured.values)
                shares.append(measured.others)
            self.took_part(load, max(shares))

    def took_part(self, load_before: float, others: float) -> None:
        """Note how busy the machine was before a round, and which share others had during it."""
        for name, value in (("load_before", load_before), ("others_share", round(others, 3))):
            noted = self.report.machine[name]
            if isinstance(noted, list):
                noted.append(value)
        if others > DISTURBED:
            self.report.note(_DISTURBED_NOTE)

    async def _wait_for_quiet(self) -> None:
        """Wait until nobody else uses the machine, for as long as patience lasts."""
        until = time.monotonic() + self.patience
        told = False
        while time.monotonic() < until:
            others = Others()
            await asyncio.sleep(_LOOK_SECONDS)
            if (share := others.share()) <= DISTURBED:
                return
            if not told:
                self.say(f"others use {share:.0%} of the machine; waiting for them to stop")
                told = True

    async def _least_disturbed(self, case: Case) -> Measured:
        """Measure; as long as others disturb and it may be done again, do so, and take the quietest window."""
        best = await case.measure()
        for _ in range(self.again):
            if best.others <= DISTURBED:
                break
            self.say(f"others used {best.others:.0%} of the machine; {case.name} once more")
            await self._wait_for_quiet()
            best = min(best, await case.measure(), key=lambda measured: measured.others)
        return best

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Give the address of a fresh copy of a database, which is dropped afterwards."""
        name = f"bench_{next(_numbers)}"
        create_database(self.postgres, name, template)
        try:
            yield address_of(self.postgres, name)
        finally:
            drop_database(self.postgres, name)


def address_of(postgres: PostgresHandle, name: str) -> str:
    """Give the address of a database on the server."""
    return postgres.url.rpartition("/")[0] + "/" + name


def create_database(postgres: PostgresHandle, name: str, template: str) -> None:
    """Copy a database file by file, which ends with a checkpoint: every window begins with a clean log of changes."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [SERVICE_ROLE]).fetchone():
            # A copy takes over everything but the rights on the database itself.
            connection.execute(
                sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(SERVICE_ROLE)
                )
            )


def drop_database(postgres: PostgresHandle, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def percentiles(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """Give median and 99th percentile of durations, in milliseconds, under a case's names."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    return {
        f"{name}_p50_ms": statistics.median(ordered) * 1e3,
        f"{name}_p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1e3,
    }


__all__ = ["Case", "Measured", "Others", "Session", "percentiles"]
