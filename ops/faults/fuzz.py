"""The `fuzz` campaign: thousands of requests made from the OpenAPI document, right and wrong, against a real service.

schemathesis makes them and checks every answer; it comes with what testing needs. Each actor has a run of their own:
nobody, somebody with every scope, and an operator. A round draws some operations, so that a short run is short however
many there are.
"""

import asyncio
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from app.cli.errors import CommandError
from app.cli.progress import Update
from app.logs import configure_logging
from events.connections import open_pool
from ops.faults.instance import Instance, running
from ops.faults.population import populate
from ops.faults.report import Breaches, Report
from ops.faults.surroundings import temporary_folder

_ROLES: Mapping[str, accounts.Role] = {"a person": "member", "an operator": "operator"}
PEOPLE, IDEAS = 5, 20
EXAMPLES = 5
"""How many examples of each operation a round makes; rounds follow, each from another seed, until there are enough."""
OPERATIONS = 12
"""How many operations a round draws; all have had their turn before one comes again."""
_ROUND_SECONDS = 300.0

_CONFIGURATION = """\
[parameters]
# Waiting for a position that is never reached takes five seconds each time, and is tested on its own.
min_position = 0

[checks.not_a_server_error]
# Busy is an answer: 503 with Retry-After.
expected-statuses = ["2xx", "3xx", "4xx", "503"]
"""
_NOT_CHECKED = "positive_data_acceptance"
"""A schema cannot say which codes exist, which cursors we gave out, and which keys were used before."""
_SCHEMATHESIS = "from schemathesis.cli import schemathesis; schemathesis()"
_ENDLESS = "streamEvents"
"""Goes on for a quarter of an hour, and has tests of its own."""
_Headers = Mapping[str, str]


def run_fuzz(*, cases: int, seed: int, advance: Update) -> Report:
    """Send at least so many requests to an installation of its own, and tell what was answered wrongly."""
    configure_logging("error", as_json=False)
    return uvloop.run(_run(cases, seed, advance))


async def _run(cases: int, seed: int, advance: Update) -> Report:
    with temporary_folder() as folder:
        async with running(folder) as instance:
            headers = await _actors(instance)
            (folder / "schemathesis.toml").write_text(_CONFIGURATION)
            breaches = {
                actor: Breaches(f"every answer to {actor} is as the document says") for actor in headers
            }
            counted = dict.fromkeys(headers, 0)
            drawn = _drawn(await _operations(instance.port), seed)
            rounds = 0
            while (made := sum(counted.values())) < cases and not _any_broken(breaches):
                advance(min(made, cases), cases)
                operations = list(islice(drawn, OPERATIONS))
                for actor, sent in headers.items():
                    found = await _round(folder, instance.port, sent, operations, seed + rounds)
                    counted[actor] += found["test_cases"]["generated"]
                    breaches[actor].checked += found["test_cases"]["generated"]
                    breaches[actor].note_all(_told(found["failures"]) + _told(found["errors"]))
                rounds += 1
            advance(cases, cases)
            figures: dict[str, float] = {"cases": sum(counted.values()), "rounds": rounds}
            figures |= {f"cases of {actor}": number for actor, number in counted.items()}
    return Report(
        campaign="fuzz",
        seed=seed,
        figures=figures,
        invariants=tuple(breach.invariant() for breach in breaches.values()),
    )


def _any_broken(breaches: Mapping[str, Breaches]) -> bool:
    return any(breach.invariant().broken for breach in breaches.values())


async def _actors(instance: Instance) -> dict[str, _Headers]:
    """Make ideas to ask for and people to ask, and give what each sends."""
    await populate(instance.database_url(), instance.secret_key(), people=PEOPLE, ideas=IDEAS)
    headers: dict[str, _Headers] = {"nobody": {}}
    async with open_pool(instance.database_url(), name="faults", size_max=1) as pool:
        for actor, role in _ROLES.items():
            email = f"{actor.replace(' ', '-')}@example.org"
            person_id = await accounts.add(pool, email=email, name=actor, role=role)
            token = await tokens.create(pool, person_id=person_id, scopes=SCOPES)
            headers[actor] = {"Authorization": f"Bearer {token}"}
    return headers


async def _operations(port: int) -> list[str]:
    """List the operations of the document, without the endless one."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        document = (await client.get("/api/openapi.json")).json()
    named = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    return sorted(named - {_ENDLESS})


def _drawn(operations: Sequence[str], seed: int) -> Iterator[str]:
    """Give the operations in an order of chance, for ever."""
    order = list(operations)
    random.Random(seed).shuffle(order)  # Chance that can be repeated, no secret.
    return cycle(order)


async def _round(
    folder: Path, port: int, headers: _Headers, operations: Sequence[str], seed: int
) -> dict[str, Any]:
    """Run schemathesis once on some operations, in all its phases, and read its report."""
    file = folder / "fuzz.json"
    file.unlink(missing_ok=True)
    words = [
        f"http://127.0.0.1:{port}/api/openapi.json",
        *(
            "--checks",
            "all",
            "--exclude-checks",
            _NOT_CHECKED,
            "--phases",
            "examples,coverage,fuzzing,stateful",
        ),
        *("--seed", str(seed), "--max-examples", str(EXAMPLES), "--generation-database", "none"),
        *("--continue-on-failure", "--suppress-health-check", "all"),
        *("--report", "json", "--report-json-path", str(file), "--no-color"),
    ]
    words += [word for operation in operations for word in ("--include-operation-id", operation)]
    words += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    said = await _said((sys.executable, "-c", _SCHEMATHESIS, "run", *words), folder)
    if not file.exists():
        raise CommandError(
            f"schemathesis did not run; install what testing needs (make test-setup). {said[-500:]}"
        )
    report: dict[str, Any] = msgspec.json.decode(file.read_bytes())
    return report


async def _said(command: Sequence[str], folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(_ROUND_SECONDS):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output.decode(errors="replace")


def _told(found: Sequence[dict[str, Any]]) -> list[str]:
    return [f"{item.get('title', item)}: {', '.join(map(str, item.get('operations', ())))}" for item in found]
