"""Receivers that mean harm: a request ends within its deadline, memory stays flat, and nothing stays open."""

import asyncio
import gzip
import time
from pathlib import Path

import pytest

from app.outbound.client import Outbound
from app.outbound.messages import (
    NotReachedError,
    NotTrustedError,
    OutboundError,
    Request,
    TooSlowError,
    UnreadableAnswerError,
)
from app.outbound.rules import Rules
from tests.http.waiting import until
from tests.outbound.receivers import OK, answering, breaking_off, receiving, repeating, silent

pytestmark = pytest.mark.asyncio

SHORT, LONG = 0.3, 20.0
"""For what never ends, and for what ends by itself however busy the machine is."""
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(50_000_000), 9)

HOSTILE = {
    "an endless body": (repeating(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), 200),
    "an endless body in pieces": (repeating(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"), 200),
    "a body that is said to be huge": (
        repeating(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n", b"x" * 65536),
        200,
    ),
    "a byte now and then": (repeating(b"HTTP/1.1 200 OK\r\n\r\n", b"x", pause=0.05), TooSlowError),
    "a header's byte now and then": (repeating(b"HTTP/1.1 200 OK\r\nx: ", b"x", pause=0.05), TooSlowError),
    "pieces of one byte": (repeating(CHUNKED, b"1\r\nx\r\n", pause=0.02), TooSlowError),
    "a header without end": (repeating(b"HTTP/1.1 200 OK\r\nx: ", b"x" * 65536), UnreadableAnswerError),
    "headers without end": (
        repeating(b"HTTP/1.1 200 OK\r\n", b"header: value\r\n" * 1000),
        UnreadableAnswerError,
    ),
    "a first line without end": (repeating(b"HTTP/1.1 200 ", b"O" * 65536), UnreadableAnswerError),
    "promises without end": (repeating(b"", b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" * 10), TooSlowError),
    "a piece's size without end": (repeating(CHUNKED, b"0" * 65536), UnreadableAnswerError),
    "a piece's remarks without end": (repeating(CHUNKED + b"1;", b"x" * 65536), UnreadableAnswerError),
    "trailers without end": (repeating(CHUNKED + b"0\r\n", b"x: y\r\n" * 1000), UnreadableAnswerError),
    "a bomb of gzip": (
        answering(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BOMB) + BOMB
        ),
        200,
    ),
    "silence": (silent, TooSlowError),
    "no HTTP at all": (repeating(b"", b"\x16\x03\x01" * 1000), UnreadableAnswerError),
    "two lengths": (
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
        UnreadableAnswerError,
    ),
    "a length that is none": (
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        UnreadableAnswerError,
    ),
    "a reset in the headers": (
        breaking_off(b"HTTP/1.1 200 OK\r\nx: "),
        (NotReachedError, UnreadableAnswerError),
    ),
    "a reset in the body": (
        breaking_off(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"),
        (NotReachedError, UnreadableAnswerError),
    ),
    "an early end": (
        breaking_off(CHUNKED + b"5\r\nab"),
        (NotReachedError, UnreadableAnswerError),
    ),
    "another protocol": (
        answering(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
        (101, UnreadableAnswerError),
    ),
}


def memory():
    """Tell how much memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


async def what_came(outbound, url, deadline=SHORT):
    """Send, and tell the status or the kind of error, and how long it took."""
    began = time.monotonic()
    try:
        found = (await outbound.send(Request(url=url, body=b"{}"), deadline=deadline)).status
    except OutboundError as error:
        found = type(error)
    return found, time.monotonic() - began


@pytest.mark.parametrize("harm", HOSTILE)
async def test_harm(harm):
    """Each ends as it should, in time, and its connection is closed, even when it is done again and again."""
    talk, expected = HOSTILE[harm]
    deadline = SHORT if expected is TooSlowError else LONG
    expected = expected if isinstance(expected, tuple) else (expected,)
    async with receiving(talk) as receiver, Outbound(Rules(loopback=True)).opened() as outbound:
        found, seconds = await what_came(outbound, receiver.url, deadline)
        before = memory()
        for _ in range(3):
            again = await asyncio.gather(*(what_came(outbound, receiver.url, deadline) for _ in range(10)))
            assert {found, *(one for one, _ in again)} <= set(expected)
            assert max(seconds, *(each for _, each in again)) < deadline + 5
        assert memory() - before < 20_000_000
        await until(lambda: receiver.open == 0)


@pytest.mark.parametrize("begins", [b"", b"\x16\x03\x03\x40\x00"])
async def test_a_handshake_that_never_ends(begins):
    """A connection whose handshake does not come about is given up in time, and closed."""

    async def stalling(receiver, reader, writer):
        writer.write(begins)
        await silent(receiver, reader, writer)

    async with receiving(stalling) as receiver:
        rules = Rules(ports=frozenset({receiver.port}), networks=("127.0.0.1/32",))
        async with Outbound(rules).opened() as outbound:
            url = f"https://127.0.0.1:{receiver.port}/"
            ended = await asyncio.gather(*(what_came(outbound, url, 1.0) for _ in range(5)))
            assert {found for found, _ in ended} <= {TooSlowError, NotTrustedError, NotReachedError}
            assert max(seconds for _, seconds in ended) < 6
            assert receiver.connections == 5
            await until(lambda: receiver.open == 0)


async def test_whoever_stops_waiting_leaves_nothing_open():
    """A request that is cancelled in its handshake or while it waits closes its connection."""
    async with receiving(silent) as receiver:
        rules = Rules(ports=frozenset({receiver.port}), networks=("127.0.0.1/32",), loopback=False)
        async with (
            Outbound(rules).opened() as outside,
            Outbound(Rules(loopback=True)).opened() as here,
        ):
            for client, url in ((outside, f"https://127.0.0.1:{receiver.port}/"), (here, receiver.url)):
                task = asyncio.create_task(client.send(Request(url=url)))
                await until(lambda: receiver.open == 1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await until(lambda: receiver.open == 0)


async def test_good_receivers_beside_bad_ones():
    """While every kind of harm goes on, a good receiver is answered by as ever."""
    async with receiving(answering()) as good, Outbound(Rules(loopback=True)).opened() as outbound:
        for talk, _ in HOSTILE.values():
            async with receiving(talk) as bad:
                harmed = [asyncio.create_task(what_came(outbound, bad.url)) for _ in range(5)]
                assert (await outbound.send(Request(url=good.url), deadline=10)).body == OK.partition(
                    b"\r\n\r\n"
                )[2]
                await asyncio.gather(*harmed)
        assert good.connections == 1
