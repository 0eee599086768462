"""Another program is told of events: registered, asked, sent signed messages, and in control of what it gets."""

import asyncio

import msgspec
import pytest

from events.streams import vote_id
from ops.faults.signature_check import holds_by_the_library, holds_v1a
from tests.http.hooking import HOOKS, agreeing, registered, until
from tests.http.hooking import hooked as running
from tests.http.organisations import registered as organisation_of
from tests.http.streams import event_stream
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio


@pytest.fixture
def hooked(database_url):
    """Give an application that people reach on this machine alone, with a worker for webhooks."""
    return lambda: running(database_url)


async def test_a_program_is_told_of_events(hooked):
    """It is asked, agrees, and is sent what it asked for within moments; its owner sees what was sent."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author = await service.person()
        endpoint = await registered(author, receiver.url, "IdeaLogged")
        where = f"{HOOKS}/{endpoint['endpoint_id']}"

        async def active():
            return (await author.send("GET", where)).json()["status"] == "active"

        await until(active)
        idea_id = await author.log_idea()

        async def delivered():
            answer = await author.send("GET", f"{where}/deliveries?status=delivered")
            return answer.json()["items"]

        (delivery,) = await until(delivered)
        asked, got = receiver.received
        assert asked.method == "OPTIONS"
        assert holds_by_the_library(got.headers, got.body, endpoint["secret"])
        assert holds_v1a(got.headers, got.body, endpoint["public_key"])
        assert msgspec.json.decode(got.body)["data"]["idea_id"] == str(idea_id)
        assert (delivery["attempts"], delivery["last_status"]) == (1, 200)
        detail = (await author.send("GET", f"{where}/deliveries/{delivery['delivery_id']}")).json()
        assert detail["request"]["body"] == got.body.decode()
        assert detail["request"]["headers"]["webhook-id"] == got.headers["webhook-id"]
        assert [one["status"] for one in detail["attempts"]] == [200]


async def test_what_is_delivered_is_what_the_public_log_says_but_for_texts(hooked):
    """Whoever reads the log, by page or as a stream, gets the envelope that endpoints are sent, and texts beside it."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author, voter = await service.person(), await service.person("Tom Sample")
        await registered(author, receiver.url)
        idea_id = await author.log_idea()
        assert (await voter.vote(idea_id)).status_code == 200

        async def delivered():
            found = [msgspec.json.decode(got.body) for got in receiver.received if got.method == "POST"]
            return found if {"IdeaLogged", "VoteCast"} <= {one["type"] for one in found} else None

        bodies = {one["position"]: one for one in await until(delivered)}
        listed = (await service.client.get("/api/v1/events?limit=200")).json()["items"]
        async with event_stream(service.app, "after=0") as frames:
            streamed = [await frames.next_event() for _ in listed]
        assert streamed == listed
        shown = {one["position"]: one for one in listed if one["position"] in bodies}
        assert shown.keys() == bodies.keys()
        for position, body in bodies.items():
            data, told = shown[position].pop("data"), body.pop("data")
            assert body == shown[position]
            assert told.items() <= data.items()
            assert ("title" in data, "title" in told) == (body["type"] == "IdeaLogged", False)


async def test_a_list_has_what_its_reader_just_wrote(hooked):
    """With the position of the registration the list waits until it is there."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author = await service.person()
        for _ in range(3):
            endpoint = await registered(author, receiver.url, "IdeaLogged")
            listed = await author.send("GET", f"{HOOKS}?min_position={endpoint['position']}")
            assert listed.status_code == 200, listed.text
            assert listed.json()["items"][0]["endpoint_id"] == endpoint["endpoint_id"]


async def test_what_was_sent_is_sent_once_more(hooked):
    """A stretch of the log comes again, with the identifiers it had, once for each wish."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author = await service.person()
        endpoint = await registered(author, receiver.url, "IdeaLogged")
        where = f"{HOOKS}/{endpoint['endpoint_id']}"
        for _ in range(3):
            await author.log_idea()

        async def arrived(count):
            return len([got for got in receiver.received if got.method == "POST"]) >= count

        await until(lambda: arrived(3))
        first = [got.headers["webhook-id"] for got in receiver.received if got.method == "POST"]
        wish = {"from_position": 1}
        for _ in range(2):
            answer = await author.send("POST", f"{where}/replay", wish, idempotency_key="again")
            assert answer.status_code == 200, answer.text
        await until(lambda: arrived(6))
        await asyncio.sleep(0.2)
        ids = [got.headers["webhook-id"] for got in receiver.received if got.method == "POST"]
        assert sorted(ids) == sorted(first * 2)
        beyond = await author.send("POST", f"{where}/replay", {"from_position": 10**6})
        assert beyond.status_code == 400
        assert beyond.json()["errors"][0]["path"] == "from_position"


async def test_an_endpoint_is_tested(hooked):
    """A test is signed and tells what came back; before the endpoint agreed there is none."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author = await service.person()
        receiver.answer = lambda _got: Reply(status=404)
        endpoint = await registered(author, receiver.url)
        where = f"{HOOKS}/{endpoint['endpoint_id']}"
        refused = await author.send("POST", f"{where}/test")
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:not-agreed")

        async def refused_once():
            return "did not agree" in (await author.send("GET", where)).json()["answer"]

        await until(refused_once)
        receiver.answer = agreeing
        assert (await author.send("POST", f"{where}/verify")).status_code == 200
        await service.resources.pool.execute("UPDATE webhook_endpoints SET ask_at = now(), asked = 0")

        async def active():
            return (await author.send("GET", where)).json()["status"] == "active"

        await until(active)
        receiver.answer = lambda _got: Reply(status=500, body=b"Out of order.")
        tested = (await author.send("POST", f"{where}/test")).json()
        assert (tested["status"], tested["answer"]) == (500, "Out of order.")
        # That it agreed may be told to it meanwhile, as any event.
        got = next(one for one in reversed(receiver.received) if b"endpoint.test" in one.body)
        assert msgspec.json.decode(got.body)["type"] == "endpoint.test"
        assert holds_by_the_library(got.headers, got.body, endpoint["secret"])


async def test_an_endpoint_is_paused_resumed_and_removed(hooked):
    """It misses nothing while it is paused, and is gone when it is removed."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author = await service.person()
        endpoint = await registered(author, receiver.url, "IdeaLogged")
        where = f"{HOOKS}/{endpoint['endpoint_id']}"
        await author.log_idea()

        async def arrived(count):
            return len([got for got in receiver.received if got.method == "POST"]) == count

        await until(lambda: arrived(1))
        assert (await author.send("POST", f"{where}/pause")).status_code == 200
        shown = (await author.send("GET", where)).json()
        assert (shown["status"], shown["paused"]["cause"]) == ("paused", "asked")
        await author.log_idea()
        await asyncio.sleep(0.3)
        assert await arrived(1)
        assert (await author.send("POST", f"{where}/resume")).status_code == 200
        await until(lambda: arrived(2))
        assert (await author.send("DELETE", where)).status_code == 200
        assert (await author.send("GET", where)).status_code == 404
        assert (await author.send("GET", HOOKS)).json()["items"] == []


async def test_a_secret_is_shown_once(service, author):
    """Sending the request again, or looking, shows everything but the secret; a new key has a new one."""
    body = {"url": "https://hooks.example.org/once", "types": ["*"]}
    first, again = [
        (await author.send("POST", HOOKS, body, idempotency_key="one-endpoint")).json() for _ in range(2)
    ]
    assert first["secret"].startswith("whsec_")
    assert again == {**first, "secret": None}
    where = f"{HOOKS}/{first['endpoint_id']}"
    rotated = (await author.send("POST", f"{where}/secret/rotate", {"overlap_hours": 1})).json()
    assert rotated["secret"] != first["secret"]
    seen = await author.send("GET", where)
    assert [key["key_id"] for key in seen.json()["keys"]] == [rotated["key_id"], first["key_id"]]
    assert "whsec_" not in seen.text
    stored = await service.resources.pool.fetch("SELECT sealed FROM webhook_keys")
    assert all("whsec_" not in row["sealed"] for row in stored)
    too_long = await author.send("POST", f"{where}/secret/rotate", {"overlap_hours": 169})
    assert too_long.status_code == 400


async def test_an_endpoint_is_revised(author):
    """What is left out stays; whoever read an older version is told so."""
    endpoint = await registered(author, "https://hooks.example.org/revised", "IdeaLogged")
    where = f"{HOOKS}/{endpoint['endpoint_id']}"
    etag = (await author.send("GET", where)).headers["etag"]
    condition = {"all": [{"field": "idea_id", "how": "is", "value": "x"}], "any": []}
    body = {"types": ["Pool*"], "filter": condition}
    changed = await author.send("PATCH", where, body, if_match=etag)
    assert changed.status_code == 200, changed.text
    shown = (await author.send("GET", where)).json()
    assert (shown["types"], shown["url"]) == (["Pool*"], "https://hooks.example.org/revised")
    assert shown["filter"] == condition
    assert (await author.send("PATCH", where, {"types": ["*"]}, if_match=etag)).status_code == 412


async def test_what_is_wrong_with_an_endpoint_is_named(author):
    """Each field at fault is named, and nothing is registered."""
    for body, path in (
        ({"url": "https://hooks.example.org/", "types": []}, "types"),
        ({"url": "https://hooks.example.org/", "types": ["IdeaLogged", "Ideas"]}, "types[1]"),
        ({"url": "https://hooks.example.org/", "types": ["*", "*"]}, "types[1]"),
        ({"url": "", "types": ["*"]}, "url"),
        ({"url": "https://hooks.example.org/" + "x" * 2000, "types": ["*"]}, "url"),
        ({"url": "https://hooks.example.org/", "types": ["*"], "format": "xml"}, "format"),
        (
            {
                "url": "https://hooks.example.org/",
                "types": ["*"],
                "filter": {"all": [{"field": "ask.amount_minor", "how": "at_least", "value": "much"}]},
            },
            "filter.all[0].value",
        ),
    ):
        answer = await author.send("POST", HOOKS, body)
        assert answer.status_code == 400, body
        assert [error["path"] for error in answer.json()["errors"]] == [path]


async def test_an_endpoint_is_its_owners_alone(service, author, voter):
    """Others can neither see nor change it; one of an organisation is for its administrators."""
    endpoint = await registered(author, "https://hooks.example.org/mine")
    where = f"{HOOKS}/{endpoint['endpoint_id']}"
    for method, path in (("GET", where), ("DELETE", where), ("GET", f"{where}/deliveries")):
        assert (await voter.send(method, path)).status_code == 403
    assert (await voter.send("GET", HOOKS)).json()["items"] == []
    organisation = (await organisation_of(author)).rpartition("/")[2]
    body = {"url": "https://hooks.example.org/ours", "types": ["*"], "organisation_id": organisation}
    assert (await voter.send("POST", HOOKS, body)).status_code == 403
    ours = await author.send("POST", HOOKS, body)
    assert ours.status_code == 201
    assert (await voter.send("GET", f"{HOOKS}/{ours.json()['endpoint_id']}")).status_code == 403
    assert (await author.send("GET", f"{HOOKS}/{ours.json()['endpoint_id']}")).status_code == 200


async def test_what_was_sent_does_not_give_a_voter_away(hooked):
    """Whoever may see deliveries of votes finds neither the person nor the stream that could be worked out from them."""
    async with hooked() as service, receiving(agreeing) as receiver:
        author, voter = await service.person(), await service.person("Tom Sample")
        endpoint = await registered(author, receiver.url, "Vote*")
        where = f"{HOOKS}/{endpoint['endpoint_id']}"
        idea_id = await author.log_idea()
        assert (await voter.vote(idea_id)).status_code == 200

        async def delivered():
            return (await author.send("GET", f"{where}/deliveries?status=delivered")).json()["items"]

        (delivery,) = await until(delivered)
        seen = [(await author.send("GET", f"{where}/deliveries")).text]
        seen.append((await author.send("GET", f"{where}/deliveries/{delivery['delivery_id']}")).text)
        seen += [got.body.decode() + str(got.headers) for got in receiver.received]
        for text in seen:
            assert str(vote_id(idea_id, voter.person_id)) not in text
            assert str(voter.person_id) not in text
