"""From an idea to a service, over HTTP, on a running site: support, offers, funders that said yes beforehand, money."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from tests.acceptance.people import Newcomer

pytestmark = pytest.mark.asyncio

VOTES = 60
PATIENCE_SECONDS = 30
IDEA = {
    "title": "Rides to the clinic from three villages",
    "problem": "The last bus to the clinic stopped in 2019; forty people a month cancel an appointment.",
    "proposal": "One timetable for the three buses that stand still four days a week.",
    "beneficiaries": "About 640 people over 70 in Upper Teesdale.",
    "themes": ["SW104", "BE108"],
    "places": ["GB-DUR"],
    "ask": {"amount_minor": 6_000_000, "currency": "GBP"},
}
NEEDS = (("software", "A timetable"), ("service", "Insurance"), ("people", "Drivers"), ("space", "A garage"))


def pounds(amount):
    """Give whole pounds."""
    return {"amount_minor": amount * 100, "currency": "GBP"}


def in_days(days):
    """Give a moment so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


class Chain:
    """Everybody's way to the site."""

    def __init__(self, web):
        self.web, self.position = web, 0

    async def send(self, who, method, path, body=None, status=(200, 201)):
        """Do something as somebody; gives the answer."""
        answer = await self.web.request(method, f"/api/v1{path}", json=body, headers=who.headers)
        assert answer.status_code in status, answer.text
        self.position = max(self.position, answer.json().get("position", 0))
        return answer.json()

    async def read(self, path):
        """Read what shows all that was done."""
        mark = "&" if "?" in path else "?"
        answer = await self.web.get(f"/api/v1{path}{mark}min_position={self.position}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(self, path, holds):
        """Read again and again until what is read holds; the machine that does it is the site's own."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds(found := await self.read(path)):  # noqa: ASYNC110  # It happens in the site's own processes.
                await asyncio.sleep(0.1)
        return found


@pytest.fixture
def chain(web):
    """Give the way to the site."""
    return Chain(web)


async def crowd(site, count):
    """Make people with accounts and tokens at once: by the command line it would take minutes."""
    pool = await asyncpg.create_pool(site.database_url(), min_size=1, max_size=4)
    people = []
    for number in range(count):
        email = f"voter{number}@chain.example"
        person_id = await accounts.add(pool, email=email, name=f"Voter {number} (sample)")
        token = await tokens.create(pool, person_id=person_id, scopes=SCOPES)
        people.append(Newcomer(person_id=str(person_id), token=token))
    await pool.close()
    return people


async def funder(chain, person, name):
    """Register an organisation whose money a person may commit."""
    made = await chain.send(person, "POST", "/organisations", {"name": name, "roles": ["funder"]})
    return made["organisation_id"]


def stated(organisation_id, title, **said):
    """Say what a funder is open to; whatever is not said is plain."""
    return {
        "organisation_id": organisation_id,
        "title": title,
        "themes": ["SW104"],
        "places": ["GB-ENG"],
        "ticket_min": pounds(5_000),
        "ticket_max": pounds(30_000),
        "budget": pounds(60_000),
        "closes_at": in_days(90),
        **said,
    }


async def logged_and_supported(chain, site, author):
    """Log an idea with four needs, and let sixty people vote for it."""
    idea_id = (await chain.send(author, "POST", "/ideas", IDEA))["idea_id"]
    needs = []
    for kind, title in NEEDS:
        added = await chain.send(
            author, "POST", f"/ideas/{idea_id}/needs", {"kind": kind, "title": title, "cost": pounds(2_000)}
        )
        needs.append(added["need_id"])
    for voter in await crowd(site, VOTES):
        await chain.send(voter, "PUT", f"/ideas/{idea_id}/vote")
    idea = await chain.read(f"/ideas/{idea_id}")
    assert (idea["votes"], idea["stage"]) == (VOTES, "supported")
    return idea_id, needs


async def covered(chain, author, helper, idea_id, needs):
    """Offer two parts that cover three needs; with the first that is accepted the idea takes shape."""
    offers = []
    for covers, title in ((needs[:2], "The timetable of the next dale"), (needs[2:3], "Forty drivers")):
        body = {"title": title, "needs": covers, "kind": "service", "description": "It runs today."}
        offers.append((await chain.send(helper, "POST", f"/ideas/{idea_id}/offers", body))["offer_id"])
    for offer_id in offers:
        await chain.send(author, "POST", f"/offers/{offer_id}/accept")
    idea = await chain.read(f"/ideas/{idea_id}")
    assert (idea["stage"], idea["coverage"]["covered"], idea["coverage"]["covered_percent"]) == (
        "shaping",
        3,
        75,
    )
    return offers


async def matched(chain, funders, idea_id):
    """Publish four mandates, of which three are open to the idea, and read why the fourth is not."""
    said = (
        {"title": "Getting about"},
        {"title": "Older people in the North East", "themes": ["BE108"], "places": ["E12000001"]},
        {
            "title": "Anything in the country",
            "themes": [],
            "places": ["GB"],
            "stages": ["shaping", "funding"],
        },
        {"title": "Animals of the coast", "themes": ["AN"], "places": ["GB-ORK"]},
    )
    mandates = []
    for (person, organisation_id), words in zip(funders, said, strict=True):
        if words["title"] == "Anything in the country":
            words |= {"mode": "pledge", "thresholds": {"covered_percent": 70, "live_pool": True}}
        body = stated(organisation_id, **words)
        mandates.append((await chain.send(person, "POST", "/mandates", body))["mandate_id"])
    ours = set(mandates)
    answer = await chain.read(f"/ideas/{idea_id}/matches")
    found = [item for item in answer["items"] if item["mandate_id"] in ours]
    assert {item["mandate_id"] for item in found} == set(mandates[:3])
    assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)
    for item in found:
        assert item["score"] == sum(reason["points"] for reason in item["reasons"])
    refused = await chain.read(f"/mandates/{mandates[3]}/matches/{idea_id}")
    assert [reason["why"] for reason in refused["reasons"] if not reason["fits"]] == [
        "The idea is about Community transport and Older people, and the funder is open to Animals.",
        "The idea is for County Durham, and the funder is open to Orkney.",
    ]
    for mandate_id in mandates[:3]:
        path = f"/mandates/{mandate_id}/matches/{idea_id}"
        told = await chain.until(path, lambda match: match["told_at"] is not None)
        assert told["is_match"]
    return mandates


async def pooled(chain, author, funders, mandates, idea_id):
    """Open a pool; one mandate pledges by itself, two people by hand, one of them if two others are in it."""
    asked = {"minimum": pounds(40_000), "target": pounds(60_000), "deadline": in_days(30)}
    pool_id = (await chain.send(author, "POST", f"/ideas/{idea_id}/pool", asked))["pool_id"]
    by_itself = await chain.until(f"/pools/{pool_id}", lambda pool: pool["pledges"])
    (standing,) = by_itself["pledges"]
    assert (standing["mandate_id"], standing["amount"]) == (mandates[2], pounds(30_000))
    assert standing["vetoable_until"] is not None

    (first, trust), (second, fund), _, _ = funders
    conditional = {
        "organisation_id": trust,
        "amount": pounds(20_000),
        "mandate_id": mandates[0],
        "conditions": {"min_funders": 3, "min_total": pounds(55_000)},
    }
    waiting = await chain.send(first, "POST", f"/pools/{pool_id}/pledges", conditional)
    pool = await chain.read(f"/pools/{pool_id}")
    (kept,) = [one for one in pool["pledges"] if one["pledge_id"] == waiting["pledge_id"]]
    assert kept["resolved"] == pounds(0)
    assert kept["binding"]
    assert pool["status"] == "open"

    more = {"organisation_id": fund, "amount": pounds(12_000), "mandate_id": mandates[1]}
    preview = await chain.send(second, "POST", f"/pools/{pool_id}/preview", more)
    assert (preview["unlocks"], preview["resolved_total"]) == (pounds(20_000), pounds(62_000))
    await chain.send(second, "POST", f"/pools/{pool_id}/pledges", more)
    pool = await chain.read(f"/pools/{pool_id}")
    assert (pool["resolved_total"], pool["status"]) == (pounds(62_000), "open"), "a veto is still possible"
    return pool_id, standing


async def test_from_an_idea_to_a_service(site, chain, newcomer):
    """An idea is supported, covered, matched, funded to the penny, delivered and launched; its history says it all."""
    author = await newcomer("Moira", *SCOPES)
    helper = await newcomer("Hugo", *SCOPES)
    funders = []
    for name in ("Fay", "Gus", "Ida", "Jo"):
        person = await newcomer(name, *SCOPES)
        funders.append((person, await funder(chain, person, f"{name}'s Trust (sample)")))

    idea_id, needs = await logged_and_supported(chain, site, author)
    await covered(chain, author, helper, idea_id, needs)
    mandates = await matched(chain, funders, idea_id)
    pool_id, standing = await pooled(chain, author, funders, mandates, idea_id)

    # The funder looks in time, vetoes what was pledged by itself, and pledges the same by hand: nothing waits any more.
    third, country = funders[2]
    await chain.send(
        third, "POST", f"/pools/{pool_id}/pledges/{standing['pledge_id']}/veto", {"reason": "Less, by hand."}
    )
    await chain.until(f"/mandates/{mandates[2]}", lambda mandate: mandate["left"] == pounds(60_000))
    by_hand = {"organisation_id": country, "amount": pounds(30_000), "mandate_id": mandates[2]}
    await chain.send(third, "POST", f"/pools/{pool_id}/pledges", by_hand)

    pool = await chain.until(f"/pools/{pool_id}", lambda found: found["status"] == "committed")
    committed = [one["committed"]["amount_minor"] for one in pool["pledges"]]
    assert (sum(committed), pool["committed_total"]) == (6_200_000, pounds(62_000))
    # The site committed it, so that no answer told us how far the idea must have been read.
    await chain.until(f"/ideas/{idea_id}", lambda idea: idea["stage"] == "delivering")

    acting_for = {organisation_id: person for person, organisation_id in funders}
    for one in pool["pledges"]:
        path = f"/pools/{pool_id}/pledges/{one['pledge_id']}/confirm"
        await chain.send(acting_for[one["organisation_id"]], "POST", path, {})

    milestone = await chain.send(
        author,
        "POST",
        f"/pools/{pool_id}/milestones",
        {"title": "Ten rides a week", "amount": pounds(31_000)},
    )
    reach = f"/pools/{pool_id}/milestones/{milestone['milestone_id']}/reach"
    await chain.send(author, "POST", reach, {"note": "Twelve, in fact."})
    await chain.send(
        author, "POST", f"/pools/{pool_id}/tranches", {"milestone_id": milestone["milestone_id"]}
    )
    pool = await chain.read(f"/pools/{pool_id}")
    assert sum(one["released"]["amount_minor"] for one in pool["pledges"]) == 3_100_000

    await chain.send(author, "POST", f"/ideas/{idea_id}/launch", {"link": "https://rides.example.org/"})
    assert (await chain.read(f"/ideas/{idea_id}"))["stage"] == "live"
    history = await chain.read(f"/ideas/{idea_id}/history?limit=200")
    said = " ".join(entry["sentence"] for entry in history["items"])
    for words in (
        "needs something: Drivers.",
        "The offer “Forty drivers” was accepted.",
        "An idea fits what “Fay's Trust (sample)” is open to fund.",
        "pledged £30,000, as it had said beforehand.",
        "“Ida's Trust (sample)” stopped a pledge made for it.",
        "The pool closed: £62,000 is committed.",
        "£31,000 were released.",
        "is live: people can use it.",
    ):
        assert words in said, said
