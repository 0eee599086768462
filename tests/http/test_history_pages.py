"""History over HTTP as people see it: pages that can be narrowed and shared, and files of the same."""

import csv
import io
import json
from uuid import UUID

import pytest

from app.web.histories import downloads, pages
from tests.http.mandates import funder as mandate_funder
from tests.http.mandates import published
from tests.http.offering import need, offered
from tests.http.pools import funder, opened, pledged

pytestmark = pytest.mark.asyncio


async def page(service, address):
    """Read a page that shows everything recorded so far."""
    await service.shown()
    answer = await service.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_everything_that_happened_is_on_one_page(own_service):
    """Given an idea with votes and a revision, the history says what happened, who signed it and what changed."""
    author, voter = await own_service.person("Moira Teasdale"), await own_service.person("Tom Sample")
    idea_id = await author.log_idea(title="Badgers")
    await voter.vote(idea_id)
    await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "Otters", "reason": "They came."})
    whole = await page(own_service, "/history")
    for words in (
        "“Otters” was revised",
        "They came.",
        "1 person supported",
        "Moira Teasdale",
        "Otters</ins>",
    ):
        assert words in whole.replace('<span class="unseen">] </span>', ""), words
    assert "Tom Sample" not in whole
    assert str(voter.person_id) not in whole


async def test_history_is_narrowed_by_links(own_service):
    """By sort of thing, kind, thing, person and day, each by itself and together."""
    author, voter = await own_service.person("Moira Teasdale"), await own_service.person()
    idea_id = await author.log_idea(title="Badgers")
    other = await author.log_idea(title="Otters")
    await voter.vote(other)

    async def shown(query):
        text = await page(own_service, f"/history?{query}")
        return [words for words in ("“Badgers” was", "“Otters” was", "supported “Otters”") if words in text]

    assert await shown("") == ["“Badgers” was", "“Otters” was", "supported “Otters”"]
    assert await shown(f"about={idea_id}") == ["“Badgers” was"]
    assert await shown("kind=support") == ["supported “Otters”"]
    assert await shown("thing=idea&kind=new") == ["“Badgers” was", "“Otters” was"]
    assert await shown("thing=pool") == []
    assert await shown("until=2020-01-01") == []
    assert await shown(f"by={author.person_id}") == ["“Badgers” was", "“Otters” was"]
    # Nobody can ask what one person voted for.
    assert await shown(f"by={voter.person_id}") == []
    assert await shown(f"by={voter.person_id}&kind=support") == []
    assert await shown(f"about={voter.person_id}&kind=support") == []


async def test_pages_of_history_follow_one_another(own_service, monkeypatch):
    """More than fits on a page is on the next; a cursor that leads nowhere shows the newest."""
    monkeypatch.setattr(pages, "HAPPENINGS", 2)
    author = await own_service.person()
    for number in range(4):
        await author.log_idea(title=f"Badger {number}")
    first = await page(own_service, "/history?thing=idea")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = await page(own_service, following)
    assert ("Badger 3" in first, "Badger 1" in first) == (True, False)
    assert ("Badger 3" in second, "Badger 1" in second) == (False, True)
    assert "Back to the first page" in second
    assert "Badger 3" in await page(own_service, "/history?thing=idea&cursor=nonsense")


@pytest.mark.parametrize(
    "query",
    ["kind=%00", "about=nonsense", "since=2026-02-31", "until=9999-12-31", "since=0001-01-01", "by=%22"],
)
async def test_an_odd_address_shows_history_all_the_same(service, query):
    """What cannot be meant is left out; nobody gets an error for it."""
    assert (await service.client.get(f"/history?{query}")).status_code == 200
    assert (await service.client.get(f"/history.csv?{query}")).status_code == 200


async def test_each_thing_has_its_history(service, author):
    """Pools, mandates, offers and organisations have a page of their own, and what is not there has none."""
    pool = await opened(author)
    person, dale = await funder(service, "Dale Trust")
    await pledged(person, pool, dale, 700)
    pool_page = await page(service, f"/pools/{pool.rpartition('/')[2]}/history")
    assert "“Dale Trust” pledged £7" in pool_page
    assert "A pool was opened" in pool_page
    of_dale = await page(service, f"/organisations/{dale}/history")
    assert "was registered" in of_dale
    assert "“Dale Trust” pledged £7" in of_dale

    idea_id = await author.log_idea()
    offer_id = await offered(author, idea_id, await need(service, author, idea_id), title="A van")
    assert "offered a part: “A van”" in await page(service, f"/offers/{offer_id}/history")

    fay, trust = await mandate_funder(service)
    mandate = (await published(fay, trust, title="Rural buses")).removeprefix("/api/v1")
    assert "“Rural buses”" in await page(service, f"{mandate}/history")
    nobody = UUID(int=7)
    for things in ("ideas", "pools", "mandates", "offers", "organisations"):
        assert (await service.client.get(f"/{things}/{nobody}/history")).status_code == 404


async def test_history_can_be_downloaded_as_it_is_chosen(own_service, monkeypatch):
    """The same filters give a CSV file and JSON Lines, page by page behind the scenes, without giving a voter away."""
    monkeypatch.setattr(downloads, "LIMIT_MAX", 2)
    author, voter = await own_service.person(), await own_service.person()
    idea_id = await author.log_idea(title="=HYPERLINK(1)")
    await voter.vote(idea_id)
    for number in range(3):
        await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": f"Badger {number}"})
    await author.log_idea(title="Another")
    await own_service.shown()
    answer = await own_service.client.get(f"/history.csv?about={idea_id}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="open-impact-history-badger-2-' in answer.headers["content-disposition"]
    assert "content-length" not in answer.headers
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["type"] for row in rows] == [*["IdeaRevised"] * 3, "VoteCast", "IdeaLogged"]
    assert str(voter.person_id) not in answer.text
    lines = await own_service.client.get(f"/history.jsonl?about={idea_id}")
    api = (await own_service.client.get(f"/api/v1/ideas/{idea_id}/history")).json()["items"]
    assert [json.loads(line) for line in lines.text.splitlines()] == api
    narrowed = await own_service.client.get(f"/history.jsonl?about={idea_id}&kind=new")
    assert [json.loads(line)["type"] for line in narrowed.text.splitlines()] == ["IdeaLogged"]
    by_voter = await own_service.client.get(f"/history.jsonl?by={voter.person_id}")
    assert "VoteCast" not in by_voter.text


async def test_a_file_for_people_speaks_their_language_and_one_for_programs_english(own_service):
    """Sentences of a CSV file are those of the page; JSON Lines are what the API gives."""
    author = await own_service.person()
    idea_id = await author.log_idea(title="Badgers")
    await own_service.shown()
    page = await own_service.client.get(f"/cy/ideas/{idea_id}/history")
    assert "Cofnodwyd y syniad “Badgers”." in page.text
    rows = await own_service.client.get(f"/cy/history.csv?about={idea_id}")
    assert "Cofnodwyd y syniad “Badgers”." in rows.text
    lines = await own_service.client.get(f"/cy/history.jsonl?about={idea_id}")
    assert json.loads(lines.text)["sentence"] == "The idea “Badgers” was logged."


async def test_only_so_many_download_at_once(own_service, monkeypatch):
    """Beyond the bound one is told to wait, and a download that is over makes room."""
    monkeypatch.setattr(downloads, "AT_ONCE_MAX", 1)
    assert (await own_service.client.get("/history.csv")).status_code == 200
    assert (await own_service.client.head("/history.csv")).status_code == 200
    assert (await own_service.client.get("/history.csv")).status_code == 200
    own_service.app.state["downloads"].count = 1
    refused = await own_service.client.get("/history.csv")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
