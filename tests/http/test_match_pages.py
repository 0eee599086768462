"""Pages of matches: a funder's desk, and what fits on a mandate's page, each with why."""

import html
import re
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from events.contracts import MandateMatched, MatchReason
from events.envelope import Append, Metadata
from events.streams import match_stream, new_id
from tests.http.conftest import Person
from tests.http.mandates import funder, in_days, pounds, published
from tests.http.organisations import registered
from tests.http.signing_in import HTML, Browser
from tests.web.markup import read

pytestmark = pytest.mark.asyncio

_numbers = count(1)
ASK = {"amount_minor": 4_000, "currency": "GBP"}


async def somebody(service, *roles):
    """Give a browser in which somebody is signed in who registered an organisation with these roles, and both."""
    browser, email = Browser(service), f"desk{next(_numbers)}@example.org"
    await browser.sign_in(email)
    account = await accounts.by_email(service.resources.pool, email)
    token = await tokens.create(service.resources.pool, person_id=account.person_id, scopes=SCOPES)
    person = Person(service.client, account.person_id, token)
    path = await registered(person, name=f"Trust {new_id()}", roles=list(roles))
    return browser, person, UUID(path.rpartition("/")[2])


async def test_a_desk_shows_what_fits_ones_mandates(service, author):
    """A funder sees each mandate with what is left of it and the ideas that fit, new ones first, with why."""
    browser, person, trust = await somebody(service, "funder")
    path = await published(person, trust, title="For poets", themes=["AR103"], budget=pounds(70_000))
    await author.log_idea(title="A poem a day", themes=["AR103"], ask=ASK)
    new = await author.log_idea(title="A poem a year", themes=["AR103"], ask=None)
    event = MandateMatched(
        mandate_id=UUID(path.rpartition("/")[2]),
        idea_id=new,
        organisation_id=trust,
        revision=1,
        score=35,
        reasons=(MatchReason(part="theme", points=35),),
        occurred_at=datetime.now(UTC),
    )
    cause = Metadata(command="TellFunder")
    await service.resources.store.append(
        Append(stream=match_stream(event.mandate_id, new), events=[event], metadata=cause)
    )
    await service.shown()
    page = await browser.get("/funders/desk")
    assert page.status_code == 200
    assert page.text.index("A poem a year") < page.text.index("A poem a day")
    for said in ("For poets", "£700", "which the funder names", ">New<", "Everything that fits"):
        assert said in page.text


async def test_a_desk_without_mandates_says_what_to_do(service):
    """Who funds for nobody is told how that begins, and who has said nothing yet is invited to."""
    browser, _, _ = await somebody(service, "offers")
    await service.shown()
    admin = await browser.get("/funders/desk")
    assert "Say what you are open to" in admin.text
    nobody = Browser(service)
    await nobody.sign_in(f"desk{next(_numbers)}@example.org")
    assert "You do not fund for an organisation yet" in (await nobody.get("/funders/desk")).text


async def test_a_desk_is_ones_own(service):
    """Who is not signed in is led to signing in, and back."""
    answer = await service.client.get("/funders/desk", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Ffunders%2Fdesk")


async def test_a_mandate_shows_what_fits_and_why(service, author):
    """Everybody sees on a mandate's page the ideas that fit it, and the reasons with their points."""
    person, trust = await funder(service)
    path = await published(person, trust, themes=["AR305"])
    address = f"/mandates/{path.rpartition('/')[2]}"
    await service.shown()
    before = await service.client.get(address, headers=HTML)
    assert "No idea fits at the moment" in before.text
    await author.log_idea(title="Opera for <b>all</b>", themes=["AR305"], ask=ASK)
    await service.shown()
    page = await service.client.get(address, headers=HTML)
    for said in ("Opera for &lt;b&gt;all", "35 of 35", "The idea is about Opera, which the funder names."):
        assert said in page.text
    assert "Pledge<" not in page.text


async def test_an_idea_shows_who_is_open_to_it(service, author):
    """Everybody sees on an idea's page how many funders are open to it, and why; where nobody is, nothing is said."""
    idea_id = await author.log_idea(title="Choirs by the sea", themes=["AR301"], places=[], ask=ASK)
    await service.shown()
    nobody = await service.client.get(f"/ideas/{idea_id}", headers=HTML)
    person, trust = await funder(service)
    for title in ("For choirs", "For more choirs"):
        await published(person, trust, title=title, themes=["AR301"])
    await service.shown()
    page = await service.client.get(f"/ideas/{idea_id}", headers=HTML)
    if "already open to this" not in nobody.text:
        assert "1 funder is already open to this" in page.text
    for said in ("For choirs", "For more choirs", "The idea is about Choirs, which the funder names."):
        assert said in page.text
        assert said not in nobody.text


async def test_a_match_leads_to_a_pledge_that_is_filled_in(service, author):
    """From the desk one pledges to an open pool in two steps, under the mandate and with what it can give."""
    browser, person, trust = await somebody(service, "funder")
    path = await published(person, trust, title="For festivals", themes=["AR102"])
    idea_id = await author.log_idea(title="A feast of lanterns", themes=["AR102"], ask=ASK)
    asked = {"minimum": pounds(2_000), "target": pounds(9_000), "deadline": in_days(30)}
    opened = await author.send("POST", f"/api/v1/ideas/{idea_id}/pool", asked)
    assert opened.status_code == 201, opened.text
    await service.shown()
    desk = await browser.get("/funders/desk")
    href = html.unescape(re.search(r'href="(/pools/[^"#]+)#pledge"', desk.text)[1])
    form = await browser.get(href)
    assert form.status_code == 200
    mandate_id = path.rpartition("/")[2]
    assert f'name="mandate_id" value="{mandate_id}"' in form.text
    assert re.search(r'name="amount"[^>]* value="40"', form.text)
    assert f'value="{trust}" selected' in form.text
    pool = href.partition("?")[0]
    fields = {"organisation_id": str(trust), "mandate_id": mandate_id, "amount": "40.00", "kind": "money"}
    preview = await browser.post(f"{pool}/preview", **fields)
    assert f'name="mandate_id" value="{mandate_id}"' in preview.text
    done = await browser.post(f"{pool}/pledges", **fields)
    assert done.status_code == 303, done.text
    await service.shown()
    (made,) = (await service.client.get(f"/api/v1{pool}")).json()["pledges"]
    assert (made["mandate_id"], made["amount"]) == (mandate_id, pounds(4_000))


async def test_a_match_proposes_a_pledge_with_the_conditions_of_its_mandate(service, author):
    """From the desk a funder sees in one step what a pledge would do; its conditions are sentences, and are kept."""
    browser, person, trust = await somebody(service, "funder")
    _, other = await funder(service)
    conditions = {
        "min_funders": 2,
        "min_total": pounds(6_000),
        "with_funders": [str(other)],
        "max_share": "0.5",
        "match_ratio": "1.5",
        "match_cap": pounds(5_000),
        "expires_at": in_days(20),
    }
    path = await published(person, trust, title="For lanterns", themes=["AR104"], conditions=conditions)
    idea_id = await author.log_idea(title="A river of lanterns", themes=["AR104"], ask=ASK)
    asked = {"minimum": pounds(2_000), "target": pounds(9_000), "deadline": in_days(30)}
    opened = await author.send("POST", f"/api/v1/ideas/{idea_id}/pool", asked)
    assert opened.status_code == 201, opened.text
    await service.shown()
    desk = await browser.get("/funders/desk")
    for said in ("You could pledge", "£40", "or more in all.", "Only if 2 funders or more give."):
        assert said in desk.text
    (form,) = [one for one in read(desk.text).all("form") if one.get("action", "").startswith("/pools/")]
    fields = {one["name"]: one["value"] for one in form.all("input")}
    changed_first = await browser.get(form.one("a")["href"].partition("#")[0])
    assert re.search(rf'name="with-{other}" value="on" checked', changed_first.text)
    preview = await browser.post(form["action"], **fields)
    assert preview.status_code == 200, preview.text
    assert "What your pledge would do" in preview.text
    (promise,) = [one for one in read(preview.text).all("form") if one.get("action", "").endswith("/pledges")]
    kept = {one["name"]: one["value"] for one in promise.all("input")}
    assert kept == fields
    done = await browser.post(promise["action"], **kept)
    assert done.status_code == 303, done.text
    await service.shown()
    pool = form["action"].removesuffix("/preview")
    (made,) = (await service.client.get(f"/api/v1{pool}")).json()["pledges"]
    assert (made["mandate_id"], made["amount"]) == (path.rpartition("/")[2], pounds(4_000))
    said = made["conditions"]
    assert {name: said[name] for name in conditions if name != "expires_at"} == {
        name: value for name, value in conditions.items() if name != "expires_at"
    }
    assert said["expires_at"][:10] == conditions["expires_at"][:10]
