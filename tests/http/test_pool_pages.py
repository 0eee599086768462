"""The page of a pool over HTTP: pledge with a preview first, revise, withdraw and confirm, all by plain forms."""

import re

import pytest

from tests.http.pools import PATH, amounts, in_days, opened, pounds, shown
from tests.http.test_me import signed_in
from tests.http.test_organisation_pages import an_address
from tests.web.markup import read

pytestmark = pytest.mark.asyncio


async def a_funder(service, name="Dale Trust"):
    """Give a browser of somebody who may commit the money of an organisation, and that organisation."""
    browser = await signed_in(service, an_address(), "Fay Sample")
    answer = await browser.post("/organisations", **{"name": name, "role-funder": "on"})
    assert answer.status_code == 303, answer.text
    await service.shown()
    return browser, answer.headers["location"].partition("?")[0].rpartition("/")[2]


async def test_a_pledge_is_previewed_then_made_then_changed_then_withdrawn(service):
    """What a pledge would do is shown before anything is promised, and the page says what became of it."""
    pool = await opened(await service.person())
    await service.shown()
    page = pool.replace(PATH, "/pools")
    browser, trust = await a_funder(service)
    assert "See what it would do" in (await browser.get(page)).text
    fields = {"organisation_id": trust, "amount": "£5", "min_funders": "2", "max_share": "50"}
    previewed = await browser.post(f"{page}/preview", **fields)
    assert previewed.status_code == 200, previewed.text
    assert "£0 of your £5 would hold now" in previewed.text
    assert "Needs 1 more funder." in previewed.text
    assert (await shown(service, pool))["pledges"] == []
    made = await browser.post(f"{page}/pledges", **fields)
    assert made.status_code == 303, made.text
    seen = await browser.get(made.headers["location"])
    for words in ("Your pledge is made.", "Only if 2 funders or more give.", "At most 50% of the whole."):
        assert words in seen.text
    changed = await browser.post(f"{page}/pledges", organisation_id=trust, amount="6.50")
    assert "said=revised" in changed.headers["location"]
    found = await shown(service, pool)
    assert amounts(found) == [650]
    withdrawn = await browser.post(f"{page}/pledges/{found['pledges'][0]['pledge_id']}/withdraw")
    assert withdrawn.status_code == 303
    assert "Nobody yet." in (await browser.get(withdrawn.headers["location"])).text


async def test_a_pledge_is_built_as_a_sentence_and_said_back_before_it_counts(service):
    """Parts are added by ticking; the sentence is said back, and its blanks stay as they were typed."""
    pool = await opened(await service.person())
    await service.shown()
    browser, trust = await a_funder(service, "Hill Trust")
    page = pool.replace(PATH, "/pools")
    typed = {
        "organisation_id": trust,
        "amount": "5",
        "by_ticks": "on",
        "if-other_funders": "on",
        "other_funders": "2",
        "if-min_total": "on",
        "min_total": "9.50",
        "if-match": "on",
        "match_ratio": "2",
        "match_cap": "4",
    }
    previewed = await browser.post(f"{page}/preview", **typed)
    assert previewed.status_code == 200, previewed.text
    for said in (
        "Hill Trust gives £5, if at least 2 other funders join and the pool comes to £9.50 or more in all.",
        "2 times what the others give together, at most £4.",
    ):
        assert said in previewed.text
    (promise, again) = (
        {
            field["name"]: field.get("value", "")
            for field in form.all("input")
            if field.get("type") != "checkbox" or "checked" in field.attributes
        }
        for form in read(previewed.text).all("form")
        if form.get("action", "").endswith(("/pledges", "/preview"))
    )
    assert promise == typed
    assert {"organisation_id": trust, **{name: text for name, text in again.items() if text}} == typed
    made = await browser.post(f"{page}/pledges", **promise)
    assert made.status_code == 303, made.text
    (pledge,) = (await shown(service, pool))["pledges"]
    kept = {name: value for name, value in pledge["conditions"].items() if value}
    assert kept == {
        "min_funders": 3,
        "min_total": pounds(950),
        "match_ratio": "2",
        "match_cap": pounds(400),
    }


async def test_a_committed_pool_asks_the_funder_to_confirm(service):
    """The form is there for the funder alone, and gone when it was sent."""
    pool = await opened(await service.person())
    page = pool.replace(PATH, "/pools")
    browser, trust = await a_funder(service)
    made = await browser.post(f"{page}/pledges", organisation_id=trust, amount="10.00")
    assert made.status_code == 303, made.text
    await service.shown()
    seen = await browser.get(page)
    assert "£10 is committed." in seen.text
    (path,) = re.findall(r'action="([^"]+/confirm)"', seen.text)
    assert "/confirm" not in (await service.client.get(page)).text
    wrong = await browser.post(path, document="nonsense")
    assert (wrong.status_code, "begins with https://" in wrong.text) == (400, True)
    confirmed = await browser.post(path, document="https://example.org/letter")
    assert "the money is there" in (await browser.get(confirmed.headers["location"])).text


async def test_a_pool_is_opened_on_a_page_and_linked_from_its_idea(service):
    """A funder opens one; the idea's page leads to the form, and then to the pool."""
    idea = await (await service.person()).log_idea()
    browser, trust = await a_funder(service)
    await service.shown()
    assert f"/ideas/{idea}/pool" in (await browser.get(f"/ideas/{idea}")).text
    assert f"/ideas/{idea}/pool" not in (await service.client.get(f"/ideas/{idea}")).text
    assert "closes the pool at once" in (await browser.get(f"/ideas/{idea}/pool")).text
    fields = {"currency": "gbp", "minimum": "10", "target": "20", "deadline": in_days(9)[:10]}
    refused = await browser.post(f"/ideas/{idea}/pool", **fields)
    assert (refused.status_code, "name the organisation" in refused.text) == (409, True)
    wrong = await browser.post(f"/ideas/{idea}/pool", **{**fields, "deadline": "soon", "target": "x"})
    assert (wrong.status_code, wrong.text.count('class="error"')) == (400, 2)
    answer = await browser.post(f"/ideas/{idea}/pool", organisation_id=trust, **fields)
    assert answer.status_code == 303, answer.text
    assert "The pool is open." in (await browser.get(answer.headers["location"])).text
    page = await service.client.get(f"/ideas/{idea}")
    assert "A pool is open: £20 are wanted, £0 are pledged." in page.text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"amount": ""}, 400, "Give an amount"),
        ({"amount": "-5"}, 400, "Give an amount"),
        ({"amount": "5.001"}, 400, "2 digits after the point"),
        ({"amount": "5", "min_total": "12.01"}, 409, "could never hold"),
        ({"amount": "5", "min_funders": "x"}, 400, "Give a number"),
        ({"amount": "5", "other_funders": "0"}, 400, "Give a number"),
        ({"amount": "5", "other_funders": "60"}, 400, "from 1 to 50"),
        ({"amount": "5", "by_ticks": "on", "other_funders": "2"}, 400, "Tick this as well, or empty it."),
        ({"amount": "5", "by_ticks": "on", "if-expires": "on"}, 400, "or take the tick away."),
        (
            {"amount": "5", "by_ticks": "on", "if-match": "on", "match_cap": "5"},
            400,
            "or take the tick away.",
        ),
        ({"amount": "5", "max_share": "150"}, 400, "at most 1"),
        ({"amount": "5", "match_cap": "5"}, 400, "matched"),
        ({"amount": "5", "expires_on": "tomorrow"}, 400, "Give a day"),
        ({"amount": "5", "kind": "in_kind"}, 400, "Say what is given."),
        ({"amount": "5", "organisation_id": "nobody"}, 400, "Choose the organisation"),
    ],
)
async def test_what_is_wrong_in_the_form_is_said_beside_it(service, fields, status, said):
    """What was typed stays in the form, and nothing is promised."""
    pool = await opened(await service.person())
    await service.shown()
    browser, trust = await a_funder(service)
    page = pool.replace(PATH, "/pools")
    for path in ("preview", "pledges"):
        answer = await browser.post(f"{page}/{path}", **{"organisation_id": trust, **fields})
        assert answer.status_code == status, answer.text
        assert said in answer.text
    assert (await shown(service, pool))["pledges"] == []


async def test_strangers_see_the_pool_and_cannot_pledge(service):
    """Everybody reads it; whoever is not signed in is led to where they can be, and a stranger has no form."""
    pool = await opened(await service.person(), target=pounds(1_100))
    await service.shown()
    page = pool.replace(PATH, "/pools")
    assert "Sign in to pledge" in (await service.client.get(page)).text
    stranger = await signed_in(service, an_address(), "Sam Sample")
    assert "See what it would do" not in (await stranger.get(page)).text
    _, trust = await a_funder(service)
    refused = await stranger.post(f"{page}/pledges", organisation_id=trust, amount="5")
    assert refused.status_code == 403
    assert (await service.client.get("/pools/0198f2c8-3c4d-7e5f-8a6b-7c8d9e0f1a2b")).status_code == 404


async def test_who_needs_an_organisation_to_pledge_comes_back_with_one(service):
    """The pool leads to registering one, which may commit its money at once, and that back to the form of a pledge."""
    pool = await opened(await service.person())
    await service.shown()
    page = pool.replace(PATH, "/pools")
    browser = await signed_in(service, an_address(), "Fay Sample")
    links = [link["href"] for link in read((await browser.get(page)).text).all("a")]
    (way,) = (link for link in links if link.startswith("/organisations/new"))
    form = read((await browser.get(way)).text)
    assert form.one("input", name="next")["value"] == page
    assert "checked" in form.one("input", name="role-funder").attributes
    for typed, status in (({"name": ""}, 400), ({"name": "Lea Trust", "role-funder": "on"}, 303)):
        answer = await browser.post("/organisations", next=page, **typed)
        assert answer.status_code == status
    assert answer.headers["location"].startswith(f"{page}?min_position=")
    assert "See what it would do" in (await browser.get(answer.headers["location"])).text
    for elsewhere in ("//example.org", "https://example.org/", "/sign-out"):
        answer = await browser.post("/organisations", name=f"Trust {an_address()}", next=elsewhere)
        assert answer.headers["location"].startswith("/organisations/")
