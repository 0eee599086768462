"""A session ends in the middle of a long text: in a real Chromium, by the mailed link, nothing of it is lost."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import the_newest_letter, without_violation

pytestmark = pytest.mark.asyncio

TEXT = "Volunteers drive people to the clinic.\n\n" + "Each of them says when they can, by telephone. " * 30


async def an_idea_with_needs(web):
    """Give the address of the form of an offer on an idea that still needs something; the sample arrives by and by."""
    async with asyncio.timeout(60):
        while True:
            board = await web.get("/api/v1/ideas", params={"q": "first night home", "limit": 5})
            for item in board.json()["items"]:
                if (await web.get(f"/api/v1/ideas/{item['idea_id']}")).json()["needs"]:
                    return f"/offers/new?idea={item['idea_id']}"
            await asyncio.sleep(0.5)


async def sign_in_by_link(page, home, email):
    """Ask for a link on the page that is open, and use it."""
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await the_newest_letter(page, home, to=email)
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()


async def two_letters_came(page, home, email):
    """Wait until the mailbox holds a second letter, so that the newest is the one asked for last."""
    for _ in range(50):
        await page.goto(f"{home}/dev/mailbox")
        if await page.locator("ul.rows li", has_text=email).count() > 1:
            return
        await page.wait_for_timeout(200)
    raise AssertionError("No second letter came.")


async def test_a_long_text_survives_the_end_of_a_session(chromium, site, web):
    """Typed, sent without a session, signed in again by the mailed link, seen once more, and sent as it was."""
    home, email = f"http://localhost:{site.port}", "tess@example.org"
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    form = await an_idea_with_needs(web)
    await page.goto(f"{home}/sign-in?next=/me")
    await sign_in_by_link(page, home, email)
    await page.get_by_label("Your name, as others see it").fill("Tess Typer")
    await page.get_by_role("button", name="Create my account").click()
    await page.goto(f"{home}{form}")
    await page.locator("input[name^='need-']").first.check()
    await page.get_by_label("What is it, in a line?").fill("Lifts to the clinic")
    await page.get_by_label("What is it today?").fill(TEXT)
    await page.get_by_label("What does it cost to adapt?").fill("120")
    await page.get_by_label("How many weeks does it take?").fill("2")
    await context.clear_cookies()
    await page.get_by_role("button", name="Offer it", exact=True).click()

    await expect(page.get_by_text("What you typed is kept for 30 minutes")).to_be_visible()
    await without_violation(page)
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await two_letters_came(page, home, email)
    await the_newest_letter(page, home, to=email)
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()

    await expect(page.get_by_role("heading", name="Go on with what you typed")).to_be_visible()
    await expect(page.get_by_text("Lifts to the clinic")).to_be_visible()
    await page.get_by_text("Volunteers drive people to the clinic.").first.click()
    for theme in ("light", "dark"):
        for width in (375, 1280):
            await page.emulate_media(color_scheme=theme)
            await page.set_viewport_size({"width": width, "height": 800})
            await without_violation(page)
    await page.reload()
    await page.get_by_role("button", name="Send it now").click()
    await expect(page.get_by_role("heading", name="Lifts to the clinic")).to_be_visible()
    await expect(page.get_by_text("Each of them says when they can").first).to_be_visible()
    assert "/offers/" in page.url
    assert complaints == []
    await context.close()
