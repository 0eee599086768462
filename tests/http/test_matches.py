"""Matches over HTTP: what fits a mandate, who is open to an idea, and why or why not."""

from uuid import UUID

import pytest

from events.contracts import MandateMatched, MatchReason
from events.envelope import Append, Metadata
from events.streams import match_stream, new_id
from tests.http.mandates import PATH, funder, in_days, pounds, published
from tests.projections.examples import NOON

pytestmark = pytest.mark.asyncio

# A theme and a place that no other test uses: the lists are of the whole service.
ABOUT = {"themes": ["AN103"], "places": ["GB-ORK"], "ask": {"amount_minor": 4_000, "currency": "GBP"}}


async def shown(service, path):
    """Read what shows everything that is recorded."""
    position = await service.resources.store.head()
    answer = await service.client.get(
        f"{path}{'&' if '?' in path else '?'}min_position={position}", timeout=10
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def about(answer):
    """List the titles of ideas with their scores."""
    return [(item["idea_title"], item["score"]) for item in answer["items"]]


async def test_a_mandate_lists_what_fits_with_its_reasons(service, author):
    """The best comes first; every score is the sum of its reasons, each of which says why."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, themes=["AN"], places=["GB-SCT"])
    near = await author.log_idea(title="Donkeys for Orkney", **ABOUT)
    await author.log_idea(title="Donkeys somewhere", **{**ABOUT, "places": ["GB"], "ask": None})
    await author.log_idea(title="No donkeys", **{**ABOUT, "themes": ["HE205"]})
    answer = await shown(service, f"{path}/matches")
    assert about(answer) == [("Donkeys for Orkney", 76), ("Donkeys somewhere", 56)]
    best = answer["items"][0]
    assert (best["idea_id"], best["mandate_title"], best["is_match"]) == (str(near), "Getting about", True)
    assert best["organisation_name"].startswith("Trust ")
    assert best["score"] == sum(reason["points"] for reason in best["reasons"])
    assert [reason["part"] for reason in best["reasons"]] == [
        *("theme", "place", "ticket", "stage", "window", "pool", "support")
    ]
    assert best["reasons"][0] == {
        "part": "theme",
        "points": 27,
        "most": 35,
        "fits": True,
        "why": "The idea is about Donkeys, a part of Animals.",
    }


async def test_a_list_of_matches_has_pages_and_a_least_score(service, author):
    """Pages follow one another by cursor, and a least score leaves the others out."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, themes=["AN104"])
    for number in range(3):
        await author.log_idea(
            title=f"Horses {number}", themes=["AN104"], places=[], ask=pounds(2_000 if number else 50_000)
        )
    first = await shown(service, f"{path}/matches?limit=2")
    assert {title for title, _ in about(first)} == {"Horses 1", "Horses 2"}
    second = await shown(service, f"{path}/matches?limit=2&cursor={first['next_cursor']}")
    assert ([title for title, _ in about(second)], second["next_cursor"]) == (["Horses 0"], None)
    least = first["items"][1]["score"]
    assert len((await shown(service, f"{path}/matches?min_score={least}"))["items"]) == 2


async def test_an_idea_lists_who_is_open_to_it(service, author):
    """An author sees the mandates that are open to the idea, and none that is paused or for something else."""
    person, organisation_id = await funder(service)
    wanted = await published(person, organisation_id, title="Cats", themes=["AN101"])
    paused = await published(person, organisation_id, title="Cats too", themes=["AN101"])
    await published(person, organisation_id, title="Dogs", themes=["AN102"])
    await published(person, organisation_id, title="Later", themes=["AN101"], opens_at=in_days(3))
    assert (await person.send("POST", f"{paused}/pause", {"reason": "Summer."})).status_code == 200
    idea_id = await author.log_idea(themes=["AN101"], ask=None)
    answer = await shown(service, f"/api/v1/ideas/{idea_id}/matches")
    named = [item for item in answer["items"] if item["organisation_id"] == str(organisation_id)]
    assert [item["mandate_id"] for item in named] == [wanted.rpartition("/")[2]]
    assert [item["mandate_title"] for item in named] == ["Cats"]


async def test_why_not_is_said_in_words(service, author):
    """Of an idea that does not fit, the parts that refuse say why, and the others what they would add."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, themes=["ED"], places=["GB-WLS"], stages=["funding"])
    idea_id = await author.log_idea(title="Donkeys", **{**ABOUT, "ask": pounds(999, "EUR")})
    assert str(idea_id) not in {
        item["idea_id"] for item in (await shown(service, f"{path}/matches"))["items"]
    }
    answer = await shown(service, f"{path}/matches/{idea_id}")
    assert answer["is_match"] is False
    assert answer["score"] == sum(reason["points"] for reason in answer["reasons"]) == 5
    assert [reason["why"] for reason in answer["reasons"] if not reason["fits"]] == [
        "The idea is about Donkeys, and the funder is open to Education.",
        "The idea is for Orkney, and the funder is open to Wales.",
        "The idea asks for €9.99, and the funder gives GBP.",
        "The idea is still gathering support, and the funder wants ideas that are gathering money.",
    ]


async def test_votes_are_told_with_a_match(service, author):
    """How many people support an idea, and how many of them are verified, stands beside the reasons."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, themes=["AN103"])
    idea_id = await author.log_idea(title="More donkeys", **ABOUT)
    for _ in range(3):
        await (await service.person()).vote(idea_id)
    answer = await shown(service, f"{path}/matches/{idea_id}")
    assert (answer["stage"], answer["votes"], answer["verified_votes"]) == ("supported", 3, 0)
    assert answer["reasons"][-1]["why"] == "3 people support it, 0 of them verified."
    assert answer["reasons"][-1]["points"] == 0


async def test_when_a_funder_was_told_is_told(service, author):
    """A match of which the funder was told says when."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, themes=["AN103"])
    idea_id = await author.log_idea(title="Told donkeys", **ABOUT)
    before = await shown(service, f"{path}/matches/{idea_id}")
    event = MandateMatched(
        mandate_id=UUID(before["mandate_id"]),
        idea_id=idea_id,
        organisation_id=organisation_id,
        revision=1,
        score=35,
        reasons=(MatchReason(part="theme", points=35),),
        occurred_at=NOON,
    )
    await service.resources.store.append(
        Append(
            stream=match_stream(new_id(), idea_id), events=[event], metadata=Metadata(command="TellFunder")
        )
    )
    after = await shown(service, f"{path}/matches/{idea_id}")
    assert (before["told_at"], after["told_at"]) == (None, "2026-05-04T12:00:00Z")


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}/{{unknown}}/matches",
        f"{PATH}/{{unknown}}/matches/{{unknown}}",
        f"{PATH}/{{mandate}}/matches/{{unknown}}",
        "/api/v1/ideas/{unknown}/matches",
    ],
)
async def test_what_there_is_not_matches_nothing(service, path):
    """An unknown mandate or idea is 404, in words."""
    person, organisation_id = await funder(service)
    mandate = (await published(person, organisation_id)).rpartition("/")[2]
    await service.shown()
    answer = await service.client.get(path.format(unknown=new_id(), mandate=mandate))
    assert answer.status_code == 404
    assert answer.json()["detail"] in {"There is no such mandate.", "There is no such idea."}


@pytest.mark.parametrize(
    "asked", ["min_score=101", "min_score=-1", "limit=0", "limit=201", "cursor=nonsense"]
)
async def test_what_cannot_be_asked_is_refused(service, asked):
    """A score out of its range, a limit out of its range and a cursor that is none are 400."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id)
    await service.shown()
    assert (await service.client.get(f"{path}/matches?{asked}")).status_code == 400


async def test_an_idea_whole_has_who_is_open_to_it(service, author):
    """The idea itself names the best mandates that are open to it, and its entity tag changes with them."""
    person, organisation_id = await funder(service)
    idea_id = await author.log_idea(themes=["AR306"], ask=None)
    address = f"/api/v1/ideas/{idea_id}"
    await service.shown()
    before = await service.client.get(address)
    path = await published(person, organisation_id, title="Orchestras", themes=["AR306"])
    whole = await shown(service, address)
    assert path.rpartition("/")[2] in {match["mandate_id"] for match in whole["matches"]}
    again = await service.client.get(address, headers={"if-none-match": before.headers["etag"]})
    assert again.status_code == 200
    same = await service.client.get(address, headers={"if-none-match": again.headers["etag"]})
    assert same.status_code == 304
    past = await shown(service, f"{address}?as_of={whole['position']}")
    assert past["matches"] is None
