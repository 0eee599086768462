"""A web process of its own: it says what is wrong, serves, and ends on a signal with all its streams."""

import asyncio
import signal
import socket

import httpx
import pytest

from tests.http.conftest import prepared, read_models_running
from tests.http.processes import free_port, process, ready

pytestmark = pytest.mark.asyncio


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
