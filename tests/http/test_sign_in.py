"""Signing in by a link: only whoever asked, once, for ten minutes, and the same for everybody."""

import asyncio

import pytest

from app.access import accounts
from events.streams import person_stream
from tests.http.signing_in import Browser, mails_to

pytestmark = pytest.mark.asyncio

numbers = iter(range(10_000))


@pytest.fixture
def email():
    """Give an address nobody had before."""
    return f"newcomer{next(numbers)}@example.org"


@pytest.fixture
def browser(service):
    """Give a browser."""
    return Browser(service)


async def events_of(service, person_id):
    """List the kinds of events about a person."""
    stream = await service.resources.store.read_stream(person_stream(person_id))
    return [type(event.data).__name__ for event in stream]


async def account_of(service, email):
    """Find an account by its address."""
    return await accounts.by_email(service.resources.pool, email)


async def test_a_newcomer_signs_in_and_is_led_back(service, browser, email):
    """A newcomer follows the link, says a name, has an account, and is where they were."""
    answer = await browser.sign_in(email, "Moira Teasdale", next_path="/?theme=SW&sort=votes")
    assert answer.headers["location"] == "/?theme=SW&sort=votes"
    account = await account_of(service, email)
    assert account.name == "Moira Teasdale"
    assert await events_of(service, account.person_id) == ["PersonJoined", "PersonVerified"]
    me = (await browser.get("/api/v1/me")).json()
    assert me["person_id"] == str(account.person_id)
    assert "Moira Teasdale" in (await browser.get("/")).text


async def test_signing_in_again_joins_nobody_again(service, email):
    """The second time no name is asked for, and nothing is added to the log."""
    await Browser(service).sign_in(email)
    again = Browser(service)
    token, _ = await again.ask(email)
    answer = await again.post("/sign-in/link", token=token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert again.session
    person_id = (await account_of(service, email)).person_id
    assert await events_of(service, person_id) == ["PersonJoined", "PersonVerified"]


async def test_to_look_at_a_link_uses_nothing_up(browser, email):
    """Programs that open every link in a mail, however often, leave it as it is."""
    token, _ = await browser.ask(email)
    for method in ("GET", "HEAD", "GET"):
        page = await browser.client.request(method, f"/sign-in/link?token={token}")
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers.get_list("set-cookie") == []
    assert (await browser.post("/sign-in/link", token=token)).status_code == 303


async def test_a_link_works_once(browser, email):
    """A link that was used is over, by one sentence, however many press the button at once."""
    token, _ = await browser.ask(email)
    answers = await asyncio.gather(*(browser.post("/sign-in/link", token=token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]
    page = await browser.get(f"/sign-in/link?token={token}")
    assert page.status_code == 410
    assert "does not work any more" in page.text


async def test_the_newest_link_wins(browser, service, email):
    """Whoever asks again, in whatever browser, ends the earlier link and code."""
    old, old_code = await browser.ask(email)
    other = Browser(service)
    new, _ = await other.ask(email.replace("newcomer", "NewComer"))
    assert (await browser.post("/sign-in/link", token=old)).status_code == 410
    assert (await browser.post("/sign-in/code", code=old_code)).status_code == 410
    assert (await other.post("/sign-in/link", token=new)).status_code == 303


async def test_an_old_link_is_over(browser, service, email):
    """After ten minutes neither link nor code works."""
    token, code = await browser.ask(email)
    await service.resources.pool.execute(
        "UPDATE sign_in_requests SET expires_at = expires_at - interval '10 minutes' WHERE email = $1", email
    )
    assert (await browser.get(f"/sign-in/link?token={token}")).status_code == 410
    assert (await browser.post("/sign-in/link", token=token)).status_code == 410
    assert (await browser.post("/sign-in/code", code=code)).status_code == 410
    assert await account_of(service, email) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 9_000, "\0", "é", "' OR 1=1"])
async def test_a_malformed_link_is_none(browser, token):
    """Whatever is no link is answered like one that is over."""
    assert (await browser.client.get("/sign-in/link", params={"token": token})).status_code == 410
    assert (await browser.post("/sign-in/link", token=token)).status_code == 410


async def test_another_browser_is_told_to_use_the_code(browser, service, email):
    """A link works only where it was asked for; the code from the mail works there too, and nowhere else."""
    token, code = await browser.ask(email)
    other = Browser(service)
    for page in (
        await other.get(f"/sign-in/link?token={token}"),
        await other.post("/sign-in/link", token=token),
    ):
        assert page.status_code == 403
        assert "type the code from the mail there" in page.text
        assert other.session is None
    assert (await other.post("/sign-in/code", code=code)).status_code == 410
    answer = await browser.post("/sign-in/code", code=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/name")


async def test_a_code_may_be_mistyped_four_times(browser, email):
    """After five wrong codes not even the right one, or more tries at once, let anybody in; the link still does."""
    token, code = await browser.ask(email)
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    for _ in range(4):
        page = await browser.post("/sign-in/code", code=wrong)
        assert page.status_code == 400
        assert "not the code" in page.text
    answers = await asyncio.gather(*(browser.post("/sign-in/code", code=wrong) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {429}
    assert (await browser.post("/sign-in/code", code=code)).status_code == 429
    assert (await browser.post("/sign-in/link", token=token)).status_code == 303


async def test_the_same_answer_for_everybody(service, email):
    """Known and unknown addresses get the same answer, the same mail and the same work."""
    await Browser(service).sign_in(email)
    asked = []
    for address in (email, "nobody-knows-me@example.org"):
        browser = Browser(service)
        answer = await browser.post("/sign-in", email=address)
        page = await browser.get("/sign-in/code")
        (message,) = (await mails_to(service, address))[-1:]
        asked.append(
            (answer.status_code, answer.headers["location"], page.text.replace(address, "X"), message.subject)
        )
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "not an e-mail address"),
        ("ada", "not an e-mail address"),
        ("ada@localhost", "not an e-mail address"),
        ("ada@example.org\r\nBcc: eve@example.org", "not an e-mail address"),
        ("a\0da@example.org", "not an e-mail address"),
        (f"{'x' * 10_000}@example.org", "not an e-mail address"),
        ("\u0430da@example.org", "different alphabets"),
        ("ada@ex\u0430mple.org", "different alphabets"),
        ("ada@xn--exmple-4nf.org", "different alphabets"),
        ("ada@\u0430\u0440\u0440\u04cf\u0435.com", "different alphabets"),
    ],
)
async def test_what_is_no_address_is_sent_nothing(service, browser, typed, said):
    """Malformed and deceiving addresses are refused in one sentence, and nothing is sent."""
    before = await service.resources.pool.fetchval("SELECT count(*) FROM outgoing_mail")
    page = await browser.post("/sign-in", email=typed, next="/about")
    assert page.status_code == 400
    assert said in page.text
    assert 'value="/about"' in page.text
    assert await service.resources.pool.fetchval("SELECT count(*) FROM outgoing_mail") == before


async def test_an_address_in_another_alphabet_is_one(service, browser):
    """Addresses in one alphabet of the world, and throw-away ones, are taken."""
    for address in ("用户@例子.广告", "борис@пример.рф", "müller@bücher.example", "x@mailinator.com"):
        assert (await browser.post("/sign-in", email=address)).status_code == 303, address


@pytest.mark.parametrize("name", ["", "   ", "x" * 10_000, "A\0da", "A\x1bda", "Ada\u202eevil"])
async def test_what_is_no_name_joins_nobody(service, browser, email, name):
    """A name that cannot be one is refused in one sentence; the right one is taken afterwards."""
    token, _ = await browser.ask(email)
    await browser.post("/sign-in/link", token=token)
    page = await browser.post("/sign-in/name", name=name)
    assert page.status_code == 400
    assert "A name has" in page.text
    assert await account_of(service, email) is None
    assert (await browser.post("/sign-in/name", name="Ada")).status_code == 303
    assert browser.session


async def test_nobody_names_themselves_without_a_proof(service, browser, email):
    """The page for the name is there only for whoever has shown their address."""
    assert (await browser.get("/sign-in/name")).headers["location"] == "/sign-in"
    assert (await browser.post("/sign-in/name", name="Eve")).status_code == 410
    await browser.ask(email)
    assert (await browser.post("/sign-in/name", name="Eve")).status_code == 410
    assert await account_of(service, email) is None


async def test_many_joins_of_one_address_make_one_account(service, browser, email):
    """Twenty at once with one address make one account, which joined once."""
    token, _ = await browser.ask(email)
    await browser.post("/sign-in/link", token=token)
    answers = await asyncio.gather(*(browser.post("/sign-in/name", name=f"Ada {n}") for n in range(20)))
    assert {answer.status_code for answer in answers} <= {303, 410}
    rows = await service.resources.pool.fetch("SELECT person_id FROM accounts WHERE email = $1", email)
    assert len(rows) == 1
    assert await events_of(service, rows[0]["person_id"]) == ["PersonJoined", "PersonVerified"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\/x",
        "evil",
        "/é\n",
    ],
)
async def test_nobody_is_led_to_another_site(browser, email, elsewhere):
    """Whatever is no path of ours leads to the board."""
    assert (await browser.sign_in(email, next_path=elsewhere)).headers["location"] == "/"


async def test_another_sites_page_signs_nobody_in(browser, email):
    """A form that another site's page sends is refused, signed in or not."""
    token, _ = await browser.ask(email)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        for path, data in (("/sign-in", {"email": email}), ("/sign-in/link", {"token": token})):
            answer = await browser.client.post(path, data=data, headers=headers)
            assert answer.status_code == 403, headers
    assert browser.session is None


async def test_secrets_are_kept_as_digests(service, browser, email):
    """Neither link, code, browser nor session can be read in the database."""
    token, code = await browser.ask(email)
    await browser.post("/sign-in/link", token=token)
    await browser.post("/sign-in/name", name="Ada")
    rows = await service.resources.pool.fetch("SELECT * FROM sign_in_requests WHERE email = $1", email)
    rows += await service.resources.pool.fetch("SELECT * FROM sessions")
    kept = str([dict(row) for row in rows])
    for secret in (token, code, code.replace(" ", ""), browser.session):
        assert secret not in kept
