"""Forms that are kept: what was typed survives the end of a session and a question who one is, and nothing else does."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from app.access import sessions
from app.workers.housekeeping import keep_house
from events.streams import new_id
from tests.http.conftest import serving
from tests.http.signing_in import SAME_SITE, Browser
from tests.http.test_offer_pages import FORM, shown_need

pytestmark = pytest.mark.asyncio

LONG_TEXT = (
    "Drivers see who needs a lift.\r\n\r\n" + "They say when they can, and nobody is left behind. " * 40
)
TOO_LONG_AGO = "UPDATE sessions SET proved_at = now() - interval '6 minutes' WHERE digest = $1"
HALF_AN_HOUR_LATER = "UPDATE kept_forms SET expires_at = now() - interval '1 second' WHERE kept_id = $1"


class Somebody(Browser):
    """Somebody with an address, who is signed in."""

    async def come(self, email=None):
        """Sign in, by an address of their own."""
        self.email = email or f"{new_id()}@example.org"
        await self.sign_in(self.email, name="Rosa Sample")
        return self

    def lose_session(self):
        """Be signed out without noticing, as when a session expires."""
        self.client.cookies.delete("session")

    async def send(self, path, fields, **headers):
        """Send a form from its own page."""
        from_page = {"referer": f"http://localhost{path}", "host": "localhost"}
        return await self.client.post(path, data=fields, headers=SAME_SITE | from_page | headers)


def led_to(answer):
    """Give where an answer leads first, and where afterwards."""
    assert answer.status_code == 303, answer.text
    first = urlsplit(answer.headers["location"])
    return first.path, parse_qs(first.query).get("next", ["/"])[0]


def hidden(page):
    """Give the fields that a page's first form sends."""
    form = re.search(r'<form method="post" action="/continue/.*?</form>', page.text, re.DOTALL)[0]
    return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)


@pytest_asyncio.fixture
async def rosa(service):
    """Give somebody who types."""
    return await Somebody(service).come()


@pytest_asyncio.fixture
async def kept(rosa):
    """Give the path of a form that is kept, and nobody is signed in yet."""
    rosa.lose_session()
    _, path = led_to(await rosa.send("/me/name", {"name": "Rosa of Swaledale"}))
    return path


async def count(service):
    """Give how many forms are kept."""
    return await service.resources.pool.fetchval("SELECT count(*) FROM kept_forms WHERE sealed IS NOT NULL")


async def test_an_offer_survives_the_end_of_a_session(service, author, rosa):
    """One signs in by the mailed link, sees what was typed, sends it on, and the offer is made, whole, once."""
    idea_id = await author.log_idea(title="Herons need a pond")
    need_id = await shown_need(service, author, idea_id)
    page, fields = f"/offers/new?idea={idea_id}", {**FORM, "description": LONG_TEXT, f"need-{need_id}": "on"}
    rosa.lose_session()

    first, path = led_to(await rosa.send(page, fields))
    assert (first, path.rpartition("/")[0]) == ("/sign-in", "/continue")
    assert "What you typed is kept" in (await rosa.get(f"/sign-in?next={path}")).text
    assert (await rosa.sign_in(rosa.email, next_path=path)).headers["location"] == path
    shown = await rosa.get(path)
    assert shown.status_code == 200
    for words in ("A rota for drivers", "Swaledale lifts", "<dt>Service name</dt>", "nobody is left behind"):
        assert words in shown.text
    assert "<summary><bdi>Drivers see who needs a lift." in shown.text
    assert "<dt>Act</dt>" not in shown.text.split("Choices that go with it")[0]
    assert f'<a href="{page}">this page</a>' in shown.text
    assert len(hidden(shown)) == len(fields)

    sent = await rosa.send(path, fields)
    assert (sent.status_code, sent.headers["location"]) == (307, page)
    made = await rosa.send(page, fields)
    assert made.headers["location"].startswith("/offers/")
    await service.shown()
    assert "nobody is left behind" in (await rosa.get(made.headers["location"])).text
    again = await rosa.send(path, fields)
    assert (again.status_code, "was sent on or discarded already" in again.text) == (410, True)


async def test_an_invitation_survives_the_question_who_one_is(service, rosa):
    """One confirms by link where that is enough, and goes on; nobody else who signs in here sees it."""
    organisation_id = await _registered(rosa)
    path = f"/organisations/{organisation_id}/invitations"
    fields = {"email": "colleague@example.org", "role-offers": "on"}
    await service.resources.pool.execute(TOO_LONG_AGO, sessions.digest_of(rosa.session))
    service.resources.sessions.forget()

    first, kept = led_to(await rosa.send(path, fields))
    assert first == "/me/confirm"
    assert "colleague@example.org" in (await rosa.get(kept)).text
    await rosa.sign_in(f"{new_id()}@example.org", name="Somebody Else")
    assert (await rosa.get(kept)).status_code == 404
    await rosa.sign_in(rosa.email, next_path=kept)
    sent = await rosa.send(kept, fields)
    assert (sent.status_code, sent.headers["location"]) == (307, path)
    assert (await rosa.send(path, fields)).headers["location"].startswith("/organisations/")


async def _registered(browser):
    made = await browser.post("/organisations", name="The lift givers")
    assert made.status_code == 303, made.text
    return re.search(r"/organisations/([0-9a-f-]{36})", made.headers["location"])[1]


async def test_it_is_for_the_browser_it_was_typed_in(service, rosa, kept):
    """Another browser of the same person finds nothing there, and cannot send or discard it."""
    other = await Somebody(service).come(rosa.email)
    assert (await other.get(kept)).status_code == 404
    assert (await other.send(kept, {"name": "x"})).status_code == 404
    assert (await other.send(f"{kept}/discard", {})).status_code == 404
    await rosa.sign_in(rosa.email)
    assert "Rosa of Swaledale" in (await rosa.get(kept)).text


async def test_whoever_is_not_signed_in_is_led_there_first(rosa, kept):
    """The page of what was typed asks to sign in like every other, and looking at it keeps it."""
    assert led_to(await rosa.get(kept)) == ("/sign-in", kept)
    assert led_to(await rosa.send(kept, {"name": "x"})) == ("/sign-in", kept)
    await rosa.sign_in(rosa.email)
    for _ in range(2):
        assert "Rosa of Swaledale" in (await rosa.get(kept)).text


async def test_after_half_an_hour_it_is_gone(service, rosa, kept):
    """The page says so in a sentence, and housekeeping leaves nothing of what was typed, and then nothing at all."""
    await rosa.sign_in(rosa.email)
    pool, kept_id = service.resources.pool, kept.rpartition("/")[2]
    await pool.execute(HALF_AN_HOUR_LATER, kept_id)
    gone = await rosa.get(kept)
    assert (gone.status_code, "kept for 30 minutes, which are over" in gone.text) == (410, True)
    assert (await rosa.send(kept, {"name": "x"})).status_code == 410
    assert (await keep_house(pool)).forms_emptied == 1
    assert await pool.fetchval("SELECT sealed IS NULL FROM kept_forms WHERE kept_id = $1", kept_id)
    assert (await rosa.get(kept)).status_code == 410
    await pool.execute(
        "UPDATE kept_forms SET expires_at = expires_at - interval '1 day' WHERE kept_id = $1", kept_id
    )
    await keep_house(pool)
    assert (await rosa.get(kept)).status_code == 404


async def test_it_can_be_discarded(service, rosa, kept):
    """Discarding leads back to the page it came from, and leaves nothing of what was typed."""
    await rosa.sign_in(rosa.email)
    back = await rosa.send(f"{kept}/discard", {})
    assert (back.status_code, back.headers["location"]) == (303, "/me/name")
    assert (await rosa.get(kept)).status_code == 410
    sealed = "SELECT sealed FROM kept_forms WHERE kept_id = $1"
    assert await service.resources.pool.fetchval(sealed, kept.rpartition("/")[2]) is None


async def test_it_is_sealed_and_the_browser_is_known_by_a_digest(service, rosa, kept):
    """What stands in the database shows neither what was typed nor the word in the cookie, which scripts cannot read."""
    row = await service.resources.pool.fetchrow(
        "SELECT * FROM kept_forms WHERE kept_id = $1", kept.rpartition("/")[2]
    )
    assert b"Swaledale" not in row["sealed"]
    assert rosa.client.cookies["kept-forms"].encode() not in row["browser_digest"]
    rosa.lose_session()
    answer = await rosa.send("/me/name", {"name": "Rosa"})
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "Max-Age=1800" in cookie


async def test_what_another_site_sends_is_not_kept(service, rosa):
    """Words of another site's page must not wait to be sent in somebody's name."""
    rosa.lose_session()
    before = await count(service)
    answer = await rosa.send("/me/name", {"name": "Mallory"}, **{"sec-fetch-site": "cross-site"})
    assert led_to(answer) == ("/sign-in", "/me/name")
    assert await count(service) == before


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/me/name", {}),
        ("/me/name", {"name": " "}),
        ("/me/name", {"name": "x" * 70_000}),
        ("/me/name", {"name": "Rosa", "access_token": "oi_x"}),
        ("/me/name", {"name": "Rosa", "code": "1234 5678"}),
        ("/me/name", {"name": "Rosa\0"}),
        ("/me/name", {f"f{number}": "x" for number in range(101)}),
    ],
    ids=["nothing", "blank", "too long", "a token", "a code", "no text", "too many fields"],
)
async def test_what_is_not_worth_keeping_or_a_secret_is_not_kept(service, rosa, path, fields):
    """One is led to sign in and back to the page, as without a form."""
    rosa.lose_session()
    before = await count(service)
    assert led_to(await rosa.send(path, fields)) == ("/sign-in", "/me/name")
    assert await count(service) == before


async def test_a_program_gets_its_answer(service, rosa):
    """What is for programs, or no form of a page, is refused as ever, and nothing is kept."""
    rosa.lose_session()
    before = await count(service)
    refused = await rosa.send("/api/v1/ideas", {"title": "x"})
    assert refused.status_code == 401
    assert (await rosa.send("/me/name", {"name": "x"}, accept="application/json")).status_code == 401
    plain = await rosa.client.post("/me/name", content="name=x", headers=SAME_SITE)
    assert led_to(plain) == ("/sign-in", "/")
    assert await count(service) == before


async def test_a_browser_keeps_the_newest_five(service, rosa):
    """A sixth takes the place of the first."""
    rosa.lose_session()
    paths = [led_to(await rosa.send("/me/name", {"name": f"Rosa {number}"}))[1] for number in range(6)]
    await rosa.sign_in(rosa.email)
    assert [(await rosa.get(path)).status_code for path in paths] == [404, 200, 200, 200, 200, 200]


async def test_one_address_cannot_fill_the_table(database_url):
    """Beyond its limit one is led to sign in all the same, and what was typed is not kept."""
    async with serving(database_url, limits_factor=0.05) as service:
        for _ in range(5):
            await Somebody(service).send("/me/name", {"name": "Rosa"})
        assert await count(service) == 3
