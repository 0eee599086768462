"""Pools over HTTP: opened, pledged to on conditions, previewed, committed and paid out."""

import asyncio

import pytest

from events.streams import new_id
from tests.http.pools import ASKED, PATH, amounts, funder, in_days, opened, pledged, pounds, shown

pytestmark = pytest.mark.asyncio


async def test_a_pool_is_opened_and_read_back(service):
    """What was asked for is shown, and all of it is still missing."""
    ada = await service.person()
    found = await shown(service, await opened(ada))
    assert {name: found[name] for name in ("minimum", "target", "ceiling")} == {
        name: ASKED[name] for name in ("minimum", "target", "ceiling")
    }
    assert (found["status"], found["pledges"], found["missing"]) == ("open", [], pounds(1_000))


async def test_an_idea_has_one_pool_at_a_time(service):
    """Another is opened when the first is over, and not by somebody whose idea it is not."""
    ada, ben = await service.person(), await service.person()
    pool = await opened(ada)
    idea = (await shown(service, pool))["idea_id"]
    body = {**ASKED, "target": pounds(1_100), "deadline": in_days(9)}
    assert (await ada.send("POST", f"/api/v1/ideas/{idea}/pool", body)).status_code == 409
    cancelled = await ada.send("POST", f"{pool}/cancel", {"reason": "Not now."})
    assert cancelled.status_code == 200
    other = await ben.send("POST", f"/api/v1/ideas/{idea}/pool", body)
    assert (other.status_code, other.json()["type"]) == (409, "urn:open-impact:not-yours-to-open")
    again = await ada.send("POST", f"/api/v1/ideas/{idea}/pool", body)
    assert again.status_code == 201
    assert again.json()["pool_id"] != pool.rpartition("/")[2]
    listed = (
        await service.client.get(f"{PATH}?idea_id={idea}&min_position={again.json()['position']}")
    ).json()
    assert [row["status"] for row in listed["items"]] == ["open", "cancelled"]
    only = (await service.client.get(f"{PATH}?idea_id={idea}&status=cancelled")).json()
    assert [row["reason"] for row in only["items"]] == ["Not now."]


async def test_pledges_that_wait_for_each_other_close_a_pool(service):
    """What binds each is said in words; the last pledge unlocks the others, and the pool commits at once."""
    ada = await service.person()
    pool = await opened(ada)
    fay, trust = await funder(service, "The Trust")
    gus, bank = await funder(service, "The Bank")
    hal, council = await funder(service, "The Council")
    await pledged(fay, pool, trust, 500, conditions={"min_total": pounds(1_000), "with_funders": [bank]})
    await pledged(gus, pool, bank, 400, conditions={"max_share": "0.5"})
    found = await shown(service, pool)
    assert amounts(found) == [0, 0]
    assert [[binding["needs"] for binding in one["binding"]] for one in found["pledges"]] == [
        ["Needs £5 more from others.", "Waits for The Bank."],
        ["Needs £4 more from others."],
    ]
    body = {"organisation_id": council, "amount": pounds(300), "conditions": {"match_ratio": "1"}}
    preview = await hal.send("POST", f"{pool}/preview", body)
    assert preview.status_code == 200, preview.text
    assert amounts(preview.json()) == [500, 400, 300]
    assert preview.json()["unlocks"] == pounds(900)
    assert (await shown(service, pool))["version"] == found["version"], "a preview writes nothing"
    await pledged(hal, pool, council, 300, conditions={"match_ratio": "1"})
    found = await shown(service, pool)
    assert (found["status"], found["committed_total"]) == ("committed", pounds(1_200))
    assert amounts(found, "committed") == [500, 400, 300]
    late = await pledged(fay, pool, trust, 5, kind="in_kind", description="A desk", status=409)
    assert late["type"] == "urn:open-impact:pool-is-committed"


async def test_a_pledge_is_revised_and_withdrawn(service):
    """By those who may commit the funder's money alone, and only until the pool commits."""
    pool = await opened(await service.person())
    fay, trust = await funder(service)
    gus, _ = await funder(service)
    made = await pledged(fay, pool, trust, 500)
    path = f"{pool}/pledges/{made['pledge_id']}"
    assert (await gus.send("PATCH", path, {"amount": pounds(1)})).status_code == 403
    assert (await gus.send("DELETE", path)).status_code == 403
    assert (await pledged(gus, pool, trust, 5, status=403))["status"] == 403
    twice = await pledged(fay, pool, trust, 5, status=409)
    assert twice["type"] == "urn:open-impact:pledged-already"
    revised = await fay.send("PATCH", path, {"conditions": {"min_funders": 2}})
    assert revised.status_code == 200, revised.text
    found = await shown(service, pool)
    assert (amounts(found, "amount"), found["pledges"][0]["binding"][0]["needs"]) == (
        [500],
        "Needs 1 more funder.",
    )
    withdrawn = await fay.send("DELETE", path, {"reason": "No money."})
    assert withdrawn.status_code == 200, withdrawn.text
    assert (await fay.send("DELETE", path)).status_code == 200, "the same again is harmless"
    assert (await shown(service, pool))["pledges"] == []


async def test_the_same_key_pledges_once(service):
    """A repetition answers as before, and another request under the key is refused."""
    pool = await opened(await service.person())
    fay, trust = await funder(service)
    body = {"organisation_id": trust, "amount": pounds(50)}
    answers = [await fay.send("POST", f"{pool}/pledges", body, idempotency_key="pledge-1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await fay.send(
        "POST", f"{pool}/pledges", {**body, "amount": pounds(51)}, idempotency_key="pledge-1"
    )
    assert other.status_code == 422
    assert len((await shown(service, pool))["pledges"]) == 1


async def test_a_key_that_was_forgotten_pledges_to_another_pool(service):
    """Used again when nobody remembers it, a key makes a pledge of its own, and both pools are shown."""
    ada = await service.person()
    pools = [await opened(ada), await opened(ada)]
    fay, trust = await funder(service)
    body = {"organisation_id": trust, "amount": pounds(50)}
    made = []
    for pool in pools:
        answer = await fay.send("POST", f"{pool}/pledges", body, idempotency_key="pledge-1")
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["pledge_id"])
        await service.resources.pool.execute("DELETE FROM idempotency_keys")
    assert made[0] != made[1]
    assert [amounts(await shown(service, pool), "amount") for pool in pools] == [[50], [50]]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount": pounds(0)}, 400),
        ({"amount": pounds(-5)}, 400),
        ({"amount": {"amount_minor": 0.5, "currency": "GBP"}}, 400),
        ({"amount": pounds(10**18)}, 400),
        ({"amount": pounds(5, "XQX")}, 400),
        ({"amount": pounds(5, "EUR")}, 409),
        ({"conditions": {"min_total": pounds(1_201)}}, 409),
        ({"conditions": {"min_total": pounds(5, "EUR")}}, 400),
        ({"conditions": {"min_funders": 0}}, 400),
        ({"conditions": {"max_share": "0"}}, 400),
        ({"conditions": {"max_share": 0.5}}, 400),
        ({"conditions": {"max_share": "0.33333"}}, 409),
        ({"conditions": {"match_cap": pounds(5)}}, 400),
        ({"conditions": {"expires_at": "2020-01-01T00:00:00Z"}}, 409),
        ({"kind": "in_kind"}, 400),
    ],
)
async def test_what_can_never_hold_is_refused_at_once(service, changes, status):
    """By the field where it is malformed, and by the rule where the pool forbids it; a preview refuses it alike."""
    pool = await opened(await service.person())
    fay, trust = await funder(service)
    body = {"organisation_id": trust, "amount": pounds(50), **changes}
    for path in ("pledges", "preview"):
        answer = await fay.send("POST", f"{pool}/{path}", body)
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"].endswith(".")
    assert (await shown(service, pool))["pledges"] == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"target": pounds(500)}, 409),
        ({"ceiling": pounds(999)}, 409),
        ({"deadline": "2020-01-01T00:00:00Z"}, 409),
        ({"deadline": "2020-01-01"}, 400),
        ({"minimum": pounds(5, "EUR")}, 400),
    ],
)
async def test_a_pool_that_cannot_come_together_is_refused(service, changes, status):
    """When it is opened, and when it is revised."""
    ada = await service.person()
    idea = await ada.log_idea()
    body = {**ASKED, "deadline": in_days(30), **changes}
    answer = await ada.send("POST", f"/api/v1/ideas/{idea}/pool", body)
    assert answer.status_code == status, answer.text


async def test_a_pool_is_revised_until_somebody_pledges(service):
    """Under the tag that was read."""
    ada = await service.person()
    pool = await opened(ada)
    etag = (await service.client.get(f"{pool}?min_position={await service.resources.store.head()}")).headers[
        "etag"
    ]
    first = await ada.send("PATCH", pool, {"ceiling": None}, if_match=etag)
    assert first.status_code == 200, first.text
    assert (await ada.send("PATCH", pool, {"target": pounds(900)}, if_match=etag)).status_code == 412
    fay, trust = await funder(service)
    assert (await fay.send("PATCH", pool, {"target": pounds(900)})).status_code == 403
    await pledged(fay, pool, trust, 5)
    refused = await ada.send("PATCH", pool, {"target": pounds(900)})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:pledged-to-already")
    assert (await shown(service, pool))["ceiling"] is None


async def test_a_committed_pool_pays_out_to_the_penny(service):
    """Funders confirm, a milestone is reached, and each commitment gives its share."""
    ada = await service.person()
    pool = await opened(ada)
    fay, trust = await funder(service)
    gus, bank = await funder(service)
    one = await pledged(fay, pool, trust, 700)
    early = await ada.send("POST", f"{pool}/commit")
    assert (early.status_code, early.json()["type"]) == (409, "urn:open-impact:pool-not-ready")
    other = await pledged(gus, pool, bank, 300)
    assert (await ada.send("POST", f"{pool}/commit")).status_code == 200
    planned = await ada.send("POST", f"{pool}/milestones", {"title": "Lease", "amount": pounds(333)})
    assert planned.status_code == 201, planned.text
    milestone = planned.json()["milestone_id"]
    tranche = {"milestone_id": milestone}
    assert (await ada.send("POST", f"{pool}/tranches", tranche)).status_code == 409
    reached = await ada.send("POST", f"{pool}/milestones/{milestone}/reach", {"note": "Signed."})
    assert reached.status_code == 200, reached.text
    unconfirmed = await ada.send("POST", f"{pool}/tranches", tranche)
    assert unconfirmed.json()["type"] == "urn:open-impact:not-confirmed"
    document = {"document": "https://example.org/letter.pdf"}
    for person, pledge in ((fay, one), (gus, other)):
        confirmed = await person.send("POST", f"{pool}/pledges/{pledge['pledge_id']}/confirm", document)
        assert confirmed.status_code == 200, confirmed.text
    assert (await gus.send("POST", f"{pool}/tranches", tranche)).status_code == 403
    assert (await ada.send("POST", f"{pool}/tranches", tranche)).status_code == 201
    found = await shown(service, pool)
    assert amounts(found, "released") == [233, 100]
    assert [pledge["money"] for pledge in found["pledges"]] == ["released", "released"]
    assert found["milestones"][0]["released_at"]


async def test_pledges_at_the_same_time_all_come(service):
    """Twenty funders pledge at once; each is answered, and the commitments add up to the ceiling."""
    pool = await opened(
        await service.person(), minimum=pounds(1), target=pounds(2_000), ceiling=pounds(2_000)
    )
    funders = [await funder(service, f"Fund {number}") for number in range(20)]
    answers = await asyncio.gather(
        *(
            person.send("POST", f"{pool}/pledges", {"organisation_id": organisation, "amount": pounds(100)})
            for person, organisation in funders
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    found = await shown(service, pool)
    assert (found["status"], sum(amounts(found, "committed"))) == ("committed", 2_000)


async def test_a_pool_nobody_knows_is_not_there(service):
    """Reading it and pledging to it say so."""
    fay, trust = await funder(service)
    pool = f"{PATH}/{new_id()}"
    assert (await service.client.get(pool)).status_code == 404
    assert (await pledged(fay, pool, trust, 5, status=404))["type"] == "urn:open-impact:pool-unknown"
    assert (await fay.send("POST", f"{pool}/cancel", {"reason": "Why not."})).status_code == 404
