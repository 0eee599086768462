"""Mandates over HTTP: a funder says beforehand what it is open to, and everybody can read it."""

import asyncio

import pytest

from app.access.policy import RULES
from domain.decider import DomainError
from events.errors import WrongVersionError
from events.streams import new_id
from tests.http.mandates import PATH, funder, in_days, pounds, published, reserve, stated
from tests.http.organisations import joined

pytestmark = pytest.mark.asyncio


async def shown(service, path):
    """Read a mandate as it is now."""
    answer = await service.client.get(f"{path}?min_position={await service.resources.store.head()}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_mandate_is_published_and_read_back(service):
    """What was said is shown with the organisation's name, and the whole budget is left."""
    fay, trust = await funder(service)
    said = {
        "themes": ["SW104"],
        "places": ["GB-DUR"],
        "stages": ["supported"],
        "terms": "Two years at most.",
        "mode": "pledge",
        "thresholds": {"verified_votes": 25, "covered_percent": 50, "live_pool": True},
        "veto_hours": 48,
    }
    conditions = {"min_funders": 2, "max_share": "0.5"}
    path = await published(fay, trust, title="  Getting about ", conditions=conditions, **said)
    found = await shown(service, path)
    assert {name: found[name] for name in said} == said
    assert (found["title"], found["status"], found["revision"]) == ("Getting about", "open", 1)
    assert found["organisation_name"].startswith("Trust ")
    assert (found["left"], found["reserved"]) == (pounds(10_000), pounds(0))
    assert conditions.items() <= found["conditions"].items()


async def test_a_mandate_is_revised_and_keeps_what_it_said(service):
    """What is left out stays, the number of the revision counts up, and every revision can be read."""
    fay, trust = await funder(service)
    path = await published(fay, trust)
    answer = await fay.send("PATCH", path, {"budget": pounds(20_000), "reason": "More money."})
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    again = await fay.send("PATCH", path, {"budget": pounds(20_000)})
    assert (again.status_code, again.json()["revision"]) == (200, 2)
    found = await shown(service, path)
    assert (found["title"], found["budget"], found["revision"]) == ("Getting about", pounds(20_000), 2)
    listed = (await service.client.get(f"{path}/revisions")).json()
    told = [
        (row["revision"], row["says"]["budget"]["amount_minor"], row["reason"]) for row in listed["items"]
    ]
    assert told == [(2, 20_000, "More money."), (1, 10_000, "")]


async def test_a_revision_of_what_was_revised_since_is_refused(service):
    """With If-Match a revision holds only against the revision that was read; money set aside is no revision."""
    fay, trust = await funder(service)
    path = await published(fay, trust)
    await shown(service, path)
    etag = (await service.client.get(path)).headers["etag"]
    assert (await service.client.get(path, headers={"if-none-match": etag})).status_code == 304
    await reserve(service, path, 100)
    assert (await fay.send("PATCH", path, {"title": "Buses"}, if_match=etag)).status_code == 200
    answer = await fay.send("PATCH", path, {"title": "Trains"}, if_match=etag)
    assert (answer.status_code, answer.json()["type"]) == (412, "urn:open-impact:outdated")
    assert (await shown(service, path))["title"] == "Buses"


async def test_a_mandate_is_paused_resumed_and_closed(service):
    """Each is done once however often it is asked for; what is closed is closed, and says why."""
    fay, trust = await funder(service)
    path = await published(fay, trust)
    for act, status in (("pause", "paused"), ("pause", "paused"), ("resume", "open"), ("close", "closed")):
        answer = await fay.send("POST", f"{path}/{act}", {"reason": "Summer."})
        assert answer.status_code == 200, answer.text
        assert (await shown(service, path))["status"] == status
    assert (await shown(service, path))["closed_reason"] == "Summer."
    refused = await fay.send("POST", f"{path}/resume")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:mandate-is-closed")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"ticket_min": pounds(6_000)}, "ticket_min"),
        ({"ticket_max": pounds(10_001)}, "ticket_max"),
        ({"ticket_min": pounds(1_000, "EUR")}, "ticket_min.currency"),
        ({"budget": pounds(10_000, "XXX")}, "budget.currency"),
        ({"budget": pounds(0)}, "budget.amount_minor"),
        ({"ticket_min": pounds(-5)}, "ticket_min.amount_minor"),
        ({"budget": pounds(10**13 + 1)}, "budget.amount_minor"),
        ({"budget": pounds(10**30)}, "budget.amount_minor"),
        ({"budget": pounds(10.5)}, "budget.amount_minor"),
        ({"opens_at": in_days(40)}, "closes_at"),
        ({"closes_at": "2026-01-01T00:00:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59:59Z"}, "closes_at"),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, "opens_at"),
        ({"themes": ["NOPE"]}, "themes[0]"),
        ({"places": ["GB-LDS", "GB-LDS"]}, "places[1]"),
        ({"stages": ["live"]}, "stages[0]"),
        ({"stages": ["logged", "logged"]}, "stages"),
        ({"mode": "give"}, "mode"),
        ({"veto_hours": -1}, "veto_hours"),
        ({"thresholds": {"covered_percent": 101}}, "thresholds.covered_percent"),
        ({"thresholds": {"verified_votes": -1}}, "thresholds.verified_votes"),
        ({"conditions": {"max_share": "1.5"}}, "conditions.max_share"),
        ({"conditions": {"max_share": "half"}}, "conditions.max_share"),
        ({"conditions": {"match_ratio": "0"}}, "conditions.match_ratio"),
        ({"conditions": {"match_cap": pounds(5)}}, "conditions.match_ratio"),
        ({"conditions": {"min_funders": 0}}, "conditions.min_funders"),
        ({"conditions": {"min_total": pounds(5, "EUR")}}, "conditions.min_total.currency"),
        ({"title": " "}, "title"),
        ({"terms": "a\0b"}, "terms"),
        ({"spare": 1}, "spare"),
    ],
)
async def test_a_mandate_that_cannot_be_meant_is_refused_by_its_field(service, changes, path):
    """Whatever is wrong is named by its path, and nothing is published."""
    fay, trust = await funder(service)
    answer = await fay.send("POST", PATH, stated(trust, **changes))
    assert answer.status_code == 400, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == [path]


async def test_a_window_in_the_past_is_refused_by_its_rule(service):
    """A mandate that would be over before it began is refused in words."""
    fay, trust = await funder(service)
    answer = await fay.send("POST", PATH, stated(trust, opens_at=in_days(-9), closes_at=in_days(-1)))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:mandate-window")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"ticket_min": pounds(6_000)}, "ticket-range"),
        ({"budget": pounds(4_999)}, "ticket-over-budget"),
        ({"ticket_max": pounds(5_000, "EUR")}, "mixed-currencies"),
        ({"ticket_max": pounds(4_000), "budget": pounds(4_500)}, "budget-under-reserved"),
        (
            {name: pounds(10_000, "EUR") for name in ("ticket_min", "ticket_max", "budget")},
            "budget-currency",
        ),
    ],
)
async def test_a_revision_has_to_go_with_what_stays(service, changes, rule):
    """What contradicts what the mandate says otherwise, or what it has promised, is refused by its rule."""
    fay, trust = await funder(service)
    path = await published(fay, trust)
    await reserve(service, path, 4_800)
    answer = await fay.send("PATCH", path, changes)
    assert (answer.status_code, answer.json()["type"]) == (409, f"urn:open-impact:{rule}")
    assert (await shown(service, path))["revision"] == 1


async def test_only_who_may_commit_money_publishes_and_changes(service):
    """Members without the role, strangers and former members are refused, and nothing changes."""
    fay, trust = await funder(service)
    path = await published(fay, trust)
    offers = await joined(service, fay, f"/api/v1/organisations/{trust}", "offers")
    for person in (offers, await service.person()):
        for method, address, body in (
            ("POST", PATH, stated(trust)),
            ("PATCH", path, {"title": "Mine"}),
            ("POST", f"{path}/close", None),
        ):
            answer = await person.send(method, address, body)
            assert answer.status_code == 403, answer.text
            assert (
                answer.json()["detail"]
                == "This is for members who may commit the organisation's money alone."
            )
    assert (await shown(service, path))["revision"] == 1


async def test_what_is_not_there_is_not_found(service):
    """No organisation, no mandate, no revisions of one."""
    fay, _ = await funder(service)
    assert (await fay.send("POST", PATH, stated(new_id()))).status_code == 404
    for method, address in (
        *(("GET", f"{PATH}/{new_id()}"), ("GET", f"{PATH}/{new_id()}/revisions")),
        *(("PATCH", f"{PATH}/{new_id()}"), ("POST", f"{PATH}/{new_id()}/pause")),
    ):
        answer = await fay.send(method, address, {} if method == "PATCH" else None)
        assert answer.status_code == 404, (method, address, answer.text)
        assert answer.json()["detail"] == "There is no such mandate."


async def test_the_same_key_publishes_once(service):
    """A request sent twice under one Idempotency-Key is one mandate."""
    fay, trust = await funder(service)
    body = stated(trust)
    first = await fay.send("POST", PATH, body, idempotency_key="once")
    again = await fay.send("POST", PATH, body, idempotency_key="once")
    assert first.json() == again.json()
    other = await fay.send("POST", PATH, {**body, "title": "Other"}, idempotency_key="once")
    assert other.status_code == 422


async def test_mandates_are_found_by_what_they_are_open_to(service):
    """Lists are narrowed by theme, place, stage, currency and status; an organisation's own list has ended ones too."""
    fay, trust = await funder(service)
    path = await published(fay, trust, themes=["AN101"], places=["GB-SHN"], stages=["funding"])
    await shown(service, path)
    found = path.rpartition("/")[2]

    async def ids(query, where=PATH):
        head = await service.resources.store.head()
        answer = await service.client.get(f"{where}?limit=200&min_position={head}&{query}")
        assert answer.status_code == 200, answer.text
        return [item["mandate_id"] for item in answer.json()["items"]]

    asked = "theme=AN101&place=GB-SHN&stage=funding&currency=GBP"
    assert found in await ids(f"{asked}&status=open")
    assert found not in await ids("theme=AN101&place=GB-LDS")
    assert found not in await ids("stage=logged")
    assert found not in await ids("currency=EUR")
    assert (await service.client.get(f"{PATH}?status=unheard")).status_code == 400
    assert (await service.client.get(f"{PATH}?cursor=nonsense")).status_code == 400
    await fay.send("POST", f"{path}/close")
    assert found not in await ids(asked)
    own = f"/api/v1/organisations/{trust}/mandates"
    assert await ids("", own) == [found]
    assert await ids("status=open", own) == []
    assert await ids("status=closed", own) == [found]


async def test_a_budget_holds_under_many_at_once(service):
    """Of pledges that ask for one budget in parallel as many are backed as it allows, and not one more."""
    fay, trust = await funder(service)
    path = await published(fay, trust)

    async def try_to_reserve():
        for _ in range(20):
            try:
                return bool((await reserve(service, path, 700)).events)
            except WrongVersionError:
                continue
            except DomainError:
                return False
        raise AssertionError("overtaken twenty times")

    done = await asyncio.gather(*(try_to_reserve() for _ in range(40)))
    assert sum(done) == 14
    found = await shown(service, path)
    assert (found["reserved"], found["left"]) == (pounds(9_800), pounds(200))


async def test_publishing_needs_a_fresh_proof_of_a_session(service):
    """Rules that commit money ask a session for a fresh proof; pausing and closing, which commit none, do not."""

    fresh = {name for name in RULES if name.endswith("Mandate") and RULES[name].fresh}
    assert fresh == {"publishMandate", "reviseMandate", "resumeMandate"}
