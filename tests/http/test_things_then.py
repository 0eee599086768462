"""Pages of things as they were: an idea, a pool and a mandate at any moment, and the ways from one to another."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from app.http.mandates import named_mandate
from app.http.past import happened_by
from app.http.past_mandates import mandate_as_of
from app.http.pool_reads import shown as pool_now
from app.http.pool_reads import shown_then
from app.web.histories import then
from app.web.histories.ideas_then import idea_then
from app.web.pages import idea_now
from projections.mandates.queries import revisions
from tests.http.mandates import funder as mandate_funder
from tests.http.mandates import published, reserve
from tests.http.offering import need, offered
from tests.http.pools import funder, opened, pledged
from tests.web.markup import read

pytestmark = pytest.mark.asyncio


async def head(service):
    """Wait until everything is shown, and tell the newest position."""
    await service.shown()
    return await service.resources.store.head()


async def page(service, address):
    """Read a page."""
    answer = await service.client.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


async def lively(service, author, voter):
    """Give an idea to which much happened."""
    idea_id = await author.log_idea(title="Badgers")
    first = await need(service, author, idea_id)
    await offered(voter, idea_id, first, title="A van")
    await voter.vote(idea_id)
    for person in [await service.person() for _ in range(3)]:
        await person.vote(idea_id)
    await voter.send("DELETE", f"/api/v1/ideas/{idea_id}/vote")
    await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "Otters", "reason": "They came."})
    return idea_id


async def test_as_of_now_an_idea_is_what_its_page_shows(service, author, voter):
    """The page folded from the log says the same as that from the read models, but for what only the present has."""
    idea_id = await lively(service, author, voter)
    position = await head(service)
    live = await idea_now(service.resources, idea_id, None)
    by_position = await idea_then(service.resources, idea_id, str(position))
    of_now = {
        "funders": None,
        "sharing": None,
        "walk_href": None,
        "can": None,
        "pool": None,
        "parts": replace(live.parts, offer_href=None),
    }
    assert replace(by_position, pool=None) == replace(live, **of_now)
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert await idea_then(service.resources, idea_id, moment) == by_position


async def test_as_of_now_a_pool_is_what_its_page_shows(service, author):
    """Open, committed and called off, the pool folded from its stream is the pool of the read model."""
    pool = await opened(author)
    pool_id = UUID(pool.rpartition("/")[2])
    person, dale = await funder(service)
    for amount in (700, None):
        position, at = await head(service), datetime.now(UTC)
        before = happened_by(str(position))
        assert await shown_then(service.resources, pool_id, before, at) == await pool_now(
            service.resources, pool_id, at
        )
        if amount:
            await pledged(person, pool, dale, amount)


@pytest.mark.parametrize("act", [None, "pause", "close"])
async def test_as_of_now_a_mandate_is_what_its_page_shows(service, act):
    """Open, paused and closed, with money set aside, the mandate folded from its stream is that of the read model."""
    person, trust = await mandate_funder(service)
    path = await published(person, trust)
    await person.send("PATCH", path, {"title": "Rural buses", "reason": "Wider."})
    await reserve(service, path, 2_500)
    if act:
        assert (await person.send("POST", f"{path}/{act}", {"reason": "Enough."})).is_success
    mandate_id = UUID(path.rpartition("/")[2])
    position, at = await head(service), datetime.now(UTC)
    found, said = await mandate_as_of(service.resources, mandate_id, happened_by(str(position)), at)
    assert found == await named_mandate(service.resources, mandate_id)
    assert said == (await revisions(service.resources.pool, mandate_id, limit=20)).items


async def test_an_idea_is_shown_as_it_was(service, author, voter):
    """An earlier moment has the earlier words and votes, says so, leads back to now, and lets nobody act."""
    idea_id = await lively(service, author, voter)
    await head(service)
    answer = await author.send("GET", f"/ideas/{idea_id}?step=0", accept="text/html")
    assert answer.status_code == 303
    shown = (await author.send("GET", answer.headers["location"], accept="text/html")).text
    was = read(shown)
    assert was.one("h1").text == "Badgers"
    assert "This is how the idea was on" in was.one("section", class_="then").text
    assert was.one("section", class_="then").all("a")[0]["href"] == f"/ideas/{idea_id}"
    assert "Nobody has supported this yet" in was.text
    article = shown[shown.index("<article") : shown.index("</article>")]
    assert "<button" not in article
    assert "<form" not in article
    last = await page(service, (await service.client.get(f"/ideas/{idea_id}?step=last")).headers["location"])
    assert last.one("h1").text == "Otters"
    assert "3 people support this" in last.text


async def test_one_can_walk_step_by_step(service, author, voter):
    """From the first step, links lead through all of them in order, and back."""
    idea_id = await lively(service, author, voter)
    await head(service)
    address = (await service.client.get(f"/ideas/{idea_id}?step=0")).headers["location"]
    titles, way = [], [address]
    while True:
        here = await page(service, way[-1])
        titles.append(here.one("h1").text)
        onward = here.all("a", rel="next")
        if not onward:
            break
        way.append(onward[0]["href"])
    assert titles[0] == "Badgers"
    assert titles[-1] == "Otters"
    # The idea, the need, the offer, the votes of the day, and the revision.
    assert len(way) == 5
    assert (await page(service, way[1])).one("a", rel="prev")["href"] == way[0]
    assert not (await page(service, way[0])).all("a", rel="prev")


async def test_the_slider_has_a_place_for_each_step(service, author, voter, monkeypatch):
    """Each place has its moment in words; of very many steps there are evenly chosen ones, the ends among them."""
    idea_id = await lively(service, author, voter)
    await head(service)
    slider = (await page(service, f"/ideas/{idea_id}?as_of=9999999")).one("input", id="step")
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "4", "4")
    assert slider["aria-valuetext"].endswith("UTC")
    monkeypatch.setattr(then, "MOMENTS_MAX", 3)
    few = await page(service, f"/ideas/{idea_id}?as_of=9999999")
    assert [option["value"] for option in few.one("datalist").all("option")] == ["0", "1", "2"]
    led = await service.client.get(f"/ideas/{idea_id}?step=999999")
    assert led.headers["location"] == f"/ideas/{idea_id}?as_of={few.all('option')[-1]['data-position']}"


async def test_a_day_leads_to_its_end(service, author):
    """A day that is chosen stands for its last moment; one before the idea has no idea to show."""
    idea_id = await author.log_idea()
    await head(service)
    led = await service.client.get(f"/ideas/{idea_id}?day=2020-05-03")
    assert led.headers["location"] == f"/ideas/{idea_id}?as_of=2020-05-03T23:59:59Z"
    assert (await service.client.get(led.headers["location"])).status_code == 404
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    led = await service.client.get(f"/ideas/{idea_id}?day={tomorrow}")
    assert (await service.client.get(led.headers["location"])).status_code == 200


@pytest.mark.parametrize(
    "query", ["as_of=", "as_of=yesterday", "step=-1", "step=x", "day=2026-02-31", "as_of=%00"]
)
async def test_a_moment_that_cannot_be_meant_is_now(service, author, query):
    """An odd address shows the thing as it is."""
    idea_id = await author.log_idea()
    await head(service)
    answer = await service.client.get(f"/ideas/{idea_id}?{query}")
    assert (answer.status_code, "This is how" in answer.text) == (200, False)


async def test_a_pool_and_a_mandate_are_shown_as_they_were(service, author):
    """A pool before its pledge, and a mandate before it was revised, without any form to change them."""
    pool = (await opened(author)).removeprefix("/api/v1")
    person, dale = await funder(service, "Dale Trust")
    await pledged(person, f"/api/v1{pool}", dale, 700)
    fay, trust = await mandate_funder(service)
    mandate = (await published(fay, trust, title="Buses")).removeprefix("/api/v1")
    await fay.send("PATCH", f"/api/v1{mandate}", {"title": "Trams", "reason": "Rails."})
    await head(service)
    for reader, path, then_words, now_words in (
        (person, pool, "Nobody yet.", "Dale Trust"),
        (fay, mandate, "Buses", "Trams"),
    ):
        first = (await service.client.get(f"{path}?step=0")).headers["location"]
        was = (await reader.send("GET", first, accept="text/html")).text
        picture = was[was.index("data-picture") :]
        assert then_words in picture
        assert now_words not in picture
        assert "<form" not in picture
        last = (await service.client.get(f"{path}?step=last")).headers["location"]
        assert now_words in (await service.client.get(last)).text


async def test_a_part_of_the_page_comes_alone(service, author):
    """A script gets the picture and the ways to others without what goes around them."""
    idea_id = await author.log_idea(title="Badgers")
    position = await head(service)
    part = (await service.client.get(f"/ideas/{idea_id}?as_of={position}&part=picture")).text
    assert "data-picture" in part
    assert "data-standing" in part
    assert '<header class="top' not in part


async def test_what_was_erased_is_not_shown_of_earlier_either(own_service):
    """With the key of an idea gone, no moment of it shows its words."""
    author = await own_service.person()
    idea_id = await author.log_idea(title="A planted badger", problem="planted")
    await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "Another planted badger"})
    position = await head(own_service)
    address = f"/ideas/{idea_id}?as_of={position}"
    assert "planted" in (await own_service.client.get(address)).text
    await own_service.resources.store.keyring.destroy([idea_id])
    answer = await own_service.client.get(address)
    assert (answer.status_code, "planted" in answer.text) == (200, False)
