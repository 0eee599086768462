"""The audit history over HTTP: everything that happened, and no voter given away."""

import pytest

pytestmark = pytest.mark.asyncio


async def all_of(client, address, position):
    """Read a list page by page, two items at a time."""
    items, cursor = [], ""
    joint = "&" if "?" in address else "?"
    while cursor is not None:
        answer = await client.get(f"{address}{joint}limit=2&cursor={cursor}&min_position={position}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        cursor = page["next_cursor"]
    return items


async def test_the_history_of_an_idea_tells_everything(service, author, voter):
    """Who, what, when, why, before and after: newest first, page by page, nothing twice."""
    idea_id = await author.log_idea()
    await voter.vote(idea_id)
    address = f"/api/v1/ideas/{idea_id}"
    revised = await author.send("PATCH", address, {"title": "Four villages", "reason": "One more joined."})
    items = await all_of(service.client, f"{address}/history", revised.json()["position"])
    assert [item["type"] for item in items] == ["IdeaRevised", "VoteCast", "IdeaLogged"]
    revision = items[0]
    assert (revision["actor"], revision["why"]) == (str(author.person_id), "One more joined.")
    assert revision["changes"] == [
        {"field": "title", "before": "A shared minibus for three villages", "after": "Four villages"}
    ]
    assert revision["position"] == revised.json()["position"]


async def test_the_history_does_not_tell_who_voted(service, author, voter):
    """A voter has a pseudonym in an idea's history, the same each time, and another one for another idea."""
    first, second = await author.log_idea(), await author.log_idea()
    for idea_id in (first, second):
        await voter.vote(idea_id)
    undone = await voter.send("DELETE", f"/api/v1/ideas/{second}/vote")
    actors = []
    for idea_id in (first, second):
        items = await all_of(service.client, f"/api/v1/ideas/{idea_id}/history", undone.json()["position"])
        voters = {item["actor"] for item in items if item["type"].startswith("Vote")}
        assert len(voters) == 1
        actors += voters
    assert len(set(actors)) == 2
    assert str(voter.person_id) not in actors


async def test_a_history_by_actor_leaves_votes_out(service, author, voter):
    """Nobody can ask for everything a person voted for, not even by the length or the cursors of pages."""
    own = [str(await voter.log_idea()) for _ in range(3)]
    others = [await author.log_idea() for _ in range(5)]
    answers = [await voter.vote(idea_id) for idea_id in others]
    position = max(answer.json()["position"] for answer in answers)
    items = await all_of(service.client, f"/api/v1/history?actor={voter.person_id}", position)
    assert [item["subject"] for item in items] == own[::-1]
    address = f"/api/v1/history?actor={voter.person_id}&type=VoteCast"
    assert (await service.client.get(address)).json() == {"items": [], "next_cursor": None}


async def test_the_history_is_filtered(service, author):
    """The history of everything is narrowed down by subject, type and time."""
    idea_id = await author.log_idea()
    withdrawn = await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Enough."})
    position = withdrawn.json()["position"]
    items = await all_of(service.client, f"/api/v1/history?subject={idea_id}&type=IdeaWithdrawn", position)
    assert [item["why"] for item in items] == ["Enough."]
    moment = items[0]["occurred_at"]
    since = await all_of(service.client, f"/api/v1/history?subject={idea_id}&since={moment}", position)
    until = await all_of(service.client, f"/api/v1/history?subject={idea_id}&until={moment}", position)
    assert ([item["type"] for item in since], [item["type"] for item in until]) == (
        ["IdeaWithdrawn"],
        ["IdeaLogged"],
    )
