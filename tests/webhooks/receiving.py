"""A receiver on this machine that answers as a script says, and remembers what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

from msgspec import Struct, field


class Received(Struct, frozen=True, kw_only=True):
    """A request as it came in, its headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(Struct, frozen=True, kw_only=True):
    """What is answered."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Script: TypeAlias = Callable[[Received], Reply | Awaitable[Reply]]


class Receiver:
    """Answers whatever comes; `answer` may be replaced at any time."""

    def __init__(self, answer: Script) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.port = 0
        self.at_once = self.at_once_max = 0

    @property
    def url(self) -> str:
        """Give the receiver's address."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after another."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines)
                    if name
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                method, path, _ = first.split(" ")
                await self._answer(Received(method=method, path=path, headers=headers, body=body), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, received: Received, writer: asyncio.StreamWriter) -> None:
        self.received.append(received)
        self.at_once += 1
        self.at_once_max = max(self.at_once_max, self.at_once)
        try:
            reply = self.answer(received)
            reply = await reply if isinstance(reply, Awaitable) else reply
        finally:
            self.at_once -= 1
        headers = {"content-length": str(len(reply.body)), **reply.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {reply.status} As said\r\n{lines}\r\n".encode() + reply.body)
        await writer.drain()


def ok(_received: Received) -> Reply:
    """Take everything."""
    return Reply(status=204)


@asynccontextmanager
async def receiving(answer: Script = ok) -> AsyncIterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver(answer)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
