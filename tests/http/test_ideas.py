"""Ideas over HTTP: logged, found, revised, withdrawn and reopened."""

import pytest

from events.streams import new_id
from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio


async def test_an_idea_is_logged_and_read_back(service, author):
    """Whoever logs an idea reads it back by its position, with everything that was said."""
    answer = await author.send("POST", "/api/v1/ideas", {**IDEA, "title": "  Herons need a pond  "})
    assert answer.status_code == 201
    logged = answer.json()
    assert set(logged) == {"idea_id", "position", "similar"}
    read = await service.client.get(f"/api/v1/ideas/{logged['idea_id']}?min_position={logged['position']}")
    assert read.status_code == 200
    idea = read.json()
    assert idea["title"] == "Herons need a pond"
    assert {name: idea[name] for name in ("problem", "themes", "places", "ask")} == {
        name: IDEA[name] for name in ("problem", "themes", "places", "ask")
    }
    assert (idea["community"], idea["stage"], idea["votes"], idea["version"]) == ("commons", "logged", 0, 1)
    assert idea["position"] == logged["position"]
    assert idea["author_id"] == str(author.person_id)


async def test_an_idea_that_reads_like_another_says_so(service, author):
    """The answer to a new idea names one that was there before and reads like it."""
    first = await author.log_idea(title="A repair library for powered wheelchairs")
    head = await service.resources.store.head()
    assert await service.resources.positions.wait("idea_board", head)
    answer = await author.send(
        "POST", "/api/v1/ideas", {**IDEA, "title": "A repair library for all powered wheelchairs"}
    )
    assert str(first) in [similar["idea_id"] for similar in answer.json()["similar"]]


async def test_an_idea_needs_a_community(author):
    """An idea in a community that nobody opened is refused as not found."""
    answer = await author.send("POST", "/api/v1/ideas", {**IDEA, "community": "nowhere"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:open-impact:community-unknown"


async def test_the_board_is_filtered_sorted_and_paged(service, author):
    """The board finds words, themes and places, and its pages together show every idea once."""
    made = [
        str(await author.log_idea(title=f"Otter watch number {number}", places=["GB-LDS"]))
        for number in range(5)
    ]
    head = await service.resources.store.head()
    seen, cursor = [], ""
    while cursor is not None:
        address = (
            f"/api/v1/ideas?q=otter&place=E12000003&sort=newest&limit=2&min_position={head}&cursor={cursor}"
        )
        page = (await service.client.get(address)).json()
        seen += [item["idea_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]
    assert (await service.client.get("/api/v1/ideas?q=otter&theme=HE")).json()["items"] == []


async def test_the_author_revises_some_of_an_idea(service, author):
    """A revision changes what it names, keeps the rest, and can take the ask away."""
    idea_id = await author.log_idea()
    changes = {"title": "Four villages", "ask": None, "reason": "Cotherstone joined."}
    answer = await author.send("PATCH", f"/api/v1/ideas/{idea_id}", changes)
    assert answer.status_code == 200
    read = await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={answer.json()['position']}")
    idea = read.json()
    assert (idea["title"], idea["ask"], idea["version"]) == ("Four villages", None, 2)
    assert (idea["problem"], idea["themes"]) == (IDEA["problem"], IDEA["themes"])


async def test_only_the_author_changes_an_idea(author, voter):
    """Somebody else may neither revise nor withdraw an idea, and is told so."""
    idea_id = await author.log_idea()
    for method, path, body in (
        ("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "Mine now"}),
        ("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "I do not like it."}),
    ):
        answer = await voter.send(method, path, body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:not-the-author")


async def test_a_stale_revision_is_refused(service, author, voter):
    """A revision of what was changed meanwhile is refused; a vote in between does not make it stale."""
    idea_id = await author.log_idea()
    position = (await voter.vote(idea_id)).json()["position"]
    address = f"/api/v1/ideas/{idea_id}"
    etag = (await service.client.get(f"{address}?min_position={position}")).headers["etag"]
    assert (await author.send("PATCH", address, {"title": "One"}, if_match=etag)).status_code == 200
    stale = await author.send("PATCH", address, {"title": "Two"}, if_match=etag)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:open-impact:outdated")
    assert (await author.send("PATCH", address, {"title": "Two"}, if_match="nonsense")).status_code == 412
    assert (await author.send("PATCH", address, {"title": "Two"}, if_match="*")).status_code == 200


async def test_an_idea_is_not_sent_twice(service, author, voter):
    """Whoever has an idea already is told so, until it changes or gets a vote."""
    idea_id = await author.log_idea()
    address = f"/api/v1/ideas/{idea_id}?min_position={await service.resources.store.head()}"
    first = await service.client.get(address)
    again = await service.client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    position = (await voter.vote(idea_id)).json()["position"]
    address = f"/api/v1/ideas/{idea_id}?min_position={position}"
    assert (
        await service.client.get(address, headers={"if-none-match": first.headers["etag"]})
    ).status_code == 200


async def test_an_idea_is_withdrawn_and_reopened(service, author, voter):
    """A withdrawn idea says why and takes no votes; reopened, it takes them again."""
    idea_id = await author.log_idea()
    withdrawn = await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "The bus is back."})
    assert withdrawn.status_code == 200
    read = await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={withdrawn.json()['position']}")
    assert (read.json()["stage"], read.json()["withdrawn_reason"]) == ("withdrawn", "The bus is back.")
    await service.heard(withdrawn.json()["position"])
    refused = await voter.vote(idea_id)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:idea-not-open")
    reopened = await author.send("POST", f"/api/v1/ideas/{idea_id}/reopen")
    assert reopened.status_code == 200
    await service.heard(reopened.json()["position"])
    assert (await voter.vote(idea_id)).status_code == 200


async def test_an_idea_is_shown_as_it_was(service, author, voter):
    """As of a position or a time, an idea has the texts, the votes and the stage it had then."""
    idea_id = await author.log_idea(title="First words")
    address = f"/api/v1/ideas/{idea_id}"
    logged = (
        await service.client.get(f"{address}?min_position={await service.resources.store.head()}")
    ).json()
    voted = (await voter.vote(idea_id)).json()["position"]
    await author.send("PATCH", address, {"title": "Second words"})
    await author.send("POST", f"{address}/withdraw", {"reason": "Enough."})

    then = (await service.client.get(f"{address}?as_of={voted}")).json()
    assert (then["title"], then["votes"], then["stage"], then["version"]) == ("First words", 1, "logged", 1)
    now = (await service.client.get(f"{address}?as_of=2999-01-01T00:00:00Z")).json()
    assert (now["title"], now["votes"], now["stage"]) == ("Second words", 1, "withdrawn")
    by_time = (
        await service.client.get(f"{address}?as_of={logged['logged_at'].replace('Z', '+00:00')}")
    ).json()
    assert (by_time["title"], by_time["votes"]) == ("First words", 0)
    before = await service.client.get(f"{address}?as_of={logged['position'] - 1}")
    assert before.status_code == 404
    assert (await service.client.get(f"{address}?as_of=yesterday")).json()["errors"][0]["path"] == "as_of"


async def test_what_does_not_exist_is_not_found(service, author):
    """An identifier that stands for nothing is answered with 404, to readers and writers alike."""
    nothing = new_id()
    assert (await service.client.get(f"/api/v1/ideas/{nothing}")).status_code == 404
    assert (await service.client.get(f"/api/v1/ideas/{nothing}/history")).status_code == 404
    assert (await author.vote(nothing)).status_code == 404
    assert (await author.send("PATCH", f"/api/v1/ideas/{nothing}", {"title": "X"})).status_code == 404
    assert (await service.client.get("/api/v1/ideas/not-a-uuid")).status_code == 404


async def test_a_reader_of_the_future_is_told_to_come_back(service, author, monkeypatch):
    """A position that is not there yet is waited for, and then answered with 503 and when to try again."""
    monkeypatch.setattr("app.http.waiting.WAIT_SECONDS", 0.05)
    idea_id = await author.log_idea()
    for address in ("/api/v1/ideas", f"/api/v1/ideas/{idea_id}", f"/api/v1/ideas/{idea_id}/history"):
        answer = await service.client.get(f"{address}?min_position=1000000")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
