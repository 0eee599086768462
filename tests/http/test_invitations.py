"""Invitations over HTTP: a word in a mail that lets one person in, once, for as long as its sender may give it."""

import asyncio

import pytest

from tests.http.organisations import (
    accepted,
    address_of,
    invited,
    joined,
    last_word,
    registered,
    shown,
)
from tests.http.signing_in import mails_to

pytestmark = pytest.mark.asyncio


async def test_an_invited_person_acts_for_the_organisation_and_is_vouched_for(service):
    """Accepting records the membership with its roles, and that an organisation vouches for the person."""
    ada = await service.person()
    path = await registered(ada)
    ben = await joined(service, ada, path, "offers")
    answer = await ben.send("GET", f"{path}/members?min_position={await service.resources.store.head()}")
    assert [(item["person_id"], item["roles"]) for item in answer.json()["items"]] == [
        (str(ada.person_id), ["member", "admin"]),
        (str(ben.person_id), ["member", "offers"]),
    ]
    events = await service.resources.store.read_stream(f"person-{ben.person_id}")
    assert [getattr(event.data, "how", None) for event in events][-1] == "invitation"


async def test_an_invitation_works_once(service):
    """Accepted again, even after the member was removed, an invitation is good for nothing."""
    ada = await service.person()
    path, ben = await registered(ada), await service.person()
    word = await invited(service, ada, path, ben)
    assert (await accepted(ben, word)).status_code == 200
    assert (await ada.send("DELETE", f"{path}/members/{ben.person_id}")).status_code == 200
    again = await accepted(ben, word)
    assert (again.status_code, again.json()["type"]) == (404, "urn:open-impact:invitation-unknown")
    assert (await ben.send("GET", f"{path}/members")).status_code == 403


async def test_of_many_who_accept_at_once_one_does(service):
    """An invitation sent off several times in parallel is accepted once, and is one membership."""
    ada = await service.person()
    path, ben = await registered(ada), await service.person()
    word = await invited(service, ada, path, ben, "offers")
    answers = await asyncio.gather(*(accepted(ben, word) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404, 404]
    assert (await shown(service, path))["members"] == 2


async def test_an_address_is_the_same_in_whatever_case(service):
    """Whoever was invited in capitals accepts with the address as their account has it."""
    ada = await service.person()
    path, ben = await registered(ada), await service.person()
    body = {"email": (await address_of(service, ben)).upper()}
    assert (await ada.send("POST", f"{path}/invitations", body)).status_code == 201
    assert (await accepted(ben, await last_word(service))).status_code == 200


async def test_an_invitation_is_for_the_address_it_was_sent_to(service):
    """Somebody with another address is refused, and the invitation stays good for whom it was meant."""
    ada = await service.person()
    path, ben, eve = await registered(ada), await service.person(), await service.person()
    word = await invited(service, ada, path, ben)
    refused = await accepted(eve, word)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:open-impact:invited-another")
    assert (await accepted(ben, word)).status_code == 200


@pytest.mark.parametrize("how", ["expired", "withdrawn", "removed", "made up"])
async def test_an_invitation_that_is_over_lets_nobody_in(service, how):
    """Expired, withdrawn, sent before somebody was removed, or made up: one sentence, and nothing changes."""
    ada = await service.person()
    path, ben = await registered(ada), await service.person()
    word = await invited(service, ada, path, ben)
    if how == "expired":
        await service.resources.pool.execute("UPDATE invitations SET expires_at = now()")
    elif how == "withdrawn":
        (listed,) = (await ada.send("GET", f"{path}/invitations")).json()["items"]
        answer = await ada.send("DELETE", f"{path}/invitations/{listed['invitation_id']}")
        assert answer.status_code == 200
    elif how == "removed":
        assert (await ada.send("DELETE", f"{path}/members/{ben.person_id}")).status_code == 200
    else:
        word = "x" * 43
    head = await service.resources.store.head()
    assert (await accepted(ben, word)).status_code == 404
    assert await service.resources.store.head() == head


async def test_an_invitation_of_somebody_who_lost_the_role_is_void(service):
    """When the inviter no longer administers the organisation, accepting is refused, by name of the rule."""
    ada = await service.person()
    path = await registered(ada)
    ben, cleo = await joined(service, ada, path, "admin"), await service.person()
    word = await invited(service, ben, path, cleo)
    answer = await ada.send("PUT", f"{path}/members/{ben.person_id}", {"roles": []})
    assert answer.status_code == 200, answer.text
    refused = await accepted(cleo, word)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:inviter-gone")


async def test_a_role_taken_away_does_not_come_back_by_an_older_invitation(service):
    """Invitations that somebody kept end with the roles they would give again."""
    ada = await service.person()
    path = await registered(ada)
    ben = await joined(service, ada, path, "funder")
    kept = await invited(service, ada, path, ben, "funder")
    assert (await ada.send("PUT", f"{path}/members/{ben.person_id}", {"roles": []})).status_code == 200
    assert (await accepted(ben, kept)).status_code == 404


async def test_a_stranger_ends_no_invitation(service):
    """To remove somebody who is not a member yet, and with it their invitation, takes an administrator."""
    ada, eve = await service.person(), await service.person()
    path, ben = await registered(ada), await service.person()
    word = await invited(service, ada, path, ben)
    cleo = await joined(service, ada, path)
    for person in (eve, cleo):
        assert (await person.send("DELETE", f"{path}/members/{ben.person_id}")).status_code == 403
    assert (await accepted(ben, word)).status_code == 200


@pytest.mark.parametrize(
    "email", ["ben", "ben@exam\u0440le.org", "b\0en@example.org", "x" * 300 + "@example.org"]
)
async def test_nobody_is_invited_under_what_is_no_address(service, email):
    """Half an address, a look-alike and a long one are refused by the field, and no mail is posted."""
    ada = await service.person()
    path = await registered(ada)
    mails = "SELECT count(*) FROM outgoing_mail"
    before = await service.resources.pool.fetchval(mails)
    answer = await ada.send("POST", f"{path}/invitations", {"email": email})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "email")
    assert await service.resources.pool.fetchval(mails) == before


@pytest.mark.parametrize("word", ["", "x" * 101, "a\0b"])
async def test_what_is_no_word_of_a_link_is_refused_by_field(service, word):
    """Nothing, too much and what no link holds are malformed."""
    answer = await accepted(await service.person(), word)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "token")


async def test_an_organisation_does_not_invite_without_end(service, monkeypatch):
    """There is a limit to the invitations that are open, however many are sent at once; withdrawn ones make room."""
    monkeypatch.setattr("app.access.invitations.OPEN_MAX", 3)
    ada = await service.person()
    path = await registered(ada)
    answers = await asyncio.gather(
        *(ada.send("POST", f"{path}/invitations", {"email": f"guest{n}@example.org"}) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 409, 409]
    first = (await ada.send("GET", f"{path}/invitations")).json()["items"][0]["invitation_id"]
    assert (await ada.send("DELETE", f"{path}/invitations/{first}")).status_code == 200
    assert (await ada.send("POST", f"{path}/invitations", {"email": "guest9@example.org"})).status_code == 201


async def test_the_mail_says_who_invites_and_to_what(service):
    """It names the person, the organisation and the roles, and shortens what is too long for a letter."""
    ada = await service.person("Ada Sample")
    path = await registered(ada, name="Dale " * 30)
    await ada.send("POST", f"{path}/invitations", {"email": "reader@example.org", "roles": ["funder"]})
    (mail,) = await mails_to(service, "reader@example.org")
    assert mail.subject.startswith("Ada Sample invites you to act for Dale Dale")
    assert "committing money" in mail.text
    assert "Dale " * 20 not in mail.text


async def test_an_invitation_sent_twice_is_mailed_once(service):
    """The same idempotency key sends one mail; with another body it is refused."""
    ada = await service.person()
    path, body = await registered(ada), {"email": "once@example.org"}
    mails = "SELECT count(*) FROM outgoing_mail"
    before = await service.resources.pool.fetchval(mails)
    send = [await ada.send("POST", f"{path}/invitations", body, idempotency_key="k") for _ in range(2)]
    assert [answer.status_code for answer in send] == [201, 201]
    assert send[0].json()["invitation_id"] == send[1].json()["invitation_id"]
    assert await service.resources.pool.fetchval(mails) == before + 1
    other = await ada.send("POST", f"{path}/invitations", {"email": "two@example.org"}, idempotency_key="k")
    assert other.status_code == 422


async def test_to_withdraw_twice_is_to_withdraw(service):
    """Repeating it is harmless, with one key or another; what is no key is refused as everywhere."""
    ada = await service.person()
    path = await registered(ada)
    await ada.send("POST", f"{path}/invitations", {"email": "guest@example.org"})
    (listed,) = (await ada.send("GET", f"{path}/invitations")).json()["items"]
    address = f"{path}/invitations/{listed['invitation_id']}"
    assert (await ada.send("DELETE", address, idempotency_key="two words")).status_code == 400
    for key in ("first", "first", "second"):
        assert (await ada.send("DELETE", address, idempotency_key=key)).status_code == 200
    assert (await ada.send("GET", f"{path}/invitations")).json()["items"] == []


async def test_neither_the_address_nor_the_word_of_an_invitation_is_kept(service):
    """Neither the table nor the log holds an invited address, and the link's word only as a digest."""
    ada = await service.person()
    path = await registered(ada)
    await ada.send("POST", f"{path}/invitations", {"email": "planted.name@example.org"})
    word = await last_word(service)
    rows = str([dict(row) for row in await service.resources.pool.fetch("SELECT * FROM invitations")])
    assert "planted.name" not in rows
    assert word not in rows
    log = await service.resources.pool.fetch(
        "SELECT data FROM events WHERE stream = $1", f"organisation-{path[-36:]}"
    )
    assert "planted.name" not in str(
        [bytes(row["data"]) if isinstance(row["data"], bytes) else row["data"] for row in log]
    )
    (listed,) = (await ada.send("GET", f"{path}/invitations")).json()["items"]
    assert listed["sent_to"] == "p…@example.org"
