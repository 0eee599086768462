"""Reading a stream of server-sent events from the application: httpx would wait for its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from litestar import Litestar

ENDLESS = {"streamEvents": "/api/v1/events/stream", "follow_page": "/live"}
"""The operations that go on answering, and their addresses."""


class Frames:
    """The frames of an event stream as they arrive."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.leaving = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.ended = False

    async def receive(self) -> Any:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        await self.reading.wait()
        self.ended = not message.get("more_body", False)
        for frame in message["body"].split(b"\n\n"):
            if frame:
                self.queue.put_nowait(frame)

    async def next_event(self) -> Any:
        """Give the next event, comments and bare positions left out."""
        position, event = await self.next_data()
        assert position == event["position"]
        return event

    async def next_data(self) -> tuple[int, Any]:
        """Give the next frame that says something: its position, and what it says."""
        while True:
            async with asyncio.timeout(10):
                frame = await self.queue.get()
            fields = dict(line.split(b": ", 1) for line in frame.split(b"\n") if b": " in line)
            if b"data" in fields:
                return int(fields[b"id"]), msgspec.json.decode(fields[b"data"])


@asynccontextmanager
async def event_stream(
    app: Litestar, query: str = "", *, path: str = "/api/v1/events/stream", **headers: str
) -> AsyncIterator[Frames]:
    """Open an event stream, that of the public log unless another is named, and leave it at the end of the block."""
    frames = Frames()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    answering = asyncio.create_task(app(scope, frames.receive, frames.send))
    try:
        yield frames
    finally:
        frames.leaving.set()
        frames.reading.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await answering
