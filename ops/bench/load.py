"""A lean load generator: keep-alive connections that send prepared requests, one after the other each.

Run as `python -m ops.bench.load HOST PORT CONNECTIONS SECONDS FILE`, with the requests' bytes in FILE as
a MessagePack array; prints what it saw as JSON. It reads of an answer its status and length and
nothing else, because whatever it does more is time the server does not get on the same machine.
"""

import asyncio
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import uvloop
from msgspec import Struct

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_STATUS = slice(9, 12)
_PATIENCE_SECONDS = 30.0


class Load(Struct, frozen=True, kw_only=True):
    """What came of a load: seconds of every answer, the whole time, and how often each status was answered."""

    seconds: float
    calls: list[float]
    statuses: dict[str, int]


class Client(asyncio.Protocol):
    """One connection: sends the next request as soon as an answer is complete."""

    def __init__(self, rest: Iterator[bytes], statuses: Counter[str]) -> None:
        self.calls: list[float] = []
        self.until = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = rest
        self._statuses = statuses
        self._got = b""
        self._began = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection for later."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> None:
        """Send the next request, or end when there is none or the time is up."""
        request = next(self._rest, None)
        self._began = time.perf_counter()
        if request is None or self._began >= self.until or self._transport is None:
            self._end()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        got = self._got + data if self._got else data
        head = got.find(_END)
        if head < 0 or len(got) < head + len(_END) + _length(got[:head]):
            self._got = got
            return
        self._got = b""
        self.calls.append(time.perf_counter() - self._began)
        self._statuses[got[_STATUS].decode()] += 1
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a connection that the server ended before its time."""
        if not self.ended.done():
            self._statuses[f"connection lost: {exc}"] += 1
            self._end()

    def _end(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
        if self._transport is not None:
            self._transport.close()


def _length(head: bytes) -> int:
    place = head.lower().find(_LENGTH)
    if place < 0:
        raise ValueError("An answer did not tell its length.")
    return int(head[place + len(_LENGTH) :].partition(b"\r\n")[0])


async def load(host: str, port: int, connections: int, seconds: float, requests: list[bytes]) -> Load:
    """Send requests for a while, and tell what came of it; all connections are open before."""
    statuses: Counter[str] = Counter()
    rest = iter(requests)
    loop = asyncio.get_running_loop()
    clients: list[Client] = []
    for _ in range(connections):
        _, client = await loop.create_connection(lambda: Client(rest, statuses), host, port)
        clients.append(client)
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    for client in clients:
        client.until = began + seconds
        client.send()
    async with asyncio.timeout(seconds + _PATIENCE_SECONDS):
        await asyncio.gather(*(client.ended for client in clients))
    return Load(
        seconds=time.perf_counter() - began,
        calls=[call for client in clients for call in client.calls],
        statuses=dict(statuses),
    )


def _main(host: str, port: str, connections: str, seconds: str, file: str) -> Any:
    requests = msgspec.msgpack.decode(Path(file).read_bytes(), type=list[bytes])
    return uvloop.run(load(host, int(port), int(connections), float(seconds), requests))


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_main(*sys.argv[1:])))
