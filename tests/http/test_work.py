"""Where there is risk, joining and voting ask for some work first: on pages that do it, or for waiting where they cannot."""

import html
import json
import re
import time

import pytest
import pytest_asyncio

from app.access import accounts, identities
from app.access.risk import WAIT_SECONDS
from tests.access.providers import CLIENT_ID, CLIENT_SECRET, stand_in
from tests.http.conftest import serving
from tests.http.signing_in import Browser
from tests.http.stuffing import TRUSTED, solved

pytestmark = pytest.mark.asyncio

RISKY, CALM = "203.0.112.9", "81.2.69.1"
CHALLENGE = re.compile(r'name="challenge" value="([^"]+)"')
EMAIL = "newcomer@example.org"


@pytest_asyncio.fixture
async def guarded(database_url):
    """Give an application behind a proxy that it trusts, which knows one risky network."""
    async with serving(database_url, trusted_proxies=TRUSTED, limits_factor=1.0) as made:
        await at_risk(made)
        yield made


async def at_risk(service):
    """Have a wave of votes come from a network."""
    await service.resources.pool.execute(
        "INSERT INTO risky_networks VALUES ($1, now() + interval '1 hour')",
        service.resources.origins.network(RISKY),
    )
    await service.resources.risk.refresh()


def browser_at(service, address):
    """Open a browser somewhere in the world."""
    opened = Browser(service)
    opened.client.headers["x-forwarded-for"] = address
    return opened


async def shown_to_be_theirs(service, address, email=EMAIL):
    """Open a browser in which somebody new has shown their e-mail address."""
    browser = browser_at(service, address)
    token, _ = await browser.ask(email)
    assert (await browser.post("/sign-in/link", token=token)).headers["location"] == "/sign-in/name"
    return browser


def challenge_on(page):
    """Read the challenge of a page that asks for work."""
    assert page.status_code == 403, page.text
    assert page.headers["cache-control"] == "no-store"
    return html.unescape(CHALLENGE.search(page.text)[1])


def waited_out(service, seconds=WAIT_SECONDS):
    """Give a challenge that was made some time ago."""
    made_at = time.time() - seconds
    return json.dumps(service.resources.risk.challenge(valid_seconds=3_600, made_at=made_at))


async def account_of(service, email=EMAIL):
    """Find an account by its address."""
    return await accounts.by_email(service.resources.pool, email)


async def test_a_newcomer_in_a_risky_network_shows_work_before_an_account_is_made(guarded):
    """The page asks for work and keeps the name; a proof that is wrong asks again, the right one lets in, once."""
    browser = await shown_to_be_theirs(guarded, RISKY)
    page = await browser.post("/sign-in/name", name="Ada <b>")
    assert 'name="name" value="Ada &lt;b&gt;"' in page.text
    again = await browser.post("/sign-in/name", name="Ada", challenge=challenge_on(page), proof="nonsense")
    proof = solved(json.loads(challenge_on(again)))
    assert await account_of(guarded) is None
    assert (await browser.post("/sign-in/name", name="Ada", proof=proof)).status_code == 303
    assert browser.session
    other = await shown_to_be_theirs(guarded, RISKY, "second@example.org")
    assert (await other.post("/sign-in/name", name="Eve", proof=proof)).status_code == 403
    assert await account_of(guarded, "second@example.org") is None


async def test_who_has_an_account_and_who_is_elsewhere_is_asked_for_nothing(guarded):
    """Newcomers of a calm network join as ever, and may sign in from a risky one afterwards."""
    await browser_at(guarded, CALM).sign_in(EMAIL)
    again = browser_at(guarded, RISKY)
    await again.sign_in(EMAIL)
    assert again.session


async def test_a_throw_away_address_asks_for_work_everywhere(guarded):
    """Whoever joins with one shows work, whatever their network."""
    browser = await shown_to_be_theirs(guarded, CALM, "x@mailinator.com")
    challenge = challenge_on(await browser.post("/sign-in/name", name="Ada"))
    answer = await browser.post("/sign-in/name", name="Ada", proof=solved(json.loads(challenge)))
    assert answer.status_code == 303
    assert await guarded.resources.pool.fetchval(
        "SELECT disposable FROM accounts WHERE email = 'x@mailinator.com'"
    )


async def test_the_work_for_a_vote_does_not_make_an_account(guarded):
    """The challenge that anybody can ask for is worth a vote; joining asks for more."""
    browser = await shown_to_be_theirs(guarded, RISKY)
    cheap = solved((await guarded.client.get("/api/v1/proof-of-work")).json())
    page = await browser.post("/sign-in/name", name="Ada", proof=cheap)
    challenge = json.loads(challenge_on(page))
    assert (
        challenge["parameters"]["cost"]
        > (await guarded.client.get("/api/v1/proof-of-work")).json()["parameters"]["cost"]
    )
    assert (await browser.post("/sign-in/name", name="Ada", proof=solved(challenge))).status_code == 303


async def test_without_scripts_one_waits_and_goes_on(guarded):
    """Too early the page says so and keeps its challenge; after three minutes the same button lets in, once."""
    browser = await shown_to_be_theirs(guarded, RISKY)
    challenge = challenge_on(await browser.post("/sign-in/name", name="Ada"))
    early = await browser.post("/sign-in/name", name="Ada", challenge=challenge)
    assert "too early" in early.text
    assert challenge_on(early) == challenge
    waited = waited_out(guarded)
    assert (await browser.post("/sign-in/name", name="Ada", challenge=waited)).status_code == 303
    other = await shown_to_be_theirs(guarded, RISKY, "second@example.org")
    assert challenge_on(await other.post("/sign-in/name", name="Eve", challenge=waited)) != waited


@pytest.mark.parametrize("spoil", ["unsigned", "older", "over", "garbage", "null", "long"])
async def test_nobody_waits_with_a_challenge_of_their_own(guarded, spoil):
    """A challenge that is changed, over or none at all gets a new one, and lets nobody in."""
    browser = await shown_to_be_theirs(guarded, RISKY)
    made = json.loads(waited_out(guarded, 0))
    forged = {
        "unsigned": {**made, "signature": None},
        "older": {**made, "parameters": {**made["parameters"], "data": {"made_at": 1}}},
        "over": json.loads(waited_out(guarded, 3_700)),
    }.get(spoil)
    sent = {"garbage": "{", "null": "null", "long": "x" * 9_000}.get(spoil) or json.dumps(forged)
    page = await browser.post("/sign-in/name", name="Eve", challenge=sent)
    assert challenge_on(page) != sent
    assert await account_of(guarded) is None


async def test_only_few_wait_their_way_in_from_one_network(guarded):
    """After ten in an hour the others of that network are told to come back later; work still lets them in."""
    for number in range(10):
        browser = await shown_to_be_theirs(guarded, RISKY, f"waiting{number}@example.org")
        answer = await browser.post("/sign-in/name", name="Ada", challenge=waited_out(guarded))
        assert answer.status_code == 303, number
    browser = await shown_to_be_theirs(guarded, RISKY.replace(".9", ".77"), "late@example.org")
    answer = await browser.post("/sign-in/name", name="Ada", challenge=waited_out(guarded))
    assert answer.status_code == 429
    challenge = challenge_on(await browser.post("/sign-in/name", name="Ada"))
    proof = solved(json.loads(challenge))
    assert (await browser.post("/sign-in/name", name="Ada", proof=proof)).status_code == 303


async def test_a_vote_from_a_page_shows_work_and_is_cast(guarded):
    """The button leads to the page that works it out; sent again with the proof, or after waiting, the vote counts."""
    author = await guarded.person()
    idea, other = await author.log_idea(), await author.log_idea(title="Another idea")
    browser = browser_at(guarded, CALM)
    await browser.sign_in(EMAIL)
    browser.client.headers["x-forwarded-for"] = RISKY
    page = await browser.post(f"/ideas/{idea}/vote")
    assert f'action="/ideas/{idea}/vote"' in page.text
    answer = await browser.post(f"/ideas/{idea}/vote", proof=solved(json.loads(challenge_on(page))))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"/ideas/{idea}")
    assert "You support this" in (await browser.get(answer.headers["location"])).text
    assert (await browser.post(f"/ideas/{other}/vote", challenge=waited_out(guarded))).status_code == 303
    assert (await browser.post(f"/ideas/{other}/vote/withdraw")).status_code == 303


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
        trusted_proxies=TRUSTED,
        public_url="http://testserver",
        oidc_issuer=theirs.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Sample Trust",
    ) as made:
        yield made


PROVIDER = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')


async def come_back(browser, theirs, address):
    """Come back from the provider."""
    return await browser.client.get("/sign-in/oidc/callback", params=theirs.code_for(address))


async def test_a_newcomer_by_a_provider_shows_work_before_leaving(site, theirs):
    """In a risky network the way to the provider begins with work, and goes on by itself to where one wanted."""
    await at_risk(site)
    browser = browser_at(site, RISKY)
    page = await browser.get("/sign-in/oidc?next=/about")
    assert 'name="next" value="/about"' in page.text
    proof = solved(json.loads(challenge_on(page)))
    leaving = await browser.post("/sign-in/oidc", next="/about", proof=proof)
    assert leaving.status_code == 200, leaving.text
    answer = await come_back(browser, theirs, html.unescape(PROVIDER.search(leaving.text)[1]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")
    assert browser.session
    await site.resources.origins.write()
    assert await site.resources.pool.fetchval("SELECT count(*) FROM vote_origins WHERE idea_id IS NULL") == 1


@pytest.mark.parametrize("email", ["ada@example.org", "ada@mailinator.com"])
async def test_no_account_comes_of_a_provider_without_work(site, theirs, email):
    """Who left before there was risk, or has a throw-away address, begins again with work; nothing is made till then."""
    theirs.claims = {"email": email}
    browser = browser_at(site, RISKY)
    address = (await browser.get("/sign-in/oidc?next=/about")).headers["location"]
    if email == "ada@example.org":
        await at_risk(site)
    refused = await come_back(browser, theirs, address)
    assert refused.status_code == 403
    assert await site.resources.pool.fetchval("SELECT count(*) FROM accounts") == 0
    again = html.unescape(re.search(r'href="(/sign-in/oidc\?work[^"]+)"', refused.text)[1])
    page = await browser.get(again)
    proof = solved(json.loads(challenge_on(page)))
    leaving = await browser.post("/sign-in/oidc", next="/about", proof=proof)
    answer = await come_back(browser, theirs, html.unescape(PROVIDER.search(leaving.text)[1]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")


async def test_a_known_identity_needs_no_work_to_come_back(site, theirs):
    """Whose account is there already is let in, also when there is risk by now."""
    person_id = await accounts.add(site.resources.pool, email=EMAIL, name="Ada")
    browser = browser_at(site, RISKY)
    address = (await browser.get("/sign-in/oidc")).headers["location"]
    await identities.link(site.resources.pool, issuer=theirs.issuer, subject="ada", person_id=person_id)
    await at_risk(site)
    assert (await come_back(browser, theirs, address)).status_code == 303
