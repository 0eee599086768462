"""One's own tokens: made by a person in a session, shown once, listed with their last use, and ended everywhere."""

import asyncio

import pytest
import pytest_asyncio

from app.access import accounts, sessions, tokens
from app.access.tokens import TOKENS_MAX, Tokens
from app.http.cookies import SESSION
from tests.http.conftest import serving

pytestmark = pytest.mark.asyncio

PATH = "/api/v1/me/tokens"
NEW = {"label": "Nightly report", "scopes": ["ideas:write", "read"], "expires_in_days": 30}
KNOWN_FOR_SECONDS = 1.0


@pytest_asyncio.fixture
async def site(database_url):
    """Run an installation where only a passkey is a fresh proof."""
    async with serving(database_url, step_up="passkey") as made:
        yield made


class Owner:
    """Somebody in a session."""

    def __init__(self, site, person_id, secret):
        self.site, self.person_id = site, person_id
        self.headers = {
            "cookie": f"{SESSION.name(https=False)}={secret}",
            "sec-fetch-site": "same-origin",
        }

    async def send(self, method, path=PATH, **body):
        return await self.site.client.request(method, path, headers=self.headers, **body)


async def _owner(site, *, email="ada@example.org", role="member", proved_by="link"):
    pool = site.resources.pool
    person_id = await accounts.add(pool, email=email, name="Ada", role=role)
    return Owner(site, person_id, await sessions.begin(pool, person_id=person_id, proved_by=proved_by))


async def _me(site, token):
    return (await site.client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})).status_code


async def test_a_token_is_made_listed_used_and_ended(site):
    """A token is shown once, works, is listed with its last use, and lets nobody in once it was ended."""
    owner = await _owner(site)
    made = await owner.send("POST", json=NEW)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    token = made.json()["token"]
    (listed,) = (await owner.send("GET")).json()["items"]
    assert (listed["label"], listed["scopes"]) == ("Nightly report", ["ideas:write", "read"])
    assert listed["last_used_at"] is None
    assert token not in str(listed)
    assert await _me(site, token) == 200
    (listed,) = (await owner.send("GET")).json()["items"]
    assert listed["created_at"] <= listed["last_used_at"] < listed["expires_at"]
    path = f"{PATH}/{listed['token_id']}"
    assert (await owner.send("DELETE", path)).json() == {"ended": 1}
    assert await _me(site, token) == 401
    assert (await owner.send("DELETE", path)).status_code == 404
    assert (await owner.send("GET")).json()["items"] == []


async def test_an_ended_token_is_nobodys_in_another_process_within_a_second(site, database_url):
    """Another process that knows a token lets it in no longer than a second after it was ended here."""
    owner = await _owner(site)
    made = (await owner.send("POST", json=NEW)).json()
    async with serving(database_url) as other:
        assert await _me(other, made["token"]) == 200
        assert (await owner.send("DELETE", f"{PATH}/{made['token_id']}")).status_code == 200
        await asyncio.sleep(KNOWN_FOR_SECONDS)
        assert await _me(other, made["token"]) == 401


async def test_use_is_noted_once_a_minute(pool):
    """Using a token again within a minute writes nothing; afterwards it does."""
    person_id = await accounts.add(pool, email="ada@example.org", name="Ada")
    token = await tokens.create(pool, person_id=person_id, scopes=["read"])
    used = "SELECT last_used_at FROM tokens"
    assert await pool.fetchval(used) is None
    await Tokens(pool).authenticate(token)
    first = await pool.fetchval(used)
    await Tokens(pool).authenticate(token)
    assert await pool.fetchval(used) == first
    await pool.execute("UPDATE tokens SET last_used_at = now() - interval '2 minutes'")
    await Tokens(pool).authenticate(token)
    assert await pool.fetchval(used) >= first


async def test_an_expired_token_is_not_in_use(pool):
    """Trying a token that has expired notes no use."""
    person_id = await accounts.add(pool, email="ada@example.org", name="Ada")
    token = await tokens.create(pool, person_id=person_id, scopes=["read"])
    await pool.execute("UPDATE tokens SET expires_at = now() - interval '1 second'")
    assert await Tokens(pool).authenticate(token) is None
    assert await pool.fetchval("SELECT last_used_at FROM tokens") is None


@pytest.mark.parametrize("scope", ["funding:write", "moderate", "admin"])
async def test_strong_scopes_need_a_fresh_proof(site, scope):
    """What moves money, moderates or administers is given by a fresh passkey only."""
    weak = await _owner(site, role="operator")
    assert (await weak.send("POST", json={**NEW, "scopes": [scope]})).status_code == 403
    strong = await _owner(site, email="ben@example.org", role="operator", proved_by="passkey")
    assert (await strong.send("POST", json={**NEW, "scopes": [scope]})).status_code == 201
    await site.resources.pool.execute("UPDATE sessions SET proved_at = now() - interval '6 minutes'")
    site.resources.sessions.forget()
    assert (await strong.send("POST", json={**NEW, "scopes": [scope]})).status_code == 403


async def test_no_token_makes_more_of_somebody_than_they_are(site):
    """Whoever administers organisations may have a program do it; that makes neither of them an operator."""
    owner = await _owner(site, proved_by="passkey")
    answer = await owner.send("POST", json={**NEW, "scopes": ["admin"]})
    assert answer.status_code == 201, answer.text
    actor = await Tokens(site.resources.pool).authenticate(answer.json()["token"])
    assert (actor.scopes, actor.is_operator) == ({"admin"}, False)


async def test_a_token_makes_no_token(site):
    """A program makes and ends no tokens, so that one that leaked begets no other."""
    owner = await _owner(site)
    token = await tokens.create(site.resources.pool, person_id=owner.person_id, scopes=["read"])
    headers = {"authorization": f"Bearer {token}"}
    assert (await site.client.post(PATH, headers=headers, json=NEW)).status_code == 403
    token_id = (await owner.send("GET")).json()["items"][0]["token_id"]
    assert (await site.client.delete(f"{PATH}/{token_id}", headers=headers)).status_code == 403


async def test_others_tokens_are_not_there(site):
    """A token of somebody else is neither listed nor ended."""
    owner, other = await _owner(site), await _owner(site, email="eve@example.org")
    made = (await owner.send("POST", json=NEW)).json()
    assert (await other.send("GET")).json()["items"] == []
    assert (await other.send("DELETE", f"{PATH}/{made['token_id']}")).status_code == 404
    assert await _me(site, made["token"]) == 200


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"label": "a\0b"}, "label"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes[0]"),
        ({"scopes": ["read", "read"]}, "scopes"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 3651}, "expires_in_days"),
        ({"expires_in_days": "30"}, "expires_in_days"),
        ({"more": 1}, "more"),
    ],
    ids=str,
)
async def test_what_cannot_be_meant(site, wrong, path):
    """A body that cannot be meant names the field at fault, and makes nothing."""
    owner = await _owner(site)
    answer = await owner.send("POST", json={**NEW, **wrong})
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert (await owner.send("GET")).json()["items"] == []


async def test_nobody_has_endlessly_many(site):
    """Whoever has as many as one may have ends one first."""
    owner = await _owner(site)
    for _ in range(TOKENS_MAX):
        await tokens.create(site.resources.pool, person_id=owner.person_id, scopes=["read"])
    assert (await owner.send("POST", json=NEW)).status_code == 409


async def test_the_page(site):
    """Without any script a person makes a token on a page, sees it once, and ends it."""
    owner = await _owner(site)
    wrong = await owner.send("POST", "/me/tokens", data={"label": "Report"})
    assert (wrong.status_code, "Choose what it may do." in wrong.text) == (400, True)
    made = await owner.send("POST", "/me/tokens", data={"label": "Report", "scope-read": "on", "days": "30"})
    assert made.status_code == 201
    token = made.text.partition("<code>")[2].partition("</code>")[0]
    assert await _me(site, token) == 200
    page = await owner.send("GET", "/me/tokens")
    assert token not in page.text
    assert "last used" in page.text
    token_id = page.text.partition("/me/tokens/")[2].partition("/end")[0]
    assert (await owner.send("POST", f"/me/tokens/{token_id}/end")).status_code == 303
    assert await _me(site, token) == 401
