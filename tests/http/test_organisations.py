"""Organisations over HTTP: registered once, revised by administrators, and left as their members like."""

import asyncio

import pytest

from app.access import sessions
from app.http.cookies import SESSION
from events.streams import new_id
from tests.http.conftest import serving
from tests.http.organisations import (
    PATH,
    TRUST,
    accepted,
    invited,
    joined,
    registered,
    shown,
)

pytestmark = pytest.mark.asyncio


async def test_an_organisation_is_registered_and_read_back(service):
    """Whoever registers an organisation is its administrator, and everybody reads it, found by name and org-id."""
    ada = await service.person()
    path = await registered(ada, name="  Heron Trust ", org_id=" gb-chc-1000001", roles=["funder"])
    found = await shown(service, path)
    assert (found["name"], found["org_id"]) == ("Heron Trust", "GB-CHC-1000001")
    assert (found["members"], found["funders"], found["admins"], found["version"]) == (1, 1, 1, 2)
    listed = (await service.client.get(f"{PATH}?q=chc-1000001")).json()
    assert listed["items"] == [found]


async def test_an_org_id_is_registered_once_however_many_try_at_once(service):
    """Of people who register one org-id in parallel one succeeds, and the others learn whom to ask."""
    people = [await service.person() for _ in range(5)]
    answers = await asyncio.gather(
        *(person.send("POST", PATH, {**TRUST, "org_id": "GB-COH-00000042"}) for person in people)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["type"] == "urn:open-impact:organisation-registered-before"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"org_id": "GB-CHC-12"}, "org_id"),
        ({"org_id": ""}, "org_id"),
        ({"org_id": "GB-CHC-1\0"}, "org_id"),
        ({"name": " "}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "Dale\u202etsurT"}, "name"),
        ({"name": "D\u0430le Trust"}, "name"),
        ({"name": "\u0421\u041e\u0420\u0415"}, "name"),
        ({"org_id": "GB-XYZ-1164883"}, "org_id"),
        ({"org_id": "\u050cB-CHC-1164883"}, "org_id"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://user@dale.example.org/"}, "website"),
        ({"website": "https://[dale"}, "website"),
        ({"roles": ["owner"]}, "roles[0]"),
        ({"roles": ["admin", "admin"]}, "roles[1]"),
    ],
)
async def test_what_cannot_be_an_organisation_is_refused_by_field(service, changes, path):
    """Each field at fault is named, and nothing is recorded."""
    ada = await service.person()
    head = await service.resources.store.head()
    answer = await ada.send("POST", PATH, {**TRUST, **changes})
    assert answer.status_code == 400, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert await service.resources.store.head() == head


@pytest.mark.parametrize(
    "name",
    [
        "Фонд Хорошие дела",
        "Hope 日本支部",
        "LG전자 Care",
        "Mª Teresa",
        "Ελπίδα e.V.",
        "Wi-Fi для всех",
    ],
)
async def test_a_name_may_be_of_any_language(service, name):
    """What is written in the letters of one alphabet a word is nobody's imitation."""
    ada = await service.person()
    found = await shown(service, await registered(ada, name=name))
    assert found["name"] == name


async def test_a_registration_sent_twice_happens_once(service):
    """The same idempotency key gets the same answer, and no second organisation."""
    ada = await service.person()
    first, second = [await ada.send("POST", PATH, TRUST, idempotency_key="dale") for _ in range(2)]
    assert (first.json(), first.status_code) == (second.json(), second.status_code)


async def test_an_administrator_revises_what_they_read(service):
    """A revision under the present ETag goes through; under an old one it is refused."""
    ada = await service.person()
    path = await registered(ada)
    etag = (await service.client.get(f"{path}?min_position={await service.resources.store.head()}")).headers[
        "etag"
    ]
    answer = await ada.send("PATCH", path, {"name": "Fell Trust"}, if_match=etag)
    assert answer.status_code == 200, answer.text
    again = await ada.send("PATCH", path, {"website": None}, if_match=etag)
    assert again.status_code == 412
    found = await shown(service, path)
    assert (found["name"], found["website"]) == ("Fell Trust", TRUST["website"])


async def test_a_role_that_was_taken_away_is_gone_at_once(service):
    """An administrator who was made a plain member a moment ago administers nothing."""
    ada = await service.person()
    path = await registered(ada)
    ben = await joined(service, ada, path, "admin")
    assert (await ben.send("PATCH", path, {"name": "Ben's Trust"})).status_code == 200
    assert (await ada.send("PUT", f"{path}/members/{ben.person_id}", {"roles": []})).status_code == 200
    for method, address, body in (
        ("PATCH", path, {"name": "Mine"}),
        ("POST", f"{path}/invitations", {"email": "x@example.org"}),
        ("PUT", f"{path}/members/{ada.person_id}", {"roles": []}),
        ("DELETE", f"{path}/members/{ada.person_id}", None),
    ):
        assert (await ben.send(method, address, body)).status_code == 403, address


async def test_the_last_administrator_stays_and_others_leave_as_they_like(service):
    """A member leaves without asking; the last administrator can neither leave nor step down."""
    ada = await service.person()
    path = await registered(ada)
    ben = await joined(service, ada, path)
    assert (await ben.send("DELETE", f"{path}/members/{ben.person_id}")).status_code == 200
    for method, body in (("DELETE", None), ("PUT", {"roles": ["funder"]})):
        answer = await ada.send(method, f"{path}/members/{ada.person_id}", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:last-administrator")


async def test_two_administrators_who_leave_at_once_leave_one(service):
    """When both leave in parallel, one goes and the other stays: the organisation is never without."""
    ada = await service.person()
    path = await registered(ada)
    ben = await joined(service, ada, path, "admin")
    answers = await asyncio.gather(
        *(person.send("DELETE", f"{path}/members/{person.person_id}") for person in (ada, ben))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await shown(service, path))["admins"] == 1


async def test_what_is_not_there_is_said_so(service):
    """Addresses of organisations and members that never were are not found."""
    ada = await service.person()
    nowhere = f"{PATH}/{new_id()}"
    for method, address, body in (
        ("GET", nowhere, None),
        ("PATCH", nowhere, {"name": "Mine"}),
        ("GET", f"{nowhere}/members", None),
        ("PUT", f"{await registered(ada)}/members/{new_id()}", {"roles": ["funder"]}),
    ):
        assert (await ada.send(method, address, body)).status_code == 404, address


async def test_to_change_who_acts_takes_a_fresh_proof(database_url):
    """In a session, roles are given and people invited and removed with a passkey just shown; to leave takes none."""
    async with serving(database_url, step_up="passkey") as service:
        ada = await service.person()
        path = await registered(ada)
        ben, cleo = await joined(service, ada, path, "admin"), await joined(service, ada, path)
        for proved_by, status in (("link", 403), ("passkey", 200)):
            secret = await sessions.begin(
                service.resources.pool, person_id=ben.person_id, proved_by=proved_by
            )
            headers = {
                "cookie": f"{SESSION.name(https=False)}={secret}",
                "sec-fetch-site": "same-origin",
            }
            for method, address, body in (
                ("PUT", f"{path}/members/{cleo.person_id}", {"roles": ["offers"]}),
                ("DELETE", f"{path}/members/{cleo.person_id}", None),
                ("DELETE", f"{path}/members/{ben.person_id}", None),
            ):
                answer = await service.client.request(method, address, headers=headers, json=body)
                is_own = str(ben.person_id) in address
                assert answer.status_code == (200 if is_own else status), (proved_by, address, answer.text)
            if proved_by == "link":
                assert (
                    await accepted(ben, await invited(service, ada, path, ben, "admin"))
                ).status_code == 200
