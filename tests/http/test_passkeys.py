"""Passkeys over HTTP: added in a session, signed in by, shown again as a fresh proof, removed."""

import httpx
import pytest
import pytest_asyncio
from litestar import post

from app.access import accounts, sessions
from app.access.policy import RULES, Rule
from events.streams import new_id, person_stream
from tests.access.authenticator import Authenticator
from tests.http.conftest import serving

pytestmark = pytest.mark.asyncio

MINE = "/api/v1/me/passkeys"
SIGN_IN = "/api/v1/sign-in/passkey"
STEP_UP = "/api/v1/me/step-up"
FRESH_NEEDED = (403, "urn:open-impact:fresh-proof-needed")


class Browser:
    """A browser with its cookies, in which somebody may be signed in."""

    def __init__(self, service) -> None:
        self.service = service
        self.client = httpx.AsyncClient(
            transport=service.client._transport,
            base_url="http://testserver",
            headers={"sec-fetch-site": "same-origin"},
        )

    async def session(self, person_id, proved_by="link"):
        secret = await sessions.begin(self.service.resources.pool, person_id=person_id, proved_by=proved_by)
        self.client.cookies.set("session", secret, domain="testserver.local")
        return self

    async def post(self, path, json=None):
        return await self.client.post(path, json=json)

    async def add(self, key, name="My phone"):
        options = (await self.post(f"{MINE}/options")).json()["options"]
        return await self.post(MINE, {"credential": key.made(options), "name": name})

    async def sign_in(self, key):
        options = (await self.post(f"{SIGN_IN}/options")).json()["options"]
        return await self.post(SIGN_IN, {"credential": key.shown(options)})

    async def step_up(self, key):
        options = (await self.post(f"{STEP_UP}/options")).json()["options"]
        return await self.post(STEP_UP, {"credential": key.shown(options)})

    async def age(self):
        """Let the proof in every session be too old."""
        await self.service.resources.pool.execute(
            "UPDATE sessions SET proved_at = now() - interval '6 minutes'"
        )
        self.service.resources.sessions.forget()


@pytest_asyncio.fixture
async def strict(database_url):
    """Give an application in which an e-mail link is not enough where a fresh proof is asked for."""
    async with serving(database_url, step_up="passkey") as service:
        yield service


@pytest_asyncio.fixture
async def ada(strict):
    """Somebody signed in by an e-mail link."""
    strict.ada_id = await accounts.add(strict.resources.pool, email="ada@example.org", name="Ada Sample")
    browser = await Browser(strict).session(strict.ada_id)
    yield browser
    await browser.client.aclose()


def said(answer):
    """Give an answer's status and the type of its problem."""
    return answer.status_code, answer.json()["type"]


async def test_somebody_adds_a_passkey_and_signs_in_by_it(strict, ada):
    """The first passkey is added on a fresh link; a new browser signs in by it without an address."""
    key = Authenticator()
    added = await ada.add(key)
    assert (added.status_code, added.json()["name"]) == (201, "My phone")
    new = Browser(strict)
    signed_in = await new.sign_in(key)
    assert (signed_in.status_code, signed_in.json()) == (200, {"person_id": str(strict.ada_id)})
    assert (await new.client.get("/api/v1/me")).json()["name"] == "Ada Sample"
    [listed] = (await new.client.get(MINE)).json()["items"]
    assert listed["passkey_id"] == added.json()["passkey_id"]
    assert listed["last_used_at"] is not None


async def test_a_first_passkey_verifies_a_person_once(strict, ada):
    """However many passkeys are added and used, the log says once that the person was verified."""
    first, second = Authenticator(), Authenticator()
    await ada.add(first)
    assert (await ada.step_up(first)).status_code == 200
    assert (await ada.add(second)).status_code == 201
    await Browser(strict).sign_in(second)
    events = [event.data for event in await strict.resources.store.read_stream(person_stream(strict.ada_id))]
    assert [(type(event).__name__, getattr(event, "how", None)) for event in events] == [
        ("PersonJoined", None),
        ("PersonVerified", "passkey"),
    ]


async def test_the_first_passkey_needs_a_recent_proof(ada):
    """A session whose proof is older than five minutes adds no passkey."""
    await ada.age()
    answer = await ada.post(f"{MINE}/options")
    assert said(answer) == FRESH_NEEDED
    assert "/me/confirm" in answer.json()["detail"]


async def test_a_further_passkey_needs_a_passkey(ada):
    """Whoever reads somebody's mail signs in by a link, but adds no passkey beside the one that is there."""
    key = Authenticator()
    made = Authenticator().made((await ada.post(f"{MINE}/options")).json()["options"])
    await ada.add(key)
    assert said(await ada.post(f"{MINE}/options")) == FRESH_NEEDED
    assert said(await ada.post(MINE, {"credential": made})) == FRESH_NEEDED
    assert (await ada.step_up(key)).json()["proved_by"] == "passkey"
    assert (await ada.add(Authenticator())).status_code == 201


async def test_removing_needs_a_fresh_passkey(strict, ada):
    """A link does not remove a passkey, an old proof does not, a fresh one does; then it lets nobody in."""
    key = Authenticator()
    passkey = f"{MINE}/{(await ada.add(key)).json()['passkey_id']}"
    assert said(await ada.client.delete(passkey)) == FRESH_NEEDED
    await ada.step_up(key)
    await ada.age()
    assert said(await ada.client.delete(passkey)) == FRESH_NEEDED
    assert (await ada.step_up(key)).status_code == 200
    for _ in range(2):
        removed = await ada.client.delete(passkey)
        assert (removed.status_code, removed.json()["items"]) == (200, [])
    assert said(await Browser(strict).sign_in(key)) == (409, "urn:open-impact:passkey-removed")


async def test_a_passkey_is_renamed_by_its_owner(strict, ada):
    """The owner gives another name; a name that is none is refused, and others find no such passkey."""
    passkey = f"{MINE}/{(await ada.add(Authenticator())).json()['passkey_id']}"
    renamed = await ada.client.patch(passkey, json={"name": "  My laptop "})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "My laptop")
    for name in ("", "  ", "a\0b", "x" * 101, 7):
        refused = await ada.client.patch(passkey, json={"name": name})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "name"), name
    ben_id = await accounts.add(strict.resources.pool, email="ben@example.org", name="Ben Sample")
    ben = await Browser(strict).session(ben_id, proved_by="passkey")
    assert said(await ben.client.patch(passkey, json={"name": "Mine"})) == (
        404,
        "urn:open-impact:passkey-unknown",
    )
    assert (await ben.client.delete(passkey)).status_code == 404
    assert (await ben.client.delete(f"{MINE}/{new_id()}")).status_code == 404


async def test_a_token_does_not_make_itself_a_person(strict):
    """A program with every scope adds and removes no passkey, and proves nothing."""
    person = await strict.person()
    for method, path in (
        ("POST", f"{MINE}/options"),
        ("POST", f"{STEP_UP}/options"),
        ("DELETE", f"{MINE}/{new_id()}"),
    ):
        answer = await person.send(method, path)
        assert said(answer) == (403, "urn:open-impact:forbidden")
        assert "signed in" in answer.json()["detail"]


async def test_signing_in_is_bound_to_the_browser(strict, ada):
    """An answer that another browser obtained lets nobody in here, and sets no cookie."""
    key = Authenticator()
    await ada.add(key)
    theirs, mine = Browser(strict), Browser(strict)
    options = (await theirs.post(f"{SIGN_IN}/options")).json()["options"]
    await mine.post(f"{SIGN_IN}/options")
    refused = await mine.post(SIGN_IN, {"credential": key.shown(options)})
    assert said(refused) == (409, "urn:open-impact:challenge-over")
    assert "set-cookie" not in refused.headers


async def test_a_copy_is_told_of(strict, ada):
    """When a counter runs back the person is told at once, and sees in the list that the passkey was set aside."""
    key = Authenticator()
    await ada.add(key)
    copied = key.copy()
    await Browser(strict).sign_in(key)
    answer = await Browser(strict).sign_in(copied)
    assert said(answer) == (409, "urn:open-impact:passkey-copied")
    assert "set aside" in answer.json()["detail"]
    [listed] = (await ada.client.get(MINE)).json()["items"]
    assert listed["set_aside_at"] is not None
    assert await strict.resources.pool.fetchval("SELECT count(*) FROM outgoing_mail") == 1


async def test_signing_in_as_another_ends_the_session_before(strict, ada):
    """A browser is one person's at a time."""
    key = Authenticator()
    await ada.add(key)
    ben_id = await accounts.add(strict.resources.pool, email="ben@example.org", name="Ben Sample")
    browser = await Browser(strict).session(ben_id)
    assert (await browser.sign_in(key)).status_code == 200
    assert await sessions.of_person(strict.resources.pool, ben_id) == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "credential"),
        ({"credential": {}}, "credential.id"),
        ({"credential": 7}, "credential"),
        ({"credential": {"id": "a", "rawId": "ä", "type": "public-key", "response": {}}}, "credential.rawId"),
        ({"credential": {"id": "a", "rawId": "a", "type": "password", "response": {}}}, "credential.type"),
    ],
)
async def test_a_body_that_is_no_passkey_is_named(strict, body, path):
    """What cannot be a passkey is refused by the field at fault."""
    answer = await Browser(strict).post(SIGN_IN, body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


async def test_passkeys_need_a_domain(database_url):
    """Where the public address is a number, one sentence says what the operator sets."""
    async with serving(database_url, public_url="http://192.0.2.7:8000") as service:
        answer = await Browser(service).post(f"{SIGN_IN}/options")
        assert said(answer) == (409, "urn:open-impact:no-passkeys-here")
        assert "OPEN_IMPACT_PUBLIC_URL" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("step_up", "proof", "expected"),
    [
        ("passkey", ("link", False), 403),
        ("passkey", ("oidc", False), 403),
        ("passkey", ("passkey", False), 201),
        ("passkey", ("passkey", True), 403),
        ("link", ("link", False), 201),
        ("link", ("link", True), 403),
        (None, ("link", False), 201),
    ],
)
async def test_an_operation_for_operators_asks_for_a_fresh_proof(
    database_url, monkeypatch, step_up, proof, expected
):
    """A passkey within five minutes, or a link where the setting or a demo on this machine lets it."""

    @post("/sample", operation_id="sample")
    async def sample() -> str:
        return "done"

    proved_by, old = proof
    monkeypatch.setitem(RULES, "sample", Rule(who="operator", fresh=True))
    async with serving(database_url, step_up=step_up) as service:
        service.app.register(sample)
        pool = service.resources.pool
        operator = await accounts.add(pool, email="op@example.org", name="Op", role="operator")
        browser = await Browser(service).session(operator, proved_by=proved_by)
        if old:
            await browser.age()
        answer = await browser.post("/sample")
        assert answer.status_code == expected
        assert expected == 201 or said(answer) == FRESH_NEEDED


async def test_a_page_leads_to_where_one_confirms(strict, ada):
    """What asks for a fresh proof leads there and back; the link is offered for adding a first passkey alone."""
    html = {"accept": "text/html", "host": "testserver", "referer": "http://testserver/me/passkeys"}
    confirm = "/me/confirm?next=%2Fme%2Fpasskeys"
    assert "Send me a link" in (await ada.client.get(confirm)).text
    assert "Send me a link" not in (await ada.client.get("/me/confirm?next=//evil.example")).text
    key = Authenticator()
    passkey_id = (await ada.add(key)).json()["passkey_id"]
    led = await ada.client.post(f"/me/passkeys/{passkey_id}/remove", headers=html)
    assert (led.status_code, led.headers["location"]) == (303, confirm)
    page = (await ada.client.get(confirm)).text
    assert "Confirm with your passkey" in page
    assert "Send me a link" not in page
    await ada.client.post(
        f"/me/passkeys/{passkey_id}/rename", content="name=My+old+phone", headers=_FORM | html
    )
    assert "My old phone" in (await ada.client.get("/me/passkeys")).text
    await ada.step_up(key)
    await ada.client.post(f"/me/passkeys/{passkey_id}/remove", headers=html)
    assert "My old phone" not in (await ada.client.get("/me/passkeys")).text


_FORM = {"content-type": "application/x-www-form-urlencoded"}
