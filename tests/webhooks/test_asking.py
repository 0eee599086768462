"""An endpoint is sent nothing before it agreed, and is not pestered."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import pytest_asyncio

from app.http.public_log import PublicLog
from app.outbound.client import Outbound
from app.outbound.messages import Answer
from app.outbound.rules import Rules
from app.webhooks.asking import ASKED_MAX, Asker, Consent, consent_in, gives_back
from app.webhooks.callbacks import Callbacks
from app.webhooks.dispatching import Dispatcher
from app.webhooks.keys import keep_keys
from app.webhooks.signing import new_keys, public_key_of
from events.contracts import EndpointVerified
from events.sealing.secret_key import InstallationSecret
from events.streams import endpoint_stream
from ops.faults.signature_check import holds_v1a
from tests.projections.examples import opened
from tests.webhooks.hooks import changed, happened, hook, registered
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio
ORIGIN = "impact.example.org"
KEYS = new_keys()


class World:
    """A log, and who asks, by a clock that is set by hand."""

    def __init__(self, pool, store, outbound):
        self.pool, self.store, self.dispatcher = pool, store, Dispatcher(pool, store, PublicLog(b"secret"))
        self.now = datetime.now(UTC) + timedelta(seconds=1)
        self.asker = Asker(
            pool,
            store,
            outbound,
            callbacks=Callbacks(InstallationSecret(b"secret" * 6), f"https://{ORIGIN}"),
            public_url=f"https://{ORIGIN}",
            clock=lambda: self.now,
        )

    async def given(self, *events):
        """Append events and let it be known of endpoints."""
        await happened(self.store, *events)
        await self.dispatcher.react()

    async def asked(self, **later):
        """Let time pass and ask; tell how many were asked."""
        self.now += timedelta(**later)
        asked = await self.asker.ask_due()
        await self.dispatcher.react()
        return asked

    async def agreed(self):
        """List how the endpoint agreed."""
        events = await self.store.read_stream(endpoint_stream(hook()))
        return [
            (one.data.proof, one.data.rate_per_minute)
            for one in events
            if isinstance(one.data, EndpointVerified)
        ]


@pytest_asyncio.fixture
async def world(pool, store):
    """Give a world with a community and the keys of an endpoint."""
    async with Outbound(Rules(loopback=True), deadline=5.0).opened() as outbound:
        made = World(pool, store, outbound)
        await keep_keys(pool, store.keyring, hook(), hook(), KEYS)
        await made.given(opened())
        yield made


async def test_an_endpoint_agrees_by_the_handshake(world):
    """It names us when asked with OPTIONS, and says how many a minute it takes."""

    def handshake(_got):
        return Reply(headers={"WebHook-Allowed-Origin": ORIGIN, "WebHook-Allowed-Rate": "120"})

    async with receiving(handshake) as receiver:
        await world.given(registered(url=receiver.url))
        assert await world.asked() == 1
        assert await world.asked(hours=1) == 0
    (got,) = receiver.received
    assert (got.method, got.headers["webhook-request-origin"]) == ("OPTIONS", ORIGIN)
    where = f"https://{ORIGIN}/api/v1/webhooks/{hook()}/consent?token="
    assert got.headers["webhook-request-callback"].startswith(where)
    assert await world.agreed() == [("handshake", 120)]


async def test_an_endpoint_agrees_by_giving_a_challenge_back(world):
    """Whoever does not know the handshake is sent a signed challenge a minute later."""

    def echo(got):
        if got.method == "OPTIONS":
            return Reply(status=405)
        return Reply(body=msgspec.json.encode(msgspec.json.decode(got.body)["data"]))

    async with receiving(echo) as receiver:
        await world.given(registered(url=receiver.url))
        assert await world.asked() == 1
        assert await world.asked(seconds=59) == 0
        assert await world.agreed() == []
        assert await world.asked(seconds=1) == 1
    assert [got.method for got in receiver.received] == ["OPTIONS", "POST"]
    challenge = receiver.received[1]
    assert holds_v1a(challenge.headers, challenge.body, public_key_of(KEYS))
    assert await world.agreed() == [("challenge", None)]


async def test_success_alone_is_no_consent(world):
    """A server that answers 200 to everything has not agreed, is asked once a minute, and for an hour at the most."""
    async with receiving(lambda _got: Reply(body=b"Welcome.")) as receiver:
        await world.given(registered(url=receiver.url))
        for _ in range(ASKED_MAX + 5):
            await world.asked(minutes=1)
        assert len(receiver.received) == ASKED_MAX
        said = await world.pool.fetchval("SELECT ask_answer FROM webhook_endpoints")
        assert said.startswith("It was reached and did not agree")
        await world.given(changed(to=receiver.url + "/elsewhere"))
        assert await world.asked(minutes=1) == 1
    assert await world.agreed() == []


async def test_whoever_cannot_be_reached_is_told_so(world):
    """What went wrong is kept for the owner to read."""
    await world.given(registered(url="http://127.0.0.1:1/"))
    assert await world.asked() == 1
    said = await world.pool.fetchval("SELECT ask_answer FROM webhook_endpoints")
    assert said.startswith("The other side was not reached")


def _answer(status=200, body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body, is_whole=True, seconds=0.0)


@pytest.mark.parametrize(
    ("answer", "consent"),
    [
        (_answer(webhook_allowed_origin="*"), Consent(proof="handshake")),
        (_answer(webhook_allowed_origin="IMPACT.example.org"), Consent(proof="handshake")),
        (
            _answer(204, webhook_allowed_origin=f"other.example.org, {ORIGIN}", webhook_allowed_rate="60"),
            Consent(proof="handshake", rate_per_minute=60),
        ),
        (_answer(webhook_allowed_origin="*", webhook_allowed_rate="*"), Consent(proof="handshake")),
        (_answer(webhook_allowed_origin="*", webhook_allowed_rate="-1"), Consent(proof="handshake")),
        (_answer(webhook_allowed_origin="other.example.org"), None),
        (_answer(webhook_allowed_origin="impact.example.org.evil.example"), None),
        (_answer(), None),
        (_answer(404, webhook_allowed_origin="*"), None),
        (_answer(301, webhook_allowed_origin="*"), None),
    ],
)
async def test_consent_is_read_off_the_headers(answer, consent):
    """Only a success that names us, or everybody, agrees."""
    assert consent_in(answer, ORIGIN) == consent


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        (_answer(body=b"word"), True),
        (_answer(body=b" word\n"), True),
        (_answer(body=b'"word"'), True),
        (_answer(body=b'{"challenge": "word"}'), True),
        (_answer(body=b'{"challenge": 7}'), False),
        (_answer(body=b"words"), False),
        (_answer(body=b""), False),
        (_answer(body=b"\xff"), False),
        (_answer(500, body=b"word"), False),
    ],
)
async def test_a_challenge_is_given_back_as_it_is(answer, agrees):
    """As text, as a JSON string, or as the field of that name, with success."""
    assert gives_back(answer, "word") is agrees
