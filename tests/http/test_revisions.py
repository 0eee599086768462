"""Versions of an idea's texts over HTTP: every one is kept, and any two are compared word by word."""

import pytest

from events.streams import new_id
from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio


async def revised(author, **changes):
    """Log an idea and revise it twice; gives its address."""
    idea_id = await author.log_idea()
    address = f"/api/v1/ideas/{idea_id}"
    await author.send(
        "PATCH", address, {"title": "A shared minibus for four villages", "reason": "One more."}
    )
    await author.send("POST", f"{address}/needs", {"kind": "people", "title": "A driver"})
    await author.send("PATCH", address, {"places": ["GB-CMA"], "themes": ["SW104"], "ask": None, **changes})
    return address


async def test_every_version_is_listed(service, author):
    """When, by whom, why, and which fields it changed, the newest first; needs are no version of the texts."""
    address = await revised(author)
    items = (await service.client.get(f"{address}/revisions")).json()["items"]
    assert [(item["number"], item["reason"], item["changed"]) for item in items] == [
        (3, None, ["themes", "places", "ask"]),
        (2, "One more.", ["title"]),
        (1, None, []),
    ]
    assert {item["by"] for item in items} == {str(author.person_id)}
    first = (await service.client.get(f"{address}/revisions?limit=2")).json()
    rest = (await service.client.get(f"{address}/revisions?limit=2&cursor={first['next_cursor']}")).json()
    assert [*first["items"], *rest["items"]] == items
    assert rest["next_cursor"] is None


async def test_any_version_is_read_whole(service, author):
    """The first version says what was logged, the last what is there now."""
    address = await revised(author)
    first = (await service.client.get(f"{address}/revisions/1")).json()
    assert {name: first[name] for name in IDEA} == IDEA
    last = (await service.client.get(f"{address}/revisions/3")).json()
    assert (last["title"], last["ask"], last["places"]) == (
        "A shared minibus for four villages",
        None,
        ["GB-CMA"],
    )


async def test_two_versions_are_compared_word_by_word(service, author):
    """What differs between any two is told, in either direction, and nothing else."""
    address = await revised(author)
    compared = (await service.client.get(f"{address}/revisions/difference?from=1&to=3")).json()
    assert (compared["from"]["number"], compared["to"]["number"]) == (1, 3)
    assert compared["texts"] == [
        {
            "field": "title",
            "pieces": [
                {"kind": "same", "text": "A shared minibus for "},
                {"kind": "removed", "text": "three "},
                {"kind": "added", "text": "four "},
                {"kind": "same", "text": "villages"},
            ],
        }
    ]
    assert compared["codes"] == [
        {"field": "themes", "removed": ["BE108"], "added": []},
        {"field": "places", "removed": ["GB-DUR"], "added": ["GB-CMA"]},
    ]
    assert compared["ask"] == [IDEA["ask"], None]
    back = (await service.client.get(f"{address}/revisions/difference?from=3&to=1")).json()
    assert back["ask"] == [None, IDEA["ask"]]
    same = (await service.client.get(f"{address}/revisions/difference?from=2&to=2")).json()
    assert (same["texts"], same["codes"], same["ask"]) == ([], [], [])


async def test_what_is_not_there_is_not_found(service, author):
    """No such idea and no such version are answered with 404, a number that is none with 400."""
    address = await revised(author)
    for path in (f"{address}/revisions/4", f"{address}/revisions/difference?from=1&to=9"):
        answer = await service.client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:open-impact:revision-unknown")
    nothing = f"/api/v1/ideas/{new_id()}/revisions"
    for path in (nothing, f"{nothing}/1", f"{nothing}/difference?from=1&to=1"):
        assert (await service.client.get(path)).json()["type"] == "urn:open-impact:idea-unknown"
    for path in ("difference", "difference?from=0&to=1", "difference?from=1&to=x"):
        assert (await service.client.get(f"{address}/revisions/{path}")).status_code == 400
    bad = await service.client.get(f"{address}/revisions?cursor=nonsense")
    assert bad.json()["errors"][0]["path"] == "cursor"
