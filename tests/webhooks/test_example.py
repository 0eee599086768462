"""The receiver that we show others takes each event once, and nothing that is not from us."""

import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.webhooks.signing import new_keys, secret_of, signed

RECEIVER = Path(__file__).parents[2] / "ops" / "examples" / "receiver.py"
KEYS = new_keys()
BODY = b'{"type":"IdeaLogged","data":{"idea_id":"7"}}'


@pytest.fixture
def receiver(tmp_path, unused_tcp_port):
    """Run the example; give its address and its database."""
    database = tmp_path / "received.db"
    process = subprocess.Popen(
        [sys.executable, RECEIVER, str(unused_tcp_port), secret_of(KEYS), str(database)],
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{unused_tcp_port}/"
    for _ in range(200):
        try:
            httpx.request("OPTIONS", address, trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address, database
    process.terminate()
    process.wait(10)


def test_the_example_takes_each_event_once(receiver):
    """It agrees when asked, takes what is signed, does it once, and refuses what was changed."""
    address, database = receiver
    origin = {"WebHook-Request-Origin": "impact.example.org"}
    asked = httpx.request("OPTIONS", address, headers=origin, trust_env=False)
    assert asked.headers["webhook-allowed-origin"] == "impact.example.org"
    headers = signed(message_id="event-1", at=datetime.now(UTC), body=BODY, keys=[KEYS]).as_headers()
    answers = [
        httpx.post(address, content=body, headers=headers, trust_env=False).status_code
        for body in (BODY, BODY, BODY.replace(b"7", b"8"))
    ]
    assert answers == [204, 204, 401]
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT idea_id FROM ideas").fetchall() == [("7",)]
