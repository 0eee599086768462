"""The load generator: counts what is answered, whatever the pieces it comes in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ops.bench.load import load

pytestmark = pytest.mark.asyncio

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"
ANSWER = b"HTTP/1.1 %d Fine\r\nContent-Length: 5\r\n\r\n12345"


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[tuple[int, list[int]]]:
    """Run a server that answers in two pieces, and give its port and the statuses it is to answer next."""
    statuses: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            said = ANSWER % (statuses.pop() if statuses else 200)
            writer.write(said[:20])
            await asyncio.sleep(0.001)
            writer.write(said[20:])
        writer.close()

    running = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield running.sockets[0].getsockname()[1], statuses
    running.close()


async def test_every_request_of_a_short_supply_is_answered_once(server):
    """All prepared requests are sent and their answers counted, however they are cut."""
    port, _ = server
    seen = await load("127.0.0.1", port, 4, 10.0, [REQUEST] * 30)

    assert seen.statuses == {"200": 30}
    assert len(seen.calls) == 30


async def test_other_statuses_are_told_apart(server):
    """A refusal is counted as what it is."""
    port, statuses = server
    statuses[:] = [503, 404]
    seen = await load("127.0.0.1", port, 1, 10.0, [REQUEST] * 5)

    assert seen.statuses == {"200": 3, "404": 1, "503": 1}


async def test_it_ends_when_the_time_is_up(server):
    """A supply longer than the time does not keep it going."""
    port, _ = server
    seen = await load("127.0.0.1", port, 2, 0.05, [REQUEST] * 100_000)

    assert 0 < len(seen.calls) < 100_000
