"""The pages of funders: who is open to what, and the forms by which a mandate is said, changed and ended."""

from itertools import count
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from app.access import accounts, sessions, tokens
from app.access.scopes import SCOPES
from events.streams import new_id
from tests.http.conftest import Person
from tests.http.mandates import funder, in_days, published
from tests.http.organisations import registered
from tests.http.signing_in import HTML, Browser

pytestmark = pytest.mark.asyncio

_numbers = count(1)
TOO_LONG_AGO = "UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE digest = $1"


def typed(organisation_id, **changes):
    """Give what somebody types into the form; whatever is not said is plain."""
    return {
        "organisation": str(organisation_id),
        "title": "Getting about",
        "currency": "GBP",
        "ticket_min": "1,000",
        "ticket_max": "£5,000.50",
        "budget": "10000",
        "closes": in_days(30)[:10],
        "mode": "notify",
        "veto_hours": "24",
        **changes,
    }


async def somebody(service, *roles):
    """Give a browser in which somebody is signed in who registered an organisation with these roles."""
    browser, email = Browser(service), f"funder{next(_numbers)}@example.org"
    await browser.sign_in(email)
    account = await accounts.by_email(service.resources.pool, email)
    token = await tokens.create(service.resources.pool, person_id=account.person_id, scopes=SCOPES)
    person = Person(service.client, account.person_id, token)
    path = await registered(person, name=f"Trust {new_id()}", roles=list(roles))
    await service.shown()
    return browser, UUID(path.rpartition("/")[2])


async def publish(browser, organisation_id, **changes):
    """Publish a mandate by the form, and give the address of its page."""
    answer = await browser.post("/mandates/new", **typed(organisation_id, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_everybody_sees_who_is_open_to_what(service):
    """The list and a mandate's page are there for whoever looks, and offer nothing to those who may not."""
    fay, trust = await funder(service)
    path = await published(fay, trust, title="Boats for <b>all</b>", themes=["AN101"], terms="No jargon.")
    await service.shown()
    listed = await service.client.get("/funders?theme=AN101&status=open", headers=HTML)
    assert (listed.status_code, "Boats for &lt;b&gt;all" in listed.text) == (200, True)
    other = await service.client.get("/funders?theme=AN102&place=GB-LDS&stage=funding", headers=HTML)
    assert "Boats for" not in other.text
    page = await service.client.get(f"/mandates/{path.rpartition('/')[2]}", headers=HTML)
    assert page.status_code == 200
    assert "No jargon." in page.text
    assert "<b>all" not in page.text
    assert "Revise it" not in page.text
    assert (await service.client.get(f"/mandates/{new_id()}", headers=HTML)).status_code == 404


@pytest.mark.parametrize(
    "query", ["theme=nope", "place=%00", "stage=live&status=x", "cursor=nonsense", f"theme={'x' * 3000}"]
)
async def test_an_odd_address_shows_funders_all_the_same(service, query):
    """What cannot be meant is left out."""
    assert (await service.client.get(f"/funders?{query}", headers=HTML)).status_code == 200


async def test_everybody_sees_what_is_open_theme_by_theme(service):
    """Each wide theme leads to its funders, beside how many they are; a list that is narrowed does without."""
    fay, trust = await funder(service)
    await published(fay, trust, themes=["AN101"])
    await service.shown()
    page = await service.client.get("/funders", headers=HTML)
    assert "What is open, theme by theme" in page.text
    assert '<a href="/funders?theme=AN">Animals</a>' in page.text
    narrowed = await service.client.get("/funders?theme=AN", headers=HTML)
    assert "Getting about" in narrowed.text
    assert "What is open, theme by theme" not in narrowed.text


async def test_a_mandate_is_published_by_a_form(service):
    """Whoever fills in the form sees the mandate at once, with the money they typed in whole units."""
    browser, trust = await somebody(service, "funder")
    form = await browser.get("/mandates/new")
    assert (form.status_code, str(trust) in form.text) == (200, True)
    location = await publish(
        browser,
        trust,
        **{"theme-SW104": "on", "stage-supported": "on", "live_pool": "on"},
        **{"place-GB-ENG": "on", "place-GB-LDS": "on", "place-FR": "on"},
        mode="pledge",
        max_share="33.3%",
        min_funders="2",
        verified_votes="25",
    )
    page = await browser.get(location)
    assert page.status_code == 200
    for words in (
        "Community transport",
        "England",
        "Leeds",
        "France",
        "£1,000 to £5,000.50",
        "33.3%",
        "25 verified votes",
    ):
        assert words in page.text, words
    assert "Revise it" in page.text


async def test_what_was_typed_is_kept_through_an_error(service):
    """Every field that cannot be meant is named, and nothing that was typed is lost."""
    browser, trust = await somebody(service, "funder")
    wrong = typed(
        trust,
        title="Kept <b>whole</b>",
        ticket_min="much",
        budget="10.123",
        closes="someday",
        terms="Kept as well.",
        max_share="150",
        min_funders="-1",
        **{"theme-SW104": "on", "place-GB-LDS": "on"},
    )
    page = await browser.post("/mandates/new", **wrong)
    assert page.status_code == 400
    for words in (
        *("Kept &lt;b&gt;whole", 'value="much"', 'value="someday"', "Kept as well."),
        *(
            "Give an amount such as 5,000",
            "2 digits after the point",
            "Give a whole number",
        ),
        'name="theme-SW104" value="on" checked',
        'name="place-GB-LDS" value="on" checked',
    ):
        assert words in page.text, words
    bare = await browser.post("/mandates/new", title="Nothing else")
    assert (bare.status_code, "Choose whose money this is." in bare.text) == (400, True)


async def test_themes_and_places_are_found_by_search(service):
    """A search shows boxes to tick, publishes nothing, and keeps whatever else was typed or ticked."""
    browser, trust = await somebody(service, "funder")
    fields = typed(trust, title="Kept", act="find", theme_search="old", place_search="harrogate")
    page = await browser.post("/mandates/new", **fields, **{"place-GB-LDS": "on"})
    assert page.status_code == 200
    for words in (
        'name="theme-BE108" value="on">',
        'name="place-GB-LDS" value="on" checked',
        "Nothing else is called “<bdi>harrogate</bdi>”.",
        'value="Kept"',
    ):
        assert words in page.text, words
    assert "Error: " not in page.text
    # As the Enter key in the search sends it: by the first button, which publishes.
    del fields["act"]
    page = await browser.post("/mandates/new", **fields)
    assert (page.status_code, 'name="theme-BE108"' in page.text) == (200, True)


async def test_a_window_that_is_over_is_told_in_the_form(service):
    """A rule that is broken is told in its own words, and the form stays."""
    browser, trust = await somebody(service, "funder")
    page = await browser.post("/mandates/new", **typed(trust, closes=in_days(-3)[:10]))
    assert page.status_code == 409
    assert "A mandate must close after it opens, and in the future" in page.text
    assert 'value="Getting about"' in page.text


async def test_committing_money_asks_for_a_fresh_proof_and_keeps_the_form(service):
    """After a while one has to show again that it is oneself: the form says how, and still holds what was typed."""
    browser, trust = await somebody(service, "funder")
    await service.resources.pool.execute(TOO_LONG_AGO, sessions.digest_of(browser.session))
    service.resources.sessions.forget()
    page = await browser.post("/mandates/new", **typed(trust, title="Kept"))
    assert (page.status_code, 'value="Kept"' in page.text) == (409, True)
    assert "Confirm that it is you" in page.text
    form = await browser.get("/mandates/new")
    assert urlsplit(form.headers["location"]).path == "/me/confirm"


async def test_only_funders_find_the_form_of_use(service):
    """Who is not signed in is led to sign in; who may commit nobody's money learns why, and cannot publish."""
    nobody = Browser(service)
    assert (await nobody.get("/mandates/new")).headers["location"].startswith("/sign-in")
    browser, trust = await somebody(service, "offers")
    refused = (await browser.get("/mandates/new")).text
    assert "You may not commit anybody" in refused
    assert 'href="/organisations/new?next=%2Fmandates%2Fnew"' in refused
    refused = await browser.post("/mandates/new", **typed(trust))
    assert (refused.status_code, "may commit the organisation" in refused.text) == (409, True)


async def test_a_mandate_is_revised_by_a_form(service):
    """The form begins with what the mandate says; what is changed is a revision with its reason."""
    browser, trust = await somebody(service, "funder")
    path = (await publish(browser, trust, terms="Two years.", **{"theme-SW104": "on"})).partition("?")[0]
    await service.shown()
    form = await browser.get(f"{path}/revise")
    for words in (
        'value="Getting about"',
        'value="5000.50"',
        "Two years.",
        'name="theme-SW104" value="on" checked',
    ):
        assert words in form.text, words
    fields = typed(trust, title="Getting about more", reason="Clearer.", **{"theme-SW104": "on"})
    answer = await browser.post(f"{path}/revise", **fields)
    assert answer.status_code == 303, answer.text
    page = await browser.get(answer.headers["location"])
    for words in ("Getting about more", "Revision 2", "Clearer.", "Terms: nothing any more"):
        assert words in page.text, words
    refused = await browser.post(f"{path}/revise", **typed(trust, currency="EUR"))
    assert (refused.status_code, "A mandate keeps its currency" in refused.text) == (409, True)


async def test_a_mandate_is_paused_resumed_and_closed_by_its_buttons(service):
    """Each button does what it says; what is closed has none left, and says so to whoever tries."""
    browser, trust = await somebody(service, "funder")
    path = (await publish(browser, trust)).partition("?")[0]
    for act, words in (("pause", "Paused by its funder"), ("resume", "Open until"), ("close", "Closed on")):
        answer = await browser.post(f"{path}/{act}", reason="So be it.")
        assert answer.status_code == 303, answer.text
        assert words in (await browser.get(answer.headers["location"])).text
    again = await browser.post(f"{path}/pause")
    assert (again.status_code, "This mandate is closed" in again.text) == (409, True)
    assert "Close it for good" not in (await browser.get(path)).text


async def test_a_stranger_cannot_press_the_buttons(service):
    """Somebody else's session is refused on every form of a mandate."""
    browser, trust = await somebody(service, "funder")
    path = (await publish(browser, trust)).partition("?")[0]
    stranger, _ = await somebody(service, "funder")
    for act in ("revise", "pause", "resume", "close"):
        assert (await stranger.post(f"{path}/{act}")).status_code == 403
    assert (await stranger.get(f"{path}/revise")).status_code == 403
