"""An integrator has a program told of events: a token, an endpoint, a test, the log of deliveries, and a replay."""

import re

import pytest
from playwright.async_api import expect
from standardwebhooks import Webhook, WebhookVerificationError

from ops.faults.surroundings import came_true
from tests.acceptance.browsing import in_either_theme, sign_in
from tests.acceptance.people import an_idea
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 30


def agreeing(got):
    """Agree to be told, and take whatever comes."""
    return Reply(headers={"WebHook-Allowed-Origin": "*"} if got.method == "OPTIONS" else {})


async def came(receiver, word, least=1):
    """Wait until so many messages were sent that have a word in them, and give them."""
    found = []

    async def enough():
        found[:] = [got for got in receiver.received if got.method == "POST" and word in got.body.decode()]
        return len(found) >= least

    assert await came_true(enough, PATIENCE_SECONDS, every=0.1), f"{word} came {len(found)} times."
    return found


async def until_it_shows(page, locator):
    """Load the page again until something is there; the site's worker does it meanwhile."""
    for _ in range(PATIENCE_SECONDS * 2):
        await page.reload()
        if await locator.count():
            return
        await page.wait_for_timeout(500)
    raise AssertionError(f"{locator} never came.")


async def test_a_program_is_told_of_an_idea_and_told_again(chromium, site, web):
    """Made on pages: a token that logs an idea, an address that agrees, a test, what was sent, and all of it once more."""
    home = f"http://localhost:{site.port}"
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    await sign_in(page, home, "ines@example.org", "Ines Integrator")
    await page.goto(f"{home}/me/tokens")
    await page.get_by_label("What is it for?").fill("The island's noticeboard")
    await page.locator("[id='scope-ideas:write']").check()
    await page.get_by_role("button", name="Make a token").click()
    token = await page.locator("section.notice code").inner_text()
    await in_either_theme(page)

    async with receiving(agreeing) as receiver:
        await page.goto(f"{home}/webhooks")
        await page.get_by_label("Its address").fill(receiver.url)
        await page.get_by_label("Ideas, and what they need").check()
        await page.get_by_role("button", name="Add it").click()
        secret = await page.locator("section.notice code").inner_text()
        await page.goto(f"{home}/webhooks")
        await page.get_by_role("link", name=receiver.url).click()
        await until_it_shows(page, page.get_by_role("button", name="Send a test"))
        await page.get_by_role("button", name="Send a test").click()
        await expect(page.get_by_role("status").first).to_be_visible()
        await came(receiver, "test")

        logged = await web.post(
            "/api/v1/ideas", json=an_idea("A noticeboard"), headers={"Authorization": f"Bearer {token}"}
        )
        assert logged.status_code == 201, logged.text
        idea_id, position = logged.json()["idea_id"], logged.json()["position"]
        (first, *_) = await came(receiver, idea_id)
        Webhook(secret).verify(first.body, first.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(first.body + b" ", first.headers)

        sent = page.get_by_role("link", name=re.compile(f"Record {position:,}$"))
        await until_it_shows(page, sent)
        await in_either_theme(page)
        await page.get_by_text("Send a stretch once more").click()
        await page.get_by_label("From record").fill(str(position))
        await page.get_by_role("button", name="Send everything from there").click()
        await expect(page.get_by_text("sent once more").first).to_be_visible()
        again = await came(receiver, idea_id, least=2)
        assert len({got.headers["webhook-id"] for got in again}) == 1, "a program knows it has that one"
    assert complaints == []
    await context.close()
