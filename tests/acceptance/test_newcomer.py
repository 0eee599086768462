"""A newcomer's first hour: look around, get a token, log an idea, vote, follow what happens."""

import asyncio
import html
import json
import re
from uuid import UUID

import pytest
from prometheus_client.parser import text_string_to_metric_families

from events.streams import vote_stream
from tests.acceptance.people import an_idea, following

pytestmark = pytest.mark.asyncio

IDEA_LINK = re.compile(r'href="/ideas/([0-9a-f-]{36})"')
NEXT_LINK = re.compile(r'<link rel="next" href="([^"]+)">')
PATIENCE_SECONDS = 20
ENOUGH_IDEAS = 40


async def all_ideas(web):
    """Read the whole board through the API, page by page."""
    found, cursor = [], None
    while True:
        query = {"limit": 25, "sort": "newest"} | ({"cursor": cursor} if cursor else {})
        page = (await web.get("/api/v1/ideas", params=query)).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_the_board_shows_the_sample_ideas(web):
    """From the front page on, page after page, there are at least forty ideas, each with a page of its own."""
    address, found = "/", set()
    while address:
        page = await web.get(address)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        found |= set(IDEA_LINK.findall(page.text))
        following_page = NEXT_LINK.search(page.text)
        address = html.unescape(following_page[1]) if following_page else None
    assert len(found) >= ENOUGH_IDEAS
    assert {item["idea_id"] for item in await all_ideas(web)} >= found


async def test_an_idea_page_says_what_the_api_says(web):
    """The page of an idea has its title, and the votes that the API counts."""
    idea = (await web.get("/api/v1/ideas", params={"sort": "votes", "limit": 1})).json()["items"][0]
    page = await web.get(f"/ideas/{idea['idea_id']}")
    assert page.status_code == 200
    assert idea["title"] in html.unescape(page.text)
    detail = (await web.get(f"/api/v1/ideas/{idea['idea_id']}")).json()
    assert detail["votes"] == idea["votes"] > 0
    assert f"{idea['votes']:,}" in page.text


async def test_a_search_finds_an_idea_by_its_words(web):
    """A word of a title finds the idea, on the page and through the API; nonsense finds nothing and says so."""
    idea = (await all_ideas(web))[0]
    word = max(re.findall(r"\w+", idea["title"]), key=len)
    page = await web.get("/", params={"q": word})
    assert idea["idea_id"] in IDEA_LINK.findall(page.text)
    found = (await web.get("/api/v1/ideas", params={"q": word})).json()["items"]
    assert idea["idea_id"] in [item["idea_id"] for item in found]
    nothing = await web.get("/", params={"q": "xyzzyplugh"})
    assert nothing.status_code == 200
    assert IDEA_LINK.findall(nothing.text) == []


async def test_a_newcomer_logs_an_idea_that_somebody_else_supports(web, newcomer):
    """A token from the command line logs an idea; another votes for it; both show at once where they are asked for."""
    ada, bea = await newcomer("Ada", "ideas:write", "votes:write"), await newcomer("Bea", "votes:write")
    logged = await web.post(
        "/api/v1/ideas", json=an_idea("An evening bus to the clinic"), headers=ada.headers
    )
    assert logged.status_code == 201, logged.text
    idea_id = logged.json()["idea_id"]
    address = f"/api/v1/ideas/{idea_id}"

    own = await web.put(f"{address}/vote", headers=ada.headers)
    assert own.status_code == 409
    assert own.headers["content-type"] == "application/problem+json"

    voted = await web.put(f"{address}/vote", headers=bea.headers)
    assert voted.status_code == 200
    assert voted.json()["votes"] == 1
    seen = await web.get(address, params={"min_position": voted.json()["position"]})
    assert seen.json()["votes"] == 1
    board = await web.get(
        "/api/v1/ideas", params={"q": "evening bus", "min_position": voted.json()["position"]}
    )
    assert [item["votes"] for item in board.json()["items"] if item["idea_id"] == idea_id] == [1]
    assert "An evening bus to the clinic" in (await web.get(f"/ideas/{idea_id}")).text


async def test_two_hundred_votes_at_once_of_one_person_are_one_event(site, web, newcomer):
    """Two hundred parallel requests are all answered alike, and the log holds one event."""
    cleo = await newcomer("Cleo", "votes:write")
    idea = (await all_ideas(web))[-1]
    address = f"/api/v1/ideas/{idea['idea_id']}/vote"
    answers = await asyncio.gather(*(web.put(address, headers=cleo.headers) for _ in range(200)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["votes"] for answer in answers} == {idea["votes"] + 1}
    shown = await site.command("events", "show", vote_stream(UUID(idea["idea_id"]), cleo.id), "--json")
    events = [json.loads(line) for line in shown.output.splitlines()]
    assert [event["type"] for event in events] == ["VoteCast"]


async def test_a_follower_gets_a_vote_and_misses_nothing_after_a_cut(web, newcomer):
    """The event stream delivers a vote with its position; cut off and resumed there, it delivers what came between."""
    dora = await newcomer("Dora", "votes:write")
    first, second, third = [item["idea_id"] for item in (await all_ideas(web))[:3]]

    async def vote(idea_id):
        answer = await web.put(f"/api/v1/ideas/{idea_id}/vote", headers=dora.headers)
        return answer.json()["position"]

    async with asyncio.timeout(PATIENCE_SECONDS):
        newest = await vote(first)
        async with following(web, params={"after": newest - 1}) as next_event:
            position, event = await next_event()
            assert (position, event["type"], event["data"]["idea_id"]) == (newest, "VoteCast", first)
            assert event["data"]["person_id"] != dora.person_id, "voters are pseudonyms in public"
        missed = await vote(second)
        async with following(web, headers={"Last-Event-ID": str(position)}) as next_event:
            live = await vote(third)
            got = [await next_event(), await next_event()]
    assert [at for at, _ in got] == [missed, live] == [newest + 1, newest + 2]
    assert [event["data"]["idea_id"] for _, event in got] == [second, third]


async def test_a_program_finds_its_way(web):
    """The description of the API is there, health is good, and an unknown address is a problem in JSON or a page."""
    assert (await web.get("/api/openapi.json")).json()["openapi"].startswith("3.1")
    assert (await web.get("/health/live")).status_code == 200
    assert (await web.get("/health/ready")).status_code == 200
    missing = await web.get("/api/v1/ideas/00000000-0000-0000-0000-000000000000")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    page = await web.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (404, "text/html")


async def test_the_metrics_can_be_scraped_and_tell_the_lag(web):
    """Prometheus' own parser reads the metrics, and every projection has its lag in events and in seconds."""
    families = {
        family.name: family for family in text_string_to_metric_families((await web.get("/metrics")).text)
    }
    for name in ("open_impact_projection_lag_events", "open_impact_projection_lag_seconds"):
        family = families[name]
        assert family.type == "gauge"
        assert {"idea_board", "idea_detail", "audit_history"} <= {
            sample.labels["projection"] for sample in family.samples
        }
