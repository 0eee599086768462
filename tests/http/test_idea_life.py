"""The life of an idea over HTTP: closed, launched and reopened by those in charge, and the stages it was in."""

from datetime import UTC, datetime

import pytest

from app.command_handling import Cause
from domain.community import COMMUNITY, AppointSteward
from events.streams import community_id, community_stream, new_id

pytestmark = pytest.mark.asyncio

LAUNCH = {"link": "https://minibus.example.org/", "note": "On weekdays."}


async def seen(service, idea_id, position: int) -> dict:
    """Read an idea as it is at a position or later."""
    return (await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={position}")).json()


async def do(person, idea_id, what: str, body: dict | None = None) -> int:
    """Do something to an idea, and give the position it is recorded at."""
    answer = await person.send("POST", f"/api/v1/ideas/{idea_id}/{what}", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["position"]


async def stewarded(service, author, steward):
    """Log an idea in a community of its own, with a steward."""
    slug = f"life-{new_id().hex[-8:]}"
    await service.community(slug)
    identifier = community_id(slug)
    command = AppointSteward(now=datetime.now(UTC), community_id=identifier, person_id=steward.person_id)
    await service.resources.handler.handle(COMMUNITY, community_stream(identifier), command, cause=Cause())
    return await author.log_idea(community=slug)


async def test_an_idea_is_closed_and_reopened(service, author, voter):
    """A closed idea says why, leaves the board and takes no votes; reopened, it is back."""
    idea_id = await author.log_idea(title="A zeppelin for the fells")
    position = await do(author, idea_id, "close", {"reason": "It cannot fly here."})
    idea = await seen(service, idea_id, position)
    assert (idea["stage"], idea["closed_reason"], idea["stage_reason"]) == (
        "closed",
        "It cannot fly here.",
        "It was closed.",
    )
    board = f"/api/v1/ideas?q=zeppelin&min_position={position}"
    assert (await service.client.get(board)).json()["items"] == []
    assert len((await service.client.get(f"{board}&stage=closed")).json()["items"]) == 1
    await service.heard(position)
    assert (await voter.vote(idea_id)).json()["type"] == "urn:open-impact:idea-not-open"
    revised = await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "A kite"})
    assert (revised.status_code, revised.json()["type"]) == (409, "urn:open-impact:idea-is-closed")
    position = await do(author, idea_id, "reopen")
    assert (await seen(service, idea_id, position))["stage"] == "logged"


async def test_a_service_is_launched_moved_and_taken_back(service, author):
    """A launched idea is live and says where; it can move; reopened, it has no service."""
    idea_id = await author.log_idea()
    idea = await seen(service, idea_id, await do(author, idea_id, "launch", LAUNCH))
    assert (idea["stage"], idea["service_link"], idea["stage_reason"]) == (
        "live",
        LAUNCH["link"],
        "People can use it.",
    )
    moved = await do(author, idea_id, "launch", {"link": "https://new.example.org/"})
    assert (await seen(service, idea_id, moved))["service_link"] == "https://new.example.org/"
    position = await do(author, idea_id, "reopen", {"reason": "The bus broke down."})
    idea = await seen(service, idea_id, position)
    assert (idea["stage"], idea["service_link"]) == ("logged", None)


@pytest.mark.parametrize(
    "link", ["", "minibus", "javascript:alert(1)", "ftp://x.example/", "https://", "https://a b/"]
)
async def test_a_launch_needs_an_address_of_the_web(author, link):
    """A link that leads nowhere, or elsewhere than to a page, is refused by its field."""
    answer = await author.send("POST", f"/api/v1/ideas/{await author.log_idea()}/launch", {"link": link})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "link")


async def test_a_stranger_ends_nothing(author, voter):
    """Closing, launching and reopening are refused by name of the rule."""
    idea_id = await author.log_idea()
    for what, body in (("close", {"reason": "No."}), ("launch", LAUNCH), ("reopen", None)):
        answer = await voter.send("POST", f"/api/v1/ideas/{idea_id}/{what}", body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:not-in-charge")


async def test_what_a_steward_closed_its_author_does_not_reopen(service, author, voter):
    """A steward closes an idea of their community; its author is told whom to ask."""
    idea_id = await stewarded(service, author, voter)
    await do(voter, idea_id, "close", {"reason": "Somebody else does it."})
    refused = await author.send("POST", f"/api/v1/ideas/{idea_id}/reopen")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:open-impact:closed-by-steward")
    await do(voter, idea_id, "reopen")
    refused = await voter.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "No."})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:open-impact:not-the-author")


async def test_the_stages_of_an_idea_are_told(service, author):
    """Every stage with its reason, and what was said, the newest first."""
    idea_id = await author.log_idea()
    for number in range(3):
        person = await service.person(f"Voter {number}")
        await person.vote(idea_id)
    await do(author, idea_id, "launch", LAUNCH)
    await do(author, idea_id, "close", {"reason": "Nobody came."})
    await service.shown()
    address = f"/api/v1/ideas/{idea_id}/stages"
    items = (await service.client.get(address)).json()["items"]
    assert [(item["stage"], item["reason"], item["said"]) for item in items] == [
        ("closed", "It was closed.", "Nobody came."),
        ("live", "The service was launched.", "On weekdays."),
        ("supported", "3 people support it; 3 are enough in this community.", None),
        ("logged", "Somebody wrote it down.", None),
    ]
    assert [item["until"] for item in items[1:]] == [item["since"] for item in items[:-1]]
    first = (await service.client.get(f"{address}?limit=3")).json()
    rest = (await service.client.get(f"{address}?limit=3&cursor={first['next_cursor']}")).json()
    assert [*first["items"], *rest["items"]] == items
    assert (await service.client.get(f"/api/v1/ideas/{new_id()}/stages")).status_code == 404


async def test_an_idea_is_shown_in_the_stage_it_was_in(service, author):
    """As of an earlier position the stage, since when, its end and its link are those of then."""
    idea_id = await author.log_idea()
    launched = await do(author, idea_id, "launch", LAUNCH)
    closed = await do(author, idea_id, "close", {"reason": "Over."})
    position = await do(author, idea_id, "reopen")
    address = f"/api/v1/ideas/{idea_id}"

    async def then(at: int) -> tuple:
        idea = (await service.client.get(f"{address}?as_of={at}")).json()
        return idea["stage"], idea["service_link"], idea["closed_reason"]

    assert await then(launched - 1) == ("logged", None, None)
    assert await then(launched) == ("live", LAUNCH["link"], None)
    assert await then(closed) == ("closed", LAUNCH["link"], "Over.")
    assert await then(position) == ("logged", None, None)
    was = (await service.client.get(f"{address}?as_of={closed}")).json()
    stages = (await service.client.get(f"{address}/stages")).json()["items"]
    assert was["since"] == stages[1]["since"]
