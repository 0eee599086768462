"""What is sent, and what is taken of an answer."""

import asyncio
import socket
import threading

import pytest

from app.outbound import client
from app.outbound.client import Outbound
from app.outbound.messages import (
    NotReachedError,
    NotTrustedError,
    Request,
    TooSlowError,
    UnreadableAnswerError,
    UnsendableRequestError,
)
from app.outbound.rules import Rules
from tests.http.waiting import until
from tests.outbound.receivers import OK, Authority, answering, names, receiving, silent

pytestmark = pytest.mark.asyncio


@pytest.fixture
def outbound_here():
    """Give a client as in development."""
    return Outbound(Rules(loopback=True), deadline=10.0)


def answer_of(headers, body=b"", status="200 OK"):
    """Write an answer."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body


async def test_what_is_sent_and_what_comes_back(outbound_here):
    """A request arrives as it was meant, and its answer is given with the time it took."""
    async with receiving(answering()) as receiver, outbound_here.opened() as outbound:
        answer = await outbound.send(
            Request(url=receiver.url + "?a=%2F", headers={"webhook-id": "one"}, body=b'{"n":1}')
        )
    ((line, headers, body),) = receiver.requests
    assert (line, body) == ("POST /hook?a=%2F HTTP/1.1", b'{"n":1}')
    assert headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "webhook-id": "one",
        "accept-encoding": "identity",
        "user-agent": "open-impact",
        "content-length": "7",
    }
    assert (answer.status, answer.body, answer.is_whole) == (200, b'{"ok":true}', True)
    assert answer.headers["content-type"] == "application/json"
    assert 0 < answer.seconds < 10


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
async def test_a_request_without_a_body(outbound_here, method):
    """Any method can be sent with nothing in it."""
    async with receiving(answering()) as receiver, outbound_here.opened() as outbound:
        await outbound.send(Request(url=receiver.url, method=method))
    ((line, headers, body),) = receiver.requests
    assert line.startswith(f"{method} /hook ")
    assert body == b""
    assert headers.get("content-length", "0") == "0"


async def test_a_connection_is_kept(outbound_here):
    """Requests one after the other go over one connection, and it is closed in the end."""
    async with receiving(answering()) as receiver:
        async with outbound_here.opened() as outbound:
            for _ in range(5):
                await outbound.send(Request(url=receiver.url))
            assert (receiver.connections, receiver.open) == (1, 1)
        await until(lambda: receiver.open == 0)


async def test_a_connection_that_is_not_used_is_closed(outbound_here, monkeypatch):
    """Nothing stays open to where nothing is sent, without anybody sending anything."""
    monkeypatch.setattr(client, "_KEPT_SECONDS", 0.05)
    async with receiving(answering()) as receiver, outbound_here.opened() as outbound:
        await outbound.send(Request(url=receiver.url))
        await until(lambda: receiver.open == 0)
        await outbound.send(Request(url=receiver.url))
        assert receiver.connections == 2


async def test_only_so_many_connections_are_kept(outbound_here, monkeypatch):
    """The one that was not used for longest is closed first."""
    monkeypatch.setattr(client, "_LINES_KEPT_MAX", 2)
    async with (
        receiving(answering()) as one,
        receiving(answering()) as two,
        receiving(answering()) as three,
        outbound_here.opened() as outbound,
    ):
        for receiver in (one, two, one, three):
            await outbound.send(Request(url=receiver.url))
        await until(lambda: two.open == 0)
        assert (one.open, three.open) == (1, 1)


async def test_a_receiver_gets_only_so_much_at_once(outbound_here, monkeypatch):
    """Whoever does not answer holds a few connections, and nobody else's."""
    monkeypatch.setattr(client, "OPEN_PER_ORIGIN_MAX", 3)
    async with (
        receiving(silent) as slow,
        receiving(answering()) as good,
        outbound_here.opened() as outbound,
    ):
        waiting = [asyncio.create_task(outbound.send(Request(url=slow.url))) for _ in range(20)]
        await until(lambda: slow.open == 3)
        assert (await outbound.send(Request(url=good.url))).status == 200
        assert slow.connections == 3
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await until(lambda: slow.open == 0)


async def test_what_is_not_answered_soon_leaves_its_place(outbound_here, monkeypatch):
    """At an origin where many live, those that never answer keep others waiting for a moment only, and within bounds."""
    monkeypatch.setattr(client, "AT_ONCE_PER_ORIGIN_MAX", 2)
    monkeypatch.setattr(client, "OPEN_PER_ORIGIN_MAX", 5)
    monkeypatch.setattr(client, "SOON_SECONDS", 0.05)
    answer_well = answering()

    async def some_answer(receiver, reader, writer):
        await (silent if receiver.connections <= 4 else answer_well)(receiver, reader, writer)

    async with receiving(some_answer) as shared, outbound_here.opened() as outbound:
        waiting = [asyncio.create_task(outbound.send(Request(url=shared.url))) for _ in range(4)]
        await until(lambda: shared.open == 4)
        for _ in range(3):
            assert (await outbound.send(Request(url=shared.url))).status == 200
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        answers = await asyncio.gather(*(outbound.send(Request(url=shared.url)) for _ in range(10)))
        assert {answer.status for answer in answers} == {200}


async def test_waiting_for_a_turn_counts(outbound_here, monkeypatch):
    """Who waits behind a slow request gives up in time, too."""
    monkeypatch.setattr(client, "OPEN_PER_ORIGIN_MAX", 1)
    async with receiving(silent) as slow, outbound_here.opened() as outbound:
        request = Request(url=slow.url)
        first = asyncio.create_task(outbound.send(request))
        await until(lambda: slow.open == 1)
        ended = await asyncio.gather(
            *(outbound.send(request, deadline=0.2) for _ in range(3)), return_exceptions=True
        )
        assert [type(each) for each in ended] == [TooSlowError] * 3
        assert slow.connections == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_nobody_is_followed(outbound_here, status):
    """A redirect is an answer like any other, and nobody goes where it points."""
    async with receiving(answering()) as elsewhere:
        moved = answer_of([("location", elsewhere.url)], status=status)
        async with receiving(answering(moved)) as receiver, outbound_here.opened() as outbound:
            answer = await outbound.send(Request(url=receiver.url))
        assert (answer.status, elsewhere.connections) == (int(status[:3]), 0)


@pytest.mark.parametrize(
    ("size", "is_whole"), [(0, True), (99, True), (100, True), (101, False), (99_999, False)]
)
async def test_only_the_beginning_of_a_long_answer(outbound_here, size, is_whole):
    """Of a body as much is taken as was asked for; a connection with more on it is closed."""
    body = b"x" * size
    async with receiving(answering(answer_of([], body))) as receiver, outbound_here.opened() as outbound:
        answer = await outbound.send(Request(url=receiver.url), answer_bytes=100)
        assert (answer.body, answer.is_whole) == (body[:100], is_whole)
        await until(lambda: receiver.open == int(is_whole))


async def test_headers_within_bounds(outbound_here):
    """Of headers there are fifty, each of a kilobyte at most; what comes twice is joined."""
    many = [("Twice", "a"), ("twice", "b"), ("long", "x" * 5000), *((f"n{n}", "é") for n in range(200))]
    async with receiving(answering(answer_of(many))) as receiver, outbound_here.opened() as outbound:
        headers = (await outbound.send(Request(url=receiver.url))).headers
    assert headers["twice"] == "a, b"
    assert headers["long"] == "x" * 1024
    assert len(headers) == 49
    assert "é" in headers.values()


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "GZIP", "x-own"])
async def test_a_packed_answer_is_not_unfolded(outbound_here, coding):
    """What comes packed although nobody asked has a status, and no body."""
    packed = answer_of([("content-encoding", coding)], b"\x1f\x8b" + b"\0" * 50)
    async with receiving(answering(packed)) as receiver, outbound_here.opened() as outbound:
        answer = await outbound.send(Request(url=receiver.url))
    assert (answer.status, answer.body, answer.is_whole) == (200, b"", False)


@pytest.mark.parametrize(
    "headers",
    [
        *({"host": "elsewhere.example"}, {"content-length": "0"}, {"transfer-encoding": "chunked"}),
        *({"accept-encoding": "gzip"}, {"connection": "close"}, {"x": "a\r\nhost: elsewhere"}),
        *({"x y": "a"}, {"": "a"}, {"x": "a\0"}, {"x": "\ud800"}, {"é": "a"}),
    ],
)
async def test_a_header_that_may_not_be_sent(outbound_here, headers):
    """What would change whom a request is for, or where it ends, is not sent."""
    async with receiving(answering()) as receiver, outbound_here.opened() as outbound:
        with pytest.raises(UnsendableRequestError):
            await outbound.send(Request(url=receiver.url, headers=headers))
        assert receiver.requests == []


async def test_nobody_listens(outbound_here):
    """A port at which nobody listens is not reached."""
    async with receiving(silent) as briefly:
        pass
    async with outbound_here.opened() as outbound:
        with pytest.raises(NotReachedError):
            await outbound.send(Request(url=briefly.url))


async def test_certificates(tmp_path):
    """A certificate for the name is believed, under that name; another's, or one nobody vouches for, is not."""
    authority = Authority()
    tls = authority.serving(tmp_path, "hooks.example.org")
    async with receiving(answering(), tls=tls) as receiver:
        rules = Rules(ports=frozenset({receiver.port}), networks=("127.0.0.1/32",))
        look_up = names(hooks=["127.0.0.1"], other=["127.0.0.1"])
        url = f"https://hooks.example.org:{receiver.port}/hook"
        async with Outbound(rules, verify=authority.believed(), look_up=look_up).opened() as outbound:
            assert (await outbound.send(Request(url=url))).status == 200
            assert receiver.requests[0][1]["host"] == f"hooks.example.org:{receiver.port}"
            for other in (url.replace("hooks.", "other."), f"https://127.0.0.1:{receiver.port}/"):
                with pytest.raises(NotTrustedError):
                    await outbound.send(Request(url=other))
        async with Outbound(rules, look_up=look_up).opened() as outbound:
            with pytest.raises(NotTrustedError):
                await outbound.send(Request(url=url))
        assert len(receiver.requests) == 1


async def test_somebody_who_speaks_no_tls():
    """A plain server behind an https address is told nothing."""

    async def eager(receiver, reader, writer):
        writer.write(OK)
        await answering()(receiver, reader, writer)

    async with receiving(eager) as receiver:
        rules = Rules(ports=frozenset({receiver.port}), networks=("127.0.0.1/32",))
        async with Outbound(rules).opened() as outbound:
            with pytest.raises((NotTrustedError, NotReachedError, UnreadableAnswerError)):
                await outbound.send(Request(url=f"https://127.0.0.1:{receiver.port}/"), deadline=5)
        assert receiver.requests == []


async def test_a_look_up_that_does_not_end():
    """Whoever runs a name's server can hold one thread, and nobody who waits for longer than the deadline."""
    ends = threading.Event()
    begun = []

    def look_up(*question):
        begun.append(question)
        ends.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "never")

    async with Outbound(Rules(), look_up=look_up).opened() as outbound:
        request = Request(url="https://hooks.example.org/")
        async with asyncio.timeout(10):
            ended = await asyncio.gather(
                *(outbound.send(request, deadline=0.2) for _ in range(10)), return_exceptions=True
            )
        assert {type(each) for each in ended} <= {TooSlowError, NotReachedError}
        assert len(begun) == 1
        ends.set()


async def test_names_can_be_looked_up_again_after_a_bad_time():
    """Look-ups that hang hold up only so many others, and when they end all is well."""
    ends = threading.Event()

    def look_up(host, *question):
        if host.startswith("stuck"):
            ends.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "never")

    async with Outbound(Rules(), look_up=look_up).opened() as outbound:
        sent = (outbound.send(Request(url=f"https://stuck{n}.example.org/"), deadline=0.5) for n in range(80))
        ended = await asyncio.gather(*sent, return_exceptions=True)
        assert {type(each) for each in ended} <= {TooSlowError, NotReachedError}
        ends.set()
        with pytest.raises(NotReachedError):
            await outbound.send(Request(url="https://well.example.org/"))


async def test_a_receiver_that_hangs_up_between_requests(outbound_here):
    """A connection that the other side has closed is replaced by a new one."""
    closing = OK.replace(b"\r\n\r\n", b"\r\nconnection: keep-alive\r\n\r\n")

    async def once(receiver, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(closing)
        await writer.drain()

    async with receiving(once) as receiver, outbound_here.opened() as outbound:
        for number in (1, 2, 3):
            assert (await outbound.send(Request(url=receiver.url))).status == 200
            assert receiver.connections == number
            await until(lambda: receiver.open == 0)
            await asyncio.sleep(0.02)
