"""Ports on this machine: making sure that one is free, and finding one that is."""

import errno
import socket
import zlib
from contextlib import suppress
from pathlib import Path

from app.embedded.errors import PortInUseError

LOOPBACK = "127.0.0.1"
# Below the range from which systems draw ports for outgoing connections, so that a restart finds its port again.
_FIRST, _COUNT, _TRIES = 20_000, 12_000, 200


def require_free(host: str, port: int) -> None:
    """Make sure that a server could listen on `port` of `host` now; raises PortInUseError with what hinders it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise PortInUseError(
            f"The host {host} is not known; choose an address of this machine with --host."
        ) from error
    with socket.socket(family, kind, protocol) as probe:
        # Connections of an earlier server that are still fading away do not hinder a new one.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortInUseError(_hindrance(host, port, error)) from error


def _hindrance(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine; choose another with --host."
        case errno.EACCES:
            return f"Port {port} is reserved for the system; choose one from 1024 on with --port."
        case _:
            return f"Port {port} is in use by another program; stop it or choose another port with --port."


def free_port(owner: Path) -> int:
    """Find a free loopback port; the same `owner` gets the same one again where possible. Raises PortInUseError."""
    begin = zlib.crc32(str(owner).encode())
    for step in range(_TRIES):
        port = _FIRST + (begin + step) % _COUNT
        with suppress(PortInUseError):
            require_free(LOOPBACK, port)
            return port
    raise PortInUseError(f"None of {_TRIES} ports of this machine is free; end some programs that listen.")
