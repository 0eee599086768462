"""A small HTTP client: one kept-alive connection to a service on this machine, with a deadline for every answer."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.embedded.ports import LOOPBACK

OK = 200
UNAVAILABLE = 503


class NoAnswerError(Exception):
    """The service did not answer: whether it did what was asked is unknown."""


class Answer(NamedTuple):
    """What the service answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class HttpLine:
    """Asks one question after the other, on a new connection after a break."""

    def __init__(self, port: int, *, seconds: float = 15.0) -> None:
        self._port = port
        self._seconds = seconds
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send a request and read its answer.

        Raises:
            NoAnswerError: there was none within the line's deadline.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._ask(method, path, headers or {}, body)
        except (OSError, TimeoutError, EOFError, ValueError) as error:
            self.close()
            raise NoAnswerError(f"{method} {path}: {error!r}") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Break the connection; the next question opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], sent: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(LOOPBACK, self._port)
        reader, writer = self._streams
        fields = {"host": f"localhost:{self._port}", "content-length": str(len(sent)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        writer.write("\r\n".join((*lines, "", "")).encode() + sent)
        head, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        body = await reader.readexactly(int(found.get("content-length", "0")))
        if found.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head.split()[1]), found, body)
