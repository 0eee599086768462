"""Communities over HTTP: opened by operators, looked after by stewards, and never against the rules."""

from datetime import UTC, datetime
from itertools import count

import pytest

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from app.command_handling import Cause
from domain.community import COMMUNITY, AppointSteward
from events.streams import community_id, community_stream, new_id
from tests.http.conftest import Person
from tests.http.test_me import signed_in
from tests.http.test_sign_in import account_of

pytestmark = pytest.mark.asyncio

PATH = "/api/v1/communities"
NEW = {"name": "Leeds together", "support_threshold": 25}
_numbers = count(1)


@pytest.fixture
def slug():
    """Give a short name nobody took."""
    return f"place-{next(_numbers)}"


async def operator(service):
    """Make somebody who runs the installation."""
    pool, email = service.resources.pool, f"runs{next(_numbers)}@example.org"
    person_id = await accounts.add(pool, email=email, name="Olu Sample", role="operator")
    return Person(service.client, person_id, await tokens.create(pool, person_id=person_id, scopes=SCOPES))


async def steward_of(service, slug, person_id):
    """Make somebody a steward without asking anybody."""
    identifier = community_id(slug)
    command = AppointSteward(now=datetime.now(UTC), community_id=identifier, person_id=person_id)
    await service.resources.handler.handle(COMMUNITY, community_stream(identifier), command, cause=Cause())


async def shown(service, slug):
    """Read a community as it is now."""
    head = await service.resources.store.head()
    return (await service.client.get(f"{PATH}/{slug}?min_position={head}")).json()


async def test_an_operator_opens_a_community_once(service, slug):
    """A community is opened under a short name, with the same key once, and the name is then taken."""
    olu = await operator(service)
    opened = await olu.send("POST", PATH, {**NEW, "slug": slug}, idempotency_key=f"open-{slug}")
    assert opened.status_code == 201, opened.text
    again = await olu.send("POST", PATH, {**NEW, "slug": slug}, idempotency_key=f"open-{slug}")
    assert (again.status_code, again.json()) == (201, opened.json())
    found = await shown(service, slug)
    assert (found["name"], found["rules"]["support_threshold"], found["paused"]) == (
        "Leeds together",
        25,
        False,
    )
    taken = await olu.send("POST", PATH, {**NEW, "slug": slug, "name": "Another"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:open-impact:slug-taken")
    assert (await shown(service, slug))["name"] == "Leeds together"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "Leeds"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "-a"}, "slug"),
        ({"slug": "l\u00e9eds"}, "slug"),
        ({"slug": "x" * 61}, "slug"),
        ({"slug": "x" * 10_000}, "slug"),
        ({"slug": "a\0"}, "slug"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"support_threshold": 0}, "support_threshold"),
        ({"support_threshold": 10**30}, "support_threshold"),
        ({"support_threshold": 2**31}, "support_threshold"),
        ({"opens_at": "yesterday"}, "opens_at"),
        ({"opens_at": "2026-03-01T09:00:00"}, "opens_at"),
        ({"closes_at": "0001-01-01T00:00:00+14:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59:59-14:00"}, "closes_at"),
    ],
)
async def test_a_community_that_cannot_be_meant_is_refused(service, slug, changes, path):
    """What is wrong with a community is named by its field, and nothing is opened."""
    olu = await operator(service)
    head = await service.resources.store.head()
    refused = await olu.send("POST", PATH, {**NEW, "slug": slug, **changes})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, path), refused.text
    assert await service.resources.store.head() == head


async def test_voting_that_would_close_before_it_opens_breaks_a_rule(service, slug):
    """Rules that make no sense together are refused by the domain in its own words."""
    olu = await operator(service)
    window = {"opens_at": "2026-03-02T00:00:00Z", "closes_at": "2026-03-01T00:00:00Z"}
    refused = await olu.send("POST", PATH, {**NEW, "slug": slug, **window})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:rules-unsound")


async def test_stewards_are_appointed_listed_and_removed(service, slug):
    """A steward appoints another and ends a stewardship for a reason; the list is the log's at this very moment."""
    await service.community(slug)
    ada, ben = await service.person("Ada Sample"), await service.person("Ben Sample")
    await steward_of(service, slug, ada.person_id)
    assert (await ben.send("PUT", f"{PATH}/{slug}/stewards/{ben.person_id}")).status_code == 403
    appointed = await ada.send("PUT", f"{PATH}/{slug}/stewards/{ben.person_id}")
    assert appointed.status_code == 200, appointed.text
    again = await ada.send("PUT", f"{PATH}/{slug}/stewards/{ben.person_id}")
    assert again.json()["position"] == appointed.json()["position"]
    listed = (await service.client.get(f"{PATH}/{slug}/stewards")).json()["items"]
    assert [(one["person_id"], one["name"]) for one in listed] == [
        (str(ada.person_id), "Ada Sample"),
        (str(ben.person_id), "Ben Sample"),
    ]
    assert (await ben.send("POST", f"{PATH}/{slug}/stewards/{ada.person_id}/remove", {})).status_code == 400
    removed = await ben.send("POST", f"{PATH}/{slug}/stewards/{ada.person_id}/remove", {"reason": "Moved."})
    assert removed.status_code == 200, removed.text
    listed = (await service.client.get(f"{PATH}/{slug}/stewards")).json()["items"]
    assert [one["name"] for one in listed] == ["Ben Sample"]
    assert (await ada.send("POST", f"{PATH}/{slug}/pause", {"reason": "Mine."})).status_code == 403


async def test_nobody_who_is_not_there_becomes_a_steward(service, slug):
    """A person without an account cannot be appointed, and a community that is not there has no stewards."""
    await service.community(slug)
    olu = await operator(service)
    head = await service.resources.store.head()
    missing = await olu.send("PUT", f"{PATH}/{slug}/stewards/{new_id()}")
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no such person.")
    assert (await olu.send("PUT", f"{PATH}/nowhere/stewards/{olu.person_id}")).status_code == 404
    assert (await service.client.get(f"{PATH}/nowhere/stewards")).status_code == 404
    assert await service.resources.store.head() == head


async def test_rules_change_while_voting_is_paused(service, slug, voter):
    """While a vote runs the rules are frozen; paused, nobody votes and they are set; resumed, votes go on."""
    await service.community(slug)
    ada = await service.person("Ada Sample")
    await steward_of(service, slug, ada.person_id)
    idea_id = await ada.log_idea(community=slug)
    rules = {"support_threshold": 40, "closes_at": "2999-07-31T18:00:00Z", "reason": "Another month."}
    frozen = await ada.send("PUT", f"{PATH}/{slug}/rules", rules)
    assert (frozen.status_code, frozen.json()["type"]) == (409, "urn:open-impact:rules-frozen")
    paused = await ada.send("POST", f"{PATH}/{slug}/pause", {"reason": "New rules."})
    assert paused.status_code == 200, paused.text
    await service.heard(paused.json()["position"])
    assert (await voter.vote(idea_id)).status_code == 409
    assert (await ada.send("PUT", f"{PATH}/{slug}/rules", rules)).status_code == 200
    assert (await ada.send("POST", f"{PATH}/{slug}/resume")).status_code == 200
    found = await shown(service, slug)
    assert (found["paused"], found["rules"]["support_threshold"]) == (False, 40)
    await service.heard(await service.resources.store.head())
    assert (await voter.vote(idea_id)).status_code == 200


async def test_a_steward_looks_after_a_community_on_its_page(service, slug):
    """The page tells everybody the rules and the stewards, and lets a steward do on it what the API lets them do."""
    await service.community(slug)
    email = f"steward{next(_numbers)}@example.org"
    browser = await signed_in(service, email, "Moira Sample")
    moira, ben = await account_of(service, email), await service.person("Ben Sample")
    address = f"/communities/{slug}"
    await service.shown()
    page = (await browser.get(address)).text
    assert "3 votes make an idea supported." in page
    assert "Voting is open." in page
    assert "For stewards" not in page
    assert (await browser.post(f"{address}/pause", reason="Mine.")).status_code == 403

    await steward_of(service, slug, moira.person_id)
    page = (await browser.get(address)).text
    assert "<bdi>Moira Sample</bdi>" in page
    assert "pause voting first" in page
    assert str(moira.person_id) in (await browser.get("/me")).text
    for path, fields, said in (
        ("pause", {"reason": " "}, "It must not be blank."),
        ("stewards", {"person_id": "Ben"}, "nobody&#39;s identifier"),
        ("stewards", {"person_id": str(new_id())}, "nobody&#39;s identifier"),
        ("rules", {"threshold": "many", "reason": "Why not."}, "Give a number of votes"),
        ("rules", {"threshold": "5", "opens_at": "soon", "reason": "Why not."}, "Give a day and a time"),
        (
            "rules",
            {"threshold": "5", "opens_at": "0001-01-01T00:00", "reason": "Why not."},
            "Give a time in the years",
        ),
    ):
        head = await service.resources.store.head()
        refused = await browser.post(f"{address}/{path}", **fields)
        assert (refused.status_code, said in refused.text) == (400, True), (path, fields, refused.text)
        assert await service.resources.store.head() == head

    for path, fields, shown_then in (
        ("pause", {"reason": "New rules."}, "Voting is paused."),
        (
            "rules",
            {"threshold": "5", "opens_at": "", "closes_at": "2999-01-01T09:00", "reason": "Fewer of us."},
            "Voting closes on 1 January 2999, 09:00 UTC.",
        ),
        ("resume", {}, "Voting is open."),
        ("stewards", {"person_id": f" {ben.person_id} "}, "<bdi>Ben Sample</bdi>"),
    ):
        done = await browser.post(f"{address}/{path}", **fields)
        assert done.status_code == 303, (path, done.text)
        assert shown_then in (await browser.get(done.headers["location"])).text, path
    done = await browser.post(f"{address}/stewards/{ben.person_id}/remove", reason="A mistake.")
    assert "<bdi>Ben Sample</bdi>" not in (await browser.get(done.headers["location"])).text


async def test_the_page_tells_what_the_last_days_brought(service, slug, author, voter):
    """The page says that nothing happened yet, and then which ideas and votes the last days brought."""
    await service.community(slug)
    await service.shown()
    address = f"/communities/{slug}"
    assert "Nobody logged an idea here in the last 30 days" in (await service.client.get(address)).text
    idea_id = await author.log_idea(community=slug)
    assert (await voter.vote(idea_id)).status_code == 200
    await service.shown()
    page = (await service.client.get(address)).text
    assert '<strong class="number">1</strong> vote cast' in page
    assert '<strong class="number">1</strong> idea logged' in page


async def test_a_community_that_is_not_there_has_no_page(service):
    """An unknown short name is a page that says so."""
    for slug in ("nowhere", "a%00b", "x" * 3_000):
        page = await service.client.get(f"/communities/{slug}", headers={"accept": "text/html"})
        assert page.status_code == 404, slug
