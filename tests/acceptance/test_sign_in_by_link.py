"""A newcomer signs in on a running demo, in a real Chromium without scripts, with the mailbox of this machine."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import the_address_of_an_idea, the_newest_letter, without_violation

pytestmark = pytest.mark.asyncio


async def test_a_newcomer_signs_in_votes_and_signs_out(chromium, site, web):
    """From an idea to the sign-in page, by mail, link and name back to the idea; a vote; one's own page; out again."""
    context = await chromium.new_context(viewport={"width": 375, "height": 800}, color_scheme="dark")
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    idea = await the_address_of_an_idea(web)
    await page.goto(f"http://localhost:{site.port}{idea}")
    await page.get_by_role("link", name="Sign in to support this").click()
    await without_violation(page)
    await page.get_by_label("Your e-mail address").fill("newcomer@example.org")
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await without_violation(page)
    await page.get_by_role("link", name="open the mailbox").click()
    await the_newest_letter(page, f"http://localhost:{site.port}", to="newcomer@example.org")
    await without_violation(page)
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await without_violation(page)
    await page.get_by_role("button", name="Sign me in").click()
    await without_violation(page)
    await page.get_by_label("Your name, as others see it").fill("Nora Newcomer")
    await page.get_by_role("button", name="Create my account").click()
    assert page.url == f"http://localhost:{site.port}{idea}"
    await page.get_by_role("button", name="Support this").click()
    await expect(page.get_by_text("You support this.")).to_be_visible()
    await page.get_by_role("link", name="Nora Newcomer").click()
    await expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    await without_violation(page)
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert complaints == []
    await context.close()


async def test_a_link_in_another_browser_is_explained_and_the_code_helps(chromium, site):
    """The link does nothing in another browser and says why; the code typed in the first one signs in."""
    first, second = await chromium.new_context(), await chromium.new_context()
    asking, reading = await first.new_page(), await second.new_page()
    await asking.goto(f"http://localhost:{site.port}/sign-in")
    await asking.get_by_label("Your e-mail address").fill("two-devices@example.org")
    await asking.get_by_role("button", name="Send me a link").click()
    await the_newest_letter(reading, f"http://localhost:{site.port}", to="two-devices@example.org")
    code = await reading.locator(".sheet strong").inner_text()
    await reading.get_by_role("link", name="Sign in to Open Impact").click()
    await expect(reading.get_by_text("type the code from the mail there")).to_be_visible()
    await asking.get_by_label("Or type the code from the mail").fill(code)
    await asking.get_by_role("button", name="Sign in").click()
    await expect(asking.get_by_label("Your name, as others see it")).to_be_visible()
    await first.close()
    await second.close()
