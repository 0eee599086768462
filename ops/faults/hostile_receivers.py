"""Receivers that mean harm, each on a port of its own: what they do to whoever tells them something."""

import asyncio
import gzip
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from ops.faults.hooks import read_request

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_BEGINS = b"HTTP/1.1 200 OK\r\n"
_BOMB = gzip.compress(bytes(50_000_000), 9)
_SECOND = 1.0


class Hostile(Struct):
    """One of them: what it does, where it listens, and how many connections to it are open."""

    harm: str
    url: str
    connections: int = 0
    open: int = 0
    most_open: int = 0


def _going_on(start: bytes, again: bytes, *, pause: float = 0.0) -> Talk:
    """Begin an answer, and go on with it for ever."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(start)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


def _answering(answer: bytes) -> Talk:
    """Answer every request alike."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            writer.write(answer)
            await writer.drain()

    return talk


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin an answer, and reset the connection in the middle of it."""
    await read_request(reader)
    writer.write(_BEGINS + b"content-length: 1000\r\n\r\nabc")
    await writer.drain()
    # Lingering for no time at all makes the system send a reset instead of an end (POSIX, SO_LINGER).
    at_once = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.transport.abort()


async def _mute(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing: for whoever speaks TLS, a handshake that never ends."""
    while await reader.read(2**16):
        pass


HARMS: Mapping[str, tuple[str, Talk]] = MappingProxyType(
    {
        "an endless body": ("http", _going_on(_BEGINS + b"\r\n", b"x" * 65_536)),
        "one byte a second": ("http", _going_on(_BEGINS + b"\r\n", b"x", pause=_SECOND)),
        "a header's byte a second": ("http", _going_on(_BEGINS + b"x: ", b"x", pause=_SECOND)),
        "headers without end": ("http", _going_on(_BEGINS, b"header: value\r\n" * 1_000)),
        "a header without end": ("http", _going_on(_BEGINS + b"x: ", b"x" * 65_536)),
        "a bomb of gzip": (
            "http",
            _answering(
                _BEGINS + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(_BOMB) + _BOMB
            ),
        ),
        "a handshake that never ends": ("https", _mute),
        "a reset in the middle": ("http", _reset),
        "silence": ("http", _mute),
    }
)


@asynccontextmanager
async def hostile_receivers() -> AsyncIterator[list[Hostile]]:
    """Let each of them listen on this machine."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(_listening(harm, scheme, talk))
            for harm, (scheme, talk) in HARMS.items()
        ]


@asynccontextmanager
async def _listening(harm: str, scheme: str, talk: Talk) -> AsyncIterator[Hostile]:
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hostile.connections += 1
        hostile.open += 1
        hostile.most_open = max(hostile.most_open, hostile.open)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await talk(reader, writer)
        finally:
            hostile.open -= 1
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(connected(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    hostile = Hostile(harm=harm, url=f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook")
    try:
        yield hostile
    finally:
        server.close()
        left = list(tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
