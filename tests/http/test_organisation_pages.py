"""The pages of organisations and invitations over HTTP: plain forms, said in words, and nobody sees too much."""

import re

import pytest

from app.access import accounts
from events.streams import new_id
from tests.http.organisations import last_word
from tests.http.signing_in import Browser
from tests.http.test_me import signed_in
from tests.http.test_sign_in import numbers

pytestmark = pytest.mark.asyncio


def an_address():
    """Give an address nobody had before."""
    return f"colleague{next(numbers)}@example.org"


async def with_an_organisation(service, **fields):
    """Give a browser of somebody who has just registered an organisation, and its path."""
    browser = await signed_in(service, an_address(), "Ada Sample")
    answer = await browser.post("/organisations", **{"name": "Dale Trust", **fields})
    assert answer.status_code == 303, answer.text
    return browser, answer.headers["location"].partition("?")[0]


async def invited(service, browser, path, email, **roles):
    """Invite somebody on the organisation's page, and give the path of the link that was mailed."""
    answer = await browser.post(f"{path}/invitations", email=email, **roles)
    assert answer.headers.get("location") == f"{path}?said=invited", answer.text
    return f"/invitations/{await last_word(service)}"


async def test_an_organisation_is_registered_and_found(service):
    """Whoever registers it administers it, sees the form for invitations, and finds it in the list."""
    browser, path = await with_an_organisation(service, name="Kestrel Trust", org_id="GB-CHC-1000777")
    page = await browser.get(f"{path}?said=registered")
    for words in (
        "It is registered, and you administer it.",
        "Kestrel Trust",
        "GB-CHC-1000777",
        "Invite somebody",
    ):
        assert words in page.text
    await service.shown()
    assert path in (await browser.get("/organisations?q=kestrel")).text
    assert path in (await browser.get("/me")).text
    assert "No organisation matches" in (await browser.get("/organisations?q=unicorns&cursor=nonsense")).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "It must not be blank."),
        ({"name": "x" * 10_000}, "200 are allowed"),
        ({"name": "a\0b"}, "NUL"),
        ({"name": "D\u0430le"}, "different alphabets"),
        ({"org_id": "GB-CHC-12"}, "six or seven digits"),
        ({"org_id": "nonsense"}, "Begin with the prefix of a register"),
        ({"website": "javascript:alert(1)"}, "Give an address that begins with https://"),
    ],
)
async def test_a_form_says_what_is_wrong_with_a_field(service, fields, said):
    """The sentence stands at the field, what was typed stays, and nothing is registered."""
    browser = await signed_in(service, an_address())
    head = await service.resources.store.head()
    page = await browser.post("/organisations", **{"name": "Dale Trust", **fields})
    assert page.status_code == 400
    assert said in page.text
    assert "<title>Error: " in page.text
    assert await service.resources.store.head() == head


async def test_an_org_id_that_is_taken_is_said_at_the_field(service):
    """The second who registers an org-id is told whom to ask."""
    await with_an_organisation(service, org_id="GB-CHC-1000888")
    browser = await signed_in(service, an_address())
    page = await browser.post("/organisations", name="Other", org_id="gb-chc-1000888 ")
    assert page.status_code == 409
    assert "ask one of its administrators to invite you" in page.text


async def test_a_stranger_sees_what_an_organisation_is_and_not_who_acts_for_it(service):
    """Names of members and the forms are for members; a page of a member is for nobody else."""
    browser, path = await with_an_organisation(service)
    stranger, visitor = await signed_in(service, an_address()), Browser(service)
    for other in (stranger, visitor):
        page = await other.get(path)
        assert (page.status_code, "Dale Trust" in page.text) == (200, True)
        assert "Ada Sample</bdi></strong>" not in page.text
        assert "Invite somebody" not in page.text
    member = re.search(r'href="(/organisations/[^"]+/members/[^"]+)"', (await browser.get(path)).text)[1]
    assert (await stranger.get(member)).status_code == 403
    assert (await visitor.get(member)).status_code == 303
    email = an_address()
    link = await invited(service, browser, path, email)
    colleague = await signed_in(service, email)
    assert (await colleague.post("/invitations", word=link.rpartition("/")[2])).status_code == 303
    assert "Ada Sample</bdi></strong>" in (await colleague.get(path)).text
    assert (await colleague.get(member)).status_code == 404
    assert (await browser.get(f"/organisations/{new_id()}")).status_code == 404
    assert (await browser.get(f"{path}/members/{new_id()}")).status_code == 404


async def test_an_invitation_leads_through_signing_in_to_the_role(service):
    """The link leads to the sign-in page and back, to look at it uses nothing up, and its button makes a member."""
    ada, path = await with_an_organisation(service)
    email = an_address()
    link = await invited(service, ada, path, email, **{"role-funder": "on"})
    ben = Browser(service)
    for method in ("HEAD", "GET", "GET"):
        answer = await ben.client.request(method, link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Finvitations")
    word = link.rpartition("/")[2]
    assert (await ben.sign_in(email, "Ben Sample", "/invitations")).headers["location"] == "/invitations"
    rows = await service.resources.pool.fetch("SELECT next FROM sign_in_requests")
    assert word not in str([row["next"] for row in rows])
    for address in ("/invitations", link):
        page = await ben.get(address)
        assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
        assert "Ada Sample</bdi> invites you" in page.text
        assert "commit its money" in page.text
    answer = await ben.post("/invitations", word=word)
    assert answer.headers["location"] == f"{path}?said=joined"
    assert "commits money" in (await ben.get(path)).text
    assert (await ben.post("/invitations", word=word)).status_code == 410
    assert (await ben.get("/invitations")).status_code == 410


async def test_an_invitation_to_somebody_else_is_explained(service):
    """Whoever is signed in with another address reads what to do, and the button of a made-up page does nothing."""
    ada, path = await with_an_organisation(service)
    link = await invited(service, ada, path, an_address())
    eve = await signed_in(service, an_address())
    page = await eve.get(link)
    assert "This invitation is for another address" in page.text
    assert "Accept the invitation" not in page.text
    assert (await eve.post("/invitations", word=link.rpartition("/")[2])).status_code == 403
    assert "Invite somebody" not in (await eve.get(path)).text


@pytest.mark.parametrize("word", ["x", "x" * 5_000, "%00", "%C3%A9", "..%2f..", "'%20OR%201=1"])
async def test_what_is_no_invitation_is_one_that_is_over(service, word):
    """Whatever stands in the link, somebody gets a page that says to ask for a new one."""
    browser = await signed_in(service, an_address())
    answer = await browser.get(f"/invitations/{word}")
    assert answer.status_code in {404, 410}
    assert (await Browser(service).get(f"/invitations/{word}")).status_code in {303, 404}


async def test_a_withdrawn_invitation_is_over_and_one_of_a_former_administrator_void(service):
    """Withdrawn by its button, or sent by somebody who lost the role: a sentence, and no membership."""
    ada, path = await with_an_organisation(service)
    email = an_address()
    link = await invited(service, ada, path, email)
    withdraw = re.search(rf'action="({path}/invitations/[^"]+/withdraw)"', (await ada.get(path)).text)[1]
    assert (await ada.post(withdraw)).headers["location"] == f"{path}?said=withdrawn"
    ben = await signed_in(service, email)
    assert (await ben.get(link)).status_code == 410
    link = await invited(service, ada, path, email, **{"role-admin": "on"})
    await ben.post("/invitations", word=link.rpartition("/")[2])
    cleo_email = an_address()
    link = await invited(service, ben, path, cleo_email)
    ben_id = (await accounts.by_email(service.resources.pool, email)).person_id
    assert (await ada.post(f"{path}/members/{ben_id}/roles")).headers["location"] == f"{path}?said=roles"
    refused = await (await signed_in(service, cleo_email)).post("/invitations", word=link.rpartition("/")[2])
    assert (refused.status_code, "ask for a new invitation" in refused.text) == (409, True)


async def test_the_last_administrator_is_told_why_they_stay(service):
    """Neither leaving nor stepping down works, and the page says what to do first."""
    ada, path = await with_an_organisation(service)
    member = re.search(r'href="(/organisations/[^"]+/members/[^"]+)"', (await ada.get(path)).text)[1]
    for form in ("end", "roles"):
        page = await ada.post(f"{member}/{form}")
        assert page.status_code == 409
        assert "make somebody else one first" in page.text


async def test_a_name_and_a_website_are_revised(service):
    """What was typed is there afterwards; what is wrong stays in the form with its sentence."""
    ada, path = await with_an_organisation(service)
    answer = await ada.post(
        f"{path}/revise", name="  Dale  and Fell Trust", website="https://fell.example.org/"
    )
    assert answer.headers["location"] == f"{path}?said=revised"
    page = await ada.get(path)
    assert '<h1 dir="auto">Dale and Fell Trust</h1>' in page.text
    assert 'href="https://fell.example.org/" rel="noreferrer"' in page.text
    page = await ada.post(f"{path}/revise", name="Dale", website="ftp://dale")
    assert (page.status_code, 'value="ftp://dale"' in page.text) == (400, True)


async def test_the_word_of_an_invitation_is_not_logged(service, caplog, monkeypatch):
    """Even an answer that took long is logged without what follows in the link."""
    monkeypatch.setattr("app.http.envelope.SLOW_SECONDS", -1)
    await Browser(service).get("/invitations/planted-word-of-a-link")
    assert "/invitations/" in caplog.text
    assert "planted-word" not in caplog.text
