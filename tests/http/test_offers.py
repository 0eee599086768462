"""Offers over HTTP: made by those who run a part, answered by those who speak for the idea."""

import pytest
import pytest_asyncio

from events.streams import new_id
from tests.http.mandates import funder, published
from tests.http.offering import PART, act, need, offer, offered
from tests.http.organisations import joined, registered
from tests.http.pools import funder as pool_funder
from tests.http.pools import opened, pledged, shown

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def maker(service):
    """Give somebody who runs a part."""
    return await service.person("Rosa Sample")


@pytest_asyncio.fixture
async def idea_id(author):
    """Give an idea of the author's."""
    return await author.log_idea()


async def test_an_offer_is_made_and_read_back(service, author, maker, idea_id):
    """Whoever offers a part reads it back by its position, with every fact; its ETag spares reading it again."""
    need_id = await need(service, author, idea_id)
    answer = await offer(maker, idea_id, need_id)
    assert answer.status_code == 201
    made = answer.json()
    address = f"/api/v1/offers/{made['offer_id']}?min_position={made['position']}"
    read = await service.client.get(address)
    found = read.json()
    service_facts = dict.fromkeys(("description", "url", "eligibility", "fees", "schedule"), "")
    assert found["part"] == {**PART, "service": {**service_facts, **PART["service"]}}
    assert (found["status"], found["needs"], found["version"]) == ("offered", [str(need_id)], 1)
    assert found["made_by"] == str(maker.person_id)
    again = await service.client.get(address, headers={"if-none-match": read.headers["etag"]})
    assert again.status_code == 304
    assert (await service.client.get(f"/api/v1/offers/{new_id()}")).status_code == 404


async def test_the_same_key_makes_one_offer(service, author, maker, idea_id):
    """Sent twice under one key, an offer is made once, and the answer is the same."""
    need_id = await need(service, author, idea_id)
    body = {**PART, "needs": [str(need_id)]}
    answers = [
        await maker.send("POST", f"/api/v1/ideas/{idea_id}/offers", body, idempotency_key="rota-1")
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()


async def test_an_offer_goes_through_its_life(service, author, maker, idea_id):
    """It is revised, kept in reserve, chosen and delivered, and the list of the idea's offers shows it so."""
    need_id = await need(service, author, idea_id)
    offer_id = await offered(maker, idea_id, need_id)
    changes = {"weeks_to_adapt": 4, "service": None, "reason": "We found help."}
    answer = await maker.send("PATCH", f"/api/v1/offers/{offer_id}", changes)
    assert answer.status_code == 200
    assert (await act(author, offer_id, "accept", {"standing": "reserve"})).status_code == 200
    assert (await act(author, offer_id, "accept")).status_code == 200
    answer = await act(maker, offer_id, "deliver", {"link": "https://rota.example.org/", "note": "In use."})
    assert answer.status_code == 200
    address = f"/api/v1/ideas/{idea_id}/offers?min_position={answer.json()['position']}"
    (found,) = (await service.client.get(address)).json()["items"]
    assert (found["status"], found["link"], found["reason"]) == (
        "delivered",
        "https://rota.example.org/",
        "In use.",
    )
    assert (found["part"]["weeks_to_adapt"], found["part"]["service"]) == (4, None)
    assert (found["part"]["licence"], found["version"]) == (PART["licence"], 5)


async def test_somebody_lists_what_they_offer(service, author, maker, idea_id):
    """What a person offered for themselves is theirs to list, and nobody else's."""
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    path = f"/api/v1/me/offers?min_position={await service.resources.store.head()}"
    assert [one["offer_id"] for one in (await maker.send("GET", path)).json()["items"]] == [offer_id]
    assert (await author.send("GET", path)).json()["items"] == []


async def test_a_revision_of_an_old_version_is_refused(service, author, maker, idea_id):
    """Who read an older version is told to read it again, and nothing changes."""
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    etag = (
        await service.client.get(
            f"/api/v1/offers/{offer_id}?min_position={await service.resources.store.head()}"
        )
    ).headers["etag"]
    path = f"/api/v1/offers/{offer_id}"
    assert (await maker.send("PATCH", path, {"weeks_to_adapt": 1}, if_match=etag)).status_code == 200
    assert (await maker.send("PATCH", path, {"weeks_to_adapt": 2}, if_match=etag)).status_code == 412


async def test_offers_are_declined_and_withdrawn_with_a_reason(service, author, maker, idea_id):
    """Both need a reason, and a withdrawn offer cannot be accepted any more."""
    need_id = await need(service, author, idea_id)
    offer_id = await offered(maker, idea_id, need_id)
    assert (await act(author, offer_id, "decline", {"reason": " "})).status_code == 400
    assert (await act(author, offer_id, "decline", {"reason": "We have one."})).status_code == 200
    assert (await act(maker, offer_id, "withdraw", {"reason": "Moved."})).status_code == 200
    answer = await act(author, offer_id, "accept")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:offer-is-withdrawn")


@pytest.mark.parametrize("said", [("accept", None), ("decline", {"reason": "No."})])
async def test_only_those_who_speak_for_the_idea_answer(service, author, maker, idea_id, said):
    """Whoever made the offer is told that the author and the stewards answer it."""
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    answer = await act(maker, offer_id, *said)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:not-for-the-idea")


async def test_an_offer_is_its_makers(service, author, maker, idea_id):
    """Somebody else neither revises nor withdraws it."""
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    stranger = await service.person()
    answer = await act(stranger, offer_id, "withdraw", {"reason": "Mine."})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:not-the-offerers")
    assert (
        await stranger.send("PATCH", f"/api/v1/offers/{offer_id}", {"weeks_to_adapt": 1})
    ).status_code == 403


async def test_an_idea_withdrawn_a_moment_ago_takes_no_offer(service, author, maker, idea_id):
    """The refusal says the rule, without waiting for any read model."""
    need_id = await need(service, author, idea_id)
    assert (
        await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done."})
    ).status_code == 200
    answer = await offer(maker, idea_id, need_id)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:idea-takes-no-offers")


async def test_needs_and_ideas_that_are_not_there_are_refused(service, author, maker, idea_id):
    """A need of another idea is none of this one's."""
    other = await need(service, author, await author.log_idea())
    answer = await offer(maker, idea_id, other)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:need-not-there")
    answer = await offer(maker, new_id(), other)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:open-impact:idea-unknown")
    assert (await act(maker, str(new_id()), "accept")).status_code == 404
    assert (await service.client.get(f"/api/v1/ideas/{new_id()}/offers")).status_code == 404


async def test_an_organisation_offers_through_its_members(service, author, maker, idea_id):
    """A colleague with the role takes the offer back; a member without it, or who left, cannot."""
    need_id = await need(service, author, idea_id)
    path = await registered(maker, roles=["offers"])
    organisation = path.rpartition("/")[2]
    offer_id = await offered(maker, idea_id, need_id, organisation_id=organisation)
    stranger = await service.person()
    assert (await offer(stranger, idea_id, need_id, organisation_id=organisation)).status_code == 403
    colleague = await joined(service, maker, path, "offers")
    assert (
        await colleague.send("PATCH", f"/api/v1/offers/{offer_id}", {"weeks_to_adapt": 3})
    ).status_code == 200
    assert (await colleague.send("DELETE", f"{path}/members/{colleague.person_id}")).status_code == 200
    answer = await act(colleague, offer_id, "withdraw", {"reason": "Ours."})
    assert answer.status_code == 403
    answer = await offer(colleague, idea_id, need_id, organisation_id=organisation)
    assert answer.status_code == 403
    head = await service.resources.store.head()
    rows = await service.client.get(f"{path}/offers?min_position={head}")
    assert [item["offer_id"] for item in rows.json()["items"]] == [offer_id]
    assert rows.json()["items"][0]["organisation_name"] == "Dale Trust"
    assert (await service.client.get(f"/api/v1/organisations/{new_id()}/offers")).status_code == 404


async def test_an_organisation_is_shown_what_it_might_cover(service, author, maker, idea_id):
    """Once it offered something, a need of the same kind in the same theme is suggested, with the reason."""
    path = await registered(maker, roles=["offers"])
    organisation = path.rpartition("/")[2]
    address = f"{path}/openings"
    assert (await service.client.get(address)).json() == {"items": [], "next_cursor": None}
    await offered(maker, idea_id, await need(service, author, idea_id), organisation_id=organisation)
    other = await author.log_idea(title="A bus for the fell")
    await need(service, author, other)
    head = await service.resources.store.head()
    found = (await service.client.get(f"{address}?min_position={head}")).json()["items"]
    (opening,) = [one for one in found if one["idea_id"] == str(other)]
    assert (opening["same_kind"], opening["words"]) == (True, ["rota"])
    assert "SW104" in opening["codes"]
    assert (await service.client.get(f"/api/v1/organisations/{new_id()}/openings")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "a\0b"}, "description"),
        ({"needs": []}, "needs"),
        ({"needs": [str(new_id())] * 51}, "needs"),
        ({"needs": ["0198f2c4-5b1e-7c55-8a3e-2f6f0b9d4e31"] * 2}, "needs[1]"),
        ({"kind": "magic"}, "kind"),
        ({"running_since": "2999-01-01"}, "running_since"),
        ({"running_since": "yesterday"}, "running_since"),
        ({"cost_to_adapt": {"amount_minor": -1, "currency": "GBP"}}, "cost_to_adapt.amount_minor"),
        ({"cost_to_adapt": {"amount_minor": 1.5, "currency": "GBP"}}, "cost_to_adapt.amount_minor"),
        ({"cost_to_adapt": {"amount_minor": 1, "currency": "XXQ"}}, "cost_to_adapt.currency"),
        ({"weeks_to_adapt": 521}, "weeks_to_adapt"),
        ({"licence": "x" * 201}, "licence"),
        ({"links": ["javascript:alert(1)"]}, "links[0]"),
        ({"links": ["https://rota.example.org/"] * 11}, "links"),
        ({"service": {"url": "ftp://rota.example.org/"}}, "service.url"),
        ({"service": {"name": "x" * 501}}, "service.name"),
        ({"price": 1}, "price"),
    ],
)
async def test_bad_input_is_named_by_its_path(maker, idea_id, changes, path):
    """Each fault is told by the path of its field, when an offer is made and when it is revised."""
    answer = await maker.send(
        "POST", f"/api/v1/ideas/{idea_id}/offers", {**PART, "needs": [str(new_id())], **changes}
    )
    assert answer.status_code == 400
    assert path in [error["path"] for error in answer.json()["errors"]]
    answer = await maker.send("PATCH", f"/api/v1/offers/{new_id()}", changes)
    assert answer.status_code == 400
    assert path in [error["path"] for error in answer.json()["errors"]]


async def test_what_was_delivered_is_led_to_by_a_web_address(author):
    """Anything but a web address is refused."""
    answer = await act(author, str(new_id()), "deliver", {"link": "rota", "note": "x" * 1_001})
    assert [error["path"] for error in answer.json()["errors"]] == ["link", "note"]


async def test_an_idea_is_read_whole(service, author, maker, idea_id):
    """Needs, coverage and offers come with the idea, and its ETag changes when an offer is made and answered."""
    need_id = await need(service, author, idea_id, cost=500_000)
    await need(service, author, idea_id, cost=20_000)

    async def read():
        head = await service.resources.store.head()
        return await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={head}")

    etags = [(await read()).headers["etag"]]
    offer_id = await offered(maker, idea_id, need_id)
    etags.append((await read()).headers["etag"])
    await act(author, offer_id, "accept")
    answer = await read()
    etags.append(answer.headers["etag"])
    assert len(set(etags)) == 3
    found = answer.json()
    assert [one["covering"]["status"] for one in found["needs"]] == ["covered", "uncovered"]
    assert found["coverage"]["covered_percent"] == 50
    assert found["coverage"]["cost_open"] == [{"amount_minor": 100_000, "currency": "GBP"}]
    assert [one["offer_id"] for one in found["offers"]] == [offer_id]
    then = (await service.client.get(f"/api/v1/ideas/{idea_id}?as_of={found['position']}")).json()
    assert then == {**found, "matches": None}


async def test_an_idea_is_read_with_who_is_open_to_it(service, author):
    """A mandate that fits comes with the idea, and its ETag changes when that is paused, though nothing happened to it."""
    person, organisation_id = await funder(service)
    path = await published(person, organisation_id, title="Foxes", themes=["AN101"])
    idea_id = await author.log_idea(themes=["AN101"], ask=None)

    async def read():
        head = await service.resources.store.head()
        return await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={head}")

    before = await read()
    named = [one["mandate_title"] for one in before.json()["matches"]]
    assert "Foxes" in named
    assert (await person.send("POST", f"{path}/pause", {"reason": "Summer."})).status_code == 200
    after = await read()
    assert "Foxes" not in [one["mandate_title"] for one in after.json()["matches"]]
    assert before.headers["etag"] != after.headers["etag"]
    assert before.headers["etag"].partition("-")[0] == after.headers["etag"].partition("-")[0]


async def test_an_idea_is_read_with_its_pool(service, author):
    """The pool comes with what its pledges come to, and the ETag changes with a pledge."""
    path = await opened(author)
    pool = await shown(service, path)
    assert pool["pledges"] == []
    idea = f"/api/v1/ideas/{pool['idea_id']}"
    before = await service.client.get(f"{idea}?min_position={await service.resources.store.head()}")
    person, organisation_id = await pool_funder(service)
    await pledged(person, path, organisation_id, 700)
    after = await service.client.get(f"{idea}?min_position={await service.resources.store.head()}")
    assert after.json()["pool"] == await shown(service, path)
    assert [one["amount"]["amount_minor"] for one in after.json()["pool"]["pledges"]] == [700]
    assert before.headers["etag"] != after.headers["etag"]


async def previewed(service, person, idea_id, *needs, **said):
    """Preview an offer for needs of an idea, and give the answer."""
    path = f"/api/v1/ideas/{idea_id}/offers/preview?min_position={await service.resources.store.head()}"
    return await person.send("POST", path, {"needs": [str(need_id) for need_id in needs], **said})


async def test_a_preview_shows_what_an_offer_would_cover(service, author, maker, idea_id):
    """Each need and the whole idea as it would be, beside what it is now; nothing is written."""
    rota, van = [await need(service, author, idea_id, cost=cost) for cost in (500_000, 20_000)]
    head = await service.resources.store.head()
    cost = {"amount_minor": 80_000, "currency": "GBP"}
    answer = await previewed(service, maker, idea_id, rota, cost_to_adapt=cost)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["need_id"] for one in found["needs"]] == [str(rota), str(van)]
    assert [(one["now"]["status"], one["then"]["status"]) for one in found["needs"]] == [
        ("uncovered", "covered"),
        ("uncovered", "uncovered"),
    ]
    assert found["needs"][0]["then"]["chosen"] == [found["offer_id"]]
    assert (found["now"]["covered"], found["then"]["covered"], found["then"]["covered_percent"]) == (0, 1, 50)
    assert [found[when]["cost_open"][0]["amount_minor"] for when in ("now", "then")] == [520_000, 100_000]
    assert await service.resources.store.head() == head


async def test_a_preview_of_a_change_counts_the_offer_once(service, author, maker, idea_id):
    """As it would be, and not as it is besides."""
    rota, van = await need(service, author, idea_id), await need(service, author, idea_id)
    offer_id = await offered(maker, idea_id, rota)
    found = (await previewed(service, maker, idea_id, van, offer_id=offer_id)).json()
    assert [(one["now"]["status"], one["then"]["status"]) for one in found["needs"]] == [
        ("offered", "uncovered"),
        ("uncovered", "covered"),
    ]
    beside = (await previewed(service, maker, idea_id, van)).json()
    assert [one["then"]["status"] for one in beside["needs"]] == ["offered", "covered"]


async def test_a_preview_is_refused_like_the_offer(service, author, maker, idea_id):
    """By the field where it is malformed, and by the rule where the idea takes no such offer."""
    need_id = await need(service, author, idea_id)
    another = await offered(maker, other := await author.log_idea(), await need(service, author, other))
    cost = {"amount_minor": -1, "currency": "XXL"}
    for idea, needs, said, status, name in (
        (idea_id, [], {}, 400, "needs"),
        (idea_id, [need_id, need_id], {}, 400, "needs[1]"),
        (idea_id, [need_id], {"cost_to_adapt": cost}, 400, "cost_to_adapt.currency"),
        (idea_id, [new_id()], {}, 409, "need-not-there"),
        (idea_id, [need_id], {"offer_id": str(new_id())}, 404, "offer-unknown"),
        (idea_id, [need_id], {"offer_id": another}, 404, "offer-unknown"),
        (new_id(), [need_id], {}, 404, "idea-unknown"),
    ):
        answer = await previewed(service, maker, idea, *needs, **said)
        assert answer.status_code == status, answer.text
        assert name in answer.text
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done elsewhere."})
    answer = await previewed(service, maker, idea_id, need_id)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:idea-takes-no-offers")
