"""An endpoint agrees later, at the address that it and nobody else was sent with the handshake."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import pytest

from app.webhooks.callbacks import VALID_FOR, Callbacks
from events.contracts import EndpointVerified
from events.sealing.secret_key import InstallationSecret
from events.streams import endpoint_stream, new_id
from tests.http.conftest import serving
from tests.http.hooking import HOOKS, hooked, registered, until
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio
URL = "https://hooks.example.org/later"
RATE = "WebHook-Allowed-Rate"


def callback(service, endpoint_id, *, moves=0, ago=timedelta(), installation=None):
    """Give the address at which an endpoint may agree that was asked some time ago, as a path here."""
    callbacks = Callbacks(
        installation or service.resources.installation, service.resources.settings.public_url
    )
    return _here(callbacks.address(UUID(endpoint_id), moves=moves, now=datetime.now(UTC) - ago))


def _here(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def agreed(service, endpoint_id):
    """List how an endpoint agreed."""
    events = await service.resources.store.read_stream(endpoint_stream(UUID(endpoint_id)))
    return [
        (one.data.proof, one.data.rate_per_minute) for one in events if isinstance(one.data, EndpointVerified)
    ]


async def refused(service, endpoint_id, path):
    """Tell that nobody agrees at an address, whichever way it is called, and that nothing changes."""
    before = await agreed(service, endpoint_id)
    for method in ("GET", "POST"):
        answer = await service.client.request(method, path)
        assert answer.status_code == 404, answer.text
        assert answer.json()["detail"].endswith(".")
    assert await agreed(service, endpoint_id) == before
    return True


async def test_a_receiver_that_does_not_know_the_handshake_agrees_later(database_url):
    """It is asked, says nothing of it, and calls back; then it is told of events, as often as it said."""
    async with hooked(database_url) as service, receiving(lambda _got: Reply(status=404)) as receiver:
        author = await service.person()
        endpoint_id = (await registered(author, receiver.url, "IdeaLogged"))["endpoint_id"]

        async def asked():
            return [got for got in receiver.received if got.method == "OPTIONS"]

        (question,) = await until(asked)
        address = question.headers["webhook-request-callback"]
        assert address.startswith(service.resources.settings.public_url)
        receiver.answer = lambda _got: Reply(status=204)
        answer = await service.client.post(_here(address), headers={RATE: "120"})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["endpoint_id"], answer.json()["rate_per_minute"]) == (endpoint_id, 120)
        assert answer.headers["cache-control"] == "no-store"
        shown = (await author.send("GET", f"{HOOKS}/{endpoint_id}")).json()
        assert (shown["status"], shown["rate_per_minute"], shown["answer"]) == ("active", 120, "It agreed.")
        assert await agreed(service, endpoint_id) == [("callback", 120)]
        idea_id = await author.log_idea()

        async def told():
            return [msgspec.json.decode(got.body) for got in receiver.received if got.method == "POST"]

        (message,) = await until(told)
        assert message["data"]["idea_id"] == str(idea_id)


@pytest.mark.parametrize(
    ("method", "said", "rate"),
    [
        ("GET", {}, None),
        ("POST", {}, None),
        ("GET", {"params": {RATE: "60"}}, 60),
        ("POST", {"params": {RATE: "60"}}, 60),
        ("GET", {"headers": {RATE: " 7 "}}, 7),
        ("POST", {"headers": {RATE: "7"}, "params": {RATE: "60"}}, 7),
        ("POST", {"headers": {RATE: "*"}}, None),
        ("POST", {"headers": {RATE: "9" * 18}}, 1_000_000),
        ("POST", {"content": b"no body that anybody reads", "headers": {"content-type": "text/plain"}}, None),
    ],
)
async def test_an_endpoint_agrees_by_get_or_post(service, author, method, said, rate):
    """It may say in a header or in the address how many messages a minute it takes."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    path = callback(service, endpoint_id)
    for name, value in said.get("params", {}).items():
        path += f"&{name}={value}"
    answer = await service.client.request(
        method, path, **{name: value for name, value in said.items() if name != "params"}
    )
    assert answer.status_code == 200, answer.text
    assert await agreed(service, endpoint_id) == [("callback", rate)]


async def test_it_agrees_once(service, author):
    """The same address again changes nothing, whatever it says then; of many at once one counts."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    path = callback(service, endpoint_id)
    answers = await asyncio.gather(
        *(service.client.post(path, headers={RATE: str(rate)}) for rate in range(1, 6))
    )
    (only,) = await agreed(service, endpoint_id)
    assert {answer.json()["rate_per_minute"] for answer in answers} == {only[1]}
    again = await service.client.get(path + f"&{RATE}=999")
    assert (again.status_code, again.json()["rate_per_minute"]) == (200, only[1])
    assert await agreed(service, endpoint_id) == [only]


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1.5", "\u0667", "9" * 19])
async def test_a_rate_that_cannot_be_meant_is_named(service, author, rate):
    """It agrees to nothing rather than to any number."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    answer = await service.client.get(callback(service, endpoint_id) + f"&{RATE}={rate}")
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == [RATE]
    assert await agreed(service, endpoint_id) == []


async def test_to_look_is_not_to_agree(service, author):
    """HEAD, as programs send it that look whether a link leads anywhere, changes nothing; OPTIONS neither."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    path = callback(service, endpoint_id)
    assert (await service.client.head(path)).status_code == 200
    assert (await service.client.options(path)).status_code == 204
    assert await agreed(service, endpoint_id) == []


async def test_nobody_else_agrees_for_an_endpoint(service, author):
    """Neither its owner's token nor the address of another endpoint, nor one that was guessed or changed, is good."""
    endpoint_id, other_id = [(await registered(author, URL))["endpoint_id"] for _ in range(2)]
    path = callback(service, endpoint_id)
    token = path.partition("token=")[2]
    until_then, _, word = token.partition(".")
    other_word = callback(service, other_id).partition("token=")[2]
    elsewhere = callback(service, endpoint_id, installation=InstallationSecret(b"another installation"))
    for bad in (
        *("", ".", word, f".{word}", f"{until_then}.", f"{until_then}.{word}A", f"{until_then}.{word[:-1]}"),
        *(f"{int(until_then) + 1}.{word}", f"0{until_then}.{word}x", f"-{token}", f"{'9' * 150}.{word}"),
        *(other_word, "\u0667." + word, elsewhere.partition("token=")[2], f"{until_then}.{'é' * 43}"),
    ):
        assert await refused(service, endpoint_id, f"{HOOKS}/{endpoint_id}/consent?token={bad}")
    assert await refused(service, endpoint_id, f"{HOOKS}/{other_id}/consent?token={token}")
    assert await refused(service, endpoint_id, f"{HOOKS}/{new_id()}/consent?token={token}")
    without = await author.send("POST", f"{HOOKS}/{endpoint_id}/consent")
    assert without.status_code == 400
    assert await agreed(service, other_id) == []
    assert (await service.client.get(path)).status_code == 200


async def test_an_address_is_good_for_a_day(service, author):
    """Just before its end it is good, and from then on not."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    assert await refused(service, endpoint_id, callback(service, endpoint_id, ago=VALID_FOR))
    assert (
        await service.client.get(callback(service, endpoint_id, ago=VALID_FOR - timedelta(minutes=1)))
    ).status_code == 200


async def test_an_endpoint_that_changed_its_address_has_to_be_asked_there(service, author):
    """What was sent to one address is no good for another, nor when the first is the endpoint's again."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    path, where = callback(service, endpoint_id), f"{HOOKS}/{endpoint_id}"
    await author.send("PATCH", where, {"url": "https://elsewhere.example.org/"})
    assert await refused(service, endpoint_id, path)
    await author.send("PATCH", where, {"url": URL})
    assert await refused(service, endpoint_id, path)
    await author.send("PATCH", where, {"types": ["IdeaLogged"]})
    assert (await service.client.post(callback(service, endpoint_id, moves=2))).status_code == 200


async def test_a_removed_endpoint_agrees_to_nothing(service, author):
    """Its address is good no more."""
    endpoint_id = (await registered(author, URL))["endpoint_id"]
    path = callback(service, endpoint_id)
    await author.send("DELETE", f"{HOOKS}/{endpoint_id}")
    assert await refused(service, endpoint_id, path)


async def test_nobody_tries_addresses_out(database_url):
    """From one network only so many calls are looked at."""
    async with serving(database_url, limits_factor=0.01) as service:
        path = f"{HOOKS}/{new_id()}/consent?token=1.x"
        statuses = [(await service.client.get(path)).status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        assert (await service.client.post(path)).status_code == 429


async def test_it_is_said_where_people_look(service):
    """The page for people who write programs says how an address agrees later."""
    page = (await service.client.get("/about/events", headers={"accept": "text/html"})).text
    assert "WebHook-Request-Callback" in page
