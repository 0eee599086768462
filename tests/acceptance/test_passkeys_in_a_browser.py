"""Passkeys in a real Chromium with a virtual authenticator: added, signed in by, shown again, and refused once removed."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import the_newest_letter, without_violation

pytestmark = pytest.mark.asyncio

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def sign_in_by_mail(page, home):
    """Sign in as a newcomer does, and land on the page of passkeys."""
    await page.goto(f"{home}/sign-in?next=/me/passkeys")
    await page.get_by_label("Your e-mail address").fill("pia@example.org")
    await page.get_by_role("button", name="Send me a link").click()
    await use_the_newest_letter(page, home)
    await page.get_by_label("Your name, as others see it").fill("Pia Passkey")
    await page.get_by_role("button", name="Create my account").click()


async def use_the_newest_letter(page, home):
    """Open the newest message in the mailbox, and use its link."""
    await the_newest_letter(page, home, to="pia@example.org", subject="Sign in to Open Impact")
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()


async def test_a_passkey_from_its_making_to_its_removal(chromium, site):
    """Add one, sign out, sign in by it, show it again on the page that asks, remove it, and be refused by it."""
    home = f"http://localhost:{site.port}"
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    devtools = await context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await sign_in_by_mail(page, home)
    await without_violation(page)
    await page.get_by_label("What do you call it?").fill("My phone")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
    await expect(page.get_by_text("My phone", exact=True).first).to_be_visible()
    await without_violation(page)
    await page.goto(f"{home}/me")
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.goto(f"{home}/sign-in?next=/me/passkeys")
    await without_violation(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
    await page.goto(f"{home}/me/confirm?next=/me/passkeys")
    await without_violation(page)
    await page.get_by_role("button", name="Confirm with your passkey").click()
    await expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("heading", name="Your passkeys")).to_have_count(0)
    await page.goto(f"{home}/sign-in")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("This passkey was removed")).to_be_visible()
    assert complaints == []
    await context.close()


async def test_without_javascript_there_is_the_link(chromium, site):
    """With JavaScript off, the sign-in page says that passkeys need it, and offers the link."""
    page = await chromium.new_page(java_script_enabled=False)
    await page.goto(f"http://localhost:{site.port}/sign-in")
    await expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    await expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
    await page.close()
