"""Looking at an installation after everything that was done to it."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import msgspec

from events.connections import LOST
from ops.faults.http_line import OK, Answer, HttpLine, NoAnswerError
from ops.faults.instance import Instance
from ops.faults.report import Breaches, Invariant
from ops.faults.voting import Pair

PATIENCE_SECONDS = 60.0
_PAGE = 200
_RETRY_SECONDS = 0.2


class NotAnsweringError(Exception):
    """The service gave no good answer for a long time."""


async def connected(database_url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect to the database as soon as it takes connections.

    Raises OSError or asyncpg.PostgresError when it takes none for a minute.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        try:
            return await asyncpg.connect(database_url, server_settings={"application_name": "faults"})
        except LOST:
            if loop.time() > deadline:
                raise
        await asyncio.sleep(_RETRY_SECONDS)


async def cast_votes(database_url: str) -> list[tuple[Pair, int]]:
    """Read all votes in the log with their positions, with a statement of our own."""
    connection = await connected(database_url)
    try:
        rows = await connection.fetch(
            "SELECT (data->>'idea_id')::uuid, (data->>'person_id')::uuid, position"
            " FROM events WHERE type = 'VoteCast' ORDER BY position"
        )
    finally:
        await connection.close()
    return [((idea_id, person_id), position) for idea_id, person_id, position in rows]


async def newest_position(database_url: str) -> int:
    """Give the newest position of the log."""
    connection = await connected(database_url)
    try:
        newest: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM events")
    finally:
        await connection.close()
    return newest


async def board(port: int, *, min_position: int, community: str | None = None) -> dict[UUID, int]:
    """Read the votes of every idea from the board, page by page, once it has reached a position."""
    line = HttpLine(port)
    found: dict[UUID, int] = {}
    cursor: str | None = None
    words: dict[str, str] = {"sort": "newest", "limit": str(_PAGE), "min_position": str(min_position)}
    if community is not None:
        words["community"] = community
    try:
        while True:
            query = urlencode(words | ({"cursor": cursor} if cursor else {}))
            page = (await patiently(line, f"/api/v1/ideas?{query}")).json()
            found |= {UUID(item["idea_id"]): item["votes"] for item in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found
    finally:
        line.close()


async def patiently(line: HttpLine, path: str) -> Answer:
    """Ask until there is a good answer.

    Raises:
        NotAnsweringError: there was none for a minute.
    """
    said = "nothing"
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    answer = await line.ask("GET", path)
                except NoAnswerError as error:
                    said = str(error)
                else:
                    if answer.status == OK:
                        return answer
                    said = f"{answer.status} {answer.body[:300].decode(errors='replace')}"
                await asyncio.sleep(_RETRY_SECONDS)
    except TimeoutError as error:
        raise NotAnsweringError(f"GET {path} was answered with {said}") from error


async def verified(instance: Instance) -> list[Invariant]:
    """Have the commands verify the log and every projection."""
    log = Breaches("`events verify` finds the log sound")
    said = await instance.command("events", "verify")
    log.expect(said.code == 0, said.errors.strip())
    models = Breaches("`projections verify` finds no difference")
    for name in await _projections(instance):
        said = await instance.command("projections", "verify", name)
        models.expect(said.code == 0, said.errors.strip())
    return [log.invariant(), models.invariant()]


async def stopped(instance: Instance) -> list[Invariant]:
    """Stop the installation and look for what is left of it."""
    ends = Breaches("SIGTERM ends it with exit code 0")
    code = instance.stop()
    ends.expect(code == 0, f"exit code {code}: {instance.log().strip()[-300:]}")
    nothing = Breaches("no process is left behind")
    left = instance.stays_behind()
    nothing.expect(not left, f"still running: {left}")
    return [ends.invariant(), nothing.invariant()]


async def _projections(instance: Instance) -> Sequence[str]:
    said = await instance.command("projections", "list", "--json")
    states = msgspec.json.decode(said.output or "[]", type=list[dict[str, object]])
    return sorted({str(state["name"]) for state in states})
