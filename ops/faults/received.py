"""Requests of webhooks as they came in, kept whole, and copies of them that somebody has tampered with."""

import asyncio
import random
import string
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from app.webhooks.signing import EndpointKeys, signed

AGO = timedelta(minutes=10)
_TAKEN = b"HTTP/1.1 204 No Content\r\nwebhook-allowed-origin: *\r\ncontent-length: 0\r\n\r\n"
_SIGNS = string.ascii_letters + string.digits


class Received(Struct, frozen=True):
    """A request as it came in: the number of the endpoint, its headers in small letters, and its body."""

    endpoint: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Give the identifier of the message."""
        return self.headers["webhook-id"]


class Box(Struct):
    """Agrees to be told, takes everything, and keeps it until it is taken out; an endpoint's number is its path."""

    kept: list[Received] = field(default_factory=list)
    seen: set[tuple[int, str]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after another."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.split("\r\n")
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (x.partition(":") for x in lines)
                    if name
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                method, path, _ = first.split(" ")
                if method == "POST":
                    self._keep(Received(int(path[1:]), headers, body))
                writer.write(_TAKEN)
                await writer.drain()
        writer.close()

    def take(self) -> list[Received]:
        """Take out what came in."""
        taken, self.kept = self.kept, []
        return taken

    def _keep(self, received: Received) -> None:
        self.kept.append(received)
        self.seen.add((received.endpoint, received.id))


def tampered(got: Received, keys: Sequence[EndpointKeys], chance: random.Random) -> dict[str, Received]:
    """Make copies of a request that must be refused, by what is wrong with them; `keys` are those of its endpoint."""
    stamp = int(got.headers["webhook-timestamp"])
    signatures = got.headers["webhook-signature"].split(" ")
    then = signed(message_id=got.id, at=datetime.now(UTC) - AGO, body=got.body, keys=keys)
    return {
        "body": with_another_body(got, chance),
        "id": _with(got, {"webhook-id": str(UUID(int=chance.getrandbits(128)))}),
        "timestamp": _with(got, {"webhook-timestamp": str(stamp + chance.choice((-1, 1)))}),
        "signature": _with(
            got, {"webhook-signature": " ".join(_other_signature(one, chance) for one in signatures)}
        ),
        "too old": _with(got, then.as_headers()),
    }


def with_another_body(got: Received, chance: random.Random) -> Received:
    """Change one letter or digit of a body."""
    places = [place for place, byte in enumerate(got.body) if chr(byte) in _SIGNS]
    place = chance.choice(places)
    other = _other_sign(chr(got.body[place]), chance).encode()
    return replace(got, body=got.body[:place] + other + got.body[place + 1 :])


def _with(got: Received, headers: Mapping[str, str]) -> Received:
    return replace(got, headers={**got.headers, **headers})


def _other_signature(signature: str, chance: random.Random) -> str:
    kind, _, value = signature.partition(",")
    # Not the last letters, whose bits may not all count.
    place = chance.randrange(len(value) - 4)
    return f"{kind},{value[:place]}{_other_sign(value[place], chance)}{value[place + 1 :]}"


def _other_sign(sign: str, chance: random.Random) -> str:
    return chance.choice(_SIGNS.replace(sign, ""))
