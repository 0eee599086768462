"""Offers as pages: made through a form that keeps what was typed, answered by those who look after the idea."""

import re
from html import unescape
from uuid import UUID

import pytest
import pytest_asyncio

from events.streams import new_id
from tests.http.offering import act, need, offered
from tests.http.organisations import registered
from tests.http.signing_in import HTML, Browser

pytestmark = pytest.mark.asyncio

FORM = {
    "title": "A rota for drivers",
    "kind": "software",
    "description": "A page on which drivers sign up.",
    "runs_at": "Swaledale",
    "running_since": "2021",
    "amount": "800",
    "currency": "GBP",
    "weeks": "6",
    "links": "https://rota.example.org/\nhttps://rota.example.org/about",
    "service_name": "Swaledale lifts",
}


@pytest_asyncio.fixture
async def browser(service):
    """Give the browser of somebody who runs a part."""
    one = Browser(service)
    await one.sign_in(f"{new_id()}@example.org", name="Rosa Sample")
    return one


@pytest_asyncio.fixture
async def idea_id(author):
    """Give an idea of the author's."""
    return await author.log_idea(title="Herons need a pond")


async def shown_need(service, author, idea_id, cost=None):
    """Name a need, and wait until it shows."""
    need_id = await need(service, author, idea_id, cost=cost)
    await service.shown()
    return need_id


async def test_who_is_not_signed_in_is_led_there_and_back(service, author, idea_id):
    """The form is for people who are signed in."""
    answer = await Browser(service).get(f"/offers/new?idea={idea_id}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


async def test_an_offer_is_made_by_a_form_and_seen(service, author, browser, idea_id):
    """Its page shows every fact, what it covers and that it waits; the API knows it alike."""
    need_id = await shown_need(service, author, idea_id)
    form = await browser.get(f"/offers/new?idea={idea_id}")
    assert "Herons need a pond" in form.text
    assert f'name="need-{need_id}"' in form.text
    answer = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{need_id}": "on"})
    assert answer.status_code == 303, answer.text
    page = await browser.get(answer.headers["location"])
    for words in (
        "A rota for drivers",
        "Rosa Sample",
        "Waits for an answer",
        "£800",
        "6 weeks",
        "Swaledale lifts",
    ):
        assert words in page.text, words
    idea = await browser.get(f"/ideas/{idea_id}")
    for words in ("0 of 1 part covered", "Offered, not decided yet", "A rota for drivers", "Offer a part"):
        assert words in idea.text, words
    found = (await browser.get(f"/api/v1{answer.headers['location']}")).json()
    assert found["part"]["running_since"] == "2021-01-01"
    assert found["part"]["cost_to_adapt"] == {"amount_minor": 80_000, "currency": "GBP"}
    assert len(found["part"]["links"]) == 2


async def test_a_preview_shows_the_coverage_and_sends_nothing(service, author, browser, idea_id):
    """With the offer one of two parts would be covered; what was typed is still there."""
    need_id = await shown_need(service, author, idea_id, cost=500_000)
    await shown_need(service, author, idea_id, cost=20_000)
    head = await service.resources.store.head()
    answer = await browser.post(
        f"/offers/new?idea={idea_id}", **FORM, act="preview", **{f"need-{need_id}": "on"}
    )
    assert answer.status_code == 200
    assert "1 of 2 parts covered" in answer.text
    assert "£1,000" in answer.text
    assert 'value="A rota for drivers"' in answer.text
    assert await service.resources.store.head() == head


async def test_a_preview_needs_no_more_than_a_part_and_what_it_costs(service, author, browser, idea_id):
    """Before anything is described the coverage is shown; without a part, or with a wrong cost, the field says so."""
    need_id = await shown_need(service, author, idea_id)
    path, ticked = f"/offers/new?idea={idea_id}", {f"need-{need_id}": "on"}
    page = await browser.post(path, act="preview", **ticked)
    assert (page.status_code, "1 of 1 part covered" in page.text) == (200, True)
    assert 'aria-invalid="true"' not in page.text
    assert re.search(r'value="preview" formnovalidate', page.text)
    for fields, said in (({}, "Tick at least one part"), ({**ticked, "amount": "a lot"}, "Give an amount")):
        refused = await browser.post(path, act="preview", title="A rota", **fields)
        assert (refused.status_code, said in refused.text) == (400, True), fields
        assert 'value="A rota"' in refused.text


@pytest.mark.parametrize(
    "mistake",
    [
        ({"title": " "}, "title"),
        ({"description": ""}, "description"),
        ({"kind": "magic"}, "kind"),
        ({"running_since": "long ago"}, "running_since"),
        ({"running_since": "2999"}, "running_since"),
        ({"amount": "a lot"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"weeks": "soon"}, "weeks"),
        ({"weeks": "9999"}, "weeks"),
        ({"links": "javascript:alert(1)"}, "links"),
        ({"service_url": "ftp://rota.example.org"}, "service_url"),
        ({"organisation": "mine"}, "organisation"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(service, author, browser, idea_id, mistake):
    """The page says what is wrong where it is wrong, and every other field keeps what was typed."""
    changes, field = mistake
    need_id = await shown_need(service, author, idea_id)
    await _acts_for(service, browser)
    answer = await browser.post(
        f"/offers/new?idea={idea_id}", **{**FORM, **changes}, **{f"need-{need_id}": "on"}
    )
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert 'value="Swaledale"' in answer.text
    assert re.search(rf'name="need-{need_id}" value="on" checked', answer.text)


async def _acts_for(service, browser):
    """Let the browser's person act for an organisation, so that the form asks for whom."""
    answer = await browser.client.post(
        "/api/v1/organisations",
        json={"name": "Dale Trust", "roles": ["offers"]},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 201, answer.text
    await service.shown()
    return answer.json()["organisation_id"]


async def test_no_part_ticked_is_told(service, author, browser, idea_id):
    """An offer that covers nothing is none."""
    await shown_need(service, author, idea_id)
    answer = await browser.post(f"/offers/new?idea={idea_id}", **FORM)
    assert (answer.status_code, "Tick at least one part" in answer.text) == (400, True)


async def test_an_idea_that_ended_meanwhile_is_told_with_all_that_was_typed(
    service, author, browser, idea_id
):
    """Between the form and its sending the idea was withdrawn: the rule is said, and nothing is lost."""
    need_id = await shown_need(service, author, idea_id)
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done."})
    answer = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{need_id}": "on"})
    assert (answer.status_code, 'value="Swaledale"' in answer.text) == (409, True)
    await service.shown()
    answer = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{need_id}": "on"})
    assert (answer.status_code, 'value="Swaledale"' in answer.text) == (409, True)
    assert "takes no offers" in (await browser.get(f"/offers/new?idea={idea_id}")).text


async def test_an_organisations_offer_shows_on_its_page(service, author, browser, idea_id):
    """Who makes offers for an organisation chooses it in the form; its page lists the offer and what else fits."""
    need_id = await shown_need(service, author, idea_id)
    organisation_id = await _acts_for(service, browser)
    other = await author.log_idea(title="Otters need a pond")
    await need(service, author, other)
    answer = await browser.post(
        f"/offers/new?idea={idea_id}", **FORM, organisation=organisation_id, **{f"need-{need_id}": "on"}
    )
    assert answer.status_code == 303, answer.text
    await service.shown()
    page = await service.client.get(f"/organisations/{organisation_id}/offers", headers=HTML)
    for words in (
        "A rota for drivers",
        "Herons need a pond",
        "It might cover these too",
        "Otters need a pond",
    ):
        assert words in page.text, words
    assert (await service.client.get(f"/organisations/{new_id()}/offers", headers=HTML)).status_code == 404
    bad = await service.client.get(f"/organisations/{organisation_id}/offers?cursor=nonsense", headers=HTML)
    assert bad.status_code == 200


async def test_an_organisation_without_offers_is_invited_to_make_one(service, author):
    """The page of an organisation that never offered anything says how to begin."""
    path = await registered(author)
    await service.shown()
    page = await service.client.get(f"{path.removeprefix('/api/v1')}/offers", headers=HTML)
    assert "Nothing offered yet" in page.text


async def test_the_author_answers_on_the_offers_page(service, browser):
    """Only who looks after the idea sees the buttons; a reason is needed to decline, and what was typed is kept."""
    owner = Browser(service)
    await owner.sign_in(f"{new_id()}@example.org", name="Moira Sample")
    idea_id = UUID(await _idea_of(owner))
    need_id = await _need_of(service, owner, idea_id)
    maker = await service.person("Rosa Sample")
    offer_id = await offered(maker, idea_id, need_id)
    await service.shown()
    assert "Build on it" not in (await browser.get(f"/offers/{offer_id}")).text
    assert "Build on it" in (await owner.get(f"/offers/{offer_id}")).text
    answer = await owner.post(f"/offers/{offer_id}/decline", reason=" ")
    assert (answer.status_code, "Say why." in answer.text) == (400, True)
    for path, fields, words in (
        ("accept", {"standing": "reserve"}, "Kept in reserve"),
        ("decline", {"reason": "We have one."}, "We have one."),
        ("accept", {"standing": "chosen"}, "The idea builds on it"),
        ("deliver", {"link": "https://rota.example.org/", "note": "In use."}, "It is there"),
    ):
        answer = await owner.post(f"/offers/{offer_id}/{path}", **fields)
        assert answer.status_code == 303, answer.text
        assert words in (await owner.get(answer.headers["location"])).text
    answer = await owner.post(f"/offers/{offer_id}/decline", reason="Too late.")
    assert (answer.status_code, "stays on record" in answer.text) == (409, True)


async def _idea_of(owner):
    body = {
        "title": "Herons",
        "problem": "No pond.",
        "proposal": "A pond.",
        "beneficiaries": "Herons.",
        "themes": ["SW104"],
        "places": ["GB-DUR"],
    }
    answer = await owner.client.post("/api/v1/ideas", json=body, headers={"sec-fetch-site": "same-origin"})
    return answer.json()["idea_id"]


async def _need_of(service, owner, idea_id):
    person_id = (await owner.get("/api/v1/me")).json()["person_id"]
    return await need(service, _Somebody(UUID(person_id)), idea_id)


class _Somebody:
    """A person known by their identifier alone."""

    def __init__(self, person_id):
        self.person_id = person_id


async def test_a_preview_of_a_change_counts_the_offer_once(service, author, browser, idea_id):
    """A need that the change no longer names is shown as still needed, and nothing is sent."""
    rota, van = await shown_need(service, author, idea_id), await shown_need(service, author, idea_id)
    made = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{rota}": "on"})
    path = made.headers["location"].partition("?")[0]
    await service.shown()
    head = await service.resources.store.head()
    answer = await browser.post(f"{path}/change", **FORM, act="preview", **{f"need-{van}": "on"})
    assert answer.status_code == 200
    preview = answer.text.partition("With your offer")[2].partition("</section>")[0]
    assert "1 of 2 parts covered" in preview
    assert "Still needed" in preview
    assert "Offered" not in preview
    assert await service.resources.store.head() == head


async def test_a_preview_of_what_the_idea_does_not_take_is_refused(service, author, browser, idea_id):
    """The page says so before anything is offered, and keeps what was typed."""
    need_id = await shown_need(service, author, idea_id)
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done elsewhere."})
    answer = await browser.post(
        f"/offers/new?idea={idea_id}", **FORM, act="preview", **{f"need-{need_id}": "on"}
    )
    assert (answer.status_code, "was withdrawn or closed" in answer.text) == (409, True)
    assert 'value="A rota for drivers"' in answer.text


async def test_an_offer_is_changed_and_taken_back_by_its_maker(service, author, browser, idea_id):
    """The form shows it as it is; saved, it is another; taken back, it says why."""
    need_id = await shown_need(service, author, idea_id)
    made = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{need_id}": "on"})
    path = made.headers["location"].partition("?")[0]
    await service.shown()
    form = await browser.get(f"{path}/change")
    for words in ('value="800"', 'value="2021-01-01"', 'value="Swaledale lifts"', "checked"):
        assert words in form.text, words
    answer = await browser.post(
        f"{path}/change", **{**FORM, "weeks": "4", "reason": "We found help."}, **{f"need-{need_id}": "on"}
    )
    assert answer.status_code == 303, answer.text
    page = await browser.get(answer.headers["location"])
    assert "4 weeks" in page.text
    assert "We found help." in page.text
    assert (await browser.post(f"{path}/change", **FORM)).status_code == 400
    offer_id = path.rpartition("/")[2]
    await act(author, offer_id, "accept")
    await service.shown()
    answer = await browser.post(f"{path}/change", **{**FORM, "weeks": "2"}, **{f"need-{need_id}": "on"})
    assert (answer.status_code, "accepted as it stands" in answer.text) == (409, True)
    answer = await browser.post(f"{path}/withdraw", reason="We moved.")
    assert answer.status_code == 303
    assert "We moved." in (await browser.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    "path", ["/offers/new", "/offers/new?idea=x", "/offers/new?idea=0190b000-0000-7000-8000-0000000000ff"]
)
async def test_an_offer_on_no_idea_is_not_found(browser, path):
    """An address that names no idea leads nowhere."""
    assert (await browser.get(path)).status_code == 404


async def test_an_offer_that_is_not_there_is_not_found(browser):
    """Neither is its page, nor can it be changed or answered."""
    path = f"/offers/{new_id()}"
    assert (await browser.get(path)).status_code == 404
    assert (await browser.get(f"{path}/change")).status_code == 404
    assert (await browser.post(f"{path}/accept")).status_code == 404


async def test_whatever_is_offered_is_found_on_one_page(service, author, voter, idea_id):
    """The page lists offers with those who make them and the idea they are for, of one sort where it is asked for."""
    need_id = await shown_need(service, author, idea_id)
    rota, room = f"A rota {new_id()}", f"A room {new_id()}"
    await offered(voter, idea_id, need_id, title=rota)
    gone = await offered(voter, idea_id, need_id, title=room, kind="space")
    await service.shown()
    stranger = Browser(service)
    page = (await stranger.get("/offers")).text
    assert page.index(room) < page.index(rota)
    assert "Herons need a pond" in page
    assert 'href="/offers"' in (await stranger.get("/about")).text
    spaces = (await stranger.get("/offers?kind=space")).text
    assert (room in spaces, rota in spaces) == (True, False)
    assert '<option value="space" selected>' in spaces
    for address in ("/offers?kind=nonsense", "/offers?cursor=nonsense"):
        assert rota in (await stranger.get(address)).text, address
    await act(voter, gone, "withdraw", {"reason": "We moved."})
    await service.shown()
    assert room not in (await stranger.get("/offers")).text


async def test_a_form_that_was_filled_in_wrongly_says_so_in_welsh(service, author, browser, idea_id):
    """Once Welsh was chosen, what is wrong is said in it at each field, and no rule speaks English either."""
    need_id = await shown_need(service, author, idea_id)
    form = await browser.get(f"/cy/offers/new?idea={idea_id}")
    assert '<html lang="cy"' in form.text
    assert "Pa rannau y mae'n eu cwmpasu?" in unescape(form.text)
    wrong = {"title": " ", "kind": "magic", "running_since": "2999", "weeks": "9999"}
    refused = await browser.post(f"/offers/new?idea={idea_id}", **{**FORM, **wrong})
    errors = re.findall(r'<p class="error"[^>]*><strong>([^<]*)</strong>', unescape(refused.text))
    assert (refused.status_code, len(errors)) == (400, 5)
    assert "Ticiwch o leiaf un rhan y mae'n ei chwmpasu." in errors
    assert "Rhowch nifer o wythnosau rhwng 0 a 520." in " ".join(errors)
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done elsewhere."})
    late = await browser.post(f"/offers/new?idea={idea_id}", **FORM, **{f"need-{need_id}": "on"})
    assert late.status_code == 409
    assert "Cafodd y syniad hwn ei dynnu'n ôl neu ei gau, felly mae cynigion arno'n gorffwys" in unescape(
        late.text
    )
