"""A web process of its own: it says what is wrong, serves, and ends on a signal with all its streams."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.http.conftest import SECRET, prepared, read_models_running

pytestmark = pytest.mark.asyncio

PROGRAM = "import os, sys; from app.serve import serve; from app.settings import Settings; serve(Settings.from_environment(os.environ), '127.0.0.1', int(sys.argv[1]))"


def free_port():
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def process(url, port):
    """Run a web process, and make sure that it ends."""
    environment = os.environ | {
        "OPEN_IMPACT_DATABASE_URL": url,
        "OPEN_IMPACT_SECRET_KEY": SECRET,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(port), env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def ready(client):
    """Wait until the process serves."""
    async with asyncio.timeout(30):
        while True:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_and_its_streams(database_url, signal_number):
    """On SIGTERM and Ctrl-C the process ends in order, and those who follow the log see the end of their stream."""
    port = free_port()
    async with read_models_running(prepared(database_url)), process(database_url, port) as child:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            await ready(client)
            async with client.stream("GET", "/api/v1/events/stream") as stream:
                chunks = stream.aiter_bytes()
                assert (await anext(chunks)).startswith(b"retry: ")
                child.send_signal(signal_number)
                rest = [chunk async for chunk in chunks]
            assert rest == []
        async with asyncio.timeout(15):
            _, errors = await child.communicate()
    assert child.returncode == 0, errors.decode()
    assert b"web_stopped" in errors
    assert b"Traceback" not in errors


async def test_a_taken_port_is_told(database_url):
    """Where somebody listens already, the process does not start, and says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with process(database_url, taken.getsockname()[1]) as child, asyncio.timeout(30):
            _, errors = await child.communicate()
    assert child.returncode != 0
    assert b"CannotListenError: Cannot listen on 127.0.0.1 port" in errors


async def test_a_missing_database_is_told():
    """Without a database that answers, the process does not start, and says why."""
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    async with process(url, free_port()) as child, asyncio.timeout(30):
        _, errors = await child.communicate()
    assert child.returncode != 0
    assert b"ConnectionRefusedError" in errors
