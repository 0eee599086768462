"""Web processes of their own, as they run in a service."""

import asyncio
import os
import socket
import sys
from contextlib import asynccontextmanager

import httpx

from tests.conftest import SECRET

PROGRAM = "import os, sys; from app.serve import serve; from app.settings import Settings; serve(Settings.from_environment(os.environ), '127.0.0.1', int(sys.argv[1]))"


def free_port():
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def process(url, port, **variables):
    """Run a web process, and make sure that it ends; variables of its environment by their names."""
    environment = os.environ | {
        "OPEN_IMPACT_DATABASE_URL": url,
        "OPEN_IMPACT_SECRET_KEY": SECRET,
        **variables,
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
