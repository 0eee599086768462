"""The steps of those in charge of a pool on its page: change it, call it off, plan milestones and release money."""

import re
from uuid import uuid4

import pytest

from tests.http.pools import PATH, in_days, shown
from tests.http.test_me import signed_in
from tests.http.test_organisation_pages import an_address
from tests.http.test_pool_pages import a_funder

pytestmark = pytest.mark.asyncio


async def a_pool(service, name="Dale Trust"):
    """Open a pool for a funder on a page; gives the browser, the funder, the page and the pool's address."""
    idea = await (await service.person()).log_idea()
    browser, trust = await a_funder(service, name)
    asked = {"currency": "GBP", "minimum": "6", "target": "10", "deadline": in_days(30)[:10]}
    answer = await browser.post(f"/ideas/{idea}/pool", organisation_id=trust, **asked)
    assert answer.status_code == 303, answer.text
    await service.shown()
    page = answer.headers["location"].partition("?")[0]
    return browser, trust, page, page.replace("/pools", PATH)


async def followed(browser, answer):
    """Give the page to which a form led."""
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


def revision(text):
    """Give the form by which a pool is revised, as the page has it."""
    form = text.partition('/revise">')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(version|minimum|target|ceiling|deadline)"[^>]* value="([^"]*)"', form))


async def test_what_a_pool_asks_for_is_changed_until_the_first_pledge(service):
    """The form holds what is asked for now; it is gone with the first pledge, and sent all the same it is refused."""
    browser, trust, page, pool = await a_pool(service)
    before = await shown(service, pool)
    form = revision((await browser.get(page)).text)
    assert (form["minimum"], form["target"]) == ("6", "10")
    wrong = await browser.post(f"{page}/revise", **{**form, "target": "x"})
    assert (wrong.status_code, wrong.text.count('class="error"'), 'value="x"' in wrong.text) == (400, 1, True)
    low = await browser.post(f"{page}/revise", **{**form, "target": "5"})
    assert (low.status_code, "The target is at least the minimum" in low.text) == (409, True)
    changed = await browser.post(f"{page}/revise", **{**form, "target": "12.50", "reason": "A second room."})
    assert "What the pool asks for is changed." in await followed(browser, changed)
    after = await shown(service, pool)
    assert (after["target"]["amount_minor"], after["deadline"]) == (1_250, before["deadline"])
    outdated = await browser.post(f"{page}/revise", **{**form, "target": "13"})
    assert (outdated.status_code, "Somebody has changed this pool" in outdated.text) == (409, True)
    made = await browser.post(f"{page}/pledges", organisation_id=trust, amount="5")
    assert "/revise" not in await followed(browser, made)
    form["version"] = str((await shown(service, pool))["version"])
    late = await browser.post(f"{page}/revise", **form)
    assert (late.status_code, "Somebody has pledged" in late.text) == (409, True)


async def test_a_pool_is_called_off_with_a_reason_by_who_is_sure(service):
    """Without the reason or the box nothing happens; afterwards the reason stands on the page."""
    browser, _, page, pool = await a_pool(service)
    for fields, said in (({"sure": "on"}, "cancel-reason-error"), ({"reason": "Sold."}, "if you are sure.")):
        refused = await browser.post(f"{page}/cancel", **fields)
        assert (refused.status_code, said in refused.text) == (400, True)
    assert (await shown(service, pool))["status"] == "open"
    seen = await followed(
        browser, await browser.post(f"{page}/cancel", reason="The house is sold.", sure="on")
    )
    for words in ("The pool is called off.", "The house is sold.", "nobody owes anything"):
        assert words in seen
    assert "/cancel" not in seen


async def test_a_milestone_is_planned_reached_and_paid_for(service):
    """Each form is there when its turn has come, and says what it does; money goes only when it is confirmed."""
    browser, trust, page, pool = await a_pool(service)
    early = await browser.post(f"{page}/milestones", title="Lease signed", amount="4")
    assert (early.status_code, "nothing to pay out" in early.text) == (409, True)
    await browser.post(f"{page}/pledges", organisation_id=trust, amount="10")
    await service.shown()
    seen = (await browser.get(page)).text
    assert "For £10 of what is committed, nothing is planned yet." in seen
    wrong = await browser.post(f"{page}/milestones", title=" ", amount="lots")
    assert (wrong.status_code, 'value="lots"' in wrong.text) == (400, True)
    more = await browser.post(f"{page}/milestones", title="Lease signed", amount="11")
    assert (more.status_code, "cannot take more" in more.text) == (409, True)
    planned = await browser.post(f"{page}/milestones", title="Lease signed", amount="4")
    seen = await followed(browser, planned)
    assert "For £6 of what is committed" in seen
    again = await browser.post(f"{page}/milestones", title="Lease signed", amount="4")
    assert (again.status_code, "is planned already" in again.text) == (400, True)
    (reach,) = re.findall(r'action="([^"]+/reached)"', seen)
    unsure = await browser.post(reach, note="Signed on Monday.")
    assert (unsure.status_code, "Signed on Monday." in unsure.text) == (400, True)
    nowhere = await browser.post(reach, link="nonsense", sure="on")
    assert (nowhere.status_code, "begins with https://" in nowhere.text) == (400, True)
    seen = await followed(browser, await browser.post(reach, note="Signed on Monday.", sure="on"))
    assert "Signed on Monday." in seen
    assert "Still to confirm: <bdi>Dale Trust</bdi>." in seen
    release = reach.replace("/reached", "/release")
    unpaid = await browser.post(release, sure="on")
    assert (unpaid.status_code, "has to confirm" in unpaid.text) == (409, True)
    (confirm,) = re.findall(r'action="([^"]+/confirm)"', seen)
    seen = await followed(browser, await browser.post(confirm))
    assert f'action="{release}"' in seen
    unsure = await browser.post(release)
    assert (unsure.status_code, "if you are sure." in unsure.text) == (400, True)
    seen = await followed(browser, await browser.post(release, sure="on"))
    assert "The money for the milestone is released." in seen
    assert "/release" not in seen
    (pledge,) = (await shown(service, pool))["pledges"]
    assert (pledge["released"]["amount_minor"], pledge["committed"]["amount_minor"]) == (400, 1_000)


async def test_whoever_is_not_in_charge_finds_no_forms_and_is_refused(service):
    """A stranger who sends the forms all the same changes nothing."""
    browser, _, page, pool = await a_pool(service)
    assert "/cancel" in (await browser.get(page)).text
    stranger = await signed_in(service, an_address(), "Sam Sample")
    for reader in (stranger, service.client):
        seen = (await reader.get(page)).text
        assert not [form for form in ("/revise", "/cancel", "/milestones") if f'{form}"' in seen]
    milestone = f"milestones/{uuid4()}"
    for path in ("revise", "cancel", "milestones", f"{milestone}/reached", f"{milestone}/release"):
        refused = await stranger.post(f"{page}/{path}", reason="No.", sure="on")
        assert refused.status_code == 403, path
    assert (await shown(service, pool))["version"] == 1
