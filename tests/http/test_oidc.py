"""Sign-in with an identity provider, over HTTP: whom it lets in, what it never opens, and what is linked."""

import warnings
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from app.access import accounts, identities, sessions
from app.http.cookies import SESSION
from domain.person import PERSON
from events.streams import person_stream
from tests.access.providers import CLIENT_ID, CLIENT_SECRET, stand_in
from tests.http.conftest import serving

pytestmark = pytest.mark.asyncio

HTML = {"accept": "text/html"}
HERE = {**HTML, "sec-fetch-site": "same-origin"}


@pytest.fixture
def theirs():
    """Run a provider."""
    with stand_in() as running:
        yield running


@pytest_asyncio.fixture
async def site(database_url, theirs):
    """Run an installation that knows the provider."""
    async with serving(
        database_url,
        public_url="http://testserver",
        oidc_issuer=theirs.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Sample Trust",
    ) as made:
        yield made


@asynccontextmanager
async def a_browser(site):
    """Open a browser of its own, with no cookie yet."""
    transport = httpx.ASGITransport(site.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=HTML) as client:
        yield client


@pytest_asyncio.fixture
async def browser(site):
    """Somebody's browser."""
    async with a_browser(site) as client:
        yield client


async def _leave_and_return(browser, theirs, next_="/ideas/next", **changes):
    leaving = await browser.get("/sign-in/oidc", params={"next": next_})
    assert leaving.status_code == 303, leaving.text
    back = {**theirs.code_for(leaving.headers["location"]), **changes}
    return await browser.get("/sign-in/oidc/callback", params=back)


async def _signed_in_as(site, browser, person_id):
    secret = await sessions.begin(site.resources.pool, person_id=person_id, proved_by="link")
    browser.cookies.set(SESSION.name(https=False), secret, domain="testserver.local")


async def _who(browser):
    answer = await browser.get("/api/v1/me")
    return answer.json()["person_id"] if answer.status_code == 200 else None


async def _nothing_happened(site, browser, people=0):
    assert await _who(browser) is None
    pool = site.resources.pool
    assert await pool.fetchval("SELECT count(*) FROM accounts") == people
    assert await pool.fetchval("SELECT count(*) FROM identities") == 0
    assert await pool.fetchval("SELECT count(*) FROM sessions") == 0


async def test_a_newcomer_is_signed_in(site, browser, theirs):
    """Whoever the provider vouches for, with a verified address, has an account and a session after one round."""
    answer = await _leave_and_return(browser, theirs)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ideas/next")
    assert answer.headers["referrer-policy"] == "no-referrer"
    account = await accounts.by_email(site.resources.pool, "ada@example.org")
    assert account.name == "Ada Sample"
    assert await _who(browser) == str(account.person_id)
    events = await site.resources.store.read_stream(person_stream(account.person_id))
    person = PERSON.fold([event.data for event in events])
    assert person.verified == {"oidc"}
    assert {event.metadata.actor for event in events} == {account.person_id}


async def test_the_sign_in_page_offers_the_provider(browser):
    """Where a provider is set, the page of signing in leads to it, and keeps where one wanted to go."""
    page = await browser.get("/sign-in", params={"next": "/about?a=b"})
    assert 'href="/sign-in/oidc?next=/about%3Fa%3Db">Sign in with Sample Trust</a>' in page.text


async def test_the_same_person_again(site, browser, theirs):
    """The second time the identity opens the same account, whatever the provider says of the address by then."""
    await _leave_and_return(browser, theirs)
    first = await _who(browser)
    theirs.claims = {"email": "other@example.org", "email_verified": False}
    async with a_browser(site) as other:
        await _leave_and_return(other, theirs)
        assert await _who(other) == first
    events = await site.resources.store.read_stream(person_stream(first))
    assert [type(event.data).__name__ for event in events] == ["PersonJoined", "PersonVerified"]


async def test_another_session_in_the_same_browser_ends(site, browser, theirs):
    """When somebody else signs in at a browser, the session before is worth nothing."""
    await _leave_and_return(browser, theirs)
    before = browser.cookies["session"]
    theirs.claims = {"sub": "ben", "email": "ben@example.org"}
    await _leave_and_return(browser, theirs)
    assert browser.cookies["session"] != before
    assert await site.resources.sessions.authenticate(before) is None


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb", "x", ""]
)
async def test_nobody_is_led_elsewhere(browser, theirs, next_):
    """What is no path of this site leads to the board."""
    assert (await _leave_and_return(browser, theirs, next_)).headers["location"] == "/"


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email": None}, {"email": "no address"}], ids=str
)
async def test_an_address_that_is_not_verified_makes_no_account(site, browser, theirs, claims):
    """Without a verified address the person is asked to sign in by e-mail link first."""
    theirs.claims = claims
    answer = await _leave_and_return(browser, theirs)
    assert answer.status_code == 403
    assert "sign in with an e-mail link first" in answer.text
    assert 'href="/sign-in"' in answer.text
    await _nothing_happened(site, browser)


@pytest.mark.parametrize("verified", [True, False])
async def test_a_claimed_address_opens_no_account_that_is_there(site, browser, theirs, verified):
    """An account is never opened by a provider's word about its address, verified or not."""
    theirs.claims = {"email": "ADA@example.org", "email_verified": verified}
    await accounts.add(site.resources.pool, email="ada@example.org", name="Ada")
    answer = await _leave_and_return(browser, theirs)
    assert answer.status_code == (409 if verified else 403)
    assert "e-mail link" in answer.text
    await _nothing_happened(site, browser, people=1)


async def test_the_owner_of_the_address_who_is_signed_in(site, browser, theirs):
    """Who is signed in to the account with that address at this very browser has it linked."""
    person_id = await accounts.add(site.resources.pool, email="ada@example.org", name="Ada")
    await _signed_in_as(site, browser, person_id)
    assert (await _leave_and_return(browser, theirs)).status_code == 303
    assert await identities.person_of(site.resources.pool, theirs.issuer, "ada") == person_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "wrong"},
        {"state": ""},
        {"error": "access_denied"},
        {"code": "wrong"},
        {"nonce": "wrong"},
        {"aud": "wrong"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sign": "unsigned"},
        {"sign": "signed_with_the_public_key"},
        {"sign": "signed_by_another"},
    ],
    ids=str,
)
async def test_refusals(site, browser, theirs, wrong):
    """Whatever is wrong gets its status and one sentence, and changes nothing."""
    theirs.claims = {name: value for name, value in wrong.items() if name in {"nonce", "aud", "iss", "exp"}}
    theirs.sign = getattr(theirs, wrong.get("sign", "signed"))
    sent = {name: value for name, value in wrong.items() if name in {"state", "error", "code"}}
    answer = await _leave_and_return(browser, theirs, **sent)
    assert answer.status_code == (400 if "state" in wrong else 403)
    assert answer.headers["content-type"].startswith("text/html")
    assert 'href="/sign-in"' in answer.text
    await _nothing_happened(site, browser)


async def test_another_browser(site, browser, theirs):
    """What began in one browser is not completed in another."""
    leaving = await browser.get("/sign-in/oidc")
    back = theirs.code_for(leaving.headers["location"])
    async with a_browser(site) as other:
        assert (await other.get("/sign-in/oidc/callback", params=back)).status_code == 400
        await _nothing_happened(site, other)
    assert (await browser.get("/sign-in/oidc/callback", params=back)).status_code == 303
    assert (await browser.get("/sign-in/oidc/callback", params=back)).status_code == 400


async def test_a_provider_that_is_away(site, browser, theirs):
    """While the provider is away, people are told so and shown the other way."""
    theirs.status = {"/.well-known/openid-configuration": 500}
    answer = await browser.get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "sign in with an e-mail link instead" in answer.text
    assert answer.headers["retry-after"] == "60"


async def test_an_installation_without_a_provider(service):
    """Where no provider is set there is nothing to begin."""
    answer = await service.client.get("/sign-in/oidc", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "No identity provider is set here; sign in with an e-mail link."


async def _connect(browser, theirs):
    leaving = await browser.post("/me/identities", headers=HERE)
    assert leaving.status_code == 200, leaving.text
    address = leaving.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    return await browser.get("/sign-in/oidc/callback", params=theirs.code_for(address))


async def test_connecting_and_disconnecting(site, browser, theirs):
    """A signed-in person connects an identity of any address, sees it, and takes it off again."""
    theirs.claims = {"email": None}
    person_id = await accounts.add(site.resources.pool, email="ben@example.org", name="Ben")
    await _signed_in_as(site, browser, person_id)
    assert (await _connect(browser, theirs)).headers["location"] == "/me/identities"
    page = await browser.get("/me/identities")
    assert '<strong dir="auto">Sample Trust</strong>' in page.text
    async with a_browser(site) as other:
        await _leave_and_return(other, theirs)
        assert await _who(other) == str(person_id)
    [linked] = await identities.of_person(site.resources.pool, person_id)
    path = f"/me/identities/{linked.identity_id}/disconnect"
    assert (await browser.post(path, headers={**HTML, "sec-fetch-site": "cross-site"})).status_code == 403
    assert (await browser.post(path, headers=HERE)).status_code == 303
    assert (await browser.post(path, headers=HERE)).status_code == 404
    assert "Nothing yet" in (await browser.get("/me/identities")).text


async def test_an_identity_of_somebody_else_is_not_connected(site, browser, theirs):
    """What opens one account is not taken over by another."""
    async with a_browser(site) as owner:
        await _leave_and_return(owner, theirs)
        owner_id = await _who(owner)
    person_id = await accounts.add(site.resources.pool, email="ben@example.org", name="Ben")
    await _signed_in_as(site, browser, person_id)
    assert (await _connect(browser, theirs)).status_code == 409
    assert str(await identities.person_of(site.resources.pool, theirs.issuer, "ada")) == owner_id


async def test_connecting_ends_with_the_session(site, browser, theirs):
    """Whoever signed out in between has nothing connected."""
    person_id = await accounts.add(site.resources.pool, email="ben@example.org", name="Ben")
    await _signed_in_as(site, browser, person_id)
    leaving = await browser.post("/me/identities", headers=HERE)
    address = leaving.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    await sessions.revoke(site.resources.pool, person_id=person_id)
    site.resources.sessions.forget()
    back = theirs.code_for(address)
    assert (await browser.get("/sign-in/oidc/callback", params=back)).status_code == 403
    assert await identities.of_person(site.resources.pool, person_id) == []


async def test_a_token_connects_nothing(site, theirs):
    """Ways to sign in belong to people; a program with a token adds none."""
    person = await site.person()
    answer = await person.send("POST", "/me/identities")
    assert answer.status_code == 403


async def test_with_another_makers_provider(database_url):
    """With a provider that is not ours a newcomer signs in, too, through its own form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from oidc_provider_mock import User, run_server_in_thread

        claims = {"email": "ada@example.org", "email_verified": True, "name": "Ada Sample"}
        with run_server_in_thread(user_claims=[User(sub="ada", claims=claims)]) as server:
            async with (
                serving(
                    database_url,
                    public_url="http://testserver",
                    oidc_issuer=f"http://localhost:{server.server_port}",
                    oidc_client_id=CLIENT_ID,
                    oidc_client_secret=CLIENT_SECRET,
                ) as site,
                a_browser(site) as browser,
                httpx.AsyncClient(trust_env=False) as elsewhere,
            ):
                leaving = await browser.get("/sign-in/oidc")
                form = await elsewhere.post(leaving.headers["location"], data={"sub": "ada"})
                back = urlsplit(form.headers["location"])
                answer = await browser.get(f"{back.path}?{back.query}")
                assert (answer.status_code, answer.headers["location"]) == (303, "/")
                account = await accounts.by_email(site.resources.pool, "ada@example.org")
                assert await _who(browser) == str(account.person_id)
