"""Ports: told before anything is started."""

import os
import socket
from pathlib import Path

import pytest

from app.embedded.errors import PortInUseError
from app.embedded.ports import free_port, require_free


def test_a_port_in_use_is_refused_with_what_to_do():
    """The sentence names the port and the option."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"Port {port} is in use.*--port"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "says"), [("192.0.2.1", "not an address of this machine"), ("no.such.host.invalid", "not known")]
)
def test_a_host_that_is_not_ours_is_refused(host, says):
    """Addresses of others and names of nobody are told apart."""
    with pytest.raises(PortInUseError, match=rf"{says}.*--host"):
        require_free(host, 8000)


def test_one_folder_gets_the_same_port_again():
    """A port is kept where it can be, and is another where it cannot."""
    owner = Path(f"/somewhere/{os.getpid()}")
    port = free_port(owner)
    assert free_port(owner) == port
    with socket.create_server(("127.0.0.1", port)):
        assert free_port(owner) != port
