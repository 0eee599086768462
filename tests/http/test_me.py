"""Oneself on pages and in the API: one's name, one's sessions, one's vote, and the way back from signing in."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest

from app.access import tokens
from app.access.scopes import SCOPES
from app.mail.messages import render
from app.web.addresses import local_path
from app.web.mailbox import cleaned
from app.web.me import device_words
from tests.http.conftest import IDEA, Person
from tests.http.signing_in import HTML, SAME_SITE, Browser
from tests.http.test_sign_in import account_of, events_of, numbers

pytestmark = pytest.mark.asyncio


@pytest.fixture
def email():
    """Give an address nobody had before."""
    return f"somebody{next(numbers)}@example.org"


async def signed_in(service, email, name="Ada Sample"):
    """Give a browser in which somebody is signed in."""
    browser = Browser(service)
    await browser.sign_in(email, name)
    return browser


async def test_who_must_sign_in_first_is_led_there_and_back(service, email):
    """A page that needs somebody leads to the sign-in page, and from there back to where one was."""
    browser = Browser(service)
    answer = await browser.get("/me?saved")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fme%3Fsaved")
    page = await browser.get(answer.headers["location"])
    assert 'name="next" value="/me?saved"' in page.text
    api = await browser.client.get("/api/v1/me")
    assert api.status_code == 401
    assert (await browser.sign_in(email, next_path="/me?saved")).headers["location"] == "/me?saved"


async def test_a_name_can_be_changed(service, email):
    """Another name stands in the header, with the account and in the log; what is no name keeps the old one."""
    browser = await signed_in(service, email, "Ada Sample")
    answer = await browser.post("/me/name", name="  Ada   Lovelace ")
    assert answer.headers["location"] == "/me?saved"
    page = await browser.get("/me?saved")
    assert page.headers["cache-control"] == "private, no-cache"
    assert "<bdi>Ada Lovelace</bdi>" in page.text
    account = await account_of(service, email)
    assert account.name == "Ada Lovelace"
    assert (await events_of(service, account.person_id))[-1] == "PersonProfileRevised"
    for wrong in ("", "x" * 10_000, "A\0"):
        refused = await browser.post("/me/name", name=wrong)
        assert refused.status_code == 400
        assert "A name has" in refused.text
    assert (await account_of(service, email)).name == "Ada Lovelace"


async def test_sessions_are_listed_and_ended(service, email):
    """Somebody sees where they are signed in, ends one session, and that one is over at once."""
    here, there = await signed_in(service, email), await signed_in(service, email)
    listed = (await here.get("/api/v1/me/sessions")).json()["items"]
    assert sorted(one["here"] for one in listed) == [False, True]
    other = next(one["session_id"] for one in listed if not one["here"])
    assert (await here.get("/me")).text.count("/end") == 2, "one other, and all"
    ended = await here.post(f"/me/sessions/{other}/end")
    assert ended.headers["location"] == "/me"
    assert (await there.get("/api/v1/me")).status_code == 401
    assert (await here.get("/api/v1/me")).json()["via"] == "session"
    assert (await here.post(f"/me/sessions/{other}/end")).status_code == 404


async def test_nobody_ends_a_session_of_others(service, email):
    """A session of somebody else is none of one's own."""
    victim, attacker = await signed_in(service, email), await signed_in(service, f"x{email}")
    (theirs,) = (await victim.get("/api/v1/me/sessions")).json()["items"]
    path = f"/api/v1/me/sessions/{theirs['session_id']}"
    assert (await attacker.client.delete(path, headers=SAME_SITE)).status_code == 404
    assert (await victim.get("/api/v1/me")).status_code == 200


async def test_the_api_ends_sessions_too(service, email):
    """DELETE ends one session or all; a token is no good for it, whatever its scopes."""
    here, there = await signed_in(service, email), await signed_in(service, email)
    answer = await here.client.delete("/api/v1/me/sessions", headers=SAME_SITE)
    assert answer.json() == {"ended": 2}
    for browser in (here, there):
        assert (await browser.get("/api/v1/me")).status_code == 401
    program = await service.person()
    assert (await program.send("GET", "/api/v1/me/sessions")).status_code == 403


@pytest.mark.parametrize("path", ["/sign-out", "/me/sessions/end"])
async def test_signing_out_ends_the_session_here(service, email, path):
    """After signing out the cookie is gone, and the old one is good for nothing."""
    browser = await signed_in(service, email)
    old = browser.session
    assert (await browser.post(path)).headers["location"] == "/"
    assert browser.session is None
    browser.client.cookies.set("session", old)
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert "Sign in" in (await browser.get("/")).text


async def test_signing_in_as_somebody_else_ends_the_first_session(service, email):
    """A browser has one session: who signs in as somebody else is signed out before."""
    browser = await signed_in(service, email)
    first = browser.session
    await browser.sign_in(f"other-{email}")
    assert browser.session != first
    browser.client.cookies.set("session", first)
    assert (await browser.client.get("/api/v1/me", headers={"cookie": f"session={first}"})).status_code == 401


async def test_a_newcomer_votes_after_signing_in(service, author, email):
    """Somebody who is not signed in is led to sign in and back, votes, sees it counted, and takes it back."""
    idea_id = await author.log_idea()
    await service.shown()
    browser = Browser(service)
    page = await browser.get(f"/ideas/{idea_id}")
    assert "Sign in to support this" in page.text
    sent = await browser.client.post(
        f"/ideas/{idea_id}/vote", headers=SAME_SITE | {"referer": f"http://localhost/ideas/{idea_id}"}
    )
    assert sent.headers["location"] == f"/sign-in?next=%2Fideas%2F{idea_id}"
    await browser.sign_in(email, next_path=f"/ideas/{idea_id}")
    assert "Support this" in (await browser.get(f"/ideas/{idea_id}")).text
    voted = await browser.post(f"/ideas/{idea_id}/vote")
    assert voted.status_code == 303
    page = await browser.get(voted.headers["location"])
    assert "You support this" in page.text
    assert "person supports this" in page.text
    taken_back = await browser.post(f"/ideas/{idea_id}/vote/withdraw")
    assert "Nobody has supported this yet" in (await browser.get(taken_back.headers["location"])).text


async def test_a_card_on_the_board_is_one_tap(service, author, email):
    """Who is not signed in is led to sign in; who is sees which ideas they support, and an author no button."""
    title = f"A lending shelf {email}"
    idea_id = await author.log_idea(title=title)
    await service.shown()
    board = f"/?{urlencode({'q': title})}"
    action = f'action="/ideas/{idea_id}/vote"'
    assert f"Sign in to support “{title}”" in (await Browser(service).get(board)).text
    browser = await signed_in(service, email)
    page = (await browser.get(board)).text
    assert (action in page, 'aria-pressed="false"' in page) == (True, True)
    await browser.post(f"/ideas/{idea_id}/vote")
    await service.shown()
    page = (await browser.get(board)).text
    assert (f'action="/ideas/{idea_id}/vote/withdraw"' in page, 'aria-pressed="true"' in page) == (True, True)
    own = await browser.client.post(
        "/api/v1/ideas", json=IDEA | {"title": f"Mine {email}"}, headers=SAME_SITE
    )
    await service.shown()
    mine = (await browser.get(f"/?{urlencode({'q': f'Mine {email}'})}")).text
    assert f"/ideas/{own.json()['idea_id']}/vote" not in mine


async def test_another_sites_form_votes_for_nobody(service, author, email):
    """A form on another site's page cannot vote with somebody's session."""
    idea_id = await author.log_idea()
    browser = await signed_in(service, email)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert (await browser.client.post(f"/ideas/{idea_id}/vote", headers=headers)).status_code == 403


async def test_the_author_sees_no_button(service, email):
    """Whoever logged an idea supports it already, and is offered nothing they may not do."""
    browser = await signed_in(service, email)
    person = await account_of(service, email)
    answer = await browser.client.post(
        "/api/v1/ideas", json=IDEA, headers={**SAME_SITE, "accept": "application/json"}
    )
    assert answer.status_code == 201, (answer.text, person)
    await service.shown()
    page = await browser.get(f"/ideas/{answer.json()['idea_id']}")
    assert "Support this" not in page.text
    refused = await browser.post(f"/ideas/{answer.json()['idea_id']}/vote")
    assert refused.status_code == 409


async def test_the_mailbox_is_for_this_machine_alone(service, email):
    """The mailbox exists for a browser on this machine under its own name; for everybody else there is no such page."""
    browser = Browser(service)
    await browser.ask(email)
    assert "open the mailbox" in (await browser.get("/sign-in/code")).text
    assert (await browser.get("/dev/mailbox")).status_code == 200
    for headers in (
        {"host": "evil.example"},
        {"x-forwarded-for": "203.0.113.9"},
        {"forwarded": "for=203.0.113.9"},
    ):
        assert (await browser.get("/dev/mailbox", **headers)).status_code == 404, headers
        assert "mailbox" not in (await browser.get("/sign-in/code", **headers)).text
    elsewhere = httpx.ASGITransport(service.app, raise_app_exceptions=False, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://localhost", headers=HTML) as client:
        assert (await client.get("/dev/mailbox")).status_code == 404


async def test_a_letter_is_shown_without_the_name_of_its_window():
    """What stands in the head of a message is no line of it: its first words come once."""
    letter = render(
        "sign_in_link", to="ada@example.org", link="http://x/", code="12", expires_at=datetime.now(UTC)
    )
    assert "<title>Open Impact</title>" in letter.html
    assert cleaned(letter.html).strip().startswith("<p>Open Impact</p>")


async def test_paths_of_ours_are_told_from_others():
    """A path of ours is kept, with its query; whatever a browser may take for another site is not."""
    for ours in ("/", "/ideas/x?min_position=3", "/?q=a%20b&theme=SW", "/#support"):
        assert local_path(ours) == ours
    assert local_path("/?q=é") == "/?q=%C3%A9"
    for elsewhere in (
        *(
            "",
            "x",
            "//x",
            "/\\x",
            "/\t/x",
            "/ /x",
            "http://x",
            "javascript:x",
            "/x\r\nSet-Cookie: a=b",
            "\\\\x",
        ),
        *("/sign-in", "/sign-out", "/api/v1/me", "/" + "x" * 2_000, "/\ud800"),
    ):
        assert local_path(elsewhere) == "/", elsewhere


async def test_devices_are_named():
    """What a browser says of itself becomes a few words."""
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert device_words(firefox) == "Firefox on Linux"
    assert device_words("curl/8") == "A browser"


async def test_ones_own_page_shows_ones_ideas_and_what_one_supports(service, author, email):
    """An idea of one's own and one that has one's vote stand there while they are; nobody else's page has them."""
    browser = await signed_in(service, email)
    empty = await browser.get("/me")
    assert "it takes about two minutes" in empty.text
    assert "support what should become real" in empty.text
    account = await account_of(service, email)
    person = Person(
        service.client,
        account.person_id,
        await tokens.create(service.resources.pool, person_id=account.person_id, scopes=SCOPES),
    )
    await person.log_idea(title="Badgers keep a diary")
    supported = await author.log_idea(title="Foxes keep a garden")
    voted = await browser.post(f"/ideas/{supported}/vote")
    assert voted.status_code == 303, voted.text
    await service.shown()
    page = (await browser.get("/me")).text
    assert page.index("Your ideas") < page.index("Badgers keep a diary") < page.index("What you support")
    assert page.index("What you support") < page.index("Foxes keep a garden") < page.index("Your drafts")
    assert "1 person supports this" in page
    assert f"/history?by={account.person_id}" in page
    other = await signed_in(service, f"other-{email}")
    for title in ("Badgers", "Foxes"):
        assert title not in (await other.get("/me")).text
    await browser.post(f"/ideas/{supported}/vote/withdraw")
    await service.shown()
    assert "Foxes" not in (await browser.get("/me")).text
