"""An organisation and the people who act for it, on a running demo in a real Chromium without scripts."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import in_either_theme, the_newest_letter

pytestmark = pytest.mark.asyncio


async def use_the_link(page, home, email, name):
    """Sign in by the newest letter, and say a name."""
    await the_newest_letter(page, home, email, "Sign in to Open Impact")
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()
    await page.get_by_label("Your name, as others see it").fill(name)
    await page.get_by_role("button", name="Create my account").click()


async def test_an_organisation_from_its_registration_to_a_member_who_leaves(chromium, site):
    """Register, invite, read the mail, accept as somebody else, see the role, leave; the last administrator stays."""
    home = f"http://localhost:{site.port}"
    contexts = [await chromium.new_context(viewport={"width": width, "height": 800}) for width in (1280, 375)]
    ada, ben = [await context.new_page() for context in contexts]
    await ada.goto(f"{home}/organisations/new")
    await ada.get_by_label("Your e-mail address").fill("ada.admin@example.org")
    await ada.get_by_role("button", name="Send me a link").click()
    await use_the_link(ada, home, "ada.admin@example.org", "Ada Admin")
    await in_either_theme(ada)
    await ada.get_by_label("What people call it").fill("Dale Transport Trust")
    await ada.get_by_label("Its number in a public register").fill("gb-chc-1164883")
    await ada.get_by_role("button", name="Register it").click()
    await expect(ada.get_by_text("It is registered, and you administer it.")).to_be_visible()
    await in_either_theme(ada)
    await ada.get_by_label("Their e-mail address").fill("ben.member@example.org")
    await ada.get_by_label("Make offers for it").check()
    await ada.get_by_role("button", name="Send the invitation").click()
    await expect(ada.get_by_text("The invitation is on its way by mail.")).to_be_visible()
    await expect(ada.get_by_text("b…@example.org", exact=True)).to_be_visible()

    await the_newest_letter(ben, home, "ben.member@example.org", "Ada Admin invites you")
    await in_either_theme(ben)
    await ben.get_by_role("link", name="See the invitation").click()
    await ben.get_by_label("Your e-mail address").fill("ben.member@example.org")
    await ben.get_by_role("button", name="Send me a link").click()
    await use_the_link(ben, home, "ben.member@example.org", "Ben Member")
    await expect(ben.get_by_role("heading", name="Act for Dale Transport Trust?")).to_be_visible()
    await in_either_theme(ben)
    await ben.get_by_role("button", name="Accept the invitation").click()
    await expect(ben.get_by_text("You act for the organisation now.")).to_be_visible()
    await expect(ben.get_by_text("makes offers")).to_be_visible()
    await in_either_theme(ben)
    await ben.goto(f"{home}/me")
    await ben.get_by_role("link", name="Dale Transport Trust").click()
    await ben.get_by_role("link", name="Leave").click()
    await in_either_theme(ben)
    await ben.get_by_role("button", name="Leave the organisation").click()
    await expect(ben.get_by_text("You have left.")).to_be_visible()
    await expect(ben.get_by_role("heading", name="Who acts for it")).to_have_count(0)

    await ada.reload()
    await ada.get_by_role("link", name="Change what Ada Admin may do").click()
    await ada.get_by_role("button", name="Leave the organisation").click()
    await expect(ada.get_by_text("make somebody else one first")).to_be_visible()
    await in_either_theme(ada)
    await ada.goto(f"{home}/organisations?q=transport")
    await expect(ada.get_by_role("link", name="Dale Transport Trust")).to_be_visible()
    await in_either_theme(ada)
    for context in contexts:
        await context.close()
