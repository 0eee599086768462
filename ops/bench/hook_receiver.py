"""Receivers of webhooks in a process of their own: `python -m ops.bench.hook_receiver NUMBER`.

Prints the ports on which it answers on loopback, as many as asked for; whatever comes to any of them is treated alike. What comes to `/hook/N` is noted with its position in the log and the moment by the
clock of the machine, and taken; what comes to `/hole` is never answered; `GET /seen` gives what was noted and forgets it.
"""

import asyncio
import sys
import time

import msgspec
from msgspec import Struct

_LONGEST_SECONDS = 3600.0
_TAKEN = b"HTTP/1.1 204 No Content\r\nwebhook-allowed-origin: *\r\ncontent-length: 0\r\n\r\n"


class Seen(Struct, frozen=True):
    """What came in: the endpoint's number, the event's position, and the moment in seconds."""

    endpoint: int
    position: int
    at: float


class _Body(Struct):
    position: int


_decode = msgspec.json.Decoder(_Body).decode
_seen: list[Seen] = []


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _length(head)
            body = await reader.readexactly(length) if length else b""
            method, path, _ = head.decode("latin-1").split(" ", 2)
            if path == "/hole":
                await asyncio.sleep(_LONGEST_SECONDS)
            if path == "/seen":
                found = msgspec.json.encode(_seen)
                _seen.clear()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(found), found))
            else:
                if method == "POST":
                    _seen.append(Seen(int(path.rpartition("/")[2]), _decode(body).position, time.monotonic()))
                writer.write(_TAKEN)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _run(number: int) -> None:
    servers = [await asyncio.start_server(_serve, "127.0.0.1", 0) for _ in range(number)]
    sys.stdout.write(" ".join(str(server.sockets[0].getsockname()[1]) for server in servers) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
