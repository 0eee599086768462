"""The receivers that we show others take each event once, and nothing that is not from us."""

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from app.webhooks.signing import new_keys, secret_of, signed
from ops.faults.node import PROGRAMS, node

EXAMPLES = Path(__file__).parents[2] / "ops" / "examples"
KEYS = new_keys()
BODY = b'{"type":"IdeaLogged","data":{"idea_id":"7"}}'


@contextmanager
def running(command, port, **options):
    """Run a receiver until left, and give its address when it answers."""
    address = f"http://127.0.0.1:{port}/"
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        for _ in range(400):
            try:
                httpx.request("OPTIONS", address, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def in_python(tmp_path, unused_tcp_port):
    """Run the example in Python; give its address, and how to see what it did."""
    database = tmp_path / "received.db"

    def ideas():
        with sqlite3.connect(database) as connection:
            return connection.execute("SELECT idea_id FROM ideas").fetchall()

    command = [sys.executable, EXAMPLES / "receiver.py", str(unused_tcp_port), secret_of(KEYS), database]
    with running(command, unused_tcp_port) as address:
        yield address, ideas


@pytest.fixture
def typescript_project(tmp_path):
    """Make a folder as another team would have it, with the example in it and the packages that it needs."""
    shutil.copy(EXAMPLES / "receiver.ts", tmp_path)
    shutil.copy(PROGRAMS / "package.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(PROGRAMS / "node_modules")
    return tmp_path


@pytest.fixture
def in_typescript(typescript_project, unused_tcp_port, empty_database_url):
    """Run the example in TypeScript as above."""

    def ideas():
        with psycopg.connect(empty_database_url) as connection:
            return connection.execute("SELECT idea_id FROM ideas").fetchall()

    command = [node(), "--import", "tsx", "receiver.ts", str(unused_tcp_port), secret_of(KEYS)]
    with running([*command, empty_database_url], unused_tcp_port, cwd=typescript_project) as address:
        yield address, ideas


@pytest.mark.parametrize("receiver", ["in_python", "in_typescript"])
def test_the_example_takes_each_event_once(request, receiver):
    """It agrees when asked, takes what is signed, does it once, and refuses what was changed."""
    address, ideas = request.getfixturevalue(receiver)
    origin = {"WebHook-Request-Origin": "impact.example.org"}
    asked = httpx.request("OPTIONS", address, headers=origin, trust_env=False)
    assert asked.headers["webhook-allowed-origin"] == "impact.example.org"
    headers = signed(message_id="event-1", at=datetime.now(UTC), body=BODY, keys=[KEYS]).as_headers()
    answers = [
        httpx.post(address, content=body, headers=headers, trust_env=False).status_code
        for body in (BODY, BODY, BODY.replace(b"7", b"8"))
    ]
    assert answers == [204, 204, 401]
    assert ideas() == [("7",)]


def test_the_example_in_typescript_is_as_its_types_say(typescript_project):
    """TypeScript's own compiler has nothing to say in its strict mode."""
    compiler = PROGRAMS / "node_modules" / "typescript" / "bin" / "tsc"
    words = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--types", "node"]
    checked = subprocess.run(
        [node(), compiler, *words, "receiver.ts"],
        cwd=typescript_project,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (checked.returncode, checked.stdout) == (0, "")
