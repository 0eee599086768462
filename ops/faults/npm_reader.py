"""The libraries of Node.js as readers of our messages: one process for all of them."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from msgspec import Struct

from ops.faults.node import PROGRAMS, node
from ops.faults.received import Received

_ANSWER_SECONDS = 120.0
_LINE_MAX = 1 << 20


class Found(Struct, frozen=True):
    """What the libraries say of a message: whether its signature holds, and the CloudEvent if one was to be read."""

    signed: bool
    event: dict[str, Any] | None = None
    refused: str = ""
    unread: str = ""


class Question(Struct, frozen=True):
    """A message, the secret to check it with, and whether to read it as a CloudEvent."""

    got: Received
    secret: str
    read: bool = False

    def line(self) -> bytes:
        """Write it as the program wants it."""
        body = base64.b64encode(self.got.body).decode()
        asked = {"headers": self.got.headers, "body": body, "secret": self.secret, "read": self.read}
        return msgspec.json.encode(asked) + b"\n"


class NpmReader:
    """Asks `tests/node/messages.mjs`, as long as it runs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._decode = msgspec.json.Decoder(Found).decode

    async def answers(self, questions: Sequence[Question]) -> list[Found]:
        """Answer questions in their order.

        Raises:
            TimeoutError, IncompleteReadError: the program hangs, or has ended.
        """
        async with asyncio.timeout(_ANSWER_SECONDS), asyncio.TaskGroup() as parts:
            parts.create_task(self._write(questions))
            answers = parts.create_task(self._read(len(questions)))
        return answers.result()

    async def _write(self, questions: Iterable[Question]) -> None:
        for question in questions:
            self._writer.write(question.line())
            await self._writer.drain()

    async def _read(self, count: int) -> list[Found]:
        return [self._decode(await self._reader.readuntil(b"\n")) for _ in range(count)]


@asynccontextmanager
async def npm_reader() -> AsyncIterator[NpmReader]:
    """Run the program while the context lasts.

    Raises:
        CommandError: Node.js or its packages are not installed.
    """
    process = await asyncio.create_subprocess_exec(
        *(node(), str(PROGRAMS / "messages.mjs")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LINE_MAX,
        start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
    )
    assert process.stdin is not None  # It is a pipe.
    assert process.stdout is not None  # As above.
    try:
        yield NpmReader(process.stdout, process.stdin)
    finally:
        process.kill()
        await process.wait()
