"""`open-impact serve`: one web process, with a community for ideas that name none."""

import signal
import time

import httpx
import pytest

from app.embedded.ports import free_port


@pytest.fixture
def address(process, tmp_path):
    """Serve on a free port, and give the address once somebody answers there; then stop in good order."""
    port = free_port(tmp_path)
    server = process("serve", "--port", port)
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=2)
            break
        except httpx.TransportError:
            assert server.poll() is None, server.communicate()[1]
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    _, log = server.communicate(timeout=15)
    assert server.returncode == 0, log


def test_serving_opens_the_commons(told, address):
    """A web process sees to it that the default community is there."""
    assert [community["slug"] for community in told("communities", "list")] == ["commons"]
    assert httpx.get(f"{address}/api/openapi.json", timeout=10).json()["openapi"].startswith("3.1")


def test_a_port_that_is_taken_is_one_sentence(open_impact, address):
    """A second process on the same port is told so."""
    result = open_impact("serve", "--port", address.rpartition(":")[2])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
