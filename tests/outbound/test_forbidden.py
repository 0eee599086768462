"""Addresses that strangers write: whatever leads inside is refused, and nobody there is spoken to."""

import asyncio
import os
import socket

import pytest

from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError, NotReachedError, OutboundError, Request
from app.outbound.rules import Rules
from tests.outbound.receivers import OK, Authority, answering, names, receiving, silent
from tests.outbound.vectors import ALLOWED, FORBIDDEN

pytestmark = pytest.mark.asyncio
INSIDE = [
    "0.0.0.0",  # noqa: S104  # Nothing is bound to it.
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "fe80::1"),
    *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:0:7f00:1", "100.64.0.1", "224.0.0.1"),
]


async def test_there_are_enough_spellings():
    """The table has at least sixty."""
    assert len(set(FORBIDDEN)) >= 60


@pytest.mark.parametrize("url", FORBIDDEN, ids=repr)
async def test_a_spelling_that_leads_inside(url):
    """Each is refused, by looking at it or by looking it up, and a listener there hears nothing."""
    async with receiving(silent, host=None) as inside:
        rules = Rules(ports=frozenset({80, 443, inside.port}))
        async with Outbound(rules).opened() as outbound:
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url=url.replace("PORT", str(inside.port))), deadline=10)
        await asyncio.sleep(0)
        assert inside.connections == 0


@pytest.mark.parametrize("url", ALLOWED)
async def test_a_spelling_that_is_fine(url):
    """Public addresses and names pass the look at them."""
    async with Outbound(Rules()).opened() as outbound:
        outbound.check(url)


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside(address):
    """A name is refused for where it leads, whatever it is, and nobody is told where that is."""
    async with Outbound(Rules(), look_up=names(hooks=[address])).opened() as outbound:
        outbound.check("https://hooks.example.org/")
        with pytest.raises(ForbiddenAddressError) as refused:
            await outbound.send(Request(url="https://hooks.example.org/"))
    assert address not in str(refused.value)


@pytest.mark.parametrize(
    "found", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["2606:4700::1", "::1"]]
)
async def test_a_name_that_leads_inside_and_outside(found):
    """One address inside among others, and the whole name is refused."""
    async with receiving(silent) as inside:
        rules = Rules(ports=frozenset({inside.port}))
        async with Outbound(rules, look_up=names(hooks=found)).opened() as outbound:
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url=f"https://hooks.example.org:{inside.port}/"))
        assert inside.connections == 0


async def test_a_name_that_changes_between_look_ups(tmp_path):
    """A connection goes to the address that was looked at, and each new one is looked at anew."""
    authority = Authority()
    tls = authority.serving(tmp_path, "hooks.example.org")
    once = OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    async with (
        receiving(answering(once), tls=tls, host="127.0.0.2") as vetted,
        receiving(answering(once), tls=tls, host="127.0.0.3", port=vetted.port) as inside,
    ):
        rules = Rules(ports=frozenset({vetted.port}), networks=("127.0.0.2/32",))
        look_up = names(hooks=[["127.0.0.2"], ["127.0.0.3"]])
        outbound = Outbound(rules, verify=authority.believed(), look_up=look_up)
        async with outbound.opened():
            request = Request(url=f"https://hooks.example.org:{vetted.port}/hook")
            answer = await outbound.send(request)
            assert (answer.status, look_up.asked) == (200, ["hooks.example.org"])
            for _ in range(3):
                with pytest.raises(ForbiddenAddressError):
                    await outbound.send(request)
        assert (vetted.connections, inside.connections) == (1, 0)
        assert len(look_up.asked) == 4


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"])
async def test_a_proxy_of_the_environment_is_not_asked(name, monkeypatch):
    """What the environment says of proxies is not for this client."""
    async with receiving(silent) as proxy, receiving(answering()) as receiver:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with Outbound(Rules(loopback=True)).opened() as outbound:
            assert (await outbound.send(Request(url=receiver.url))).status == 200
        async with Outbound(Rules(), look_up=names(hooks=["127.0.0.1"])).opened() as outbound:
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url="https://hooks.example.org/"))
        assert proxy.connections == 0
        assert name in os.environ


async def test_this_machine_in_development(tmp_path):
    """With the flag, and only so, this machine is reached, plainly and at any port; a name that leads here is not."""
    async with receiving(answering()) as receiver:
        async with Outbound(
            Rules(loopback=True), look_up=names(localhost=["127.0.0.1"])
        ).opened() as outbound:
            for host in ("127.0.0.1", "localhost"):
                answer = await outbound.send(Request(url=f"http://{host}:{receiver.port}/"))
                assert answer.status == 200
            for url in ("http://10.0.0.1/", "http://hooks.example.org/", f"http://127.1:{receiver.port}/"):
                with pytest.raises(ForbiddenAddressError):
                    outbound.check(url)
        async with Outbound(Rules(loopback=True), look_up=names(localhost=["10.0.0.1"])).opened() as outbound:
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url="http://localhost/"))
        seen = receiver.connections
        async with Outbound(Rules()).opened() as outbound:
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url=receiver.url))
        assert receiver.connections == seen


async def test_a_network_that_an_operator_allows():
    """A private network that is named may be reached, over https, and its neighbours may not."""
    look_up = names(inside=["127.0.0.5"], beside=["127.0.0.6"])
    async with Outbound(Rules(networks=("127.0.0.5/32",)), look_up=look_up).opened() as outbound:
        with pytest.raises(NotReachedError):  # Nobody listens, but it was tried.
            await outbound.send(Request(url="https://inside.example.org/"))
        for url in ("https://beside.example.org/", "http://inside.example.org/", "https://127.0.0.6/"):
            with pytest.raises(ForbiddenAddressError):
                await outbound.send(Request(url=url))


async def test_a_name_that_leads_nowhere():
    """It is not reached, which is no refusal."""
    async with Outbound(Rules(), look_up=names()).opened() as outbound:
        with pytest.raises(NotReachedError):
            await outbound.send(Request(url="https://nowhere.example.org/"))


async def test_every_error_says_one_sentence():
    """What people read of a failure is a sentence, without an address in it."""
    for kind in OutboundError.__subclasses__():
        assert str(kind()).endswith((".", "!"))
        assert "\n" not in str(kind())


async def test_the_system_looks_up_numbers_in_odd_spellings():
    """The spellings with 0x really are this machine to the system, so refusing them matters."""
    found = socket.getaddrinfo("0x7f000001", 443, socket.AF_INET, socket.SOCK_STREAM)
    assert found[0][4][0] == "127.0.0.1"
