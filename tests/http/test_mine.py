"""Everything that is somebody's own, as one file: whole, theirs alone, and nothing in it that lets anybody in."""

import json

import pytest

from app.access.accounts import by_email
from app.web.mine import everything, pages_of
from tests.http.conftest import IDEA
from tests.http.signing_in import SAME_SITE, Browser

pytestmark = pytest.mark.asyncio
PATH = "/me/everything.json"
LISTS = ("ideas", "votes", "offers", "endpoints", "history")


async def somebody(service, author, email):
    """Sign somebody in, who logs two ideas, supports one of somebody else's and has a draft."""
    browser = Browser(service)
    await browser.sign_in(email, name=f"Name of {email}")

    async def send(method, path, body=None):
        answer = await browser.client.request(method, path, json=body, headers=SAME_SITE)
        assert answer.status_code < 300, answer.text
        return answer.json()

    ideas = [
        (await send("POST", "/api/v1/ideas", {**IDEA, "title": f"{title} of {email}"}))["idea_id"]
        for title in ("Herons", "Otters")
    ]
    supported = str(await author.log_idea())
    await send("PUT", f"/api/v1/ideas/{supported}/vote", {})
    await browser.post(
        "/ideas/new/01998a0e-0000-7000-8000-000000000001/problem",
        step="problem",
        title=f"Draft of {email}",
        act="later",
    )
    await service.shown()
    return browser, ideas, supported


async def test_the_file_has_what_is_mine_and_nothing_of_others(service, author):
    """Ideas, votes, drafts, sessions and settings of one person come; of another nothing, not even a name."""
    mine, ideas, supported = await somebody(service, author, "heron@example.org")
    await somebody(service, author, "otter@example.org")
    answer = await mine.get(PATH)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["content-disposition"].startswith('attachment; filename="open-impact-everything')
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert (found["account"]["email"], found["account"]["name"]) == (
        "heron@example.org",
        "Name of heron@example.org",
    )
    assert {idea["idea_id"] for idea in found["ideas"]} == set(ideas)
    assert found["ideas"][0]["problem"] == IDEA["problem"]
    assert [vote["idea_id"] for vote in found["votes"]] == [supported]
    assert [draft["typed"]["title"] for draft in found["drafts"]] == ["Draft of heron@example.org"]
    assert [session["proved_by"] for session in found["sessions"]] == ["link"]
    assert found["letters"] == {"read_up_to": 0, "by_mail": True, "language": "en"}
    assert {"IdeaLogged", "PersonJoined"} <= {item["type"] for item in found["history"]}
    assert "otter@example.org" not in answer.text


async def test_no_word_that_opens_an_account_is_in_the_file(service):
    """Neither the word of the session that asks for it nor a token that was just made."""
    browser = Browser(service)
    await browser.sign_in("newt@example.org")
    made = await browser.client.post(
        "/api/v1/me/tokens", json={"label": "Nightly", "scopes": ["read"]}, headers=SAME_SITE
    )
    text = (await browser.get(PATH)).text
    assert [token["label"] for token in json.loads(text)["tokens"]] == ["Nightly"]
    assert made.json()["token"] not in text
    assert browser.session not in text
    assert "digest" not in text


async def test_it_is_the_same_whatever_the_length_of_a_page(service, author):
    """Read one by one, the lists are as they are read at once."""
    await somebody(service, author, "vole@example.org")
    person_id = (await by_email(service.resources.pool, "vole@example.org")).person_id

    async def lists(limit):
        frames = everything({"made_at": "now"}, pages_of(service.resources, person_id, limit=limit))
        return json.loads(b"".join([frame async for frame in frames]))

    one_by_one, at_once = await lists(1), await lists(200)
    assert one_by_one == at_once
    assert [len(at_once[name]) for name in LISTS[:4]] == [2, 1, 0, 0]


async def test_it_is_for_people_who_are_signed_in(service, author):
    """Whoever is not signed in is led to where they sign in, and a program with a token is refused."""
    stranger = await Browser(service).get(PATH)
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/sign-in")
    assert (await author.send("GET", PATH)).status_code == 403
    browser = Browser(service)
    await browser.sign_in("shrew@example.org")
    assert f'href="{PATH}"' in (await browser.get("/me")).text
