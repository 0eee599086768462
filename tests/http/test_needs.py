"""What an idea needs, over HTTP: named, read in order, described anew, ordered and removed by those in charge."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.command_handling import Cause
from domain.community import COMMUNITY, AppointSteward
from events.streams import community_id, community_stream, new_id

pytestmark = pytest.mark.asyncio

DRIVERS = {
    "kind": "people",
    "title": " Two drivers ",
    "description": "With a licence.",
    "size": "Six hours a week",
    "cost": {"amount_minor": 420000, "currency": "GBP"},
}


async def named(author, idea_id: UUID, title: str = "A need", **said) -> str:
    """Name a need and give its identifier."""
    answer = await author.send(
        "POST", f"/api/v1/ideas/{idea_id}/needs", {"kind": "other", "title": title, **said}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["need_id"]


async def needs(service, idea_id: UUID, **asked) -> list[dict]:
    """Read all that an idea needs."""
    head = await service.resources.store.head()
    answer = await service.client.get(
        f"/api/v1/ideas/{idea_id}/needs", params={"min_position": head, "limit": 200, **asked}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_need_is_named_and_read_back(service, author):
    """Whoever names a need reads it back by its position, with everything that was said."""
    idea_id = await author.log_idea()
    answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/needs", DRIVERS)
    assert answer.status_code == 201
    assert set(answer.json()) == {"idea_id", "need_id", "position"}
    (need,) = await needs(service, idea_id)
    assert need["need_id"] == answer.json()["need_id"]
    assert {name: need[name] for name in DRIVERS} == {**DRIVERS, "title": "Two drivers"}
    assert need["revised_at"] is None
    card = (await service.client.get(f"/api/v1/ideas?needs=open&limit=200&q={idea_id}")).json()
    assert card["items"] == []


async def test_ideas_with_open_needs_are_found(service, author):
    """The board with `needs=open` shows an idea once it lacks something, and tells how many parts."""
    idea_id = await author.log_idea(title="Xylophones for the hospice choir")
    address = "/api/v1/ideas?q=xylophones&needs=open"
    await service.shown()
    assert (await service.client.get(address)).json()["items"] == []
    await named(author, idea_id)
    await named(author, idea_id)
    await service.shown()
    (card,) = (await service.client.get(address)).json()["items"]
    assert (card["idea_id"], card["open_needs"]) == (str(idea_id), 2)
    assert (await service.client.get("/api/v1/ideas?needs=closed")).status_code == 400


async def test_a_need_is_described_anew(service, author):
    """A change changes what it names, keeps the rest, and can take the cost away."""
    idea_id = await author.log_idea()
    need_id = (await author.send("POST", f"/api/v1/ideas/{idea_id}/needs", DRIVERS)).json()["need_id"]
    address = f"/api/v1/ideas/{idea_id}/needs/{need_id}"
    assert (await author.send("PATCH", address, {"title": "Three drivers", "cost": None})).status_code == 200
    (need,) = await needs(service, idea_id)
    assert (need["title"], need["cost"], need["size"]) == ("Three drivers", None, "Six hours a week")
    assert need["revised_at"] is not None


async def test_needs_are_put_in_order(service, author):
    """All needs in another order are shown in it; an order that leaves one out is refused, and changes nothing."""
    idea_id = await author.log_idea()
    made = [await named(author, idea_id, f"Need {number}") for number in range(3)]
    address = f"/api/v1/ideas/{idea_id}/needs/order"
    assert (await author.send("PUT", address, {"need_ids": made[::-1]})).status_code == 200
    assert [need["need_id"] for need in await needs(service, idea_id)] == made[::-1]
    refused = await author.send("PUT", address, {"need_ids": made[1:]})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:needs-out-of-date")
    assert [need["need_id"] for need in await needs(service, idea_id)] == made[::-1]


async def test_a_need_is_removed_with_a_reason(service, author):
    """A removed need is gone, its history says why, and no reason is no removal."""
    idea_id = await author.log_idea()
    need_id = await named(author, idea_id)
    address = f"/api/v1/ideas/{idea_id}/needs/{need_id}"
    assert (await author.send("DELETE", address, {"reason": " "})).status_code == 400
    assert (await author.send("DELETE", address)).status_code == 400
    assert (await author.send("DELETE", address, {"reason": "It is there."})).status_code == 200
    assert await needs(service, idea_id) == []
    again = await author.send("DELETE", address, {"reason": "It is there."})
    assert again.status_code == 200
    await service.shown()
    history = (await service.client.get(f"/api/v1/ideas/{idea_id}/history")).json()["items"]
    assert [item["why"] for item in history if item["type"] == "NeedRemoved"] == ["It is there."]


async def test_a_request_sent_twice_names_one_need(service, author):
    """The same key gives the same answer, and one need."""
    idea_id = await author.log_idea()
    address = f"/api/v1/ideas/{idea_id}/needs"
    first = await author.send("POST", address, DRIVERS, idempotency_key="drivers-1")
    again = await author.send("POST", address, DRIVERS, idempotency_key="drivers-1")
    assert again.json() == first.json()
    assert len(await needs(service, idea_id)) == 1


async def test_needs_are_the_business_of_those_in_charge(service, author, voter):
    """A stranger is refused by name of the rule; a steward of the community may."""
    idea_id = await author.log_idea()
    need_id = await named(author, idea_id)
    address = f"/api/v1/ideas/{idea_id}/needs"
    for method, path, body in (
        ("POST", address, DRIVERS),
        ("PATCH", f"{address}/{need_id}", {"title": "Mine"}),
        ("DELETE", f"{address}/{need_id}", {"reason": "Mine."}),
        ("PUT", f"{address}/order", {"need_ids": [need_id]}),
    ):
        answer = await voter.send(method, path, body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:not-in-charge")
    slug = f"needs-{new_id().hex[-8:]}"
    await service.community(slug)
    idea_id = await author.log_idea(community=slug)
    command = AppointSteward(
        now=datetime.now(UTC), community_id=community_id(slug), person_id=voter.person_id
    )
    await service.resources.handler.handle(
        COMMUNITY, community_stream(community_id(slug)), command, cause=Cause()
    )
    assert (await voter.send("POST", f"/api/v1/ideas/{idea_id}/needs", DRIVERS)).status_code == 201


async def test_an_idea_that_ended_takes_no_needs(author):
    """A withdrawn idea lacks nothing any more, and says so."""
    idea_id = await author.log_idea()
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Over."})
    answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/needs", DRIVERS)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:idea-is-withdrawn")


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"kind": "magic"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"size": "\0"}, "size"),
        ({"cost": {"amount_minor": -1, "currency": "GBP"}}, "cost.amount_minor"),
        ({"cost": {"amount_minor": 10**14, "currency": "GBP"}}, "cost.amount_minor"),
        ({"cost": {"amount_minor": 1.5, "currency": "GBP"}}, "cost.amount_minor"),
        ({"cost": {"amount_minor": 1, "currency": "XXY"}}, "cost.currency"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_wrong_with_a_need_is_named(author, wrong, path):
    """A need that cannot be meant is refused with the field's path, and nothing is recorded."""
    idea_id = await author.log_idea()
    answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/needs", {**DRIVERS, **wrong})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


async def test_what_is_not_there_is_not_found(service, author):
    """No idea, or no such need of it, is answered with 404."""
    idea_id, nothing = await author.log_idea(), new_id()
    assert (await service.client.get(f"/api/v1/ideas/{nothing}/needs")).status_code == 404
    assert (await author.send("POST", f"/api/v1/ideas/{nothing}/needs", DRIVERS)).status_code == 404
    for method, body in (("PATCH", {"title": "X"}), ("DELETE", {"reason": "X."})):
        answer = await author.send(method, f"/api/v1/ideas/{idea_id}/needs/{nothing}", body)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:open-impact:need-unknown")


async def test_needs_are_read_page_by_page(service, author):
    """Pages together are all needs, in order."""
    idea_id = await author.log_idea()
    made = [await named(author, idea_id, f"Need {number}") for number in range(5)]
    await service.shown()
    seen, cursor = [], ""
    while cursor is not None:
        page = (await service.client.get(f"/api/v1/ideas/{idea_id}/needs?limit=2&cursor={cursor}")).json()
        seen += [need["need_id"] for need in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made
    bad = await service.client.get(f"/api/v1/ideas/{idea_id}/needs?cursor=nonsense")
    assert bad.json()["errors"][0]["path"] == "cursor"


async def test_an_idea_is_shown_with_what_it_needed_then(service, author, voter):
    """As of an earlier position an idea has the needs it had, in their order, covered as far as they were then."""
    idea_id = await author.log_idea()
    first, second = await named(author, idea_id, "First"), await named(author, idea_id, "Second")
    before = await service.resources.store.head()
    offer = {"title": "A van", "needs": [first], "kind": "other", "description": "It stands still all week."}
    made = await voter.send("POST", f"/api/v1/ideas/{idea_id}/offers", offer)
    assert made.status_code == 201, made.text
    accept = f"/api/v1/offers/{made.json()['offer_id']}/accept"
    accepted = await author.send("POST", accept, {"standing": "chosen"})
    assert accepted.status_code == 200, accepted.text
    address = f"/api/v1/ideas/{idea_id}"
    await author.send("PUT", f"{address}/needs/order", {"need_ids": [second, first]})
    await author.send("DELETE", f"{address}/needs/{second}", {"reason": "It is there."})
    await service.shown()

    async def then(position: int) -> list[tuple[str, str]]:
        idea = (await service.client.get(f"{address}?as_of={position}")).json()
        assert idea["coverage"]["needs"] == len(idea["needs"])
        return [(need["title"], need["covering"]["status"]) for need in idea["needs"]]

    assert await then(before) == [("First", "uncovered"), ("Second", "uncovered")]
    assert await then(made.json()["position"]) == [("First", "offered"), ("Second", "uncovered")]
    assert await then(accepted.json()["position"]) == [("First", "covered"), ("Second", "uncovered")]
    assert await then(accepted.json()["position"] + 1) == [("Second", "uncovered"), ("First", "covered")]
    assert await then(2**40) == [("First", "covered")]
