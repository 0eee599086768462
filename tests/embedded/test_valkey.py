"""The embedded Valkey: private, bounded, and kept over restarts."""

import os
import signal

import pytest
import redis

from app.embedded.child import Running
from app.embedded.errors import FolderInUseError
from app.embedded.processes import started_at
from app.embedded.valkey import embedded_valkey, prepared_valkey


def test_it_is_private_bounded_and_kept(folder, eventually):
    """Only the password opens it, memory has a bound, and what was written is there after kill -9."""
    with prepared_valkey(folder) as valkey:
        running = Running(valkey.child())
        running.wait_until_ready()
        with redis.Redis.from_url(valkey.url) as client:
            client.set("kept", "yes")
            settings = client.config_get("bind", "maxmemory", "appendfsync")
            assert settings == {
                "bind": "127.0.0.1",
                "maxmemory": str(256 * 1024**2),
                "appendfsync": "everysec",
            }
        with redis.Redis(port=valkey.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        os.kill(running.pid, signal.SIGKILL)
        running.finish(0)
    with embedded_valkey(folder) as server:
        with redis.Redis.from_url(server.url) as client:
            assert client.get("kept") == b"yes"
        with pytest.raises(FolderInUseError, match="Valkey"), embedded_valkey(folder):
            pass
    assert started_at(server.pid) is None
