"""The `timing` campaign: whether the time of a sign-in request tells who has an account.

Requests for known and unknown addresses are sent one after the other to a real service, in pairs whose order is drawn,
so that whatever else the machine does falls on both alike. Every address is asked for once.
"""

import random
import time
from urllib.parse import urlencode

import uvloop

from app.access import accounts
from app.cli.errors import CommandError
from app.cli.progress import Update
from app.logs import configure_logging
from events.connections import open_pool
from ops.faults.http_line import HttpLine
from ops.faults.instance import Instance, running
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import temporary_folder
from ops.faults.timing_check import Difference, difference_of_medians

WARM_UP = 20
"""So many pairs go before, and are not counted."""
_SEE_OTHER = 303
_MICROSECONDS = 1e6


def run_timing(*, tries: int, seed: int, planted: bool, advance: Update) -> Report:
    """Time so many sign-in requests for known and as many for unknown addresses, and compare the two.

    What is planted is a service that does the work twice for those it knows.
    """
    configure_logging("error", as_json=False)
    return uvloop.run(_run(tries, seed, planted=planted, advance=advance))


async def _run(tries: int, seed: int, *, planted: bool, advance: Update) -> Report:
    with temporary_folder() as folder:
        async with running(folder) as instance:
            await _known_people(instance, WARM_UP + tries)
            known, unknown = await _timed(instance, tries, seed, planted=planted, advance=advance)
    found = difference_of_medians(known, unknown, seed=seed)
    breaches = Breaches("the time of a sign-in request does not tell who has an account")
    breaches.checked = tries
    if not found.holds_zero:
        breaches.note(
            f"known addresses take {found.difference:+.0f} µs, between {found.low:+.0f} and {found.high:+.0f}"
        )
    return Report(
        campaign="timing", seed=seed, figures=_figures(tries, found), invariants=(breaches.invariant(),)
    )


def _figures(tries: int, found: Difference) -> dict[str, float]:
    return {
        "tries of each": tries,
        "known, half within (µs)": round(found.of_known),
        "unknown, half within (µs)": round(found.of_unknown),
        "difference of medians (µs)": round(found.difference),
        "95% interval from (µs)": round(found.low),
        "95% interval to (µs)": round(found.high),
        "chance of such a difference in ranks (p)": round(found.chance, 3),
    }


async def _known_people(instance: Instance, count: int) -> None:
    """Make accounts; that these people joined is in no event, since signing in asks none."""
    async with open_pool(instance.database_url(), name="faults", size_max=1) as pool:
        for number in range(count):
            await accounts.add(pool, email=_address("known", number), name=f"Person {number} (sample)")


async def _timed(
    instance: Instance, tries: int, seed: int, *, planted: bool, advance: Update
) -> tuple[list[float], list[float]]:
    chance = random.Random(seed)  # An order, no secret.
    line = HttpLine(instance.port)
    took: dict[str, list[float]] = {"known": [], "other": []}
    try:
        for number in range(WARM_UP + tries):
            for kind in chance.sample(["known", "other"], 2):
                address = _address(kind, number)
                begun = time.perf_counter_ns()
                await _ask(line, instance.port, address)
                if planted and kind == "known":
                    await _ask(line, instance.port, address)
                took[kind].append((time.perf_counter_ns() - begun) / 1e9 * _MICROSECONDS)
            advance(max(0, number + 1 - WARM_UP), tries)
    finally:
        line.close()
    return took["known"][WARM_UP:], took["other"][WARM_UP:]


async def _ask(line: HttpLine, port: int, address: str) -> None:
    """Ask for a link as the page does."""
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": f"http://localhost:{port}"}
    body = urlencode({"email": address, "next": "/"}).encode()
    answer = await line.ask("POST", "/sign-in", headers, body)
    if answer.status != _SEE_OTHER:
        raise CommandError(f"Asking for a link was answered with {answer.status}: {answer.body[:200]!r}")


def _address(kind: str, number: int) -> str:
    """Give an address; those of both kinds are of one length."""
    return f"{kind}-{number:06}@example.org"
