"""Whoever was sent a message checks it by the keys that are published, whatever becomes of the keys."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from joserfc.jwk import KeySet
from msgspec.structs import replace

from events.streams import new_id
from tests.http.hooking import HOOKS, agreeing, hooked, registered, until
from tests.webhooks.receiving import receiving

pytestmark = pytest.mark.asyncio


async def published(service, endpoint_id, **headers):
    """Read the keys of an endpoint as anybody may."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await service.client.get(f"{HOOKS}/{endpoint_id}/keys", headers=named)


async def fitting(service, endpoint_id, got):
    """Name the published keys by which a message is whole, as a library for JSON Web Keys reads them."""
    keys = KeySet.import_key_set((await published(service, endpoint_id)).json()).keys
    content = b".".join(
        [got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body]
    )
    signatures = [
        base64.b64decode(one.removeprefix("v1a,"))
        for one in got.headers["webhook-signature"].split(" ")
        if one.startswith("v1a,")
    ]
    return [key.kid for key in keys if any(_holds(key, signature, content) for signature in signatures)]


def _holds(key, signature, content):
    try:
        key.get_op_key("verify").verify(signature, content)
    except InvalidSignature:
        return False
    return True


async def names_of(service, endpoint_id):
    """Name the published keys, the newest first."""
    return [key["kid"] for key in (await published(service, endpoint_id)).json()["keys"]]


async def test_a_message_is_checked_by_the_published_keys_before_during_and_after_a_rotation(database_url):
    """Every message that came in is whole by each of the keys that signed then and are published still."""
    async with hooked(database_url) as service, receiving(agreeing) as receiver:
        author = await service.person()
        endpoint_id = (await registered(author, receiver.url, "IdeaLogged"))["endpoint_id"]

        async def sent():
            before = len(receiver.received)
            await author.log_idea()
            return await until(lambda: _next(before))

        async def _next(before):
            posted = [got for got in receiver.received[before:] if got.method == "POST"]
            return posted[0] if posted else None

        async def rotated(hours):
            body = {"overlap_hours": hours}
            answer = await author.send("POST", f"{HOOKS}/{endpoint_id}/secret/rotate", body)
            assert answer.status_code == 200, answer.text

        async def active():
            return (await author.send("GET", f"{HOOKS}/{endpoint_id}")).json()["status"] == "active"

        await until(active)
        (first,) = await names_of(service, endpoint_id)
        before = await sent()
        assert await fitting(service, endpoint_id, before) == [first]

        await rotated(24)
        second, old = await names_of(service, endpoint_id)
        assert old == first
        assert await fitting(service, endpoint_id, before) == [first]
        during = await sent()
        assert await fitting(service, endpoint_id, during) == [second, first]

        await rotated(0)
        (third,) = await names_of(service, endpoint_id)
        after = await sent()
        assert await fitting(service, endpoint_id, after) == [third]
        assert await fitting(service, endpoint_id, during) == []


async def test_nobody_can_pass_off_what_was_changed(database_url):
    """A message to which one sign was added fits none of the keys."""
    async with hooked(database_url) as service, receiving(agreeing) as receiver:
        author = await service.person()
        endpoint_id = (await registered(author, receiver.url, "IdeaLogged"))["endpoint_id"]
        await author.log_idea()

        async def message():
            return next((got for got in receiver.received if got.method == "POST"), None)

        got = await until(message)
        changed = replace(got, body=got.body + b" ")
        assert len(await fitting(service, endpoint_id, got)) == 1
        assert await fitting(service, endpoint_id, changed) == []


async def test_only_public_keys_are_published_for_a_moment(service, author):
    """The set has nothing secret in it, is of its own media type, may be kept for a minute, and has a tag."""
    endpoint = await registered(author, "https://hooks.example.org/keys")
    answer = await published(service, endpoint["endpoint_id"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert answer.headers["cache-control"] == "public, max-age=60"
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}
    assert base64.urlsafe_b64decode(key["x"] + "=") == base64.b64decode(
        endpoint["public_key"].removeprefix("whpk_")
    )
    again = await published(service, endpoint["endpoint_id"], if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    await author.send("POST", f"{HOOKS}/{endpoint['endpoint_id']}/secret/rotate", {"overlap_hours": 1})
    renewed = await published(service, endpoint["endpoint_id"], if_none_match=answer.headers["etag"])
    assert (renewed.status_code, len(renewed.json()["keys"])) == (200, 2)


async def test_an_endpoint_that_is_not_there_has_no_keys(service, author):
    """One that never was, and one that was removed, are not found."""
    endpoint_id = (await registered(author, "https://hooks.example.org/gone"))["endpoint_id"]
    await author.send("DELETE", f"{HOOKS}/{endpoint_id}")
    for missing in (endpoint_id, new_id()):
        answer = await published(service, missing)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_keys_are_named_where_people_look(service):
    """The page for people who write programs says where the keys are."""
    page = (await service.client.get("/about/events", headers={"accept": "text/html"})).text
    assert "/api/v1/webhooks/…/keys" in page
